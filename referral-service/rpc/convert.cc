#include "referral-service/rpc/convert.h"

#include <array>
#include <chrono>
#include <map>
#include <string>

#include "referral-service/domain/form_rules.h"
#include "referral-service/storage/form_codec.h"

namespace vardkedja::referral::rpc {
namespace {

using google::protobuf::Timestamp;

// By number of InformationCategory.
constexpr auto kAttachmentCategories = std::to_array<std::string_view>(
    {"", "identity", "needs", "children", "plan", "placement", "messages"});

std::string DateOrEmpty(const std::optional<Date>& date) {
  return date ? FormatDate(*date) : std::string();
}

std::string TextOf(const std::map<std::string, std::string>& texts, const std::string& id) {
  const auto found = texts.find(id);
  return found == texts.end() ? std::string() : found->second;
}

v1::ReferralState ToProto(domain::State state) { return static_cast<v1::ReferralState>(state); }

v1::AnswerKind AnswerOf(domain::Outcome outcome) {
  switch (outcome) {
    case domain::Outcome::kYes:
      return v1::ANSWER_KIND_YES;
    case domain::Outcome::kNo:
      return v1::ANSWER_KIND_NO;
    case domain::Outcome::kNeedsTime:
      return v1::ANSWER_KIND_NEEDS_TIME;
    default:
      return v1::ANSWER_KIND_UNSPECIFIED;
  }
}

v1::StudyVisitOutcome VisitOf(domain::Outcome outcome) {
  switch (outcome) {
    case domain::Outcome::kNeedsMet:
    case domain::Outcome::kNeedsNotMet:
      return v1::STUDY_VISIT_OUTCOME_DONE;
    case domain::Outcome::kNoShow:
      return v1::STUDY_VISIT_OUTCOME_NO_SHOW;
    case domain::Outcome::kWaived:
      return v1::STUDY_VISIT_OUTCOME_WAIVED;
    default:
      return v1::STUDY_VISIT_OUTCOME_UNSPECIFIED;
  }
}

v1::DecisionOutcome DecisionOf(domain::DecisionStatus status) {
  switch (status) {
    case domain::DecisionStatus::kGranted:
      return v1::DECISION_OUTCOME_GRANT;
    case domain::DecisionStatus::kRefused:
      return v1::DECISION_OUTCOME_REFUSE;
    case domain::DecisionStatus::kProposed:
      break;
  }
  return v1::DECISION_OUTCOME_UNSPECIFIED;
}

void SetCriteria(const domain::Criteria& criteria, common::v1::PriorityCriteria* out) {
  out->set_lvm_investigation(criteria.lvm_investigation);
  out->set_child_perspective(criteria.child_perspective);
  out->set_lvm_section_27(criteria.lvm_section_27);
  out->set_external_placement(criteria.external_placement);
}

void SetInformation(const domain::Referral& referral, v1::Referral& out) {
  if (!referral.information_requested_at) return;
  v1::InformationRequest& request = *out.mutable_information_request();
  request.set_question(referral.content.notes.question);
  Set(*referral.information_requested_at, request.mutable_request_time());
  request.set_answer(referral.content.notes.answer);
  if (referral.information_provided_at) {
    Set(*referral.information_provided_at, request.mutable_answer_time());
  }
}

void SetAssessment(const domain::Referral& referral, v1::Referral& out) {
  const domain::Assessment& from = referral.assessment;
  if (from.proposed_by_seat.empty() && from.no_suitable_place_reason_code.empty()) return;
  v1::Assessment& assessment = *out.mutable_assessment();
  for (const std::string& id : from.path_facility_ids) assessment.add_path_facility_ids(id);
  assessment.set_bed_kind(static_cast<common::v1::BedKind>(from.bed_kind));
  assessment.set_text(referral.content.notes.assessment_text);
  assessment.set_proposed_by_seat(from.proposed_by_seat);
  assessment.set_proposed_by_deputy(from.proposed_by_deputy);
  assessment.set_confirmed_by_seat(from.confirmed_by_seat);
  assessment.set_confirmed_by_deputy(from.confirmed_by_deputy);
  assessment.set_no_suitable_place_reason_code(from.no_suitable_place_reason_code);
  assessment.set_alternatives(referral.content.notes.alternatives);
}

void SetDecision(const domain::Decision& from, const domain::Notes& notes, v1::Decision& out) {
  out.set_decision_id(from.decision_id);
  out.set_facility_id(from.facility_id);
  out.set_bed_kind(static_cast<common::v1::BedKind>(from.bed_kind));
  out.set_outcome(DecisionOf(from.status));
  out.set_decision_date(DateOrEmpty(from.decision_date));
  out.set_to_date(FormatDate(from.to_date));
  out.set_planned_move_in_date(DateOrEmpty(from.planned_move_in_date));
  out.set_law_section(from.law_section);
  out.set_delegation_point(from.delegation_point);
  out.set_proposer_subject(from.proposer_subject);
  out.set_decider_subject(from.decider_subject);
  out.set_transfer(from.transfer);
  out.set_deciding_organisation_id(from.deciding_organisation_id);
  out.set_refusal_reason_code(from.refusal_reason_code);
  out.set_deciding_reference(from.deciding_reference);
  out.set_municipality_code(from.municipality_code);
  out.set_motivation(TextOf(notes.motivations, from.decision_id));
}

void SetChain(const domain::Referral& referral, v1::Referral& out) {
  const domain::Notes& notes = referral.content.notes;
  SetInformation(referral, out);
  SetAssessment(referral, out);
  for (const domain::StudyVisit& from : referral.study_visits) {
    v1::StudyVisit& visit = *out.add_study_visits();
    visit.set_visit_id(from.visit_id);
    visit.set_facility_id(from.facility_id);
    if (from.visit_time) Set(*from.visit_time, visit.mutable_visit_time());
    visit.set_outcome(VisitOf(from.outcome));
    visit.set_needs_can_be_met(from.outcome == domain::Outcome::kNeedsMet);
    visit.set_reason(TextOf(notes.visit_reasons, from.visit_id));
  }
  if (referral.answered_at) {
    out.mutable_answer()->set_kind(AnswerOf(referral.answer));
    out.mutable_answer()->set_alternatives_shown(notes.alternatives_shown);
    Set(*referral.answered_at, out.mutable_answer()->mutable_answer_time());
  }
  for (const domain::Decision& from : referral.decisions) {
    SetDecision(from, notes, *out.add_decisions());
  }
  if (!referral.whereabouts.facility_id.empty()) {
    v1::Placement& placement = *out.mutable_placement();
    placement.set_facility_id(referral.whereabouts.facility_id);
    placement.set_move_in_date(DateOrEmpty(referral.whereabouts.move_in_date));
    placement.set_transfer_to_facility_id(referral.whereabouts.transfer_to_facility_id);
  }
}

}  // namespace

void Set(Instant instant, google::protobuf::Timestamp* out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  out->set_seconds(seconds.time_since_epoch().count());
  out->set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(instant - seconds).count()));
}

