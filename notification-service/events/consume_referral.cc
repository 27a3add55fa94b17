// Reads referral-service's events.
#include <utility>

#include "lib/eventlog/consumer.h"
#include "lib/status/status.h"
#include "notification-service/domain/directory.h"
#include "notification-service/events/impact.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::notification::events {
namespace {

using domain::DeadlineKind;
using domain::DeadlineState;
using domain::Recipient;
using referral::v1::ReferralEvent;

Instant OccurredAt(const eventlog::v1::Event& event) {
  return Instant(std::chrono::seconds(event.occurred_at().seconds()) +
                 std::chrono::microseconds(event.occurred_at().nanos() / 1000));
}

std::vector<std::string> ToVector(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

absl::Status ReadDecision(const referral::v1::DecisionMade& decision, Impact& impact) {
  const std::optional<Date> start = ParseDate(decision.decision_date());
  const std::optional<Date> end = ParseDate(decision.to_date());
  if (!start) return absl::InvalidArgumentError("decision_made has no decision date");
  // What extends a decision that goes on has nothing more to execute.
  if (!decision.extension()) {
    impact.deadlines.push_back(
        PeriodStarts{DeadlineKind::kExecution, decision.decision_id(), *start, std::nullopt});
  }
  // A new decision extends the earlier one; a transfer's decision leaves it running until the move.
  if (!decision.transfer()) {
    impact.deadlines.push_back(
        CasePeriodsEnd{DeadlineKind::kDecisionPeriod, decision.decision_id(), DeadlineState::kMet});
  } else if (!decision.former_decision_id().empty()) {
    impact.deadlines.push_back(PeriodEnds{DeadlineKind::kDecisionPeriod,
                                          decision.former_decision_id(), DeadlineState::kMet});
  }
  if (end) {
    impact.deadlines.push_back(
        PeriodStarts{DeadlineKind::kDecisionPeriod, decision.decision_id(), *start, end});
  }
  return absl::OkStatus();
}

void ReadClosed(Impact& impact) {
  for (const DeadlineKind kind :
       {DeadlineKind::kExecution, DeadlineKind::kDecisionPeriod, DeadlineKind::kGroundTerm,
        DeadlineKind::kCostSplit, DeadlineKind::kInterruption, DeadlineKind::kLvm,
        DeadlineKind::kReconsideration}) {
    impact.deadlines.push_back(CasePeriodsEnd{kind, "", DeadlineState::kCancelled});
  }
}

void ReadHomeSupport(const referral::v1::HomeSupportRecorded& home_support, Impact& impact) {
  std::vector<std::string>& units = impact.facts.units[Recipient::kHomeSupport];
  for (const referral::v1::HomeSupportPart& part : home_support.parts()) {
    units.push_back(part.unit_id());
  }
}

// Who is told of a life event; the reminders of a case that moved go to its new owner.
void ReadLifeEvent(const ReferralEvent& payload, Impact& impact) {
  std::vector<std::string>& informed = impact.facts.units[Recipient::kInformed];
  switch (payload.event_case()) {
    case ReferralEvent::kPersonCorrected:
      informed = ToVector(payload.person_corrected().informed_unit_ids());
      break;
    case ReferralEvent::kPersonDied:
      informed = ToVector(payload.person_died().informed_unit_ids());
      break;
    case ReferralEvent::kCaseMoved:
      informed = ToVector(payload.case_moved().informed_unit_ids());
      impact.deadlines.push_back(CaseOwnerChanges{});
      break;
    case ReferralEvent::kProtectionSet:
      informed = ToVector(payload.protection_set().informed_unit_ids());
      break;
    default:
      break;
  }
}

// Who takes part in the plan, and the clock of an acute placement's cost split.
absl::Status ReadDocument(const ReferralEvent& payload, Impact& impact) {
  std::vector<std::string>& parties = impact.facts.units[Recipient::kPlanParties];
  switch (payload.event_case()) {
    case ReferralEvent::kCoordinatedPlanNeeded:
      parties = ToVector(payload.coordinated_plan_needed().party_unit_ids());
      break;
    case ReferralEvent::kCoordinatedPlanCalled:
      parties = ToVector(payload.coordinated_plan_called().invited_unit_ids());
      break;
    case ReferralEvent::kCoordinatedPlanRecorded:
      parties = ToVector(payload.coordinated_plan_recorded().party_unit_ids());
      break;
    case ReferralEvent::kCostSplitRecorded:
      impact.facts.units[Recipient::kSharesCost] =
          ToVector(payload.cost_split_recorded().unit_ids());
      impact.deadlines.push_back(
          PeriodEnds{DeadlineKind::kCostSplit, payload.case_id(), DeadlineState::kMet});
      break;
    case ReferralEvent::kChildConcernReported:
      impact.facts.units[Recipient::kChildUnit] = {
          payload.child_concern_reported().recipient_unit_id()};
      break;
    case ReferralEvent::kAcutePlacementDeclared: {
      const std::optional<Date> start =
          ParseDate(payload.acute_placement_declared().placement_date());
      if (!start) return absl::InvalidArgumentError("acute_placement_declared has no date");
      impact.deadlines.push_back(
          PeriodStarts{DeadlineKind::kCostSplit, payload.case_id(), *start, std::nullopt});
      break;
    }
    default:
      ReadLifeEvent(payload, impact);
      break;
  }
  return absl::OkStatus();
}

absl::Status ReadDetails(const ReferralEvent& payload, Instant occurred_at, Impact& impact) {
  switch (payload.event_case()) {
    case ReferralEvent::kStudyVisitBooked:
      impact.facility_id = payload.study_visit_booked().facility_id();
      break;
    case ReferralEvent::kDecisionMade:
      impact.facility_id = payload.decision_made().facility_id();
      return ReadDecision(payload.decision_made(), impact);
    case ReferralEvent::kGroundRecorded: {
      const std::optional<Date> end = ParseDate(payload.ground_recorded().to_date());
      if (end) {
        impact.deadlines.push_back(PeriodStarts{DeadlineKind::kGroundTerm,
                                                payload.ground_recorded().ground_id(),
                                                StockholmDate(occurred_at), end});
      }
      break;
    }
    case ReferralEvent::kGroundEnded: {
      const referral::v1::GroundEnded& ended = payload.ground_ended();
      impact.facts.units[Recipient::kNoLongerReceives] = ToVector(ended.recipient_unit_ids());
      impact.deadlines.push_back(PeriodEnds{
          DeadlineKind::kGroundTerm, ended.ground_id(),
          ended.reason_code() == "expired" ? DeadlineState::kMet : DeadlineState::kCancelled});
      break;
    }
    case ReferralEvent::kHomeSupportRecorded:
      ReadHomeSupport(payload.home_support_recorded(), impact);
      break;
    case ReferralEvent::kClosed:
      ReadClosed(impact);
      break;
    case ReferralEvent::kErased:
      impact.erased = true;
      break;
    case ReferralEvent::kHandedOver:
      impact.facts.units[Recipient::kReceiver] = {payload.handed_over().to_unit_id()};
      break;
    case ReferralEvent::kHandOverEnded:
      impact.facts.units[Recipient::kReceiver] = {payload.hand_over_ended().to_unit_id()};
      break;
    case ReferralEvent::kTakenOver:
      impact.facts.units[Recipient::kFormerOwner] = {payload.taken_over().former_owner_unit_id()};
      // A draft is its owner's alone: the board does not know it.
      if (!payload.taken_over().submitted()) impact.facts.units.erase(Recipient::kBoard);
      impact.deadlines.emplace_back(CaseOwnerChanges{});
      break;
    default:
      return ReadDocument(payload, impact);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Impact> ReadReferralEvent(const eventlog::v1::Event& event) {
  ReferralEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return absl::InvalidArgumentError("a referral event does not parse");
  }
  if (payload.event_case() == ReferralEvent::EVENT_NOT_SET ||
      !domain::IsDecided(domain::Source::kReferral, event.type())) {
    return eventlog::UnknownEvent();
  }
  Impact impact;
  impact.case_id = payload.case_id();
  impact.case_number = payload.case_number();
  impact.owner_unit_id = payload.owner_unit_id();
  impact.facts.source = domain::Source::kReferral;
  impact.facts.event_type = event.type();
  impact.facts.actor_unit_id = payload.actor_unit_id();
  impact.facts.units[Recipient::kOwner] = {payload.owner_unit_id()};
  impact.facts.units[Recipient::kBoard] = {std::string(domain::kPlacementBoardUnit)};
  VK_RETURN_IF_ERROR(ReadDetails(payload, OccurredAt(event), impact));
  return impact;
}

}  // namespace vardkedja::notification::events
