// The move from one facility to the next (domain.md 4.8): planned, confirmed by both, then one
// atomic move, never zero and never two beds.
//
//   planned --confirm (second side)--> confirmed --complete--> done
//     |  `--confirm (first side)--> planned          |
//     `--cancel--> cancelled <-------cancel----------'   (given up, or the stay ended otherwise)
//
//   done --undo--> cancelled   (completed by mistake)
//
// Planning again keeps the transfer and takes the confirmations back. How the move is arranged is
// written down until it is made; what is not settled is shown and stops nothing.
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
#include "placement-service/domain/stay.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class TransferState { kPlanned = 1, kConfirmed = 2, kDone = 3, kCancelled = 4 };
enum class TransferAction { kPlan, kConfirm, kArrange, kComplete, kCancel, kUndo };
std::string_view Name(TransferState state);
std::string_view Name(TransferAction action);
std::span<const Transition<TransferState, TransferAction>> TransferTable();

enum class TransferCancelReason {
  kNone = 0,
  kPersonsWish = 1,
  kStayGoesOn = 2,
  kNeedsNotMet = 3,
  kOther = 4,
  kOvertaken = 5,
  kUndone = 6,
};
std::string_view Code(TransferCancelReason reason);  // "" for kNone

// How the person gets there.
enum class Transport {
  kOpen = 0,
  kFacilityLeft = 1,
  kNextFacility = 2,
  kRelatives = 3,
  kOnTheirOwn = 4,
  kPatientTransport = 5,
  kOther = 6,
};
enum class Belongings {
  kOpen = 0,
  kBrought = 1,
  kSent = 2,
  kStored = 3,
  kCollectedLater = 4,
  kNone = 5,
};
// Whether relatives, or the children, know of the move.
enum class Told { kOpen = 0, kTold = 1, kToBeTold = 2, kNotWished = 3, kNone = 4 };

// What both facilities and the owner need for the day, as codes: free text would be personal data.
struct TransferArrangements {
  std::optional<int> move_minute;  // local time of the move, minutes since midnight
  Transport transport = Transport::kOpen;
  Belongings belongings = Belongings::kOpen;
  Told relatives = Told::kOpen;
  Told children = Told::kOpen;
  std::optional<int> follow_up_days;  // so many days after the move
  bool operator==(const TransferArrangements&) const = default;
};
inline constexpr int kLatestFollowUpDays = 366;

// What is not settled, for example "transport"; in the order above.
std::vector<std::string> OpenArrangements(const TransferArrangements& arrangements);

struct Transfer {
  TransferId id;
  StayId from_stay;
  OfferId offer_id;
  std::optional<StayId> to_stay;
  TransferState state = TransferState::kPlanned;
  Date meeting{};
  Date move{};
  ExceptionReason exception = ExceptionReason::kNone;
  bool confirmed_by_from = false;
  bool confirmed_by_to = false;
  Instant planned_at{};
  TransferCancelReason cancel_reason = TransferCancelReason::kNone;
  TransferArrangements arrangements;
  UnitId arranged_by;  // empty until somebody has
  std::optional<Instant> arranged_at;
  std::int64_t version = 1;
};

// What a plan names.
struct TransferPlan {
  Date meeting{};
  Date move{};
  ExceptionReason exception = ExceptionReason::kNone;
};

// Plans a move of `stay` to the bed of the accepted `offer`, whose queue entry is `entry`.
// `existing` is the stay's live transfer, if it has one. Errors: ILLEGAL_STATE, UNIT_NOT_YOURS,
// FIELD_VIOLATIONS, OFFER_MISMATCH (another person's, or not accepted), NO_DECISION,
// EXCEPTION_REQUIRED.
absl::StatusOr<Transfer> PlanTransfer(TransferId id, const Stay& stay, const Offer& offer,
                                      const QueueEntry& entry,
                                      const std::optional<Transfer>& existing, unsigned parties,
                                      const TransferPlan& plan, Instant now);

// One side confirms; a side that has already confirmed gets ILLEGAL_STATE. A unit that answers for
// both facilities confirms both.
absl::StatusOr<Transfer> Confirm(Transfer transfer, unsigned parties);

// Replaces what was written of the arrangements, in full; confirmations stand. ILLEGAL_STATE,
// UNIT_NOT_YOURS, FIELD_VIOLATIONS.
absl::StatusOr<Transfer> Arrange(Transfer transfer, unsigned parties,
                                 const TransferArrangements& arrangements, const UnitId& by,
                                 Instant now);

// The move is made. The stays themselves change by EndByTransfer and Enrol, in the same commit.
absl::StatusOr<Transfer> Complete(Transfer transfer, unsigned parties, Date move,
                                  const StayId& to_stay);

// Given up by one of the parties, or by consequence because the stay ended otherwise.
absl::StatusOr<Transfer> Cancel(Transfer transfer, unsigned parties, TransferCancelReason reason);

// The move was recorded by mistake. The stays change by UndoTransfer (stay.h) and CorrectStay, in
// the same commit.
absl::StatusOr<Transfer> Undo(Transfer transfer, unsigned parties);

// What these parties may do now; a side that has confirmed may not confirm again.
std::vector<std::string> AvailableActions(const Transfer& transfer, unsigned parties);

}  // namespace vardkedja::placement::domain