v1::Referral ToProto(const usecases::CaseView& view) {
  const domain::Referral& referral = view.referral;
  v1::Referral out;
  out.set_referral_id(referral.referral_id);
  out.set_case_number(referral.case_number);
  out.set_etag(std::to_string(referral.version));
  out.set_state(ToProto(referral.state));
  out.set_owner_unit_id(referral.owner_unit_id);
  out.set_municipality_code(referral.municipality_code);
  out.set_person_id(referral.person_id);
  *out.mutable_form() = storage::ToProto(referral.content.form);
  out.set_form_version(referral.form_version);
  if (view.access.categories.contains("needs")) {
    SetCriteria(referral.criteria, out.mutable_criteria());
  }
  Set(referral.created_at, out.mutable_create_time());
  if (referral.submitted_at) Set(*referral.submitted_at, out.mutable_submit_time());
  Set(referral.updated_at, out.mutable_update_time());
  SetChain(referral, out);
  out.set_close_reason_code(referral.close_reason_code);
  out.set_prior_decision_date(referral.content.notes.prior_decision_date);
  out.set_order_exception_reason(referral.content.notes.order_exception_reason);
  for (const std::string& subject : referral.handler_subjects) out.add_handler_subjects(subject);
  for (const std::string& category : view.access.categories) out.add_visible_categories(category);
  return out;
}

