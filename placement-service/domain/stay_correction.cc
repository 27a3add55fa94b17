#include "placement-service/domain/stay_correction.h"

#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

void Unwanted(std::string_view field, bool given, std::vector<FieldViolation>& violations) {
  if (!given) return;
  violations.push_back({std::string(field), "CONTRADICTION", "Does not go with the reason.",
                        "Hör inte ihop med skälet."});
}

void CheckDates(const Stay& stay, const Correction& correction, Date today,
                std::vector<FieldViolation>& violations) {
  if (!correction.move_in && !correction.departure) {
    violations.push_back({"move_in_date", "REQUIRED", "Give the date that was wrong.",
                          "Ange det datum som var fel."});
  }
  const Date move_in = correction.move_in.value_or(stay.move_in);
  if (move_in > today) {
    violations.push_back({"move_in_date", "IN_THE_FUTURE", "Must be today or earlier.",
                          "Måste vara i dag eller tidigare."});
  }
  if (correction.departure && stay.state != StayState::kEnded) {
    violations.push_back({"departure_date", "CONTRADICTION", "The stay has not ended.",
                          "Vistelsen har inte avslutats."});
  }
  const std::optional<Date> departure =
      correction.departure ? correction.departure : stay.departure;
  if (departure && (*departure < move_in || *departure > today)) {
    violations.push_back({"departure_date", "RANGE",
                          "Must be on or after the move-in, and today or earlier.",
                          "Måste vara tidigast inskrivningsdagen och senast i dag."});
  }
}

absl::Status Check(const Stay& stay, const Correction& correction, const std::optional<Bed>& to,
                   Date today) {
  std::vector<FieldViolation> violations;
  const bool bed = correction.reason == CorrectionReason::kWrongBed;
  const bool date = correction.reason == CorrectionReason::kWrongDate;
  if (bed) {
    const bool fits = to && to->id != stay.bed_id && to->facility_id == stay.facility_id &&
                      to->kind == stay.bed_kind;
    if (!fits) {
      violations.push_back({"bed_id", "OTHER_FACILITY",
                            "Must be another bed of the same facility and kind.",
                            "Måste vara en annan plats av samma slag på samma boende."});
    }
  }
  Unwanted("bed_id", !bed && correction.bed.has_value(), violations);
  Unwanted("move_in_date", !date && correction.move_in.has_value(), violations);
  Unwanted("departure_date", !date && correction.departure.has_value(), violations);
  if (date) CheckDates(stay, correction, today, violations);
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

}  // namespace

absl::StatusOr<CorrectedStay> CorrectStay(StayId id, const Stay& stay, bool linked,
                                          unsigned parties, const Correction& correction,
                                          const std::optional<Bed>& to, const QueueEntry& entry,
                                          Date today) {
  CorrectedStay corrected{stay, stay};
  VK_ASSIGN_OR_RETURN(corrected.wrong.state,
                      Step(StayTable(), "stay", stay.state, StayAction::kCorrect, parties));
  VK_RETURN_IF_ERROR(Check(stay, correction, to, today));
  if (linked) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The stay is part of a move, a transfer or an alternating stay and cannot be "
                     "corrected alone.",
                     "PART_OF_A_MOVE");
  }
  corrected.wrong.correction = correction.reason;
  ++corrected.wrong.version;
  if (correction.reason == CorrectionReason::kWrongPerson) {
    corrected.right.reset();
    return corrected;
  }
  Stay& right = *corrected.right;
  right.id = std::move(id);
  right.corrects = stay.id;
  right.bed_id = correction.bed.value_or(stay.bed_id);
  right.move_in = correction.move_in.value_or(stay.move_in);
  if (correction.departure) right.departure = correction.departure;
  right.version = 1;
  if (!entry.Covers(right.move_in)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The decision does not cover the move-in date.", "NO_DECISION");
  }
  return corrected;
}

}  // namespace vardkedja::placement::domain
