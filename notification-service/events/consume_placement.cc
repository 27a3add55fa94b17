// Reads placement-service's events.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/eventlog/consumer.h"
#include "lib/status/status.h"
#include "notification-service/domain/directory.h"
#include "notification-service/events/impact.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::notification::events {
namespace {

using domain::DeadlineKind;
using domain::DeadlineState;
using domain::Recipient;
using placement::v1::PlacementEvent;

// A case has one stay at a time, and a stay one interruption: what is open is the one that ends.
void EndInterruptions(Impact& impact) {
  impact.deadlines.push_back(
      CasePeriodsEnd{DeadlineKind::kInterruption, "", DeadlineState::kCancelled});
}

// Of a case one is watched at a time.
void EndCarePeriods(const std::string& except, DeadlineState outcome, Impact& impact) {
  for (const DeadlineKind kind : {DeadlineKind::kLvm, DeadlineKind::kReconsideration}) {
    impact.deadlines.push_back(CasePeriodsEnd{kind, except, outcome});
  }
}

void ReadCarePeriod(const placement::v1::CarePeriodBegan& began, Impact& impact) {
  const std::optional<DeadlineKind> kind = domain::ParseDeadlineKind(began.kind_code());
  const std::optional<Date> start = ParseDate(began.start_date());
  if (!kind || !start) return;
  EndCarePeriods(began.care_period_id(), DeadlineState::kMet, impact);
  impact.deadlines.push_back(PeriodStarts{*kind, began.care_period_id(), *start, std::nullopt});
}

// The move-in executes the decision, and those before it that ended while the person waited.
void EndExecution(const std::string& decision_id, Impact& impact) {
  impact.deadlines.push_back(
      EarlierPeriodsEnd{DeadlineKind::kExecution, decision_id, DeadlineState::kMet});
  impact.deadlines.push_back(
      PeriodEnds{DeadlineKind::kExecution, decision_id, DeadlineState::kMet});
}

void ReadInterruption(const placement::v1::InterruptionRecorded& recorded, Impact& impact) {
  if (recorded.resumed()) {
    impact.deadlines.push_back(
        CasePeriodsEnd{DeadlineKind::kInterruption, "", DeadlineState::kMet});
    return;
  }
  const std::optional<Date> start = ParseDate(recorded.date());
  if (!start) return;
  impact.deadlines.push_back(PeriodStarts{DeadlineKind::kInterruption,
                                          recorded.stay_id() + "/" + recorded.date(), *start,
                                          std::nullopt});
}

// What replaces the stay is interrupted and executes as it did. Without a replacement nobody has
// moved in on the decision, nor left.
void ReadCorrection(const PlacementEvent& payload, Impact& impact) {
  if (!payload.stay_corrected().replacement_stay_id().empty()) return;
  EndInterruptions(impact);
  EndCarePeriods("", DeadlineState::kCancelled, impact);
  for (const DeadlineKind kind : {DeadlineKind::kExecution, DeadlineKind::kDecisionPeriod}) {
    impact.deadlines.push_back(PeriodReopens{kind, payload.decision_id()});
  }
}

constexpr std::string_view kInterruption = "interruption";  // the other is leave

// The period of what was recorded is none; that of what is right is watched from its own start.
void ReadAbsenceCorrection(const placement::v1::AbsenceCorrected& corrected, Impact& impact) {
  const std::string wrong = corrected.stay_id() + "/" + corrected.from_date();
  const std::string right = corrected.stay_id() + "/" + corrected.right_from_date();
  const bool runs = corrected.right_kind_code() == kInterruption && corrected.goes_on();
  if (corrected.kind_code() == kInterruption) {
    impact.deadlines.push_back(
        PeriodEnds{DeadlineKind::kInterruption, wrong, DeadlineState::kCancelled});
  }
  if (!runs) return;
  if (corrected.kind_code() == kInterruption && wrong == right) {
    impact.deadlines.push_back(PeriodReopens{DeadlineKind::kInterruption, right});
    return;
  }
  const std::optional<Date> start = ParseDate(corrected.right_from_date());
  if (!start) return;
  impact.deadlines.push_back(
      PeriodStarts{DeadlineKind::kInterruption, right, *start, std::nullopt});
}

constexpr std::string_view kDecisionEnded = "decision_ended";

void OnlyToTheFacility(Impact& impact) {
  impact.facts.units.erase(Recipient::kOwner);
  impact.facts.units.erase(Recipient::kBoard);
}

// What ran until the discharge runs again.
void ReadUndoneDischarge(const PlacementEvent& payload, Impact& impact) {
  impact.deadlines.push_back(PeriodReopens{DeadlineKind::kDecisionPeriod, payload.decision_id()});
  const auto& undone = payload.discharge_undone();
  if (undone.interrupted_date().empty()) return;
  // The discharge ended it with all of the case; a period reopens that was ended by its own name.
  const std::string subject = undone.stay_id() + "/" + undone.interrupted_date();
  impact.deadlines.push_back(
      PeriodEnds{DeadlineKind::kInterruption, subject, DeadlineState::kCancelled});
  impact.deadlines.push_back(PeriodReopens{DeadlineKind::kInterruption, subject});
}

void ReadDetails(const PlacementEvent& payload, Impact& impact) {
  std::vector<std::string>& both = impact.facts.units[Recipient::kBothFacilities];
  switch (payload.event_case()) {
    case PlacementEvent::kEnrolled:
      EndExecution(payload.decision_id(), impact);
      break;
    case PlacementEvent::kDequeued:
      if (payload.dequeued().reason_code() != kDecisionEnded) OnlyToTheFacility(impact);
      break;
    case PlacementEvent::kReservationEnded:
      // The others are told that the decision ended, when the entry leaves the queue.
      if (payload.reservation_ended().reason_code() == kDecisionEnded) OnlyToTheFacility(impact);
      break;
    case PlacementEvent::kTransferPlanned:
      both = {payload.facility_unit_id(), payload.transfer_planned().to_facility_unit_id()};
      break;
    case PlacementEvent::kTransferConfirmed:
      both = {payload.transfer_confirmed().from_facility_unit_id(),
              payload.transfer_confirmed().to_facility_unit_id()};
      break;
    case PlacementEvent::kTransferCancelled:
      both = {payload.transfer_cancelled().from_facility_unit_id(),
              payload.transfer_cancelled().to_facility_unit_id()};
      break;
    case PlacementEvent::kTransferDone:
      both = {payload.transfer_done().from_facility_unit_id(),
              payload.transfer_done().to_facility_unit_id()};
      EndExecution(payload.decision_id(), impact);
      EndInterruptions(impact);
      // The decision that the person has left is spent; the envelope's is the new one.
      impact.deadlines.push_back(CasePeriodsEnd{DeadlineKind::kDecisionPeriod,
                                                payload.decision_id(), DeadlineState::kMet});
      break;
    case PlacementEvent::kInterruptionRecorded:
      ReadInterruption(payload.interruption_recorded(), impact);
      break;
    case PlacementEvent::kAbsenceCorrected:
      ReadAbsenceCorrection(payload.absence_corrected(), impact);
      break;
    case PlacementEvent::kStayCorrected:
      ReadCorrection(payload, impact);
      // Owner and board are told with the stay that was corrected itself. Its facility did that;
      // the stay that goes with it may be another's.
      if (payload.stay_corrected().with_stay_id().empty()) {
        impact.facts.units.erase(Recipient::kFacility);
      } else {
        OnlyToTheFacility(impact);
      }
      break;
    case PlacementEvent::kDischargeUndone:
      ReadUndoneDischarge(payload, impact);
      break;
    case PlacementEvent::kCarePeriodBegan:
      ReadCarePeriod(payload.care_period_began(), impact);
      break;
    case PlacementEvent::kDischarged:
      EndInterruptions(impact);
      EndCarePeriods("", DeadlineState::kCancelled, impact);
      impact.deadlines.push_back(PeriodEnds{DeadlineKind::kDecisionPeriod, payload.decision_id(),
                                            DeadlineState::kCancelled});
      break;
    default:
      break;
  }
}

}  // namespace

absl::StatusOr<Impact> ReadPlacementEvent(const eventlog::v1::Event& event) {
  PlacementEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return absl::InvalidArgumentError("a placement event does not parse");
  }
  if (payload.event_case() == PlacementEvent::EVENT_NOT_SET ||
      !domain::IsDecided(domain::Source::kPlacement, event.type())) {
    return eventlog::UnknownEvent();
  }
  Impact impact;
  impact.case_id = payload.case_id();
  impact.case_number = payload.case_number();
  impact.owner_unit_id = payload.owner_unit_id();
  impact.facts.source = domain::Source::kPlacement;
  impact.facts.event_type = event.type();
  impact.facts.actor_unit_id = payload.actor_unit_id();
  impact.facts.units[Recipient::kOwner] = {payload.owner_unit_id()};
  impact.facts.units[Recipient::kBoard] = {std::string(domain::kPlacementBoardUnit)};
  impact.facts.units[Recipient::kFacility] = {payload.facility_unit_id()};
  ReadDetails(payload, impact);
  return impact;
}

}  // namespace vardkedja::notification::events
