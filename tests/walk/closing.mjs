// referral-service: a misdirected case, retention, export and erasure, the audit trail.
import assert from 'node:assert/strict';
import {auditor, decider, form, ifo1, worker} from './cast.mjs';
import {Case} from './referral.mjs';

const RETENTION_MONTHS = 60;

export async function reroute(client) {
  const one = await Case.draft(client, worker, form('1988-04-04'));
  // Who takes over must be allowed to read all of it.
  await one.consent(['vaxjo-ifo1']);
  const handOver = async () => {
    await one.read();
    return client.call(worker, 'ReroutingService/HandOver', {
      referralId: one.id,
      etag: one.etag,
      toUnitId: 'vaxjo-ifo1',
      reasonCode: 'wrong_municipality',
    });
  };
  const first = await handOver();
  await client.call(ifo1, 'ReroutingService/DeclineHandOver',
                    {rerouteId: first.rerouteId, etag: first.etag, reasonCode: 'not_ours'});
  const second = await handOver();
  await client.call(worker, 'ReroutingService/WithdrawHandOver',
                    {rerouteId: second.rerouteId, etag: second.etag});
  const third = await handOver();
  const waiting = await client.call(ifo1, 'ReroutingService/ListReroutes', {openOnly: true});
  assert.equal(waiting.reroutes.length, 1);
  const seen = await client.call(ifo1, 'ReroutingService/GetReroute', {rerouteId: third.rerouteId});
  await client.call(ifo1, 'ReroutingService/TakeOver', {rerouteId: third.rerouteId, etag: seen.etag});
  one.owner = ifo1;
  assert.equal((await one.read()).ownerUnitId, 'vaxjo-ifo1');
  await client.refused(worker, 'ReferralService/GetReferral', {referralId: one.id}, '404');
}

async function exportAll(client, one) {
  await client.call(decider, 'RetentionService/ExportRegisterExtract', {referralId: one.id});
  let page = {next: undefined};
  do {
    const request = {referralId: one.id};
    if (page.next) request.cursor = page.next;
    page = await client.call(decider, 'RetentionService/ExportArchive', request);
  } while (page.next);
  return page.etag;
}

// `one` is closed. Nothing is erased before its day, and only what an archive has.
export async function eraseAtLast(client, calendar, one) {
  const of = async () => {
    const now = await client.call(decider, 'RetentionService/GetRetention', {referralId: one.id});
    return {referralId: one.id, etag: now.etag};
  };
  await client.call(decider, 'RetentionService/PlaceRetentionHold',
                    {...await of(), reasonCode: 'research_sample'});
  await client.call(decider, 'RetentionService/ReleaseRetentionHold', await of());
  await client.refused(decider, 'RetentionService/EraseCase', await of(), 'RETENTION|NOT_DUE|TERM');
  calendar.days(RETENTION_MONTHS * 31);
  const due = await client.call(decider, 'RetentionService/ListErasureDue');
  assert(due.cases.some(row => row.referralId === one.id));
  await client.call(decider, 'RetentionService/ConfirmArchive', {
    ...await of(),
    exportedEtag: await exportAll(client, one),
    archiveReference: 'SE/AK-12:7',
  });
  const erased = await client.call(decider, 'RetentionService/EraseCase', await of());
  assert(erased.eraseTime);
}

// Each service has a trail of its own. They go by the machine's clock, which ./vardkedja clock does
// not move.
export async function readTheTrails(client) {
  const date = ahead => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const period = {fromDate: date(-1), toDate: date(2)};
  for (const service of ['referral', 'placement', 'notification', 'reporting']) {
    const name = `${service}.AuditService`;
    const page = await client.call(auditor, `${name}/ListAuditRows`, period);
    assert(page.rows.length > 0, name);
    assert(page.rows.every(row => row.organisationId === 'alvesta'), name);
    await client.until(`seals of ${service}`, async () => {
      const verified = await client.call(auditor, `${name}/VerifyAudit`);
      assert.equal(verified.findings.length, 0, name);
      return Number(verified.rows) > 0;
    });
    await client.refused(decider, `${name}/ListAuditRows`, period, 'ROLE_NOT_ALLOWED');
    await client.refused(worker, `${name}/VerifyAudit`, {}, 'ROLE_NOT_ALLOWED');
  }
}

// The owner of `one` sees who has read it in the other services; whoever else may see it does not.
export async function whoHasRead(client, one) {
  for (const service of ['placement', 'notification']) {
    const name = `${service}.HistoryService/ListReads`;
    const seen = await client.call(worker, name, {caseId: one.id});
    assert(seen.reads.length > 0, name);
    assert(seen.reads.some(read => read.unitId !== worker.unit && read.subject === ''), name);
    await client.refused(ifo1, name, {caseId: one.id}, 'NOT_FOUND');
    await client.refused(auditor, name, {caseId: one.id}, 'ROLE_NOT_ALLOWED');
  }
}
