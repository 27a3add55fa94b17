#include "referral-service/storage/document_codec.h"

#include <chrono>
#include <set>
#include <utility>

namespace vardkedja::referral::storage {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Timestamp;

void Set(Instant instant, Timestamp* out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  out->set_seconds(seconds.time_since_epoch().count());
  out->set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(instant - seconds).count()));
}

Instant ToInstant(const Timestamp& time) {
  return Instant(std::chrono::seconds(time.seconds())) +
         std::chrono::microseconds(time.nanos() / 1000);
}

std::string DateOrEmpty(const std::optional<Date>& date) {
  return date ? FormatDate(*date) : std::string();
}

// A stored date was checked when it was written.
Date ToDate(const std::string& text) { return ParseDate(text).value_or(Date{}); }

std::set<std::string> ToSet(const RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

void AddAll(const std::set<std::string>& texts, RepeatedPtrField<std::string>* out) {
  for (const std::string& text : texts) out->Add(std::string(text));
}

domain::PlanMeeting FromProto(const v1::PlanMeeting& from) {
  domain::PlanMeeting meeting;
  meeting.meeting_id = from.meeting_id();
  meeting.meeting_time = ToInstant(from.meeting_time());
  meeting.form = static_cast<domain::PlanMeetingForm>(from.form());
  meeting.place = from.place();
  meeting.video_link = from.video_link();
  meeting.called_by_unit_id = from.called_by_unit_id();
  meeting.invited_unit_ids = ToSet(from.invited_unit_ids());
  meeting.relatives_invited = from.relatives_invited();
  return meeting;
}

domain::PlanContent FromProto(const v1::PlanContent& from) {
  domain::PlanContent content;
  content.goals = from.goals();
  for (const v1::PlanIntervention& one : from.interventions()) {
    content.interventions.push_back({one.what(), one.unit_id(), ParseDate(one.start_date())});
  }
  content.measures_by_others = from.measures_by_others();
  content.responsible_unit_id = from.responsible_unit_id();
  content.follow_up_date = ParseDate(from.follow_up_date());
  content.revision = from.revision();
  content.recorded_at = ToInstant(from.record_time());
  return content;
}

domain::CoordinatedPlan FromProto(const v1::CoordinatedPlan& from) {
  domain::CoordinatedPlan plan;
  if (from.has_need()) {
    const v1::PlanNeed& need = from.need();
    plan.need = domain::PlanNeed{need.unit_id(), need.organisation_id(),
                                 static_cast<domain::PlanAskedBy>(need.asked_by()), need.reason(),
                                 ToInstant(need.assess_time())};
  }
  plan.party_unit_ids = ToSet(from.party_unit_ids());
  if (from.has_agreement()) {
    plan.agreement = domain::PlanAgreement{from.agreement().agreed(), from.agreement().text(),
                                           ToInstant(from.agreement().record_time())};
  }
  for (const v1::PlanMeeting& meeting : from.meetings())
    plan.meetings.push_back(FromProto(meeting));
  if (from.has_content()) plan.content = FromProto(from.content());
  for (const v1::PlanFollowUp& one : from.follow_ups()) {
    plan.follow_ups.push_back({ToDate(one.done_date()), one.text(), ParseDate(one.next_date())});
  }
  return plan;
}

domain::CostSplit FromProto(const v1::CostSplit& from) {
  domain::CostSplit split;
  if (from.has_acute()) {
    split.acute =
        domain::AcuteDeclaration{ToDate(from.acute().placement_date()), from.acute().reason(),
                                 ToInstant(from.acute().declare_time())};
  }
  if (from.revision() == 0) return split;
  domain::WrittenSplit written;
  for (const v1::CostShare& share : from.shares()) {
    written.shares.push_back({share.unit_id(), share.basis_points()});
  }
  written.price_per_day_ore = from.price_per_day_ore();
  written.agreed_date = ToDate(from.agreed_date());
  written.text = from.text();
  written.revision = from.revision();
  written.recorded_at = ToInstant(from.record_time());
  split.written = std::move(written);
  return split;
}

domain::Outcomes FromProto(const v1::Outcomes& from) {
  domain::Outcomes outcomes;
  for (const v1::Outcome& one : from.outcomes()) {
    domain::LifeOutcome outcome;
    outcome.point = static_cast<domain::OutcomePoint>(one.point());
    outcome.outcome_date = ToDate(one.outcome_date());
    outcome.codes = {one.housing(), one.occupation(), one.use(), one.symptoms()};
    if (one.has_inpatient_days()) outcome.inpatient_days = one.inpatient_days();
    outcome.own_goals = one.own_goals();
    if (one.has_self_rated_life()) outcome.self_rated_life = one.self_rated_life();
    outcome.recorded_at = ToInstant(one.record_time());
    outcomes.outcomes.push_back(std::move(outcome));
  }
  for (const v1::IndividualFollowUp& one : from.individual_follow_ups()) {
    outcomes.individual_follow_ups.push_back(
        {ToDate(one.done_date()), one.text(), ToInstant(one.record_time())});
  }
  return outcomes;
}

domain::ChildrenAsRelatives FromProto(const v1::ChildrenAsRelatives& from) {
  domain::ChildrenAsRelatives children;
  children.answer = static_cast<domain::ChildrenAnswer>(from.answer());
  children.asked_date = ParseDate(from.asked_date());
  for (const v1::ChildRelative& child : from.children()) {
    children.children.push_back({child.age(), child.lives_with(), child.information_given(),
                                 child.own_view(), child.contact()});
  }
  for (const v1::ChildContact& contact : from.contacts()) {
    children.contacts.push_back({static_cast<domain::ContactKind>(contact.kind()),
                                 ToInstant(contact.contact_time()), contact.text()});
  }
  return children;
}

template <class Message>
std::optional<domain::CaseDocument> ParseAs(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return FromProto(message);
}

void SetContent(const domain::PlanContent& from, v1::PlanContent& out) {
  out.set_goals(from.goals);
  for (const domain::PlanIntervention& one : from.interventions) {
    v1::PlanIntervention& intervention = *out.add_interventions();
    intervention.set_what(one.what);
    intervention.set_unit_id(one.unit_id);
    intervention.set_start_date(DateOrEmpty(one.start_date));
  }
  out.set_measures_by_others(from.measures_by_others);
  out.set_responsible_unit_id(from.responsible_unit_id);
  out.set_follow_up_date(DateOrEmpty(from.follow_up_date));
  out.set_revision(from.revision);
  Set(from.recorded_at, out.mutable_record_time());
}

void SetMeeting(const domain::PlanMeeting& from, v1::PlanMeeting& out) {
  out.set_meeting_id(from.meeting_id);
  Set(from.meeting_time, out.mutable_meeting_time());
  out.set_form(static_cast<v1::PlanMeetingForm>(from.form));
  out.set_place(from.place);
  out.set_video_link(from.video_link);
  out.set_called_by_unit_id(from.called_by_unit_id);
  AddAll(from.invited_unit_ids, out.mutable_invited_unit_ids());
  out.set_relatives_invited(from.relatives_invited);
}

}  // namespace

