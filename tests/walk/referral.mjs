// referral-service: the form, the board, grounds, decision, plans, finding and history.
import assert from 'node:assert/strict';
import {decider, ekeliden, ekelidenSeat, form, ifo1, novusSeat, worker} from './cast.mjs';

const CATEGORIES = ['IDENTITY', 'NEEDS', 'CHILDREN', 'PLAN', 'PLACEMENT', 'MESSAGES'].map(
    name => `INFORMATION_CATEGORY_${name}`);

// One case and the version of it that its next step names.
export class Case {
  constructor(client, owner, made) {
    this.client = client;
    this.owner = owner;
    this.id = made.referralId;
    this.number = made.caseNumber;
    this.etag = made.etag;
  }

  static async draft(client, owner, commissionForm) {
    return new Case(
        client, owner, await client.call(owner, 'ReferralService/CreateReferral', {form: commissionForm}));
  }

  async read() {
    const now = await this.client.call(this.owner, 'ReferralService/GetReferral', {referralId: this.id});
    this.etag = now.etag;
    return now;
  }

  async step(actor, method, body = {}) {
    const changed = await this.client.call(
        actor, `ReferralService/${method}`, {referralId: this.id, etag: this.etag, ...body});
    this.etag = changed.etag;
    return changed;
  }

  async consent(units) {
    this.ground = await this.client.call(this.owner, 'GroundService/RecordGround', {
      referralId: this.id,
      kind: 'GROUND_KIND_CONSENT',
      consentForm: 'CONSENT_FORM_WRITTEN',
      recipientUnitIds: units ?? ['placement-board', 'ekeliden', 'novus', 'clinic-region-vaxjo'],
      categories: CATEGORIES,
    });
    await this.read();
  }

  // From a draft to a granted decision for the first facility of the path.
  async toDecision(calendar, ownerDecider, path, staff, extra = {}) {
    await this.consent();
    await this.step(this.owner, 'SubmitReferral');
    await this.step(ekelidenSeat, 'AcknowledgeReferral');
    await this.assess(path);
    await this.step(this.owner, 'BookStudyVisit',
                    {facilityId: path[0], visitTime: calendar.instant(1)});
    await this.step(staff, 'RecordStudyVisit',
                    {outcome: 'STUDY_VISIT_OUTCOME_DONE', needsCanBeMet: true});
    await this.step(this.owner, 'RecordAnswer', {kind: 'ANSWER_KIND_YES'});
    await this.decide(calendar, ownerDecider, path[0], extra);
  }

  async extend(calendar, ownerDecider) {
    await this.read();
    await this.step(ownerDecider, 'ExtendDecision', {
      toDate: calendar.date(240),
      lawSection: 'SoL 11:1',
      delegationPoint: '4.1',
      proposerSubject: 'dev-alvesta-authority-social_worker',
      motivation: 'Behandlingen behöver längre tid.',
    });
  }

  async assess(path) {
    await this.step(novusSeat, 'ProposeAssessment',
                    {pathFacilityIds: path, bedKind: 'BED_KIND_REGULAR', text: 'Behoven kan mötas.'});
    await this.step(ekelidenSeat, 'ConfirmAssessment');
  }

  async decide(calendar, ownerDecider, facilityId, extra = {}) {
    await this.read();
    await this.step(this.owner, 'ProposeDecision', {
      facilityId,
      bedKind: 'BED_KIND_REGULAR',
      lawSection: 'SoL 11:1',
      toDate: calendar.date(180),
      plannedMoveInDate: calendar.date(14),
      ...extra,
    });
    await this.step(ownerDecider, 'MakeDecision',
                    {outcome: 'DECISION_OUTCOME_GRANT', delegationPoint: '4.1'});
  }
}

