// referral-service: the plans around a stay, the cost split, outcomes.
import assert from 'node:assert/strict';
import {clinic, ekeliden} from './cast.mjs';

// Takes the document's version from reading it, then writes.
function writer(client, one, service, get) {
  return async (actor, method, body) => {
    const {etag} = await client.call(one.owner, `${service}/${get}`, {referralId: one.id});
    return client.call(actor, `${service}/${method}`, {referralId: one.id, etag, ...body});
  };
}

// Before a placement that is not acute there is a written cost split.
export async function splitCosts(client, calendar, one) {
  const write = writer(client, one, 'CostSplitService', 'GetCostSplit');
  const split = await write(one.owner, 'RecordCostSplit', {
    shares: [
      {unitId: one.owner.unit, basisPoints: 6000},
      {unitId: 'clinic-region-vaxjo', basisPoints: 4000},
    ],
    pricePerDayOre: '184200',
    agreedDate: calendar.date(),
    text: 'Enligt överenskommelsen.',
  });
  assert.equal(split.shares.length, 2);
}

export async function declareAcute(client, calendar, one) {
  const write = writer(client, one, 'CostSplitService', 'GetCostSplit');
  await write(one.owner, 'DeclareAcutePlacement',
              {placementDate: calendar.date(), reason: 'Akut behov i natt.'});
}

export async function coordinate(client, calendar, one) {
  const write = writer(client, one, 'CoordinatedPlanService', 'GetCoordinatedPlan');
  await write(one.owner, 'AssessCoordinatedPlanNeed', {
    askedBy: 'PLAN_ASKED_BY_PERSON',
    reason: 'Flera huvudmän behöver samordna sig.',
    partyUnitIds: ['clinic-region-vaxjo', 'ekeliden'],
  });
  await write(one.owner, 'RecordCoordinatedPlanAgreement', {agreed: true, text: 'Personen vill.'});
  await write(one.owner, 'CallCoordinatedPlanMeeting', {
    meetingTime: calendar.instant(3 * 24 * 60),
    form: 'PLAN_MEETING_FORM_VIDEO',
    videoLink: `https://video.${one.owner.org}.example/rum/7`,
    invitedUnitIds: ['clinic-region-vaxjo'],
    relativesInvited: true,
  });
  await write(one.owner, 'RecordCoordinatedPlan', {
    content: {
      goals: 'Jag vill kunna bo själv.',
      interventions: [{what: 'Öppenvård', unitId: 'clinic-region-vaxjo', startDate: calendar.date(20)}],
      measuresByOthers: 'Systern följer med på besök.',
      responsibleUnitId: one.owner.unit,
      followUpDate: calendar.date(30),
    },
  });
  await write(one.owner, 'FollowUpCoordinatedPlan',
              {doneDate: calendar.date(), text: 'Allt har börjat.', nextDate: calendar.date(60)});
}

export async function homeSupport(client, calendar, one, staff, facilityId) {
  const write = writer(client, one, 'PlanService', 'GetPlans');
  await write(staff, 'RecordImplementationPlan', {
    implementationPlan: {
      facilityId,
      goals: 'Sova, äta, gå i grupp.',
      activities: 'Återfallsprevention.',
      followUpDate: calendar.date(30),
    },
  });
  const home = await write(one.owner, 'RecordHomeSupport', {
    parts: [{
      kind: 'HOME_SUPPORT_KIND_OPEN_CARE',
      unitId: 'clinic-region-vaxjo',
      lawSection: 'HSL 8:1',
      startDate: calendar.date(20),
    }],
  });
  await write(clinic, 'StartHomeSupportPart',
              {partId: home.homeSupport[0].partId, startDate: calendar.date()});
}

export async function followUp(client, calendar, one) {
  const write = writer(client, one, 'OutcomeService', 'GetOutcomes');
  await write(ekeliden, 'RecordOutcome', {
    outcome: {
      point: 'OUTCOME_POINT_START',
      outcomeDate: calendar.date(),
      housing: 'OUTCOME_HOUSING_TEMPORARY',
      occupation: 'OUTCOME_OCCUPATION_NONE',
      use: 'OUTCOME_USE_REDUCED',
      symptoms: 'OUTCOME_SYMPTOMS_SOME',
      inpatientDays: 4,
      ownGoals: 'Sova hela natten.',
      selfRatedLife: 5,
    },
  });
}

// Of those who were placed at both facilities.
export async function followUpAlone(client, calendar, one) {
  const write = writer(client, one, 'OutcomeService', 'GetOutcomes');
  await write(one.owner, 'RecordIndividualFollowUp',
              {doneDate: calendar.date(), text: 'Trivs och sover.'});
}
