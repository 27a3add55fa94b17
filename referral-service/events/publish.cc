#include "referral-service/events/publish.h"

#include <chrono>
#include <string>
#include <variant>

#include "lib/id/uuid.h"
#include "referral-service/events/payload.h"

namespace vardkedja::referral::events {
namespace {

void SetCriteria(const domain::Criteria& criteria, common::v1::PriorityCriteria* out) {
  out->set_lvm_investigation(criteria.lvm_investigation);
  out->set_child_perspective(criteria.child_perspective);
  out->set_lvm_section_27(criteria.lvm_section_27);
  out->set_external_placement(criteria.external_placement);
}

// Fills the oneof of one event.
class Fill {
 public:
  Fill(const domain::Change& change, Instant now, v1::ReferralEvent& out)
      : change_(change), after_(change.after), now_(now), out_(out) {}

  void operator()(const domain::SubmittedEvent& event) {
    v1::Submitted& submitted = *out_.mutable_submitted();
    SetTime(after_.submitted_at.value_or(now_), submitted.mutable_submitted_at());
    submitted.set_ground(static_cast<common::v1::Ground>(event.ground));
    SetCriteria(event.criteria, submitted.mutable_criteria());
    submitted.set_legal_sex(static_cast<common::v1::LegalSex>(event.legal_sex));
    submitted.set_age_band(static_cast<common::v1::AgeBand>(event.age_band));
    submitted.set_exception(event.exception);
  }
  void operator()(const domain::AcknowledgedEvent&) { out_.mutable_acknowledged(); }
  void operator()(const domain::InformationRequestedEvent&) {
    out_.mutable_information_requested();
  }
  void operator()(const domain::InformationProvidedEvent&) { out_.mutable_information_provided(); }
  void operator()(const domain::AssessmentProposedEvent&) {
    v1::AssessmentProposed& proposed = *out_.mutable_assessment_proposed();
    proposed.set_seat(after_.assessment.proposed_by_seat);
    for (const std::string& id : after_.assessment.path_facility_ids) {
      proposed.add_path_facility_ids(id);
    }
  }
  void operator()(const domain::AssessedEvent&) {
    v1::Assessed& assessed = *out_.mutable_assessed();
    assessed.set_seat(after_.assessment.confirmed_by_seat);
    for (const std::string& id : after_.assessment.path_facility_ids) {
      assessed.add_path_facility_ids(id);
    }
  }
  void operator()(const domain::SentBackEvent&) {
    out_.mutable_sent_back()->set_reason_code(after_.assessment.no_suitable_place_reason_code);
  }
  void operator()(const domain::StudyVisitBookedEvent& event) {
    v1::StudyVisitBooked& booked = *out_.mutable_study_visit_booked();
    booked.set_facility_id(event.visit.facility_id);
    if (event.visit.visit_time) SetTime(*event.visit.visit_time, booked.mutable_visit_time());
  }
  void operator()(const domain::StudyVisitRecordedEvent& event) {
    v1::StudyVisitRecorded& recorded = *out_.mutable_study_visit_recorded();
    recorded.set_facility_id(event.visit.facility_id);
    const bool done = event.visit.outcome == domain::Outcome::kNeedsMet ||
                      event.visit.outcome == domain::Outcome::kNeedsNotMet;
    recorded.set_outcome_code(done ? "done" : std::string(domain::Name(event.visit.outcome)));
    recorded.set_needs_can_be_met(event.visit.outcome == domain::Outcome::kNeedsMet);
    recorded.set_exception(change_.exception);
  }
  void operator()(const domain::AnsweredEvent&) {
    out_.mutable_answered()->set_answer_code(std::string(domain::Name(after_.answer)));
  }
  void operator()(const domain::DecisionProposedEvent& event) {
    out_.mutable_decision_proposed()->set_facility_id(event.decision.facility_id);
  }
  void operator()(const domain::DecisionMadeEvent& event) {
    const domain::Decision& decision = event.decision;
    v1::DecisionMade& made = *out_.mutable_decision_made();
    made.set_decision_id(decision.decision_id);
    made.set_facility_id(decision.facility_id);
    made.set_bed_kind(static_cast<common::v1::BedKind>(decision.bed_kind));
    if (decision.decision_date) made.set_decision_date(FormatDate(*decision.decision_date));
    made.set_to_date(FormatDate(decision.to_date));
    if (after_.submitted_at) SetTime(*after_.submitted_at, made.mutable_submitted_at());
    SetCriteria(after_.criteria, made.mutable_criteria());
    made.set_transfer(decision.transfer);
    if (decision.planned_move_in_date) {
      made.set_planned_move_in_date(FormatDate(*decision.planned_move_in_date));
    }
    made.set_law_section(decision.law_section);
    made.set_ground(static_cast<common::v1::Ground>(after_.ground));
    made.set_extension(event.extension);
    made.set_former_decision_id(event.former_decision_id);
  }
  void operator()(const domain::AssistanceRefusedEvent& event) {
    out_.mutable_assistance_refused()->set_decision_id(event.decision.decision_id);
    out_.mutable_assistance_refused()->set_reason_code(event.decision.refusal_reason_code);
  }
  void operator()(const domain::CriteriaChangedEvent&) {
    SetCriteria(after_.criteria, out_.mutable_criteria_changed()->mutable_criteria());
  }
  void operator()(const domain::ClosedEvent&) {
    out_.mutable_closed()->set_reason_code(after_.close_reason_code);
  }
  void operator()(const domain::HandedOverEvent& event) {
    v1::HandedOver& handed_over = *out_.mutable_handed_over();
    handed_over.set_reroute_id(event.reroute.reroute_id);
    handed_over.set_to_unit_id(event.reroute.to_unit_id);
    handed_over.set_reason_code(event.reroute.reason_code);
    handed_over.set_respond_by_date(FormatDate(event.reroute.respond_by));
  }
  void operator()(const domain::HandOverEndedEvent& event) {
    v1::HandOverEnded& ended = *out_.mutable_hand_over_ended();
    ended.set_reroute_id(event.reroute.reroute_id);
    ended.set_to_unit_id(event.reroute.to_unit_id);
    ended.set_outcome_code(std::string(domain::Name(event.reroute.state)));
    ended.set_reason_code(event.reroute.decline_reason_code);
  }
  void operator()(const domain::TakenOverEvent& event) {
    v1::TakenOver& taken_over = *out_.mutable_taken_over();
    taken_over.set_reroute_id(event.reroute.reroute_id);
    taken_over.set_former_owner_unit_id(event.reroute.from_unit_id);
    taken_over.set_submitted(after_.submitted_at.has_value());
  }