async function attach(client, file) {
  const data = Buffer.from('Ett utlåtande om ingen.\n');
  const begun = await client.call(worker, 'AttachmentService/BeginAttachment', {
    referralId: file.id,
    fileName: 'utlatande.txt',
    category: 'INFORMATION_CATEGORY_NEEDS',
    byteSize: String(data.length),
  });
  const of = {attachmentId: begun.attachmentId};
  await client.call(worker, 'AttachmentService/AppendChunk',
                    {...of, offset: '0', data: data.toString('base64')});
  await client.call(worker, 'AttachmentService/CompleteAttachment', of);
  const chunk = await client.call(worker, 'AttachmentService/GetChunk', {...of, chunkIndex: 0});
  assert.equal(Buffer.from(chunk.data, 'base64').toString(), data.toString());
  const whole = await client.download(worker, 'AttachmentService/DownloadAttachment', of);
  assert.equal(whole.toString(), data.toString());
  const end = await client.download(worker, 'AttachmentService/DownloadAttachment', {...of, offset: '3'});
  assert.equal(end.toString(), data.subarray(3).toString());
  const all = await client.call(worker, 'AttachmentService/ListAttachments', {referralId: file.id});
  assert.equal(all.attachments.length, 1);
}

async function find(client, one, identity) {
  const byNumber = await client.call(worker, 'SearchService/SearchReferrals', {caseNumber: one.number});
  assert.equal(byNumber.referrals.length, 1);
  const byPerson =
      await client.call(worker, 'SearchService/SearchReferrals', {identityNumber: identity});
  assert.equal(byPerson.referrals.length, 1);
  const changes = await client.call(worker, 'SearchService/ListReferralChanges');
  assert(changes.changes.length > 0);
  const list = await client.call(worker, 'ReferralService/ListReferrals', {worklist: 'WORKLIST_TO_SUBMIT'});
  assert(list.referrals.some(row => row.referralId === one.id));
}

// The form, the board's questions, the answer and the decision.
async function wholeWay(client, calendar) {
  await client.call(worker, 'FormService/GetFormVersion', {version: 2});
  const commission = form('1984-05-14');
  const one = await Case.draft(client, worker, commission);
  await client.refused(worker, 'ReferralService/SubmitReferral',
                       {referralId: one.id, etag: one.etag}, 'NO_GROUND');
  await one.step(worker, 'UpdateReferral',
                 {form: {wishesAndGoals: 'Vill arbeta igen.'}, updateMask: 'wishesAndGoals'});
  await attach(client, one);
  await find(client, one, commission.person.identityNumber);
  await one.consent();
  await client.call(worker, 'GroundService/ListGrounds', {referralId: one.id});
  await one.step(worker, 'SubmitReferral');
  await one.step(ekelidenSeat, 'AcknowledgeReferral');
  await one.step(novusSeat, 'RequestInformation', {question: 'Pågår medicinering?'});
  await one.step(worker, 'ProvideInformation', {answer: 'Ja, den ställs in.'});
  await one.step(worker, 'ChangeCriteria',
                 {criteria: {childPerspective: true}, reason: 'Barnen har märkt av bruket.'});
  await one.assess(['ekeliden', 'novus']);
  await one.step(worker, 'BookStudyVisit',
                 {facilityId: 'ekeliden', visitTime: calendar.instant(1)});
  await one.step(ekeliden, 'RecordStudyVisit',
                 {outcome: 'STUDY_VISIT_OUTCOME_DONE', needsCanBeMet: true});
  await one.step(worker, 'RecordAnswer', {kind: 'ANSWER_KIND_YES'});
  await one.decide(calendar, decider, 'ekeliden');
  return one;
}

async function twoUnitsOnePerson(client) {
  const commission = form('1991-02-03');
  const first = await Case.draft(client, worker, commission);
  await client.refused(worker, 'ReferralService/CreateReferral', {form: commission}, 'REFERRAL_EXISTS');
  const second = await Case.draft(client, ifo1, {
    ...commission,
    person: {...commission.person, homeMunicipalityCode: '0780', registrationMunicipalityCode: '0780'},
  });
  for (const one of [first, second]) {
    await one.consent(['placement-board']);
    await one.step(one.owner, 'SubmitReferral');
    await one.step(ekelidenSeat, 'AcknowledgeReferral');
  }
  const seen = await client.call(ekelidenSeat, 'BoardService/ListDuplicates', {referralId: second.id});
  assert.equal(seen.referrals.length, 1);
  await client.call(ekelidenSeat, 'BoardService/ResolveDuplicate', {
    referralId: second.id,
    etag: second.etag,
    keptReferralId: first.id,
    text: 'Alvesta har ärendet.',
  });
  await second.read();
  await second.step(ifo1, 'WithdrawReferral');
  return first;
}