v1::CoordinatedPlan ToProto(const domain::CoordinatedPlan& plan) {
  v1::CoordinatedPlan out;
  if (plan.need) {
    v1::PlanNeed& need = *out.mutable_need();
    need.set_unit_id(plan.need->unit_id);
    need.set_organisation_id(plan.need->organisation_id);
    need.set_asked_by(static_cast<v1::PlanAskedBy>(plan.need->asked_by));
    need.set_reason(plan.need->reason);
    Set(plan.need->assessed_at, need.mutable_assess_time());
  }
  AddAll(plan.party_unit_ids, out.mutable_party_unit_ids());
  if (plan.agreement) {
    out.mutable_agreement()->set_agreed(plan.agreement->agreed);
    out.mutable_agreement()->set_text(plan.agreement->text);
    Set(plan.agreement->recorded_at, out.mutable_agreement()->mutable_record_time());
  }
  for (const domain::PlanMeeting& meeting : plan.meetings) SetMeeting(meeting, *out.add_meetings());
  if (plan.content) SetContent(*plan.content, *out.mutable_content());
  for (const domain::PlanFollowUp& one : plan.follow_ups) {
    v1::PlanFollowUp& follow_up = *out.add_follow_ups();
    follow_up.set_done_date(FormatDate(one.done_date));
    follow_up.set_text(one.text);
    follow_up.set_next_date(DateOrEmpty(one.next_date));
  }
  return out;
}

