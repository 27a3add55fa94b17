// Corrections of what was recorded during a stay.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/domain/stay_correction.h"

namespace vardkedja::placement::domain {
namespace {

using Violations = std::vector<FieldViolation>;

void Unwanted(std::string_view field, bool given, Violations& violations) {
  if (!given) return;
  violations.push_back({std::string(field), "CONTRADICTION", "Does not go with the reason.",
                        "Hör inte ihop med skälet."});
}

// Whether the person came back: what goes on, or ended with the stay, has no end of its own.
bool Returned(const AbsencePeriod& absence) { return absence.to && !absence.departed; }

void CheckGiven(const AbsencePeriod& wrong, const AbsenceCorrection& correction,
                Violations& violations) {
  const bool date = correction.reason == AbsenceCorrectionReason::kWrongDate;
  Unwanted("right_from_date", !date && correction.right_from.has_value(), violations);
  Unwanted("right_to_date", !date && correction.right_to.has_value(), violations);
  if (date && !correction.right_from && !correction.right_to) {
    violations.push_back({"right_from_date", "REQUIRED", "Give the date that was wrong.",
                          "Ange det datum som var fel."});
  }
  if (date && correction.right_to && !Returned(wrong)) {
    violations.push_back({"right_to_date", "CONTRADICTION", "The person has not come back from it.",
                          "Personen har inte kommit tillbaka från den."});
  }
}

void CheckPeriod(const Stay& stay, const AbsencePeriod& right, Date today, Violations& violations) {
  const Date end = stay.departure.value_or(today);
  if (right.from < stay.move_in || right.from > end) {
    violations.push_back({"right_from_date", "RANGE",
                          "Must lie within the stay, and be today or earlier.",
                          "Måste ligga inom vistelsen och vara i dag eller tidigare."});
  }
  if (right.to && (*right.to < right.from || *right.to > end)) {
    violations.push_back({"right_to_date", "RANGE",
                          "Must be on or after the day it began, within the stay.",
                          "Måste vara tidigast den dag den började, inom vistelsen."});
  }
}

AbsencePeriod Rightly(const AbsencePeriod& wrong, const AbsenceCorrection& correction) {
  AbsencePeriod right = wrong;
  switch (correction.reason) {
    case AbsenceCorrectionReason::kWrongDate:
      right.from = correction.right_from.value_or(wrong.from);
      if (correction.right_to) right.to = correction.right_to;
      break;
    case AbsenceCorrectionReason::kWrongKind:
      right.kind =
          wrong.kind == AbsenceKind::kLeave ? AbsenceKind::kInterruption : AbsenceKind::kLeave;
      break;
    default:
      right.to.reset();
  }
  return right;
}

absl::Status CheckContent(const Stay& stay, const Incident& incident, Date today) {
  Violations violations;
  const Date end = stay.departure.value_or(today);
  if (incident.date < stay.move_in || incident.date > end) {
    violations.push_back({"date", "RANGE", "Must lie within the stay, and be today or earlier.",
                          "Måste ligga inom vistelsen och vara i dag eller tidigare."});
  }
  const bool tested = incident.kind == IncidentKind::kDrugTest;
  if (tested != (incident.result != TestResult::kUnspecified)) {
    violations.push_back({"result", "CONTRADICTION", "Is given for a test, and only for a test.",
                          "Anges för ett test, och endast för ett test."});
  }
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

}  // namespace

std::string_view Code(AbsenceKind kind) {
  return kind == AbsenceKind::kLeave ? "leave" : "interruption";
}

std::string_view Code(AbsenceCorrectionReason reason) {
  constexpr std::array<std::string_view, 5> kCodes = {"", "wrong_date", "wrong_kind",
                                                      "not_happened", "not_ended"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

std::string_view Code(IncidentCorrectionReason reason) {
  constexpr std::array<std::string_view, 3> kCodes = {"", "wrong_content", "not_happened"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

absl::StatusOr<std::vector<AbsencePeriod>> CarryOver(const std::vector<AbsencePeriod>& absences,
                                                     const Stay& right) {
  std::vector<AbsencePeriod> carried = absences;
  for (AbsencePeriod& absence : carried) {
    if (absence.departed) absence.to = right.departure;
    const bool late = right.departure &&
                      std::max(absence.from, absence.to.value_or(absence.from)) > *right.departure;
    if (absence.from >= right.move_in && !late) continue;
    ErrorDetail detail;
    detail.reason = "ABSENCE_OUTSIDE_STAY";
    detail.metadata = {{"kind", std::string(Code(absence.kind))},
                       {"from_date", FormatDate(absence.from)}};
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Leave or an interruption would lie outside the stay; correct that first.",
                     std::move(detail));
  }
  return carried;
}

absl::StatusOr<CorrectedAbsence> CorrectAbsence(Stay stay, unsigned parties,
                                                const std::vector<AbsencePeriod>& known,
                                                const AbsenceCorrection& correction, Date today) {
  VK_ASSIGN_OR_RETURN(stay.state,
                      Step(StayTable(), "stay", stay.state, StayAction::kCorrectAbsence, parties));
  const auto found = std::find_if(known.begin(), known.end(), [&](const AbsencePeriod& one) {
    return one.kind == correction.kind && one.from == correction.from;
  });
  if (found == known.end()) {
    return InvalidFields({{"from_date", "UNKNOWN", "Nothing of that kind began on that date.",
                           "Inget sådant började det datumet."}});
  }
  const bool not_ended = correction.reason == AbsenceCorrectionReason::kNotEnded;
  if (not_ended && (!Returned(*found) || stay.state != StayState::kActive)) {
    return InvalidFields({{"reason", "CONTRADICTION",
                           "Is given of one that ended by a return during a stay that goes on.",
                           "Anges om en som slutade med återkomst under en vistelse som pågår."}});
  }
  CorrectedAbsence corrected{std::move(stay), *found, std::nullopt};
  Violations violations;
  CheckGiven(*found, correction, violations);
  if (correction.reason != AbsenceCorrectionReason::kNotHappened) {
    corrected.right = Rightly(*found, correction);
    CheckPeriod(corrected.stay, *corrected.right, today, violations);
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (!found->to || not_ended) corrected.stay.absence.reset();
  if (corrected.right && !corrected.right->to) {
    corrected.stay.absence = Absence{corrected.right->kind, corrected.right->from};
  }
  ++corrected.stay.version;
  return corrected;
}

absl::StatusOr<Stay> CorrectIncident(Stay stay, unsigned parties,
                                     const std::optional<StayFact>& wrong, bool corrected,
                                     const IncidentCorrection& correction, Date today) {
  VK_ASSIGN_OR_RETURN(stay.state,
                      Step(StayTable(), "stay", stay.state, StayAction::kCorrectIncident, parties));
  if (!wrong || !IsIncident(wrong->kind)) {
    return InvalidFields({{"ordinal", "UNKNOWN", "No relapse or test has that number.",
                           "Inget återfall eller test har det numret."}});
  }
  if (corrected) {
    return InvalidFields(
        {{"ordinal", "ALREADY_CORRECTED", "Was corrected before; correct what replaced it.",
          "Är redan rättat; rätta det som ersatte det."}});
  }
  const bool replaced = correction.reason == IncidentCorrectionReason::kWrongContent;
  if (replaced != correction.right.has_value()) {
    return InvalidFields(
        {{"reason", "CONTRADICTION", "What is right is given for a wrong content, and only then.",
          "Det rätta anges när innehållet var fel, och bara då."}});
  }
  if (correction.right) VK_RETURN_IF_ERROR(CheckContent(stay, *correction.right, today));
  ++stay.version;
  return stay;
}

}  // namespace vardkedja::placement::domain