async function sentBack(client) {
  const one = await Case.draft(client, worker, form('1959-09-09'));
  await one.consent();
  await one.step(worker, 'SubmitReferral');
  await one.step(ekelidenSeat, 'AcknowledgeReferral');
  await one.step(novusSeat, 'ProposeAssessment', {
    noSuitablePlaceReasonCode: 'needs_more_health_care',
    text: 'Behöver mer sjukvård än kedjan ger.',
  });
  await one.step(ekelidenSeat, 'DeclareNoSuitablePlace',
                 {reasonCode: 'needs_more_health_care', alternatives: 'Avgiftning först.'});
  await one.step(worker, 'CloseReferral', {reasonCode: 'other_solution'});
  return one;
}

async function meet(client, calendar, one) {
  const meeting = await client.call(ekelidenSeat, 'MeetingService/RecordMeeting', {
    meetingDate: calendar.date(),
    form: 'MEETING_FORM_VIDEO',
    attendance: [{seat: 'ekeliden'}, {seat: 'novus', deputy: true}],
    items: [{referralId: one.id, text: 'Gick igenom behoven.'}],
  });
  await client.call(novusSeat, 'MeetingService/GetMeeting', {meetingId: meeting.meetingId});
  const all = await client.call(novusSeat, 'MeetingService/ListMeetings');
  assert.equal(all.meetings.length, 1);
}

// Every form and question, as the owner and as the board.
async function lookBackAtTheForm(client, one) {
  const of = {referralId: one.id};
  const own = await client.call(worker, 'FormService/ListForms', of);
  assert.deepEqual(own.forms.map(form => form.sent ?? false), [false, true]);
  assert.deepEqual(own.forms[1].changedFields, ['wishes_and_goals']);
  const drafted = await client.call(worker, 'FormService/GetForm',
                                    {...of, version: own.forms[0].version});
  assert.equal(drafted.form.wishesAndGoals, form('1984-05-14').wishesAndGoals);
  await client.refused(ekelidenSeat, 'FormService/GetForm',
                       {...of, version: own.forms[0].version}, 'NOT_FOUND|404');
  const sent = await client.call(ekelidenSeat, 'FormService/GetForm',
                                 {...of, version: own.forms[1].version});
  assert.equal(sent.form.wishesAndGoals, 'Vill arbeta igen.');
  const asked = await client.call(ekelidenSeat, 'FormService/ListInformationRequests', of);
  assert.equal(asked.informationRequests[0].question, 'Pågår medicinering?');
  assert.equal(asked.informationRequests[0].answer, 'Ja, den ställs in.');
}

async function lookBack(client, one) {
  const actions = await client.call(
      worker, 'ReferralService/GetAvailableActions', {referralId: one.id});
  assert(actions.actions.length > 0);
  const timeline = await client.call(worker, 'ReferralService/GetTimeline', {referralId: one.id});
  const told = name => timeline.entries.find(entry => entry.action === name);
  assert.equal(told('update').changedFields[0], 'form.wishes_and_goals');
  assert(told('make_decision').resource.startsWith(`referrals/${one.id}/decisions/`));
  const file = timeline.entries.find(entry => entry.resource.startsWith('attachments/'));
  assert(file && file.subject);
  const reads =
      await client.call(worker, 'referral.HistoryService/ListReads', {referralId: one.id});
  assert(reads.reads.length > 0);
  const left = await client.call(worker, 'HistoryService/ListDisclosures', {referralId: one.id});
  assert(left.disclosures.length > 0);
}

export async function walkReferral(client, calendar) {
  const one = await wholeWay(client, calendar);
  await twoUnitsOnePerson(client);
  const closed = await sentBack(client);
  await meet(client, calendar, one);
  await lookBack(client, one);
  await lookBackAtTheForm(client, one);
  return {one, closed};
}

export async function endGround(client, one) {
  const grounds = await client.call(one.owner, 'GroundService/ListGrounds', {referralId: one.id});
  const {groundId, etag} = grounds.grounds[0];
  await client.call(one.owner, 'GroundService/RevokeGround', {groundId, etag});
  await client.refused(ekelidenSeat, 'ReferralService/GetReferral', {referralId: one.id}, 'NOT_FOUND|404');
}
