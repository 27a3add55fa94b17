// placement-service: beds, queue, offers, stays, transfers, going home.
import assert from 'node:assert/strict';
import {sellAPlace, week} from './board.mjs';
import {decider, ekeliden, ekelidenSeat, form, ifo1, ifo1Decider, novus, novusSeat, worker} from './cast.mjs';
import {askAboutChildren, reportConcern} from './family.mjs';
import {coordinate, declareAcute, followUp, followUpAlone, homeSupport, splitCosts} from './plans.mjs';
import {Case} from './referral.mjs';

const KIND = 'BED_KIND_REGULAR';

async function bed(client, actor, bedId) {
  const facilityId = bedId.split('-')[0];
  const list = await client.call(actor, 'FacilityService/ListBeds', {facilityId});
  return list.beds.find(one => one.bedId === bedId);
}

async function closeAndReopen(client, calendar) {
  await client.call(worker, 'FacilityService/ListFacilities');
  const closed = await client.call(ekeliden, 'FacilityService/CloseBed', {
    bedId: 'ekeliden-18',
    etag: (await bed(client, ekeliden, 'ekeliden-18')).etag,
    fromDate: calendar.date(),
    reason: 'CLOSURE_REASON_REPAIR',
  });
  await client.call(ekeliden, 'FacilityService/ReopenBed', {
    bedId: 'ekeliden-18',
    etag: closed.etag,
    closureId: closed.closures[0].closureId,
    openDate: calendar.date(1),
  });
  const mistyped = await client.call(ekeliden, 'FacilityService/CloseBed', {
    bedId: 'ekeliden-16',
    etag: (await bed(client, ekeliden, 'ekeliden-16')).etag,
    fromDate: calendar.date(-300),
    reason: 'CLOSURE_REASON_REPAIR',
  });
  await client.call(ekeliden, 'FacilityService/CancelClosure', {
    bedId: mistyped.bedId,
    etag: mistyped.etag,
    closureId: mistyped.closures[0].closureId,
    reason: 'CLOSURE_CANCEL_REASON_WRONG_DATE',
  });
  const free = await client.call(
      worker, 'FacilityService/GetAvailability', {fromDate: calendar.date(), toDate: calendar.date(7)});
  assert(free.days.length > 0);
}

async function changeFacility(client, calendar) {
  const of = async () => {
    const now = await client.call(ekeliden, 'FacilityService/GetFacility', {facilityId: 'ekeliden'});
    return {facilityId: now.facilityId, etag: now.etag};
  };
  const {name, ...kept} = await client.call(
      ekeliden, 'FacilityService/GetFacility', {facilityId: 'ekeliden'});
  await client.call(ekeliden, 'FacilityService/ChangeFacility', {
    facilityId: 'ekeliden',
    etag: kept.etag,
    name: `${name} i Tingsryd`,
    careLevel: kept.careLevel,
    operatorType: kept.operatorType,
    ivoStanding: kept.ivoStanding,
    ivoReference: 'IVO 2026-1',
    inHouseHealthCare: true,
    offerDeadlineHours: kept.offerDeadlineHours,
    offerReminderHours: kept.offerReminderHours,
  });
  const closed = await client.call(ekeliden, 'FacilityService/CloseIntake',
                                   {...await of(), fromDate: calendar.date(90), toDate: calendar.date(120)});
  await client.call(ekeliden, 'FacilityService/OpenIntake', {
    ...await of(),
    intakeClosureId: closed.intakeClosures[0].intakeClosureId,
    openDate: calendar.date(100),
  });
  await client.call(ekeliden, 'FacilityService/SetPrice', {
    ...await of(),
    bedKind: KIND,
    fromDate: calendar.date(),
    orePerDay: '184200',
  });
  const extra = await client.call(ekeliden, 'FacilityService/AddBed', {
    facilityId: 'ekeliden',
    bedId: 'ekeliden-extra-01',
    bedKind: KIND,
    extra: true,
    operationalFromDate: calendar.date(),
  });
  await client.call(ekeliden, 'FacilityService/RetireBed',
                    {bedId: extra.bedId, etag: extra.etag, operationalToDate: calendar.date(30)});
  await client.call(ekeliden, 'FacilityService/ListFacilityHistory', {facilityId: 'ekeliden'});
}

