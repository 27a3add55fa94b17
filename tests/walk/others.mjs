// notification-service and reporting-service.
import assert from 'node:assert/strict';
import {decider, ekeliden, ekelidenSeat, statistician, worker} from './cast.mjs';

export async function walkMessages(client, one) {
  await client.call(worker, 'DirectoryService/ListOrganisations');
  await client.call(worker, 'DirectoryService/ListUnits', {organisationId: 'vaxjo'});
  await client.call(worker, 'DirectoryService/GetUnit', {unitId: 'novus'});
  const sent = await client.call(worker, 'MessageService/SendMessage', {
    recipientUnitId: 'ekeliden',
    caseId: one.id,
    label: 'Inför inskrivningen',
    text: 'Personen kommer med tåg.',
  });
  await client.call(ekeliden, 'MessageService/ListMessages', {box: 'MESSAGE_BOX_INBOX'});
  const opened =
      await client.call(ekeliden, 'MessageService/GetMessage', {messageId: sent.messageId});
  assert.equal(opened.text, 'Personen kommer med tåg.');
  await client.call(ekeliden, 'MessageService/MarkActedOn',
                    {messageId: sent.messageId, etag: opened.etag});
  await client.call(worker, 'MessageService/ListDeadlines', {caseId: one.id});
}

export async function walkReports(client, calendar) {
  const period = {fromDate: calendar.date(-60), toDate: calendar.date()};
  await client.until('the last stay in the figures', async () => {
    const report = await client.call(
        statistician, 'ReportService/GetOccupancy', {...period, granularity: 'GRANULARITY_PERIOD'});
    return report.totals.some(row => Number(row.bedDays) > 0);
  });
  await client.call(ekelidenSeat, 'ReportService/GetWaitingTimes', period);
  await client.call(ekelidenSeat, 'ReportService/GetQueueReport', period);
  await client.call(ekelidenSeat, 'ReportService/GetBoardFigures', period);
  await client.call(decider, 'ReportService/GetNonExecutedDecisions',
                    {municipalityCode: '0764', year: 2026, quarter: 4});
  await client.call(statistician, 'ReportService/GetCostAllocation', {year: 2022});
}
