#include "placement-service/domain/stay_correction.h"

#include <string>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Violations = std::vector<FieldViolation>;

void Unwanted(std::string_view field, bool given, Violations& violations) {
  if (!given) return;
  violations.push_back({std::string(field), "CONTRADICTION", "Does not go with the reason.",
                        "Hör inte ihop med skälet."});
}

void CheckBed(const Stay& stay, const Correction& correction, const StaySurroundings& around,
              Violations& violations) {
  if (!correction.bed) {
    violations.push_back(
        {"bed_id", "REQUIRED", "Give the right bed.", "Ange vilken plats som är den rätta."});
    return;
  }
  const std::optional<Bed>& to = around.to;
  const bool other = to && to->id != stay.bed_id && to->facility_id == stay.facility_id;
  // Back in the bed before: the person never moved, whatever kind of place that is.
  const bool never_moved =
      other && around.before && around.before->adjacent && to->id == around.before->stay.bed_id;
  if (never_moved || (other && to->kind == stay.bed_kind)) return;
  violations.push_back({"bed_id", "OTHER_FACILITY",
                        "Must be another bed of the same facility and kind.",
                        "Måste vara en annan plats av samma slag på samma boende."});
}

void CheckNeighbours(const Correction& correction, const StaySurroundings& around,
                     Violations& violations) {
  const std::optional<Neighbour>& before = around.before;
  const std::optional<Neighbour>& after = around.after;
  if (correction.move_in && before && before->adjacent &&
      *correction.move_in < before->stay.move_in) {
    violations.push_back({"move_in_date", "RANGE",
                          "Must be on or after the move-in of the stay before.",
                          "Måste vara tidigast inskrivningsdagen för vistelsen före."});
  }
  if (correction.move_in && before && !before->adjacent &&
      *correction.move_in <= *before->stay.departure) {
    violations.push_back({"move_in_date", "RANGE", "Must not be before a night at home.",
                          "Får inte vara före en natt hemma."});
  }
  if (correction.departure && around.home && !around.home->Contains(*correction.departure)) {
    violations.push_back({"departure_date", "RANGE",
                          "Must be 1 to 92 days before the planned return, and before the actual "
                          "one.",
                          "Måste vara 1 till 92 dagar före den planerade återkomsten, och före den "
                          "verkliga."});
  }
  if (correction.departure && after && after->adjacent && after->stay.departure &&
      *correction.departure > *after->stay.departure) {
    violations.push_back({"departure_date", "RANGE",
                          "Must be on or before the departure of the stay after.",
                          "Måste vara senast utskrivningsdagen för vistelsen efter."});
  }
}

void CheckDates(const Stay& stay, const Correction& correction, const StaySurroundings& around,
                Date today, Violations& violations) {
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
  CheckNeighbours(correction, around, violations);
}

absl::Status Check(const Stay& stay, const Correction& correction, const StaySurroundings& around,
                   Date today) {
  Violations violations;
  const bool bed = correction.reason == CorrectionReason::kWrongBed;
  const bool date = correction.reason == CorrectionReason::kWrongDate;
  if (bed) CheckBed(stay, correction, around, violations);
  Unwanted("bed_id", !bed && correction.bed.has_value(), violations);
  Unwanted("move_in_date", !date && correction.move_in.has_value(), violations);
  Unwanted("departure_date", !date && correction.departure.has_value(), violations);
  if (date) CheckDates(stay, correction, around, today, violations);
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

absl::Status PartOfAMove(std::string_view what) {
  return MakeError(absl::StatusCode::kFailedPrecondition, std::string(what), "PART_OF_A_MOVE");
}

CorrectedStay Replace(const Stay& stay, CorrectionReason reason, const StayId& id) {
  CorrectedStay corrected{stay, stay};
  corrected.wrong.state = StayState::kCorrected;
  corrected.wrong.correction = reason;
  ++corrected.wrong.version;
  corrected.right->id = id;
  corrected.right->corrects = stay.id;
  corrected.right->version = 1;
  return corrected;
}

absl::Status CheckCovered(const QueueEntry& entry, Date move_in) {
  if (entry.Covers(move_in)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The decision does not cover the move-in date.", "NO_DECISION");
}

absl::StatusOr<std::vector<CorrectedStay>> UndoAll(const StaySurroundings& around) {
  if (!around.undoable) {
    return PartOfAMove(
        "A transfer hangs on the stay: cancel one that is planned, and undo one that is done, "
        "first.");
  }
  std::vector<CorrectedStay> undone;
  for (const Stay& part : around.parts) {
    undone.push_back(Replace(part, CorrectionReason::kWrongPerson, StayId()));
    undone.back().right.reset();
  }
  return undone;
}

// Of a move the second begins when the first ends.
void Join(std::vector<CorrectedStay>& corrected, const StaySurroundings& around,
          const Correction& correction, const NewStayIds& ids) {
  if (correction.move_in && around.before && around.before->adjacent) {
    CorrectedStay before = Replace(around.before->stay, correction.reason, ids.before);
    before.right->departure = correction.move_in;
    corrected.insert(corrected.begin(), std::move(before));
  }
  if (correction.departure && around.after && around.after->adjacent) {
    corrected.push_back(Replace(around.after->stay, correction.reason, ids.after));
    corrected.back().right->move_in = *correction.departure;
  }
  for (std::size_t i = 1; i < corrected.size(); ++i) {
    std::optional<StayId>& continues = corrected[i].right->continues;
    if (continues == corrected[i - 1].wrong.id) continues = corrected[i - 1].right->id;
  }
}

}  // namespace

absl::StatusOr<std::vector<CorrectedStay>> CorrectStay(const NewStayIds& ids, const Stay& stay,
                                                       unsigned parties,
                                                       const Correction& correction,
                                                       const StaySurroundings& around, Date today) {
  VK_RETURN_IF_ERROR(Step(StayTable(), "stay", stay.state, StayAction::kCorrect, parties).status());
  VK_RETURN_IF_ERROR(Check(stay, correction, around, today));
  if (correction.reason == CorrectionReason::kWrongPerson) return UndoAll(around);
  std::vector<CorrectedStay> corrected = {Replace(stay, correction.reason, ids.own)};
  Stay& right = *corrected[0].right;
  if (around.to) {
    right.bed_id = around.to->id;
    right.bed_kind = around.to->kind;
  }
  right.move_in = correction.move_in.value_or(stay.move_in);
  if (correction.departure) right.departure = correction.departure;
  VK_RETURN_IF_ERROR(CheckCovered(around.entry, right.move_in));
  if (correction.departure && around.after && around.after->adjacent) {
    VK_RETURN_IF_ERROR(CheckCovered(around.after->entry, *correction.departure));
  }
  Join(corrected, around, correction, ids);
  return corrected;
}

}  // namespace vardkedja::placement::domain
