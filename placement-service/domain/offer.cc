#include "placement-service/domain/offer.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<OfferState, OfferAction>;
constexpr std::array<Row, 10> kTable = {{
    {OfferState::kOpen, OfferAction::kAccept, kOwner, OfferState::kAccepted},
    {OfferState::kOpen, OfferAction::kDecline, kOwner | kFacility, OfferState::kDeclined},
    {OfferState::kOpen, OfferAction::kExpire, kTimer, OfferState::kExpired},
    {OfferState::kOpen, OfferAction::kWithdraw, kConsequence, OfferState::kWithdrawn},
    {OfferState::kAccepted, OfferAction::kEnrol, kFacility, OfferState::kConsumed},
    {OfferState::kAccepted, OfferAction::kCompleteTransfer, kFacility | kNextFacility,
     OfferState::kConsumed},
    {OfferState::kAccepted, OfferAction::kGiveBack, kOwner | kFacility, OfferState::kGivenBack},
    {OfferState::kAccepted, OfferAction::kChangeMoveIn, kOwner | kFacility, OfferState::kAccepted},
    {OfferState::kAccepted, OfferAction::kWithdraw, kConsequence, OfferState::kWithdrawn},
    {OfferState::kConsumed, OfferAction::kRestore, kConsequence, OfferState::kAccepted},
}};

// An open offer whose deadline has come is expired, even before the timer has written it down.
OfferState StateAt(const Offer& offer, Instant now) {
  if (offer.state == OfferState::kOpen && now >= offer.deadline) return OfferState::kExpired;
  return offer.state;
}

absl::StatusOr<Offer> Move(Offer offer, OfferState from, OfferAction action, unsigned parties) {
  auto next = Step(OfferTable(), "offer", from, action, parties);
  if (!next.ok()) return next.status();
  offer.state = *next;
  ++offer.version;
  return offer;
}

// An owner speaks for itself or the person, a facility for itself.
bool MaySpeakFor(DeclinedBy by, unsigned parties) {
  return (parties & (by == DeclinedBy::kFacility ? kFacility : kOwner)) != 0;
}

// Not in the past, and soon enough after the day on which the bed is free.
void CheckMoveInDate(const Offer& offer, const OfferTerms& terms, Date move_in, Date today,
                     std::vector<FieldViolation>& violations) {
  if (move_in < today) {
    violations.push_back({"move_in_date", "IN_THE_PAST", "Must be today or later.",
                          "Måste vara i dag eller senare."});
  }
  const Date free = std::max(offer.available_from, today);
  if (move_in > free + std::chrono::days(terms.move_in_within_days)) {
    const std::string most = std::to_string(terms.move_in_within_days);
    violations.push_back({"move_in_date", "TOO_LATE",
                          "Must be at most " + most + " days after the bed is free.",
                          "Får vara högst " + most + " dagar efter att platsen är ledig."});
  }
}

absl::Status CheckCovered(const QueueEntry& entry, Date move_in) {
  if (entry.Covers(move_in)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The decision does not cover the move-in date.", "NO_DECISION");
}

}  // namespace

std::string_view Name(OfferState state) {
  switch (state) {
    case OfferState::kOpen:
      return "open";
    case OfferState::kAccepted:
      return "accepted";
    case OfferState::kDeclined:
      return "declined";
    case OfferState::kExpired:
      return "expired";
    case OfferState::kWithdrawn:
      return "withdrawn";
    case OfferState::kConsumed:
      return "consumed";
    case OfferState::kGivenBack:
      return "given_back";
  }
  return "";
}

std::string_view Name(OfferAction action) {
  switch (action) {
    case OfferAction::kAccept:
      return "AcceptOffer";
    case OfferAction::kDecline:
      return "DeclineOffer";
    case OfferAction::kExpire:
      return "Expire";
    case OfferAction::kWithdraw:
      return "Withdraw";
    case OfferAction::kEnrol:
      return "Enrol";
    case OfferAction::kCompleteTransfer:
      return "CompleteTransfer";
    case OfferAction::kRestore:
      return "Restore";
    case OfferAction::kGiveBack:
      return "GiveBackOffer";
    case OfferAction::kChangeMoveIn:
      return "ChangeMoveIn";
  }
  return "";
}

std::span<const Row> OfferTable() { return kTable; }