async function hold(client, calendar) {
  const held = await client.call(ekelidenSeat, 'HoldService/HoldBed', {
    bedId: 'ekeliden-17',
    etag: (await bed(client, ekeliden, 'ekeliden-17')).etag,
    fromDate: calendar.date(),
    toDate: calendar.date(5),
    expectedDate: calendar.date(2),
    reason: 'HOLD_REASON_SECTION_27_ANNOUNCED',
  });
  await client.call(ekelidenSeat, 'HoldService/ListHolds', {facilityId: 'ekeliden'});
  const now = await client.call(ekelidenSeat, 'HoldService/GetHold', {holdId: held.holdId});
  await client.call(ekelidenSeat, 'HoldService/ReleaseHold', {holdId: held.holdId, etag: now.etag});
}

async function queued(client, one, facilityId) {
  one.entry = await client.until(`${one.number} in the queue for ${facilityId}`, async () => {
    const queue = await client.call(
        one.owner, 'QueueService/ListQueue', {facilityId, bedKind: KIND, caseId: one.id});
    return queue.entries[0];
  });
}

async function parkAndResume(client, calendar, one) {
  const entryId = one.entry.entryId;
  await client.call(one.owner, 'QueueService/ExplainPosition', {entryId});
  await client.call(one.owner, 'QueueService/CheckEligibility', {entryId, date: calendar.date()});
  const parked = await client.call(one.owner, 'QueueService/ParkEntry', {
    entryId,
    etag: one.entry.etag,
    reason: 'PARK_REASON_IN_HOSPITAL',
    untilDate: calendar.date(3),
  });
  one.entry = await client.call(
      one.owner, 'QueueService/ResumeEntry', {entryId, etag: parked.etag});
}

async function offerOf(client, one) {
  const open = await client.until(`an offer to ${one.number}`, async () => {
    const offers = await client.call(
        one.owner, 'OfferService/ListOffers', {caseId: one.id, state: 'OFFER_STATE_OPEN'});
    return offers.offers[0];
  });
  return client.call(one.owner, 'OfferService/GetOffer', {offerId: open.offerId});
}

async function offer(client, calendar, staff, bedId, one) {
  await client.call(staff, 'OfferService/MakeOffer', {bedId, availableFrom: calendar.date()});
  return offerOf(client, one);
}

async function accept(client, calendar, one, made) {
  const accepted = await client.call(one.owner, 'OfferService/AcceptOffer',
                                     {offerId: made.offerId, etag: made.etag, moveInDate: calendar.date()});
  return accepted;
}

async function agree(client, calendar, staff, one, {offerId}) {
  let now = await client.call(staff, 'AgreementService/ProposeAgreement', {
    offerId,
    houseRulesCode: '2026-1',
    conditions: ['AGREEMENT_CONDITION_SOBRIETY', 'AGREEMENT_CONDITION_TESTS'],
  });
  for (const [actor, party] of [[staff, 'FACILITY'], [one.owner, 'OWNER'], [one.owner, 'PERSON']]) {
    now = await client.call(
        actor, 'AgreementService/AgreeToPlacement',
        {offerId, etag: now.etag, party: `AGREEMENT_PARTY_${party}`, date: calendar.date()});
  }
  const read = await client.call(one.owner, 'AgreementService/GetAgreement', {offerId});
  assert.equal(read.complete, true);
  await client.call(staff, 'AgreementService/SetContactPlan', {
    offerId,
    contactPersonSubject: 'contact-1',
    socialWorkerEveryDays: 14,
    childrenEveryDays: 7,
    childContactForms: ['CHILD_CONTACT_FORM_VISIT'],
    nextUnitFromDate: calendar.date(60),
  });
  await client.call(one.owner, 'AgreementService/GetContactPlan', {offerId});
}

