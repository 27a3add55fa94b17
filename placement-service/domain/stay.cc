#include "placement-service/domain/stay.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<StayState, StayAction>;
constexpr std::array<Row, 21> kTable = {{
    {StayState::kActive, StayAction::kPlanTransfer, kFacility | kOwner, StayState::kActive},
    {StayState::kActive, StayAction::kBeginLeave, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kEndLeave, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kInterrupt, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kResume, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kMoveBed, kFacility, StayState::kEnded},
    {StayState::kActive, StayAction::kGoHome, kFacility, StayState::kEnded},
    {StayState::kActive, StayAction::kRecordIncident, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kCorrect, kFacility, StayState::kCorrected},
    {StayState::kEnded, StayAction::kCorrect, kFacility, StayState::kCorrected},
    {StayState::kActive, StayAction::kCorrectAbsence, kFacility, StayState::kActive},
    {StayState::kEnded, StayAction::kCorrectAbsence, kFacility, StayState::kEnded},
    {StayState::kActive, StayAction::kCorrectIncident, kFacility, StayState::kActive},
    {StayState::kEnded, StayAction::kCorrectIncident, kFacility, StayState::kEnded},
    // What happened is in the history of the stay that it was recorded for.
    {StayState::kCorrected, StayAction::kCorrectIncident, kFacility, StayState::kCorrected},
    {StayState::kActive, StayAction::kPlanDischarge, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kClearPlannedDischarge, kFacility, StayState::kActive},
    {StayState::kActive, StayAction::kDischarge, kFacility, StayState::kEnded},
    {StayState::kEnded, StayAction::kUndoDischarge, kFacility, StayState::kActive},
    {StayState::kEnded, StayAction::kUndoTransfer, kFacility | kNextFacility, StayState::kActive},
    {StayState::kActive, StayAction::kCompleteTransfer, kFacility | kNextFacility,
     StayState::kEnded},
}};

FieldViolation Ahead(std::string_view field) {
  return {std::string(field), "IN_THE_FUTURE",
          "Must be today or earlier: what is recorded has happened.",
          "Måste vara i dag eller tidigare: det som registreras har hänt."};
}

absl::StatusOr<Stay> End(Stay stay, unsigned parties, StayAction action, std::string_view field,
                         Date date, Date today) {
  VK_ASSIGN_OR_RETURN(stay.state, Step(StayTable(), "stay", stay.state, action, parties));
  std::vector<FieldViolation> violations;
  if (date > today) violations.push_back(Ahead(field));
  if (date < stay.move_in) {
    violations.push_back({std::string(field), "BEFORE_MOVE_IN",
                          "Must be on or after the date of the move-in.",
                          "Måste vara tidigast inskrivningsdagen."});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  stay.departure = date;
  ++stay.version;
  return stay;
}

// The stay goes on; `fits`: it ended in the way that the action takes back.
absl::StatusOr<Stay> Reopen(Stay stay, unsigned parties, StayAction action, bool fits) {
  VK_ASSIGN_OR_RETURN(stay.state, Step(StayTable(), "stay", stay.state, action, parties));
  if (!fits) return IllegalState("stay", Name(StayState::kEnded), {});
  stay.departure.reset();
  stay.discharge_reason = DischargeReason::kUnspecified;
  stay.unmet_items.clear();
  ++stay.version;
  return stay;
}

}  // namespace

std::string_view Name(StayState state) {
  switch (state) {
    case StayState::kActive:
      return "active";
    case StayState::kEnded:
      return "ended";
    case StayState::kCorrected:
      return "corrected";
  }
  return "";
}