Offer MakeOffer(OfferId id, const QueueEntry& entry, const BedId& bed, Date available_from,
                const OfferTerms& terms, Instant now, bool cascaded) {
  Offer offer;
  offer.id = std::move(id);
  offer.entry_id = entry.id;
  offer.bed_id = bed;
  offer.available_from = available_from;
  offer.made_at = now;
  offer.deadline = now + std::chrono::hours(terms.deadline_hours);
  offer.cascaded = cascaded;
  offer.eligibility = {entry.id, 0, entry.rule_version, entry.sort_key, std::nullopt};
  return offer;
}

Instant ReminderAt(const Offer& offer, const OfferTerms& terms) {
  return offer.deadline - std::chrono::hours(terms.reminder_hours);
}

absl::StatusOr<Offer> Accept(Offer offer, const QueueEntry& entry, const OfferTerms& terms,
                             unsigned parties, Date move_in, Instant now) {
  VK_ASSIGN_OR_RETURN(Offer next, Move(offer, StateAt(offer, now), OfferAction::kAccept, parties));
  std::vector<FieldViolation> violations;
  if (move_in < offer.available_from) {
    violations.push_back({"move_in_date", "BEFORE_AVAILABLE",
                          "Must be on or after the date the bed is free.",
                          "Måste vara tidigast den dag platsen är ledig."});
  }
  CheckMoveInDate(offer, terms, move_in, StockholmDate(now), violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_RETURN_IF_ERROR(CheckCovered(entry, move_in));
  next.move_in = move_in;
  return next;
}

absl::StatusOr<Offer> Decline(Offer offer, unsigned parties, DeclinedBy by, DeclineReason reason,
                              Instant now) {
  VK_ASSIGN_OR_RETURN(Offer next, Move(offer, StateAt(offer, now), OfferAction::kDecline, parties));
  if (!MaySpeakFor(by, parties)) return UnitNotYours();
  next.declined_by = by;
  next.decline_reason = reason;
  return next;
}

absl::StatusOr<Offer> Expire(Offer offer, Instant now) {
  if (offer.state == OfferState::kOpen && now < offer.deadline) {
    return IllegalState("offer", Name(offer.state), {"AcceptOffer", "DeclineOffer"});
  }
  const OfferState state = offer.state;
  return Move(std::move(offer), state, OfferAction::kExpire, kTimer);
}

absl::StatusOr<Offer> Withdraw(Offer offer) {
  const OfferState state = offer.state;
  return Move(std::move(offer), state, OfferAction::kWithdraw, kConsequence);
}

absl::StatusOr<Offer> Consume(Offer offer, OfferAction action, unsigned parties) {
  const OfferState state = offer.state;
  return Move(std::move(offer), state, action, parties);
}

absl::StatusOr<Offer> Restore(Offer offer) {
  const OfferState state = offer.state;
  return Move(std::move(offer), state, OfferAction::kRestore, kConsequence);
}

absl::StatusOr<Offer> GiveBack(Offer offer, unsigned parties, DeclinedBy by, DeclineReason reason) {
  const OfferState state = offer.state;
  VK_ASSIGN_OR_RETURN(Offer next, Move(std::move(offer), state, OfferAction::kGiveBack, parties));
  if (!MaySpeakFor(by, parties)) return UnitNotYours();
  next.declined_by = by;
  next.decline_reason = reason;
  return next;
}

absl::StatusOr<Offer> ChangeMoveIn(Offer offer, const QueueEntry& entry, const OfferTerms& terms,
                                   unsigned parties, const MoveIn& to, Date today) {
  VK_ASSIGN_OR_RETURN(Offer next, Move(offer, offer.state, OfferAction::kChangeMoveIn, parties));
  std::vector<FieldViolation> violations;
  if (to.facility_id != entry.facility_id || to.bed_kind != entry.bed_kind) {
    violations.push_back({"bed_id", "OTHER_QUEUE", "Must be of the same facility and kind.",
                          "Måste vara på samma boende och av samma slag."});
  }
  CheckMoveInDate(offer, terms, to.date, today, violations);
  if (to.latest && to.date > *to.latest) {
    violations.push_back({"move_in_date", "AFTER_THE_MOVE",
                          "Must not be after the planned transfer; plan that for later first.",
                          "Får inte vara efter den planerade flytten; planera om den först."});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_RETURN_IF_ERROR(CheckCovered(entry, to.date));
  next.bed_id = to.bed_id;
  next.available_from = std::min(offer.available_from, to.date);
  next.move_in = to.date;
  return next;
}

bool GoesToNext(const Offer& offer) { return offer.decline_reason != DeclineReason::kBedNotUsable; }

}  // namespace vardkedja::placement::domain