 private:
  const domain::Change& change_;
  const domain::Referral& after_;
  const Instant now_;
  v1::ReferralEvent& out_;
};

}  // namespace

void SetTime(Instant instant, google::protobuf::Timestamp* out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  out->set_seconds(seconds.time_since_epoch().count());
  out->set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(instant - seconds).count()));
}

v1::ReferralEvent Header(const domain::Referral& referral, const Envelope& envelope) {
  v1::ReferralEvent event;
  event.set_case_id(referral.referral_id);
  event.set_owner_unit_id(referral.owner_unit_id);
  event.set_municipality_code(referral.municipality_code);
  event.set_person_id(referral.person_id);
  event.set_actor_unit_id(std::string(envelope.actor_unit_id));
  event.set_case_number(referral.case_number);
  return event;
}

eventlog::NewEvent Pack(const v1::ReferralEvent& payload, std::string_view aggregate_type,
                        const std::string& aggregate_id, std::int64_t version,
                        const Envelope& envelope) {
  eventlog::NewEvent event;
  event.event_id = NewUuidV7();
  event.aggregate_type = aggregate_type;
  event.aggregate_id = aggregate_id;
  event.version = version;
  event.type = v1::ReferralEvent::descriptor()->FindFieldByNumber(payload.event_case())->name();
  event.payload = payload.SerializeAsString();
  event.occurred_at = envelope.now;
  event.traceparent = envelope.traceparent;
  return event;
}

