// placement-service: stays sold outside the chain, and the board's week in one call.
import assert from 'node:assert/strict';
import {ekeliden, ekelidenSeat} from './cast.mjs';

export async function sellAPlace(client, calendar) {
  const begun = await client.call(ekeliden, 'ExternalStayService/BeginExternalStay', {
    bedId: 'ekeliden-16',
    purchaser: 'pahittade-kommun',
    purchaserReference: 'PK 2026-12',
    orePerDay: '250000',
    moveInDate: calendar.date(),
    plannedDepartureDate: calendar.date(30),
  });
  await client.call(ekeliden, 'ExternalStayService/CorrectExternalStay', {
    externalStayId: begun.externalStayId,
    etag: begun.etag,
    reason: 'EXTERNAL_CORRECTION_REASON_WRONG_TERMS',
    orePerDay: '260000',
  });
  const all =
      await client.call(ekeliden, 'ExternalStayService/ListExternalStays', {facilityId: 'ekeliden'});
  const live = all.stays.find(stay => stay.state === 'EXTERNAL_STAY_STATE_ACTIVE');
  const now = await client.call(
      ekeliden, 'ExternalStayService/GetExternalStay', {externalStayId: live.externalStayId});
  await client.call(ekeliden, 'ExternalStayService/EndExternalStay',
                    {externalStayId: now.externalStayId, etag: now.etag, departureDate: calendar.date()});
}

export async function week(client, calendar) {
  const view = await client.call(
      ekelidenSeat, 'BoardService/GetWeeklyView', {since: calendar.instant(-7 * 24 * 60)});
  assert(view);
}