v1::ReferralSummary ToProto(const usecases::CaseLine& line) {
  const domain::Referral& referral = line.referral;
  v1::ReferralSummary out;
  out.set_referral_id(referral.referral_id);
  out.set_case_number(referral.case_number);
  out.set_state(ToProto(referral.state));
  out.set_owner_unit_id(referral.owner_unit_id);
  out.set_display_name(line.display_name);
  out.set_protected_identity(referral.protected_identity);
  if (referral.submitted_at) Set(*referral.submitted_at, out.mutable_submit_time());
  Set(referral.updated_at, out.mutable_update_time());
  out.set_waits_for(std::string(domain::WaitsFor(referral.state)));
  out.set_etag(std::to_string(referral.version));
  Set(referral.state_since, out.mutable_state_time());
  out.set_due_date(DateOrEmpty(line.due_date));
  return out;
}

v1::ReferralChange ToProto(const usecases::ChangeRecord& change) {
  v1::ReferralChange out;
  out.set_referral_id(change.referral_id);
  out.set_case_number(change.case_number);
  out.set_what(change.what);
  if (!change.state) return out;
  out.set_state(ToProto(*change.state));
  out.set_etag(std::to_string(change.version));
  return out;
}

std::vector<domain::State> FromProto(const google::protobuf::RepeatedField<int>& states,
                                     std::vector<FieldViolation>& out) {
  std::vector<domain::State> known;
  for (const int state : states) {
    if (!v1::ReferralState_IsValid(state) || state == v1::REFERRAL_STATE_UNSPECIFIED) {
      out.push_back(domain::Violation("states", "UNKNOWN_CODE", "There is no such state.",
                                      "Det finns inget sådant tillstånd."));
    } else {
      known.push_back(static_cast<domain::State>(state));
    }
  }
  return known;
}

v1::TimelineEntry ToProto(const usecases::StepRecord& step) {
  v1::TimelineEntry out;
  out.set_version(step.version);
  out.set_action(step.action);
  if (step.from) out.set_from_state(ToProto(*step.from));
  if (step.to) out.set_to_state(ToProto(*step.to));
  Set(step.at, out.mutable_action_time());
  out.set_unit_id(step.unit_id);
  out.set_seat(step.seat);
  out.set_deputy(step.deputy);
  out.set_exception(step.exception);
  out.set_resource(step.resource);
  for (const std::string& path : step.changed_fields) out.add_changed_fields(path);
  out.set_changes_known(step.changes_known);
  out.set_subject(step.subject);
  for (const std::string& role : step.role_codes) out.add_role_codes(role);
  return out;
}

v1::AvailableAction ToProto(domain::Action action) {
  v1::AvailableAction out;
  out.set_action(std::string(domain::Name(action)));
  for (const domain::Role role : domain::RuleOf(action).roles) {
    out.add_roles(static_cast<common::v1::Role>(role));
  }
  return out;
}