async function enrol(client, calendar, staff, one, made) {
  const accepted = await accept(client, calendar, one, made);
  await agree(client, calendar, staff, one, accepted);
  one.stay = await client.call(staff, 'StayService/Enrol', {
    offerId: accepted.offerId,
    etag: accepted.etag,
    moveInDate: calendar.date(),
  });
  await client.until(
      `${one.number} placed`, async () => (await one.read()).state === 'REFERRAL_STATE_PLACED');
}

// The second person is offered a bed past the first, by two seats.
async function override(client, calendar, second) {
  const propose = bedId => client.call(ekelidenSeat, 'OverrideService/ProposeOverride', {
    entryId: second.entry.entryId,
    bedId,
    availableFrom: calendar.date(),
    reason: 'OVERRIDE_REASON_ACUTE_NEED',
  });
  const rejected = await propose('ekeliden-03');
  await client.call(novusSeat, 'OverrideService/RejectOverride',
                    {overrideId: rejected.overrideId, etag: rejected.etag});
  const proposed = await propose('ekeliden-02');
  await client.call(novusSeat, 'OverrideService/GetOverride', {overrideId: proposed.overrideId});
  await client.call(novusSeat, 'OverrideService/ListOverrides', {facilityId: 'ekeliden'});
  await client.call(novusSeat, 'OverrideService/ConfirmOverride',
                    {overrideId: proposed.overrideId, etag: proposed.etag});
}

// A place at the level, whichever bed; it is given back to the queue by the person's no.
async function offerPlace(client, calendar, staff, careLevel, one) {
  const made = await client.call(staff, 'OfferService/OfferPlace', {
    entryId: one.entry.entryId,
    careLevel,
    freeByDate: calendar.date(30),
  });
  await client.call(one.owner, 'OfferService/DeclineOffer', {
    offerId: made.offerId,
    etag: made.etag,
    declinedBy: 'DECLINED_BY_PERSON',
    reason: 'DECLINE_REASON_NOT_SUITABLE',
  });
}

async function decline(client, calendar, one) {
  const declined = await offer(client, calendar, ekeliden, 'ekeliden-01', one);
  await client.call(one.owner, 'OfferService/DeclineOffer', {
    offerId: declined.offerId,
    etag: declined.etag,
    declinedBy: 'DECLINED_BY_PERSON',
    reason: 'DECLINE_REASON_DATE',
  });
}

// Each step on a stay takes its version from the one before.
async function live(client, calendar, staff, one) {
  const step = async (method, body) => {
    const etag = (await client.call(staff, 'StayService/GetStay', {stayId: one.stay.stayId})).etag;
    one.stay = await client.call(
        staff, `StayService/${method}`, {stayId: one.stay.stayId, etag, ...body});
  };
  const today = {date: calendar.date()};
  await step('RecordIncident', {
    kind: 'INCIDENT_KIND_DRUG_TEST',
    result: 'TEST_RESULT_NEGATIVE',
    consequence: 'INCIDENT_CONSEQUENCE_NONE',
    ...today,
  });
  const {facts} = await client.call(staff, 'StayService/ListStayHistory', {stayId: one.stay.stayId});
  await step('CorrectIncident', {
    ordinal: facts.find((fact) => fact.kindCode === 'drug_test').ordinal,
    reason: 'INCIDENT_CORRECTION_REASON_NOT_HAPPENED',
  });
  await step('BeginLeave', today);
  calendar.days(1);
  await step('CorrectAbsence', {
    kind: 'ABSENCE_KIND_LEAVE',
    fromDate: today.date,
    reason: 'ABSENCE_CORRECTION_REASON_WRONG_DATE',
    rightFromDate: calendar.date(),
  });
  await step('EndLeave', {date: calendar.date()});
  await step('InterruptStay', {date: calendar.date()});
  calendar.days(1);
  await step('ResumeStay', {date: calendar.date()});
  await step('MoveBed', {toBedId: 'ekeliden-05', date: calendar.date()});
  return step;
}