std::string_view Code(CorrectionReason reason) {
  constexpr std::array<std::string_view, 4> kCodes = {"", "wrong_bed", "wrong_date",
                                                      "wrong_person"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

std::string_view Name(StayAction action) {
  switch (action) {
    case StayAction::kPlanTransfer:
      return "PlanTransfer";
    case StayAction::kPlanDischarge:
      return "PlanDischarge";
    case StayAction::kDischarge:
      return "Discharge";
    case StayAction::kCompleteTransfer:
      return "CompleteTransfer";
    case StayAction::kBeginLeave:
      return "BeginLeave";
    case StayAction::kEndLeave:
      return "EndLeave";
    case StayAction::kInterrupt:
      return "InterruptStay";
    case StayAction::kResume:
      return "ResumeStay";
    case StayAction::kMoveBed:
      return "MoveBed";
    case StayAction::kGoHome:
      return "GoHome";
    case StayAction::kRecordIncident:
      return "RecordIncident";
    case StayAction::kCorrect:
      return "CorrectStay";
    case StayAction::kClearPlannedDischarge:
      return "ClearPlannedDischarge";
    case StayAction::kUndoDischarge:
      return "UndoDischarge";
    case StayAction::kUndoTransfer:
      return "UndoTransfer";
    case StayAction::kCorrectAbsence:
      return "CorrectAbsence";
    case StayAction::kCorrectIncident:
      return "CorrectIncident";
  }
  return "";
}

std::span<const Row> StayTable() { return kTable; }

absl::StatusOr<ExceptionReason> RoutineGate(std::string_view what, Date planned, Date due,
                                            ExceptionReason given) {
  if (planned + std::chrono::days(kRoutineDays) <= due) return ExceptionReason::kNone;
  if (given != ExceptionReason::kNone) return given;
  ErrorDetail detail;
  detail.reason = "EXCEPTION_REQUIRED";
  detail.metadata = {{"latest_date", FormatDate(due - std::chrono::days(kRoutineDays))}};
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      std::string(what) + " is later than 14 days before; a coded exception is needed.",
      std::move(detail));
}

int BedDays(const Stay& stay, Date today) {
  if (stay.state == StayState::kCorrected || stay.counts_elsewhere) return 0;
  const Date end = stay.departure.value_or(today);
  const auto days = (end - stay.move_in).count();
  if (stay.departure) return static_cast<int>(std::max<decltype(days)>(days, 1));
  return static_cast<int>(std::max<decltype(days)>(days, 0));
}

absl::StatusOr<Stay> Enrol(StayId id, const QueueEntry& entry, const Offer& offer, Date move_in,
                           Date today) {
  if (move_in > today) return InvalidFields({Ahead("move_in_date")});
  if (!entry.Covers(move_in)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The decision does not cover the move-in date.", "NO_DECISION");
  }
  Stay stay;
  stay.id = std::move(id);
  stay.entry_id = entry.id;
  stay.offer_id = offer.id;
  stay.case_id = entry.case_id;
  stay.case_number = entry.case_number;
  stay.person_id = entry.person_id;
  stay.owner_unit = entry.owner_unit;
  stay.decision_id = entry.decision_id;
  stay.facility_id = entry.facility_id;
  stay.bed_kind = entry.bed_kind;
  stay.bed_id = offer.bed_id;
  stay.move_in = move_in;
  return stay;
}

absl::StatusOr<Stay> PlanDischarge(Stay stay, unsigned parties, Date planned, Date today,
                                   ExceptionReason given) {
  VK_ASSIGN_OR_RETURN(stay.state,
                      Step(StayTable(), "stay", stay.state, StayAction::kPlanDischarge, parties));
  if (planned < today) {
    return InvalidFields({{"planned_date", "IN_THE_PAST", "Must be today or later.",
                           "Måste vara i dag eller senare."}});
  }
  VK_ASSIGN_OR_RETURN(stay.discharge_exception,
                      RoutineGate("The planning of the move-out", today, planned, given));
  stay.planned_departure = planned;
  ++stay.version;
  return stay;
}

absl::StatusOr<Stay> Discharge(Stay stay, unsigned parties, Date departure, Date today,
                               DischargeReason reason, std::vector<ChecklistItem> unmet_items) {
  VK_ASSIGN_OR_RETURN(Stay ended, End(std::move(stay), parties, StayAction::kDischarge,
                                      "departure_date", departure, today));
  ended.discharge_reason = reason;
  ended.unmet_items = std::move(unmet_items);
  return ended;
}

absl::StatusOr<Stay> ClearPlannedDischarge(Stay stay, unsigned parties) {
  VK_ASSIGN_OR_RETURN(stay.state, Step(StayTable(), "stay", stay.state,
                                       StayAction::kClearPlannedDischarge, parties));
  if (!stay.planned_departure) {
    return IllegalState("stay", Name(stay.state), {std::string(Name(StayAction::kPlanDischarge))});
  }
  stay.planned_departure.reset();
  stay.discharge_exception = ExceptionReason::kNone;
  ++stay.version;
  return stay;
}

bool EndedByDischarge(const Stay& stay) {
  switch (stay.discharge_reason) {
    case DischargeReason::kUnspecified:
    case DischargeReason::kTransfer:
    case DischargeReason::kMoved:
    case DischargeReason::kAlternating:
      return false;
    default:
      return stay.state == StayState::kEnded;
  }
}

absl::StatusOr<Stay> UndoDischarge(Stay stay, unsigned parties) {
  const bool fits = EndedByDischarge(stay);
  return Reopen(std::move(stay), parties, StayAction::kUndoDischarge, fits);
}

absl::StatusOr<Stay> UndoTransfer(Stay stay, unsigned parties) {
  const bool fits = stay.discharge_reason == DischargeReason::kTransfer;
  return Reopen(std::move(stay), parties, StayAction::kUndoTransfer, fits);
}

absl::StatusOr<Stay> EndByTransfer(Stay stay, unsigned parties, Date move_date, Date today) {
  VK_ASSIGN_OR_RETURN(Stay ended, End(std::move(stay), parties, StayAction::kCompleteTransfer,
                                      "move_date", move_date, today));
  ended.discharge_reason = DischargeReason::kTransfer;
  return ended;
}

}  // namespace vardkedja::placement::domain
