// referral-service: children as relatives, and what happens to a person during a case.
import assert from 'node:assert/strict';
import {childFamily, ekeliden, form, ifo1, ifo1Decider, worker} from './cast.mjs';
import {Case} from './referral.mjs';

export async function askAboutChildren(client, calendar, one) {
  const of = async () => {
    const now = await client.call(one.owner, 'ChildrenService/GetChildren', {referralId: one.id});
    return {referralId: one.id, etag: now.etag};
  };
  await client.call(ekeliden, 'ChildrenService/RecordChildrenInquiry', {
    ...await of(),
    answer: 'CHILDREN_ANSWER_HAS_CHILDREN',
    askedDate: calendar.date(),
    children: [{age: 9, livesWith: 'Sin andra förälder', informationGiven: 'Vet var föräldern är.'}],
  });
  await client.call(ekeliden, 'ChildrenService/PlanChildContact', {
    ...await of(),
    contacts: [{kind: 'CONTACT_KIND_VISIT', contactTime: calendar.instant(2 * 24 * 60)}],
  });
}

// Goes at once, whatever the person has consented to.
export async function reportConcern(client, one) {
  const concern = await client.call(one.owner, 'ChildrenService/ReportChildConcern', {
    referralId: one.id,
    recipientUnitId: childFamily.unit,
    text: 'Barnet har varit ensamt hemma flera nätter.',
  });
  const inbox = await client.call(childFamily, 'ChildrenService/ListChildConcerns');
  assert.equal(inbox.concerns.length, 1);
  await client.call(childFamily, 'ChildrenService/GetChildConcern', {concernId: concern.concernId});
}

export async function lifeHappens(client, calendar) {
  const one = await Case.draft(client, worker, form('1990-10-10'));
  const event = async (actor, method, body) => {
    await one.read();
    return client.call(actor, `LifeEventService/${method}`,
                       {referralId: one.id, etag: one.etag, text: 'Enligt handling.', ...body});
  };
  await event(worker, 'CorrectPerson',
              {correction: 'PERSON_CORRECTION_WRONG_PERSON', person: form('1990-11-11').person});
  await event(worker, 'MoveCase', {
    reason: 'MOVE_REASON_MOVED_MUNICIPALITY',
    toUnitId: ifo1.unit,
    handlerSubjects: ['dev-vaxjo-ifo1-social_worker'],
  });
  one.owner = ifo1;
  await event(ifo1, 'SetProtection', {protectedIdentity: true});
  await event(ifo1, 'RecordDeath', {deathDate: calendar.date()});
  const all = await client.call(ifo1, 'LifeEventService/ListLifeEvents', {referralId: one.id});
  assert.equal(all.lifeEvents.length, 4);
}

// A part of the unit becomes a unit of its own; the cases follow by themselves.
export async function splitUnit(client) {
  const one = await Case.draft(client, ifo1, form('1990-12-12'));
  const split = await client.call(ifo1Decider, 'LifeEventService/ReorganiseUnit', {
    kind: 'REORGANISATION_KIND_UNIT_SPLIT',
    toUnitId: 'vaxjo-ifo2',
    referralIds: [one.id],
    text: 'Nämndens beslut om två enheter.',
  });
  const of = {reorganisationId: split.reorganisationId};
  await client.until('the end of the split', async () => {
    const now = await client.call(ifo1Decider, 'LifeEventService/GetUnitReorganisation', of);
    return now.state === 'REORGANISATION_STATE_DONE' && now.movedCount === 1;
  });
  const moved = await client.call(ifo1Decider, 'LifeEventService/ListReorganisedCases', of);
  assert.equal(moved.cases[0].referralId, one.id);
  assert.equal(moved.cases[0].state, 'REORGANISED_CASE_STATE_MOVED');
}