// Plans the move for `inDays` and makes it on that day, on the accepted offer.
async function move(client, calendar, one, offerId, inDays) {
  const planned = await client.call(ekeliden, 'StayService/PlanTransfer', {
    stayId: one.stay.stayId,
    etag: (await client.call(ekeliden, 'StayService/GetStay', {stayId: one.stay.stayId})).etag,
    offerId,
    meetingDate: calendar.date(),
    moveDate: calendar.date(inDays),
    exception: 'EXCEPTION_REASON_PLACE_AT_SHORT_NOTICE',
  });
  let now = planned;
  for (const staff of [ekeliden, novus]) {
    now = await client.call(staff, 'StayService/ConfirmTransfer',
                            {transferId: now.transferId, etag: now.etag});
  }
  calendar.days(inDays);
  now = await client.call(ekeliden, 'StayService/GetTransfer', {transferId: now.transferId});
  now = await client.call(novus, 'StayService/CompleteTransfer', {
    transferId: now.transferId,
    etag: now.etag,
    moveDate: calendar.date(),
    agreementException: 'EXCEPTION_REASON_PLACE_AT_SHORT_NOTICE',
  });
  await client.until(`${one.number} at Novus`,
                     async () => (await one.read()).placement?.facilityId === 'novus');
  return now;
}

// It was a mistake: the person is where they were, and the move is decided and made anew.
async function takeBack(client, calendar, one, done) {
  await client.call(ekeliden, 'StayService/UndoTransfer',
                    {transferId: done.transferId, etag: done.etag});
  await client.until(`${one.number} at Ekeliden again`,
                     async () => (await one.read()).placement?.facilityId === 'ekeliden');
  await one.decide(calendar, decider, 'novus');
}

async function transfer(client, calendar, one) {
  await one.decide(calendar, decider, 'novus');
  await queued(client, one, 'novus');
  const made = await offer(client, calendar, novus, 'novus-01', one);
  await client.call(one.owner, 'OfferService/AcceptOffer',
                    {offerId: made.offerId, etag: made.etag, moveInDate: calendar.date(15)});
  const done = await move(client, calendar, one, made.offerId, 15);
  await takeBack(client, calendar, one, done);
  const now = await move(client, calendar, one, made.offerId, 1);
  one.stay = await client.call(novus, 'StayService/GetStay', {stayId: now.toStayId});
}

async function cancelledTransfer(client, calendar, one) {
  await one.decide(calendar, ifo1Decider, 'novus');
  await queued(client, one, 'novus');
  const made = await offer(client, calendar, novus, 'novus-02', one);
  await client.call(one.owner, 'OfferService/AcceptOffer',
                    {offerId: made.offerId, etag: made.etag, moveInDate: calendar.date(15)});
  const planned = await client.call(ekeliden, 'StayService/PlanTransfer', {
    stayId: one.stay.stayId,
    etag: (await client.call(ekeliden, 'StayService/GetStay', {stayId: one.stay.stayId})).etag,
    offerId: made.offerId,
    meetingDate: calendar.date(),
    moveDate: calendar.date(15),
  });
  const arranged = await client.call(ekeliden, 'StayService/ArrangeTransfer', {
    transferId: planned.transferId,
    etag: planned.etag,
    arrangements: {
      moveTime: '10:30',
      transport: 'TRANSFER_TRANSPORT_NEXT_FACILITY',
      belongings: 'TRANSFER_BELONGINGS_BROUGHT',
      relatives: 'TRANSFER_TOLD_TOLD',
      children: 'TRANSFER_TOLD_NONE',
    },
  });
  assert.deepEqual(arranged.openArrangements, ['follow_up_days']);
  await client.call(ekeliden, 'StayService/CancelTransfer', {
    transferId: planned.transferId,
    etag: arranged.etag,
    reason: 'TRANSFER_CANCEL_REASON_PERSONS_WISH',
  });
}