v1::DisclosureGround ToProto(const usecases::GroundView& view) {
  const domain::DisclosureGround& ground = view.ground;
  const auto category = [](const std::string& name) {
    static const auto& values = *new std::map<std::string, v1::InformationCategory>{
        {"identity", v1::INFORMATION_CATEGORY_IDENTITY},
        {"needs", v1::INFORMATION_CATEGORY_NEEDS},
        {"children", v1::INFORMATION_CATEGORY_CHILDREN},
        {"plan", v1::INFORMATION_CATEGORY_PLAN},
        {"placement", v1::INFORMATION_CATEGORY_PLACEMENT},
        {"messages", v1::INFORMATION_CATEGORY_MESSAGES}};
    return values.at(name);
  };
  v1::DisclosureGround out;
  out.set_ground_id(ground.ground_id);
  out.set_referral_id(ground.case_id);
  out.set_etag(std::to_string(ground.version));
  out.set_kind(static_cast<v1::GroundKind>(ground.kind));
  out.set_consent_form(static_cast<v1::ConsentForm>(ground.consent_form));
  for (const std::string& unit : ground.recipient_unit_ids) out.add_recipient_unit_ids(unit);
  for (const std::string& name : ground.categories) out.add_categories(category(name));
  out.set_purpose(ground.purpose);
  out.set_from_date(FormatDate(ground.from_date));
  out.set_to_date(FormatDate(ground.to_date));
  out.set_text(view.text);
  out.set_judged_by_subject(ground.judged_by_subject);
  for (const std::string& unit : ground.excluded_unit_ids) out.add_excluded_unit_ids(unit);
  for (const std::string& name : ground.excluded_categories) {
    out.add_excluded_categories(category(name));
  }
  out.set_live(view.live);
  out.set_end_reason_code(ground.end_reason_code);
  Set(ground.recorded_at, out.mutable_record_time());
  if (ground.ended_at) Set(*ground.ended_at, out.mutable_end_time());
  return out;
}

void SetMerged(const std::vector<domain::MergedUnit>& merged,
               google::protobuf::RepeatedPtrField<v1::MergedUnit>* out) {
  for (const domain::MergedUnit& unit : merged) {
    v1::MergedUnit& to = *out->Add();
    to.set_unit_id(unit.unit_id);
    to.set_successor_unit_id(unit.successor_unit_id);
  }
}

v1::Plans ToProto(const domain::Plans& plans) {
  v1::Plans out;
  out.set_referral_id(plans.case_id);
  out.set_etag(std::to_string(plans.version));
  if (plans.implementation_plan) {
    const domain::ImplementationPlan& from = *plans.implementation_plan;
    v1::ImplementationPlan& plan = *out.mutable_implementation_plan();
    plan.set_facility_id(from.facility_id);
    plan.set_goals(from.goals);
    plan.set_activities(from.activities);
    plan.set_follow_up_date(FormatDate(from.follow_up_date));
    plan.set_revision(from.revision);
    Set(from.recorded_at, plan.mutable_record_time());
  }
  for (const domain::HomeSupportPart& from : plans.home_support) {
    v1::HomeSupportItem& item = *out.add_home_support();
    item.set_part_id(from.part_id);
    item.set_kind(static_cast<v1::HomeSupportKind>(from.kind));
    item.set_unit_id(from.unit_id);
    item.set_law_section(from.law_section);
    item.set_start_date(FormatDate(from.start_date));
    item.set_started(from.started);
  }
  SetMerged(plans.merged_units, out.mutable_merged_units());
  return out;
}

domain::NewGround FromProto(const v1::RecordGroundRequest& request) {
  // "" stands for a category this program does not know; the rules refuse it.
  const auto name = [](int value) -> std::string {
    switch (value) {
      case v1::INFORMATION_CATEGORY_IDENTITY:
        return "identity";
      case v1::INFORMATION_CATEGORY_NEEDS:
        return "needs";
      case v1::INFORMATION_CATEGORY_CHILDREN:
        return "children";
      case v1::INFORMATION_CATEGORY_PLAN:
        return "plan";
      case v1::INFORMATION_CATEGORY_PLACEMENT:
        return "placement";
      case v1::INFORMATION_CATEGORY_MESSAGES:
        return "messages";
      default:
        return "";
    }
  };
  domain::NewGround ground;
  if (v1::GroundKind_IsValid(request.kind())) {
    ground.kind = static_cast<domain::GroundKind>(request.kind());
  }
  if (v1::ConsentForm_IsValid(request.consent_form())) {
    ground.consent_form = static_cast<domain::ConsentForm>(request.consent_form());
  }
  ground.recipient_unit_ids = {request.recipient_unit_ids().begin(),
                               request.recipient_unit_ids().end()};
  for (const int value : request.categories()) ground.categories.push_back(name(value));
  ground.purpose = request.purpose();
  ground.from_date = request.from_date();
  ground.to_date = request.to_date();
  ground.text = request.text();
  ground.excluded_unit_ids = {request.excluded_unit_ids().begin(),
                              request.excluded_unit_ids().end()};
  for (const int value : request.excluded_categories()) {
    ground.excluded_categories.push_back(name(value));
  }
  return ground;
}

