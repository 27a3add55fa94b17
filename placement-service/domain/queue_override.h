// A place given out of the queue's order (domain.md 6): one seat proposes, the other confirms, and
// the confirmation makes the offer.
//
//   proposed --confirm (other seat)--> confirmed
//     `--reject (either seat)--> rejected
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/seat.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class OverrideState { kProposed = 1, kConfirmed = 2, kRejected = 3 };
enum class OverrideAction { kConfirm, kReject };
std::string_view Name(OverrideState state);
std::string_view Name(OverrideAction action);
std::span<const Transition<OverrideState, OverrideAction>> OverrideTable();

enum class OverrideReason {
  kUnspecified = 0,
  kAcuteNeed = 1,
  kChildAtRisk = 2,
  kSafetyOfResidents = 3,
  kOnlySuitableBed = 4,
  kSection27Date = 5,
  kIndividualAssessment = 6,
};
std::string_view Code(OverrideReason reason);  // "" for kUnspecified

struct QueueOverride {
  OverrideId id;
  EntryId entry_id;
  BedId bed_id;
  Date available_from{};
  OverrideReason reason = OverrideReason::kUnspecified;
  OverrideState state = OverrideState::kProposed;
  Seat proposed_by;
  Instant proposed_at{};
  std::optional<Seat> settled_by;
  std::optional<Instant> settled_at;
  std::optional<OfferId> offer_id;  // only when confirmed
  std::int64_t version = 1;
};

// Whether the bed may be offered to the entry, whatever the order. Errors: ILLEGAL_STATE when it
// does not wait, is parked or has an open offer; FIELD_VIOLATIONS when the bed belongs to another
// queue; NO_DECISION when the decision does not cover the date.
absl::Status CheckOverridable(const QueueEntry& entry, const Bed& bed, Date available_from);

// One seat proposes. Errors: NO_SEAT, and those of CheckOverridable.
absl::StatusOr<QueueOverride> ProposeOverride(OverrideId id, const QueueEntry& entry,
                                              const Bed& bed, Date available_from,
                                              OverrideReason reason, const Seat& seat, Instant now);

// The other seat confirms; `offer` is the one made in the same commit. ILLEGAL_STATE, NO_SEAT,
// SAME_SEAT.
absl::StatusOr<QueueOverride> ConfirmOverride(QueueOverride proposal, unsigned parties,
                                              const Seat& seat, const OfferId& offer, Instant now);
// Either seat ends it. ILLEGAL_STATE, NO_SEAT.
absl::StatusOr<QueueOverride> RejectOverride(QueueOverride proposal, unsigned parties,
                                             const Seat& seat, Instant now);

// What the parties may do now, on that seat.
std::vector<std::string> AvailableActions(const QueueOverride& proposal, unsigned parties,
                                          const Seat& seat);

}  // namespace vardkedja::placement::domain