async function correct(client, calendar, one) {
  one.stay = await client.call(ekeliden, 'StayService/CorrectStay', {
    stayId: one.stay.stayId,
    etag: (await client.call(ekeliden, 'StayService/GetStay', {stayId: one.stay.stayId})).etag,
    reason: 'CORRECTION_REASON_WRONG_DATE',
    moveInDate: calendar.date(-1),
  });
}

// A place is reserved, moved to another day and given back; the person waits again.
async function giveBack(client, calendar, one) {
  const made = await offer(client, calendar, ekeliden, 'ekeliden-06', one);
  const accepted = await client.call(one.owner, 'OfferService/AcceptOffer',
                                     {offerId: made.offerId, etag: made.etag, moveInDate: calendar.date(3)});
  const changed = await client.call(ekeliden, 'OfferService/ChangeMoveIn', {
    offerId: accepted.offerId,
    etag: accepted.etag,
    moveInDate: calendar.date(4),
    bedId: 'ekeliden-07',
  });
  assert.equal(changed.bedId, 'ekeliden-07');
  await client.call(one.owner, 'OfferService/GiveBackOffer', {
    offerId: changed.offerId,
    etag: changed.etag,
    givenBackBy: 'DECLINED_BY_PERSON',
    reason: 'DECLINE_REASON_DATE',
  });
}

async function reconsider(client, calendar, one) {
  const list = () => client.call(
      one.owner, 'CarePeriodService/ListCarePeriods', {stayId: one.stay.stayId});
  const before = (await list()).carePeriods;
  const [open] = before;
  await client.call(one.owner, 'CarePeriodService/RecordReconsideration', {
    carePeriodId: open.carePeriodId,
    etag: open.etag,
    date: calendar.date(),
    outcome: 'RECONSIDERATION_OUTCOME_GOES_ON',
    reason: 'RECONSIDERATION_REASON_NEED_REMAINS',
  });
  assert.equal((await list()).carePeriods.length, before.length + 1);
}

async function goHome(client, calendar, one) {
  const of = async () => ({
    stayId: one.stay.stayId,
    etag: (await client.call(novus, 'StayService/GetStay', {stayId: one.stay.stayId})).etag,
  });
  await client.call(novus, 'StayService/PlanDischarge', {...await of(), plannedDate: calendar.date(15)});
  await client.call(novus, 'StayService/ClearPlannedDischarge', await of());
  await client.call(novus, 'StayService/Discharge', {
    ...await of(),
    departureDate: calendar.date(),
    reason: 'DISCHARGE_REASON_OTHER',
  });
  await client.until(`${one.number} discharged`,
                     async () => (await one.read()).state === 'REFERRAL_STATE_DISCHARGED');
  await client.call(novus, 'StayService/UndoDischarge', await of());
  await client.until(
      `${one.number} placed`, async () => (await one.read()).state === 'REFERRAL_STATE_PLACED');
  await client.call(novus, 'StayService/PlanDischarge', {...await of(), plannedDate: calendar.date(20)});
  calendar.days(20);
  await client.call(novus, 'StayService/Discharge', {
    ...await of(),
    departureDate: calendar.date(),
    reason: 'DISCHARGE_REASON_COMPLETED',
    unmetItems: ['CHECKLIST_ITEM_OCCUPATION'],
  });
  const past = await client.call(novus, 'StayService/ListStayHistory', {stayId: one.stay.stayId});
  assert(past.facts.length > 0);
  const way = await client.call(
      one.owner, 'CaseService/GetPlacementTimeline', {caseId: one.id, limit: 100});
  const kinds = way.entries.map(entry => entry.kindCode);
  for (const kind of ['queued', 'declined', 'enrolled', 'drug_test', 'transfer_planned', 'discharged']) {
    assert(kinds.includes(kind), `${kind} is not in ${kinds}`);
  }
  await client.refused(
      ifo1, 'CaseService/GetPlacementTimeline', {caseId: one.id}, 'NOT_FOUND');
  const open = await client.call(
      novus, 'CaseService/GetAvailableActions', {caseId: one.id});
  assert(open.resources.some(
      resource => resource.resourceId === one.stay.stayId &&
          resource.availableActions.includes('UndoDischarge')), JSON.stringify(open));
  await client.call(novus, 'StayService/ListStays', {facilityId: 'novus'});
}

