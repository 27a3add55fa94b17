// How long a placement may go on before somebody must have looked at it again (domain.md, 8): LVM
// lasts at most six months, and a voluntary placement is reconsidered every six months. One period
// is open for each entry that is lived on.
//
//   open --reconsider--> reconsidered, and the next one begins    (voluntary only)
//   open --replace--> replaced by another (a transfer, a corrected date, another ground)
//   open --end--> ended with the stay
//
// A time at home and a move within the facility change nothing. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class CarePeriodKind { kLvm = 1, kReconsideration = 2 };
std::string_view Code(CarePeriodKind kind);  // "lvm", "reconsideration"
// Of what a person is placed under.
CarePeriodKind PeriodKindOf(const Criteria& criteria);

enum class CarePeriodState { kOpen = 1, kReconsidered = 2, kReplaced = 3, kEnded = 4 };
enum class CarePeriodAction { kReconsider, kReplace, kEnd };
std::string_view Name(CarePeriodState state);
std::string_view Name(CarePeriodAction action);
std::span<const Transition<CarePeriodState, CarePeriodAction>> CarePeriodTable();

// What the reconsideration came to, and why. Codes, because the reasoning stands in the case.
enum class ReconsiderationOutcome { kUnspecified = 0, kGoesOn = 1, kIsToEnd = 2, kOtherCare = 3 };
enum class ReconsiderationReason {
  kUnspecified = 0,
  kNeedRemains = 1,
  kGoalsReached = 2,
  kPersonsWish = 3,
  kNeedChanged = 4,
  kOther = 5,
};
std::string_view Code(ReconsiderationOutcome outcome);  // "" for kUnspecified
std::string_view Code(ReconsiderationReason reason);    // "" for kUnspecified

struct Reconsideration {
  Date on{};
  UnitId by_unit;
  std::string by_subject;  // of the token
  ReconsiderationOutcome outcome = ReconsiderationOutcome::kUnspecified;
  ReconsiderationReason reason = ReconsiderationReason::kUnspecified;
  Instant recorded_at{};
};

// How long an execution or an interruption may take, for periods that start on a date or later.
enum class DeadlineKind { kExecution = 1, kInterruption = 2 };
std::string_view Code(DeadlineKind kind);  // "execution", "interruption"
struct DeadlineRule {
  DeadlineKind kind = DeadlineKind::kExecution;
  Date valid_from{};
  int months = 0;
};

struct CarePeriod {
  CarePeriodId id;
  EntryId entry_id;
  StayId stay_id;  // that was lived when it began
  CarePeriodKind kind = CarePeriodKind::kReconsideration;
  CarePeriodState state = CarePeriodState::kOpen;
  Date start{};
  Date due{};
  std::optional<Reconsideration> reconsidered;
  std::int64_t version = 1;
};

// A dated rule of deploy/<region>/deadlines.yaml.
struct CarePeriodRule {
  CarePeriodKind kind = CarePeriodKind::kReconsideration;
  Date valid_from{};
  int months = 0;
};
// The rule in force when the period begins holds for all of it; nothing when there is none.
std::optional<CarePeriodRule> RuleInForce(const std::vector<CarePeriodRule>& rules,
                                          CarePeriodKind kind, Date start);

CarePeriod BeginPeriod(CarePeriodId id, const EntryId& entry, const StayId& stay,
                       const CarePeriodRule& rule, Date start);
// Replaces or ends. Precondition: it is open.
CarePeriod Close(CarePeriod period, CarePeriodAction action);

// ILLEGAL_STATE for one that is not open or that no reconsideration ends, UNIT_NOT_YOURS;
// FIELD_VIOLATIONS for a date ahead or before the period.
absl::StatusOr<CarePeriod> Reconsider(CarePeriod period, unsigned parties, Reconsideration what,
                                      Date today);
std::vector<std::string> AvailableActions(const CarePeriod& period, unsigned parties);

}  // namespace vardkedja::placement::domain
