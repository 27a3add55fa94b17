#include "placement-service/events/consume_referral.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "placement-service/usecases/queue.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::placement::events {
namespace {

namespace referral = vardkedja::referral::v1;

absl::Status Malformed(std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what, "EVENT_MALFORMED");
}

Instant ToInstant(const google::protobuf::Timestamp& time) {
  return Instant(std::chrono::seconds(time.seconds())) +
         std::chrono::microseconds(time.nanos() / 1000);
}

domain::Criteria ToCriteria(const vardkedja::common::v1::PriorityCriteria& from) {
  return {from.lvm_investigation(), from.child_perspective(), from.lvm_section_27(),
          from.external_placement()};
}

std::vector<std::string> Texts(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

absl::Status TakeIn(usecases::Session& session, const referral::ReferralEvent& event) {
  const referral::DecisionMade& made = event.decision_made();
  usecases::GrantedDecision decision;
  decision.id = domain::DecisionId(made.decision_id());
  decision.case_id = domain::CaseId(event.case_id());
  decision.case_number = event.case_number();
  decision.person_id = domain::PersonId(event.person_id());
  decision.owner_unit = domain::UnitId(event.owner_unit_id());
  decision.facility_id = domain::FacilityId(made.facility_id());
  decision.kind = made.bed_kind() == vardkedja::common::v1::BED_KIND_UNSPECIFIED
                      ? domain::BedKind::kRegular
                      : static_cast<domain::BedKind>(made.bed_kind());
  const std::optional<Date> decided = ParseDate(made.decision_date());
  if (decision.id.empty() || decision.case_id.empty() || decision.person_id.empty() || !decided) {
    return Malformed("decision_made without decision, case, person or date");
  }
  decision.decision_date = *decided;
  if (!made.to_date().empty()) {
    decision.to = ParseDate(made.to_date());
    if (!decision.to) return Malformed("decision_made with a malformed to_date");
  }
  if (!made.planned_move_in_date().empty()) {
    decision.planned_move_in = ParseDate(made.planned_move_in_date());
  }
  decision.submitted_at = ToInstant(made.submitted_at());
  decision.criteria = ToCriteria(made.criteria());
  decision.transfer = made.transfer();
  return usecases::TakeInDecision(session, decision);
}

bool IsOfNoInterest(const std::string& type) {
  static const std::set<std::string, std::less<>> kTypes = {"submitted",
                                                            "acknowledged",
                                                            "information_requested",
                                                            "information_provided",
                                                            "assessment_proposed",
                                                            "assessed",
                                                            "sent_back",
                                                            "study_visit_booked",
                                                            "study_visit_recorded",
                                                            "answered",
                                                            "decision_proposed",
                                                            "assistance_refused",
                                                            "implementation_plan_recorded",
                                                            "home_support_recorded",
                                                            "coordinated_plan_needed",
                                                            "coordinated_plan_called",
                                                            "coordinated_plan_recorded",
                                                            "cost_split_recorded",
                                                            "acute_placement_declared",
                                                            "outcome_recorded",
                                                            "child_concern_reported",
                                                            "protection_set",
                                                            "handed_over",
                                                            "hand_over_ended",
                                                            "ground_recipient_merged",
                                                            "erasure_due",
                                                            "erased"};
  return kTypes.contains(type);
}

}  // namespace

absl::Status ConsumeReferral(usecases::Session& session, const eventlog::v1::Event& event) {
  if (IsOfNoInterest(event.type())) return absl::OkStatus();
  referral::ReferralEvent payload;
  if (!payload.ParseFromString(event.payload())) return Malformed("not a ReferralEvent");
  const domain::CaseId case_id(payload.case_id());
  switch (payload.event_case()) {
    case referral::ReferralEvent::kDecisionMade:
      return TakeIn(session, payload);
    case referral::ReferralEvent::kCriteriaChanged:
      return usecases::ChangeCriteria(session, case_id,
                                      ToCriteria(payload.criteria_changed().criteria()));
    case referral::ReferralEvent::kGroundEnded:
      return usecases::EndGround(session, {payload.ground_ended().ground_id(), case_id,
                                           Texts(payload.ground_ended().recipient_unit_ids())});
    case referral::ReferralEvent::kGroundRecorded:
      return usecases::RecordGround(session,
                                    {payload.ground_recorded().ground_id(), case_id,
                                     Texts(payload.ground_recorded().recipient_unit_ids())});
    case referral::ReferralEvent::kCaseMoved:
    case referral::ReferralEvent::kTakenOver:
      return session.ChangeOwner(case_id, domain::UnitId(payload.owner_unit_id()));
    case referral::ReferralEvent::kPersonCorrected:
      return session.ChangePerson(case_id, domain::PersonId(payload.person_id()));
    // The case stays open for its owner; nobody is offered or kept a bed any more.
    case referral::ReferralEvent::kPersonDied:
      return usecases::CloseCase(session, case_id, "deceased");
    case referral::ReferralEvent::kClosed:
      return usecases::CloseCase(session, case_id, payload.closed().reason_code());
    default:
      return absl::UnimplementedError("unknown event type");
  }
}

}  // namespace vardkedja::placement::events