// Home for a time with the bed free, and back to the one that is reserved.
async function alternate(client, calendar, staff, one) {
  const stay = await client.call(staff, 'StayService/GetStay', {stayId: one.stay.stayId});
  const home = await client.call(staff, 'AlternationService/GoHome', {
    stayId: stay.stayId,
    etag: stay.etag,
    date: calendar.date(),
    returnDate: calendar.date(7),
  });
  return client.call(staff, 'AlternationService/ChangeReturn', {
    alternationId: home.alternationId,
    etag: home.etag,
    returnDate: calendar.date(3),
  });
}

async function alternateAndReturn(client, calendar, staff, one) {
  const planned = await alternate(client, calendar, staff, one);
  await client.until(
      `${one.number} placed`, async () => (await one.read()).state === 'REFERRAL_STATE_PLACED');
  calendar.days(3);
  const listed = await client.call(staff, 'AlternationService/ListAlternations',
                                   {caseId: one.id, state: 'ALTERNATION_STATE_AT_HOME'});
  assert.equal(listed.alternations[0].alternationId, planned.alternationId);
  const back = await client.call(staff, 'AlternationService/ReturnFromHome', {
    alternationId: planned.alternationId,
    etag: planned.etag,
    date: calendar.date(),
  });
  one.stay = await client.call(staff, 'StayService/GetStay', {stayId: back.toStayId});
}

async function alternateForGood(client, calendar, staff, one) {
  const planned = await alternate(client, calendar, staff, one);
  const now = await client.call(
      one.owner, 'AlternationService/GetAlternation', {alternationId: planned.alternationId});
  await client.call(staff, 'AlternationService/DischargeFromHome', {
    alternationId: now.alternationId,
    etag: now.etag,
    date: calendar.date(),
    reason: 'DISCHARGE_REASON_COMPLETED',
    unmetItems: ['CHECKLIST_ITEM_OCCUPATION'],
  });
  await client.until(`${one.number} discharged`,
                     async () => (await one.read()).state === 'REFERRAL_STATE_DISCHARGED');
}

// `first` waits for Ekeliden with a decision, and a second person comes after.
export async function walkPlacement(client, calendar, first) {
  await closeAndReopen(client, calendar);
  await changeFacility(client, calendar);
  await hold(client, calendar);
  await queued(client, first, 'ekeliden');
  const second = await Case.draft(client, ifo1, form('1972-12-01'));
  await second.toDecision(calendar, ifo1Decider, ['ekeliden', 'novus'], ekeliden);
  await queued(client, second, 'ekeliden');
  await splitCosts(client, calendar, first);
  await declareAcute(client, calendar, second);
  await parkAndResume(client, calendar, first);
  await override(client, calendar, second);
  await enrol(client, calendar, ekeliden, second, await offerOf(client, second));
  await decline(client, calendar, first);
  await giveBack(client, calendar, first);
  await offerPlace(client, calendar, ekeliden, 'hvb', first);
  await enrol(client, calendar, ekeliden, first,
              await offer(client, calendar, ekeliden, 'ekeliden-04', first));
  await week(client, calendar);
  await askAboutChildren(client, calendar, first);
  await reportConcern(client, first);
  await live(client, calendar, ekeliden, first);
  await first.extend(calendar, decider);
  await homeSupport(client, calendar, first, ekeliden, 'ekeliden');
  await coordinate(client, calendar, first);
  await followUp(client, calendar, first);
  await cancelledTransfer(client, calendar, second);
  await correct(client, calendar, second);
  await alternateForGood(client, calendar, ekeliden, second);
  await transfer(client, calendar, first);
  await alternateAndReturn(client, calendar, novus, first);
  await followUpAlone(client, calendar, first);
  await reconsider(client, calendar, first);
  await goHome(client, calendar, first);
  await sellAPlace(client, calendar);
}
