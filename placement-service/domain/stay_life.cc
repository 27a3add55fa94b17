#include "placement-service/domain/stay_life.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

FieldViolation Ahead(std::string_view field) {
  return {std::string(field), "IN_THE_FUTURE",
          "Must be today or earlier: what is recorded has happened.",
          "Måste vara i dag eller tidigare: det som registreras har hänt."};
}

FieldViolation BeforeMoveIn(std::string_view field) {
  return {std::string(field), "BEFORE_MOVE_IN", "Must be on or after the date of the move-in.",
          "Måste vara tidigast inskrivningsdagen."};
}

bool Begins(StayAction action) {
  return action == StayAction::kBeginLeave || action == StayAction::kInterrupt;
}

AbsenceKind KindOf(StayAction action) {
  const bool leave = action == StayAction::kBeginLeave || action == StayAction::kEndLeave;
  return leave ? AbsenceKind::kLeave : AbsenceKind::kInterruption;
}

// What an absence makes possible or not, beyond the state.
bool Fits(const Stay& stay, StayAction action) {
  switch (action) {
    case StayAction::kInterrupt:
      // Who does not come back from leave has broken off.
      return !stay.absence || stay.absence->kind == AbsenceKind::kLeave;
    case StayAction::kBeginLeave:
    case StayAction::kMoveBed:
    case StayAction::kGoHome:
      return !stay.absence;
    case StayAction::kEndLeave:
    case StayAction::kResume:
      return stay.absence && stay.absence->kind == KindOf(action);
    case StayAction::kClearPlannedDischarge:
      return stay.planned_departure.has_value();
    case StayAction::kUndoDischarge:
      return EndedByDischarge(stay);
    default:
      return true;
  }
}

absl::StatusOr<StayState> CheckedStep(const Stay& stay, StayAction action, unsigned parties) {
  VK_ASSIGN_OR_RETURN(const StayState next, Step(StayTable(), "stay", stay.state, action, parties));
  if (!Fits(stay, action)) {
    return IllegalState("stay", StandingOf(stay), AvailableActions(stay, parties));
  }
  return next;
}

absl::Status CheckDate(const Stay& stay, std::string_view field, Date date, Date today) {
  std::vector<FieldViolation> violations;
  if (date > today) violations.push_back(Ahead(field));
  if (date < stay.move_in) violations.push_back(BeforeMoveIn(field));
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

absl::Status CheckNoTransfer(bool transfer_planned) {
  if (!transfer_planned) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "A transfer from this bed is planned.",
                   "TRANSFER_PLANNED");
}

absl::Status CheckBed(const Stay& stay, const Bed& to) {
  if (to.id == stay.bed_id) {
    return InvalidFields(
        {{"to_bed_id", "SAME_BED", "Must be another bed.", "Måste vara en annan plats."}});
  }
  if (to.facility_id == stay.facility_id) return absl::OkStatus();
  return InvalidFields(
      {{"to_bed_id", "OTHER_FACILITY",
        "Must be a bed of the same facility; a move to another facility is a transfer.",
        "Måste vara en plats på samma boende; en flytt till ett annat boende är en övergång."}});
}

}  // namespace

std::string_view StandingOf(const Stay& stay) {
  if (!stay.absence) return Name(stay.state);
  return stay.absence->kind == AbsenceKind::kLeave ? "on_leave" : "interrupted";
}

std::vector<std::string> AvailableActions(const Stay& stay, unsigned parties) {
  std::vector<std::string> actions;
  for (const auto& row : StayTable()) {
    if (row.from != stay.state || (row.parties & parties) == 0) continue;
    // A transfer is completed, and taken back, on the transfer itself.
    const bool on_transfer =
        row.action == StayAction::kCompleteTransfer || row.action == StayAction::kUndoTransfer;
    if (on_transfer || !Fits(stay, row.action)) continue;
    actions.emplace_back(Name(row.action));
  }
  return actions;
}