v1::CostSplit ToProto(const domain::CostSplit& split) {
  v1::CostSplit out;
  if (split.acute) {
    out.mutable_acute()->set_placement_date(FormatDate(split.acute->placement_date));
    out.mutable_acute()->set_reason(split.acute->reason);
    Set(split.acute->declared_at, out.mutable_acute()->mutable_declare_time());
  }
  if (!split.written) return out;
  for (const domain::CostShare& from : split.written->shares) {
    v1::CostShare& share = *out.add_shares();
    share.set_unit_id(from.unit_id);
    share.set_basis_points(from.basis_points);
  }
  out.set_price_per_day_ore(split.written->price_per_day_ore);
  out.set_agreed_date(FormatDate(split.written->agreed_date));
  out.set_text(split.written->text);
  out.set_revision(split.written->revision);
  Set(split.written->recorded_at, out.mutable_record_time());
  return out;
}

v1::Outcomes ToProto(const domain::Outcomes& outcomes) {
  v1::Outcomes out;
  for (const domain::LifeOutcome& from : outcomes.outcomes) {
    v1::Outcome& outcome = *out.add_outcomes();
    outcome.set_point(static_cast<v1::OutcomePoint>(from.point));
    outcome.set_outcome_date(FormatDate(from.outcome_date));
    outcome.set_housing(static_cast<v1::OutcomeHousing>(from.codes.housing));
    outcome.set_occupation(static_cast<v1::OutcomeOccupation>(from.codes.occupation));
    outcome.set_use(static_cast<v1::OutcomeUse>(from.codes.use));
    outcome.set_symptoms(static_cast<v1::OutcomeSymptoms>(from.codes.symptoms));
    if (from.inpatient_days) outcome.set_inpatient_days(*from.inpatient_days);
    outcome.set_own_goals(from.own_goals);
    if (from.self_rated_life) outcome.set_self_rated_life(*from.self_rated_life);
    Set(from.recorded_at, outcome.mutable_record_time());
  }
  for (const domain::IndividualFollowUp& from : outcomes.individual_follow_ups) {
    v1::IndividualFollowUp& follow_up = *out.add_individual_follow_ups();
    follow_up.set_done_date(FormatDate(from.done_date));
    follow_up.set_text(from.text);
    Set(from.recorded_at, follow_up.mutable_record_time());
  }
  return out;
}

v1::ChildrenAsRelatives ToProto(const domain::ChildrenAsRelatives& children) {
  v1::ChildrenAsRelatives out;
  out.set_answer(static_cast<v1::ChildrenAnswer>(children.answer));
  out.set_asked_date(DateOrEmpty(children.asked_date));
  for (const domain::ChildRelative& from : children.children) {
    v1::ChildRelative& child = *out.add_children();
    child.set_age(from.age);
    child.set_lives_with(from.lives_with);
    child.set_information_given(from.information_given);
    child.set_own_view(from.own_view);
    child.set_contact(from.contact);
  }
  for (const domain::ChildContact& from : children.contacts) {
    v1::ChildContact& contact = *out.add_contacts();
    contact.set_kind(static_cast<v1::ContactKind>(from.kind));
    Set(from.contact_time, contact.mutable_contact_time());
    contact.set_text(from.text);
  }
  return out;
}

std::string Serialise(const domain::CaseDocument& document) {
  return std::visit([](const auto& one) { return ToProto(one).SerializeAsString(); }, document);
}

std::optional<domain::CaseDocument> Parse(usecases::DocumentKind kind, std::string_view bytes) {
  switch (kind) {
    case usecases::DocumentKind::kCoordinatedPlan:
      return ParseAs<v1::CoordinatedPlan>(bytes);
    case usecases::DocumentKind::kCostSplit:
      return ParseAs<v1::CostSplit>(bytes);
    case usecases::DocumentKind::kOutcomes:
      return ParseAs<v1::Outcomes>(bytes);
    case usecases::DocumentKind::kChildren:
      return ParseAs<v1::ChildrenAsRelatives>(bytes);
  }
  return std::nullopt;
}

}  // namespace vardkedja::referral::storage
