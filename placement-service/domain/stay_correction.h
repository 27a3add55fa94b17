// Corrections: what was recorded wrongly is marked, stays visible and counts nowhere any more; what
// is right is added beside it. Never deleted. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/stay_life.h"

namespace vardkedja::placement::domain {

// What was wrong and what is right; which fields are given follows from the reason.
struct Correction {
  CorrectionReason reason = CorrectionReason::kNone;
  std::optional<BedId> bed;       // kWrongBed
  std::optional<Date> move_in;    // kWrongDate
  std::optional<Date> departure;  // kWrongDate of a stay that has ended
};

// The stay directly before or after another, of the same person.
struct Neighbour {
  Stay stay;
  QueueEntry entry;      // that it came from
  bool adjacent = true;  // by a move or a transfer; else a time at home lies between
};

// What a correction of a stay meets.
struct StaySurroundings {
  QueueEntry entry;  // that the stay came from
  std::optional<Neighbour> before;
  std::optional<Neighbour> after;
  // A time at home began with its departure: the dates on which it can have begun.
  std::optional<Period> home{};
  std::optional<Bed> to;      // the right bed
  std::vector<Stay> parts{};  // kWrongPerson: all stays on the same offer, this one too
  bool undoable = true;       // kWrongPerson: no transfer hangs on any of them
};

struct CorrectedStay {
  Stay wrong;
  std::optional<Stay> right;  // none for kWrongPerson
};

// For what replaces the stay before, the stay itself and the stay after.
struct NewStayIds {
  StayId before;
  StayId own;
  StayId after;
};

// Every stay that changes, oldest first: the stay itself; of a move whose date was wrong the other
// half too, so that the two stay adjacent; of a wrong person all that came from the same offer. A
// time at home keeps its other end.
// Errors: ILLEGAL_STATE, UNIT_NOT_YOURS, FIELD_VIOLATIONS, PART_OF_A_MOVE, NO_DECISION.
absl::StatusOr<std::vector<CorrectedStay>> CorrectStay(const NewStayIds& ids, const Stay& stay,
                                                       unsigned parties,
                                                       const Correction& correction,
                                                       const StaySurroundings& around, Date today);

// Leave or an interruption as recorded.
struct AbsencePeriod {
  AbsenceKind kind = AbsenceKind::kLeave;
  Date from{};
  std::optional<Date> to;  // first night back; the departure when it ended with the stay
  bool departed = false;   // ended with the stay

  bool operator==(const AbsencePeriod&) const = default;
};
std::string_view Code(AbsenceKind kind);  // "leave", "interruption"

// The absences of the wrong stay as they are of the right one. ABSENCE_OUTSIDE_STAY when one is not
// within it: then that is corrected first.
absl::StatusOr<std::vector<AbsencePeriod>> CarryOver(const std::vector<AbsencePeriod>& absences,
                                                     const Stay& right);

enum class AbsenceCorrectionReason {
  kNone = 0,
  kWrongDate = 1,
  kWrongKind = 2,
  kNotHappened = 3,
  kNotEnded = 4
};
std::string_view Code(AbsenceCorrectionReason reason);  // "" for kNone

struct AbsenceCorrection {
  AbsenceKind kind = AbsenceKind::kLeave;  // with `from`: which one
  Date from{};
  AbsenceCorrectionReason reason = AbsenceCorrectionReason::kNone;
  std::optional<Date> right_from;  // kWrongDate
  std::optional<Date> right_to;    // kWrongDate of one that has ended by a return
};

struct CorrectedAbsence {
  Stay stay;
  AbsencePeriod wrong;
  std::optional<AbsencePeriod> right;  // none for kNotHappened
};

// `known`: the stay's absences that hold. Errors: ILLEGAL_STATE, UNIT_NOT_YOURS, FIELD_VIOLATIONS.
absl::StatusOr<CorrectedAbsence> CorrectAbsence(Stay stay, unsigned parties,
                                                const std::vector<AbsencePeriod>& known,
                                                const AbsenceCorrection& correction, Date today);

enum class IncidentCorrectionReason { kNone = 0, kWrongContent = 1, kNotHappened = 2 };
std::string_view Code(IncidentCorrectionReason reason);  // "" for kNone

struct IncidentCorrection {
  int ordinal = 0;  // of the fact in the stay's history
  IncidentCorrectionReason reason = IncidentCorrectionReason::kNone;
  std::optional<Incident> right;  // kWrongContent
};

// `wrong`: the fact of that number, if there is one; `corrected`: it is no more what holds. The
// stay gets a new version and nothing else. ILLEGAL_STATE, UNIT_NOT_YOURS, FIELD_VIOLATIONS.
absl::StatusOr<Stay> CorrectIncident(Stay stay, unsigned parties,
                                     const std::optional<StayFact>& wrong, bool corrected,
                                     const IncidentCorrection& correction, Date today);

}  // namespace vardkedja::placement::domain