absl::StatusOr<Stay> ChangeAbsence(Stay stay, unsigned parties, StayAction action, Date date,
                                   Date today) {
  VK_ASSIGN_OR_RETURN(stay.state, CheckedStep(stay, action, parties));
  VK_RETURN_IF_ERROR(CheckDate(stay, "date", date, today));
  if (stay.absence && date < stay.absence->since) {
    return InvalidFields({{"date", "BEFORE_ABSENCE", "Must be on or after the day it began.",
                           "Måste vara tidigast den dag frånvaron började."}});
  }
  stay.absence.reset();
  if (Begins(action)) stay.absence = Absence{KindOf(action), date};
  ++stay.version;
  return stay;
}

absl::StatusOr<Move> MoveBed(StayId id, const Stay& stay, unsigned parties, const Bed& to,
                             Date date, Date today) {
  Move move{stay, stay};
  VK_ASSIGN_OR_RETURN(move.from.state, CheckedStep(stay, StayAction::kMoveBed, parties));
  VK_RETURN_IF_ERROR(CheckBed(stay, to));
  VK_RETURN_IF_ERROR(CheckDate(stay, "date", date, today));
  move.from.departure = date;
  move.from.discharge_reason = DischargeReason::kMoved;
  ++move.from.version;
  move.to.id = std::move(id);
  move.to.continues = stay.id;
  move.to.corrects.reset();
  move.to.bed_id = to.id;
  move.to.bed_kind = to.kind;
  move.to.move_in = date;
  move.to.version = 1;
  return move;
}

absl::StatusOr<Stay> EndByGoingHome(Stay stay, bool transfer_planned, unsigned parties, Date date,
                                    Date today) {
  VK_ASSIGN_OR_RETURN(stay.state, CheckedStep(stay, StayAction::kGoHome, parties));
  VK_RETURN_IF_ERROR(CheckDate(stay, "date", date, today));
  VK_RETURN_IF_ERROR(CheckNoTransfer(transfer_planned));
  stay.departure = date;
  stay.discharge_reason = DischargeReason::kAlternating;
  ++stay.version;
  return stay;
}

std::string_view Code(IncidentKind kind) {
  constexpr std::array<std::string_view, 3> kCodes = {"", "relapse", "drug_test"};
  return kCodes.at(static_cast<std::size_t>(kind));
}

std::string_view Code(TestResult result) {
  constexpr std::array<std::string_view, 5> kCodes = {"", "negative", "positive", "declined",
                                                      "unclear"};
  return kCodes.at(static_cast<std::size_t>(result));
}

std::string_view Code(Consequence consequence) {
  constexpr std::array<std::string_view, 8> kCodes = {"",
                                                      "none",
                                                      "conversation",
                                                      "plan_revised",
                                                      "more_support",
                                                      "medical_assessment",
                                                      "nights_elsewhere",
                                                      "other"};
  return kCodes.at(static_cast<std::size_t>(consequence));
}

bool IsIncident(std::string_view fact_kind) {
  return fact_kind == Code(IncidentKind::kRelapse) || fact_kind == Code(IncidentKind::kDrugTest);
}

absl::StatusOr<Stay> RecordIncident(Stay stay, unsigned parties, const Incident& incident,
                                    Date today) {
  VK_ASSIGN_OR_RETURN(stay.state, CheckedStep(stay, StayAction::kRecordIncident, parties));
  VK_RETURN_IF_ERROR(CheckDate(stay, "date", incident.date, today));
  const bool tested = incident.kind == IncidentKind::kDrugTest;
  if (tested != (incident.result != TestResult::kUnspecified)) {
    return InvalidFields({{"result", "CONTRADICTION", "Is given for a test, and only for a test.",
                           "Anges för ett test, och endast för ett test."}});
  }
  ++stay.version;
  return stay;
}

}  // namespace vardkedja::placement::domain
