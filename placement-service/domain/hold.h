// A bed held empty for an expected placement under LVM section 27 (domain.md 6).
//
//   held --release--> released
//     |--expire--> expired      (a timer, on the first day no longer held)
//     `--use-----> used         (offered to somebody who comes under section 27)
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/seat.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class HoldState { kHeld = 1, kReleased = 2, kExpired = 3, kUsed = 4 };
enum class HoldAction { kRelease, kExpire, kUse };
std::string_view Name(HoldState state);
std::string_view Name(HoldAction action);
std::span<const Transition<HoldState, HoldAction>> HoldTable();

enum class HoldReason {
  kUnspecified = 0,
  kSection27Announced = 1,
  kSection27Prepared = 2,
  kSection27Return = 3,
};

struct Hold {
  HoldId id;
  BedId bed_id;
  Date from{};
  Date to{};  // first day no longer held
  Date expected{};
  HoldReason reason = HoldReason::kUnspecified;
  HoldState state = HoldState::kHeld;
  Seat decided_by;
  Instant decided_at{};
  std::int64_t version = 1;
};

// What a decision to hold names.
struct HoldPlan {
  Date from{};
  Date to{};
  Date expected{};
  HoldReason reason = HoldReason::kUnspecified;
};

// No hold is longer than three months: then the decision it waits for would be reportable.
inline constexpr int kLongestHoldDays = 92;

// Holds a bed that is free all the time. Errors: NO_SEAT; FIELD_VIOLATIONS; BED_CLOSED,
// BED_OCCUPIED, BED_RESERVED, BED_OFFERED, BED_HELD.
absl::StatusOr<Hold> MakeHold(HoldId id, const BedCalendar& bed, const HoldPlan& plan,
                              const Seat& seat, Instant now);

// Ends it today. ILLEGAL_STATE.
absl::StatusOr<Hold> Release(Hold hold, unsigned parties, Instant now);
absl::StatusOr<Hold> Use(Hold hold, Instant now);
// Its last day is over. ILLEGAL_STATE before that.
absl::StatusOr<Hold> Expire(Hold hold, Instant now);

// Days held before `today`.
int EmptyDays(const Hold& hold, Date today);

}  // namespace vardkedja::placement::domain