std::vector<eventlog::NewEvent> OfChange(const domain::Change& change, const Envelope& envelope) {
  std::vector<eventlog::NewEvent> events;
  for (const domain::CaseEvent& fact : change.events) {
    v1::ReferralEvent payload = Header(change.after, envelope);
    std::visit(Fill(change, envelope.now, payload), fact);
    events.push_back(
        Pack(payload, "referral", change.after.referral_id, change.after.version, envelope));
  }
  return events;
}

eventlog::NewEvent GroundRecorded(const domain::Referral& referral,
                                  const domain::DisclosureGround& ground,
                                  const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  v1::GroundRecorded& recorded = *payload.mutable_ground_recorded();
  recorded.set_ground_id(ground.ground_id);
  recorded.set_kind_code(std::string(domain::Name(ground.kind)));
  for (const std::string& unit : ground.recipient_unit_ids) recorded.add_recipient_unit_ids(unit);
  recorded.set_to_date(FormatDate(ground.to_date));
  return Pack(payload, "ground", ground.ground_id, ground.version, envelope);
}

eventlog::NewEvent GroundEnded(const domain::Referral& referral,
                               const domain::DisclosureGround& ground, const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  v1::GroundEnded& ended = *payload.mutable_ground_ended();
  ended.set_ground_id(ground.ground_id);
  ended.set_reason_code(ground.end_reason_code);
  for (const std::string& unit : ground.recipient_unit_ids) ended.add_recipient_unit_ids(unit);
  return Pack(payload, "ground", ground.ground_id, ground.version, envelope);
}

eventlog::NewEvent GroundRecipientMerged(const domain::Referral& referral,
                                         const MergedRecipient& merged, const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  v1::GroundRecipientMerged& told = *payload.mutable_ground_recipient_merged();
  told.set_ground_id(merged.ground_id);
  told.set_unit_id(merged.unit.unit_id);
  told.set_successor_unit_id(merged.unit.successor_unit_id);
  return Pack(payload, "merged_recipient", merged.notice_id, 1, envelope);
}

eventlog::NewEvent PlanRecorded(const domain::Referral& referral, const domain::Plans& plans,
                                const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  v1::ImplementationPlanRecorded& recorded = *payload.mutable_implementation_plan_recorded();
  if (plans.implementation_plan) recorded.set_facility_id(plans.implementation_plan->facility_id);
  return Pack(payload, "plans", plans.case_id, plans.version, envelope);
}

eventlog::NewEvent HomeSupportRecorded(const domain::Referral& referral, const domain::Plans& plans,
                                       const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  v1::HomeSupportRecorded& recorded = *payload.mutable_home_support_recorded();
  for (const domain::HomeSupportPart& part : plans.home_support) {
    v1::HomeSupportPart& out = *recorded.add_parts();
    out.set_kind_code(std::string(domain::Name(part.kind)));
    out.set_unit_id(part.unit_id);
    // Whoever answers for it today is told.
    for (const domain::MergedUnit& merged : plans.merged_units) {
      if (merged.unit_id == part.unit_id) out.set_unit_id(merged.successor_unit_id);
    }
    out.set_start_date(FormatDate(part.start_date));
    out.set_started(part.started);
  }
  return Pack(payload, "plans", plans.case_id, plans.version, envelope);
}

eventlog::NewEvent ErasureDue(const domain::Referral& referral, std::int64_t version,
                              const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  payload.mutable_erasure_due();
  return Pack(payload, "retention", referral.referral_id, version, envelope);
}

eventlog::NewEvent Erased(const domain::Referral& referral, std::int64_t version,
                          const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  payload.mutable_erased();
  return Pack(payload, "retention", referral.referral_id, version, envelope);
}

}  // namespace vardkedja::referral::events