std::vector<domain::PartRequest> FromProto(const v1::RecordHomeSupportRequest& request) {
  std::vector<domain::PartRequest> parts;
  for (const v1::HomeSupportItem& item : request.parts()) {
    domain::PartRequest part;
    part.part_id = item.part_id();
    if (v1::HomeSupportKind_IsValid(item.kind())) {
      part.kind = static_cast<domain::HomeSupportKind>(item.kind());
    }
    part.unit_id = item.unit_id();
    part.law_section = item.law_section();
    part.start_date = item.start_date();
    parts.push_back(std::move(part));
  }
  return parts;
}

domain::BedKind FromProto(common::v1::BedKind kind) {
  if (!common::v1::BedKind_IsValid(kind)) return domain::BedKind::kUnspecified;
  return static_cast<domain::BedKind>(kind);
}

domain::Outcome FromProto(v1::AnswerKind kind) {
  switch (kind) {
    case v1::ANSWER_KIND_YES:
      return domain::Outcome::kYes;
    case v1::ANSWER_KIND_NO:
      return domain::Outcome::kNo;
    case v1::ANSWER_KIND_NEEDS_TIME:
      return domain::Outcome::kNeedsTime;
    default:
      return domain::Outcome::kNone;
  }
}

domain::Outcome FromProto(v1::DecisionOutcome outcome) {
  switch (outcome) {
    case v1::DECISION_OUTCOME_GRANT:
      return domain::Outcome::kGrant;
    case v1::DECISION_OUTCOME_REFUSE:
      return domain::Outcome::kRefuse;
    default:
      return domain::Outcome::kNone;
  }
}

domain::VisitOutcome FromProto(v1::StudyVisitOutcome outcome) {
  if (!v1::StudyVisitOutcome_IsValid(outcome)) return domain::VisitOutcome::kUnspecified;
  return static_cast<domain::VisitOutcome>(outcome);
}

std::optional<Instant> FromProto(bool present, const Timestamp& time) {
  constexpr std::int64_t kFirst = -62'135'596'800;
  constexpr std::int64_t kLast = 253'402'300'799;
  if (!present || time.seconds() < kFirst || time.seconds() > kLast) return std::nullopt;
  return Instant(std::chrono::seconds(time.seconds()) +
                 std::chrono::microseconds(time.nanos() / 1000));
}

v1::Attachment ToProto(const domain::Attachment& from) {
  v1::Attachment attachment;
  attachment.set_attachment_id(from.attachment_id);
  attachment.set_referral_id(from.referral_id);
  attachment.set_file_name(from.file_name);
  for (std::size_t i = 0; i < kAttachmentCategories.size(); ++i) {
    if (kAttachmentCategories[i] == from.category) {
      attachment.set_category(static_cast<v1::InformationCategory>(i));
    }
  }
  attachment.set_byte_size(from.byte_size);
  attachment.set_received_bytes(from.received_bytes);
  attachment.set_chunk_count(from.chunk_count);
  attachment.set_media_type(from.media_type);
  attachment.set_complete(from.complete());
  attachment.set_unit_id(from.unit_id);
  Set(from.begun_at, attachment.mutable_begin_time());
  return attachment;
}

v1::Disclosure ToProto(const usecases::DisclosureRecord& from) {
  v1::Disclosure disclosure;
  disclosure.set_organisation_id(from.organisation_id);
  disclosure.set_unit_id(from.unit_id);
  disclosure.set_rule_id(from.rule_id);
  disclosure.set_purpose(from.purpose);
  for (const std::string& category : from.categories) disclosure.add_categories(category);
  Set(from.first_at, disclosure.mutable_first_time());
  Set(from.last_at, disclosure.mutable_last_time());
  disclosure.set_times(from.times);
  return disclosure;
}

}  // namespace vardkedja::referral::rpc
