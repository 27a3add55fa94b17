// One person in one bed for a time.
//
//   active --discharge, complete transfer--> ended     active, ended --correct--> corrected
//
//   active --move bed--> ended, and another begins in the same commit (stay_life.h)
//   active --go home--> ended, and another begins at the return (alternation.h)
//
// Planning a transfer or a discharge, leave, an interruption and an incident change the stay but
// not its state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class StayState { kActive = 1, kEnded = 2, kCorrected = 3 };
enum class StayAction {
  kPlanTransfer,
  kPlanDischarge,
  kDischarge,
  kCompleteTransfer,
  kBeginLeave,
  kEndLeave,
  kInterrupt,
  kResume,
  kMoveBed,
  kGoHome,
  kRecordIncident,
  kCorrect,
  kClearPlannedDischarge,
  kUndoDischarge,
  kUndoTransfer,
  kCorrectAbsence,
  kCorrectIncident,
};
std::string_view Name(StayState state);
std::string_view Name(StayAction action);
std::span<const Transition<StayState, StayAction>> StayTable();

// Not in the bed although it is the person's.
enum class AbsenceKind { kLeave = 1, kInterruption = 2 };
struct Absence {
  AbsenceKind kind = AbsenceKind::kLeave;
  Date since{};  // first night elsewhere

  bool operator==(const Absence&) const = default;
};

// What was recorded wrongly.
enum class CorrectionReason { kNone = 0, kWrongBed = 1, kWrongDate = 2, kWrongPerson = 3 };
std::string_view Code(CorrectionReason reason);  // "" for kNone

struct Stay {
  StayId id;
  EntryId entry_id;
  OfferId offer_id;
  CaseId case_id;
  std::string case_number;
  PersonId person_id;
  UnitId owner_unit;
  DecisionId decision_id;
  FacilityId facility_id;
  BedKind bed_kind = BedKind::kRegular;
  BedId bed_id;
  StayState state = StayState::kActive;
  Date move_in{};
  std::optional<Date> departure;  // first night not spent there
  std::optional<Date> planned_departure;
  ExceptionReason discharge_exception = ExceptionReason::kNone;
  DischargeReason discharge_reason = DischargeReason::kUnspecified;
  std::vector<ChecklistItem> unmet_items;
  bool transferred_in = false;
  std::optional<Absence> absence;   // while the stay is active
  std::optional<StayId> continues;  // the stay before a move within the facility or a time at home
  CorrectionReason correction = CorrectionReason::kNone;
  std::optional<StayId> corrects;  // the wrong stay that this one replaces
  bool agreed = false;             // as on its offer
  bool counts_elsewhere = false;   // its one date is that of another stay of the person
  // Why the person moved in before all had agreed.
  ExceptionReason agreement_exception = ExceptionReason::kNone;
  std::int64_t version = 1;
};

// A routine date: `planned` at the latest `days` before `due`; exactly that many days is in time
// (domain.md 4.8 and 4.9). OK when in time or when an exception is given; then the exception to
// record is returned, kNone when none was needed. Else EXCEPTION_REQUIRED.
inline constexpr int kRoutineDays = 14;
absl::StatusOr<ExceptionReason> RoutineGate(std::string_view what, Date planned, Date due,
                                            ExceptionReason given);

// Bed-days up to `today` (exclusive) or the departure: one per local date from move-in up to, not
// including, departure; begun and ended on one date counts one (domain.md, 9), but none when
// another stay of the person has that date: it is one per date and person, and counts for the bed
// of arrival.
int BedDays(const Stay& stay, Date today);

// Move-in by the facility that the offer is for. `today` is the local date now. FIELD_VIOLATIONS
// for a date ahead; NO_DECISION when the decision does not cover it.
absl::StatusOr<Stay> Enrol(StayId id, const QueueEntry& entry, const Offer& offer, Date move_in,
                           Date today);

// Plans the move-out; may be repeated. FIELD_VIOLATIONS for a date before today.
absl::StatusOr<Stay> PlanDischarge(Stay stay, unsigned parties, Date planned, Date today,
                                   ExceptionReason given);

// The actual departure. Unmet items are recorded and never block. FIELD_VIOLATIONS for a date
// before the move-in or ahead.
absl::StatusOr<Stay> Discharge(Stay stay, unsigned parties, Date departure, Date today,
                               DischargeReason reason, std::vector<ChecklistItem> unmet_items);

// The stay goes on without a planned end. ILLEGAL_STATE when none is planned.
absl::StatusOr<Stay> ClearPlannedDischarge(Stay stay, unsigned parties);

// Whether the person left by a discharge, and not by moving on within the chain or going home.
bool EndedByDischarge(const Stay& stay);
// The discharge was a mistake: the stay goes on. ILLEGAL_STATE when it did not end by a discharge.
absl::StatusOr<Stay> UndoDischarge(Stay stay, unsigned parties);

// The transfer that ended the stay was a mistake: the stay goes on. ILLEGAL_STATE when none did.
absl::StatusOr<Stay> UndoTransfer(Stay stay, unsigned parties);

// Ends the stay because the person moves on within the chain.
absl::StatusOr<Stay> EndByTransfer(Stay stay, unsigned parties, Date move_date, Date today);

}  // namespace vardkedja::placement::domain
