// One bed offered to one entry, with a deadline.
//
//   open --accept--> accepted --enrol, complete transfer--> consumed
//     |--decline--> declined      `--withdraw--> withdrawn
//     |--expire---> expired        consumed --restore--> accepted (the move-in was recorded
//     wrongly)
//     `--withdraw-> withdrawn    accepted --give back--> given_back
//                                accepted --change move-in--> accepted
//
// A declined or expired offer keeps the entry's place, and the same bed is not offered to the same
// entry again (domain.md, 6).
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class OfferState {
  kOpen = 1,
  kAccepted = 2,
  kDeclined = 3,
  kExpired = 4,
  kWithdrawn = 5,
  kConsumed = 6,
  kGivenBack = 7,
};
enum class OfferAction {
  kAccept,
  kDecline,
  kExpire,
  kWithdraw,
  kEnrol,
  kCompleteTransfer,
  kRestore,
  kGiveBack,
  kChangeMoveIn,
};
std::string_view Name(OfferState state);
std::string_view Name(OfferAction action);  // the RPC's name where there is one
std::span<const Transition<OfferState, OfferAction>> OfferTable();

// Why just this entry was offered the bed, as it was when the offer was made: "an allocation never
// passes the first eligible person without an override". The database refuses any other.
struct Eligibility {
  EntryId first_eligible;   // whom the rule put first for this bed and date
  int eligible_before = 0;  // how many the rule put before this entry; 0 by the rule
  int rule_version = 0;
  std::string sort_key;
  std::optional<OverrideId> override_id;
};

struct Offer {
  OfferId id;
  EntryId entry_id;
  BedId bed_id;
  OfferState state = OfferState::kOpen;
  Date available_from{};
  Instant made_at{};
  Instant deadline{};
  std::optional<Date> move_in;
  DeclinedBy declined_by = DeclinedBy::kUnspecified;
  DeclineReason decline_reason = DeclineReason::kUnspecified;
  bool cascaded = false;
  Eligibility eligibility;
  bool agreed = false;  // person, owner and facility to the placement; see agreement.h
  std::int64_t version = 1;

  bool Overrides() const { return eligibility.first_eligible != entry_id; }
};

// How long a reserved bed may wait for the move-in where a facility does not say otherwise (decided
// here: a month, so that the 14 days of a transfer and a notice period fit in).
inline constexpr int kMoveInWithinDays = 31;

// How long an offer stays open at a facility, when it reminds, and how soon the move-in must be.
struct OfferTerms {
  int deadline_hours = 0;                       // 1..720
  int reminder_hours = 0;                       // before the deadline; below deadline_hours
  int move_in_within_days = kMoveInWithinDays;  // 1..366, from the day the bed is free

  bool operator==(const OfferTerms&) const = default;
};

// To the first eligible; an override sets the eligibility afterwards.
Offer MakeOffer(OfferId id, const QueueEntry& entry, const BedId& bed, Date available_from,
                const OfferTerms& terms, Instant now, bool cascaded);
Instant ReminderAt(const Offer& offer, const OfferTerms& terms);

// Accepts: the bed is to be reserved from `move_in`. At or after the deadline the offer counts as
// expired, whether or not the timer has come to it. FIELD_VIOLATIONS for dates before
// `available_from` or today, or later than the facility's terms allow; NO_DECISION when the
// decision does not cover the date.
absl::StatusOr<Offer> Accept(Offer offer, const QueueEntry& entry, const OfferTerms& terms,
                             unsigned parties, Date move_in, Instant now);
// Declines. An owner speaks for itself or the person, a facility for itself.
absl::StatusOr<Offer> Decline(Offer offer, unsigned parties, DeclinedBy by, DeclineReason reason,
                              Instant now);
// The deadline has passed. ILLEGAL_STATE when it was answered.
absl::StatusOr<Offer> Expire(Offer offer, Instant now);
// The entry left the queue, or the case was closed.
absl::StatusOr<Offer> Withdraw(Offer offer);
// The person has moved in.
absl::StatusOr<Offer> Consume(Offer offer, OfferAction action, unsigned parties);

// The person has not moved in after all.
absl::StatusOr<Offer> Restore(Offer offer);

// An accepted offer is given back. An owner speaks for itself or the person, a facility for itself.
absl::StatusOr<Offer> GiveBack(Offer offer, unsigned parties, DeclinedBy by, DeclineReason reason);

// Where and when somebody is to move in instead. `latest` is the day of a planned transfer.
struct MoveIn {
  BedId bed_id;
  FacilityId facility_id;  // the bed's
  BedKind bed_kind = BedKind::kUnspecified;
  Date date{};
  std::optional<Date> latest;
};
// FIELD_VIOLATIONS for another facility or kind, and for a date that has passed, is after `latest`
// or later than the terms allow; NO_DECISION.
absl::StatusOr<Offer> ChangeMoveIn(Offer offer, const QueueEntry& entry, const OfferTerms& terms,
                                   unsigned parties, const MoveIn& to, Date today);

// Whether the bed goes to the next when this offer has ended: not when it cannot be used.
bool GoesToNext(const Offer& offer);

}  // namespace vardkedja::placement::domain
