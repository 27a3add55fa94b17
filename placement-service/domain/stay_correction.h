// A stay that was recorded wrongly: corrected by another one, or by none, and never removed. Pure.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/stay.h"

namespace vardkedja::placement::domain {

// What is right; which fields are given follows from the reason.
struct Correction {
  CorrectionReason reason = CorrectionReason::kNone;
  std::optional<BedId> bed;       // kWrongBed
  std::optional<Date> move_in;    // kWrongDate
  std::optional<Date> departure;  // kWrongDate of a stay that has ended
};

struct CorrectedStay {
  Stay wrong;
  std::optional<Stay> right;  // none for kWrongPerson
};

// `linked`: the stay is a part of a move or a transfer, done or planned, and cannot be corrected
// alone. `entry` is the queue entry it came from, `to` the right bed. Errors: ILLEGAL_STATE,
// UNIT_NOT_YOURS, FIELD_VIOLATIONS, PART_OF_A_MOVE, NO_DECISION.
absl::StatusOr<CorrectedStay> CorrectStay(StayId id, const Stay& stay, bool linked,
                                          unsigned parties, const Correction& correction,
                                          const std::optional<Bed>& to, const QueueEntry& entry,
                                          Date today);

}  // namespace vardkedja::placement::domain
