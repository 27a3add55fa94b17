#include "placement-service/domain/transfer.h"

#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<TransferState, TransferAction>;
constexpr unsigned kBoth = kFacility | kNextFacility;
constexpr unsigned kCancels = kBoth | kOwner | kConsequence;
// Where Confirm leads is decided below: the second side makes it confirmed.
constexpr unsigned kArranges = kBoth | kOwner;
constexpr std::array<Row, 9> kTable = {{
    {TransferState::kPlanned, TransferAction::kPlan, kFacility | kOwner, TransferState::kPlanned},
    {TransferState::kPlanned, TransferAction::kConfirm, kBoth, TransferState::kConfirmed},
    {TransferState::kPlanned, TransferAction::kArrange, kArranges, TransferState::kPlanned},
    {TransferState::kPlanned, TransferAction::kCancel, kCancels, TransferState::kCancelled},
    {TransferState::kConfirmed, TransferAction::kPlan, kFacility | kOwner, TransferState::kPlanned},
    {TransferState::kConfirmed, TransferAction::kArrange, kArranges, TransferState::kConfirmed},
    {TransferState::kConfirmed, TransferAction::kComplete, kBoth, TransferState::kDone},
    {TransferState::kConfirmed, TransferAction::kCancel, kCancels, TransferState::kCancelled},
    {TransferState::kDone, TransferAction::kUndo, kBoth, TransferState::kCancelled},
}};

// The parties that have not confirmed yet.
unsigned Unconfirmed(const Transfer& transfer, unsigned parties) {
  unsigned left = parties;
  if (transfer.confirmed_by_from) left &= ~static_cast<unsigned>(kFacility);
  if (transfer.confirmed_by_to) left &= ~static_cast<unsigned>(kNextFacility);
  return left;
}

absl::Status CheckDates(const Stay& stay, const Offer& offer, const TransferPlan& plan,
                        Date today) {
  std::vector<FieldViolation> violations;
  if (plan.move < today) {
    violations.push_back(
        {"move_date", "IN_THE_PAST", "Must be today or later.", "Måste vara i dag eller senare."});
  }
  if (plan.move < stay.move_in) {
    violations.push_back({"move_date", "BEFORE_MOVE_IN",
                          "Must be on or after the date of the move-in.",
                          "Måste vara tidigast inskrivningsdagen."});
  }
  if (offer.move_in && plan.move < *offer.move_in) {
    violations.push_back({"move_date", "BEFORE_RESERVATION",
                          "Must be on or after the date the bed is reserved from.",
                          "Måste vara tidigast den dag platsen är reserverad från."});
  }
  if (plan.meeting > plan.move) {
    violations.push_back({"meeting_date", "AFTER_MOVE", "Must not be after the move.",
                          "Får inte vara efter flytten."});
  }
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

}  // namespace

std::string_view Name(TransferState state) {
  switch (state) {
    case TransferState::kPlanned:
      return "planned";
    case TransferState::kConfirmed:
      return "confirmed";
    case TransferState::kDone:
      return "done";
    case TransferState::kCancelled:
      return "cancelled";
  }
  return "";
}

std::string_view Name(TransferAction action) {
  switch (action) {
    case TransferAction::kPlan:
      return "PlanTransfer";
    case TransferAction::kConfirm:
      return "ConfirmTransfer";
    case TransferAction::kArrange:
      return "ArrangeTransfer";
    case TransferAction::kComplete:
      return "CompleteTransfer";
    case TransferAction::kCancel:
      return "CancelTransfer";
    case TransferAction::kUndo:
      return "UndoTransfer";
  }
  return "";
}

std::span<const Row> TransferTable() { return kTable; }

std::string_view Code(TransferCancelReason reason) {
  constexpr std::array<std::string_view, 7> kCodes = {
      "", "persons_wish", "stay_goes_on", "needs_not_met", "other", "overtaken", "undone"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

absl::StatusOr<Transfer> PlanTransfer(TransferId id, const Stay& stay, const Offer& offer,
                                      const QueueEntry& entry,
                                      const std::optional<Transfer>& existing, unsigned parties,
                                      const TransferPlan& plan, Instant now) {
  const auto allowed = Step(StayTable(), "stay", stay.state, StayAction::kPlanTransfer, parties);
  if (!allowed.ok()) return allowed.status();
  if (offer.state != OfferState::kAccepted || entry.person_id != stay.person_id ||
      entry.case_id != stay.case_id || (existing && existing->offer_id != offer.id)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The offer is not an accepted one of the same case for this transfer.",
                     "OFFER_MISMATCH");
  }
  VK_RETURN_IF_ERROR(CheckDates(stay, offer, plan, StockholmDate(now)));
  if (!entry.Covers(plan.move)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The decision for the next facility does not cover the move.", "NO_DECISION");
  }
  Transfer transfer = existing.value_or(Transfer{});
  if (existing) {
    VK_ASSIGN_OR_RETURN(transfer.state, Step(TransferTable(), "transfer", existing->state,
                                             TransferAction::kPlan, parties));
    ++transfer.version;
  } else {
    transfer.id = std::move(id);
  }
  VK_ASSIGN_OR_RETURN(transfer.exception, RoutineGate("The meeting with the new contact person",
                                                      plan.meeting, plan.move, plan.exception));
  transfer.from_stay = stay.id;
  transfer.offer_id = offer.id;
  transfer.meeting = plan.meeting;
  transfer.move = plan.move;
  transfer.confirmed_by_from = false;
  transfer.confirmed_by_to = false;
  transfer.planned_at = now;
  return transfer;
}

absl::StatusOr<Transfer> Confirm(Transfer transfer, unsigned parties) {
  const auto next =
      Step(TransferTable(), "transfer", transfer.state, TransferAction::kConfirm, parties);
  if (!next.ok()) return next.status();
  const unsigned sides = Unconfirmed(transfer, parties) & kBoth;
  if (sides == 0) {
    return IllegalState("transfer", Name(transfer.state), AvailableActions(transfer, parties));
  }
  transfer.confirmed_by_from = transfer.confirmed_by_from || (sides & kFacility) != 0;
  transfer.confirmed_by_to = transfer.confirmed_by_to || (sides & kNextFacility) != 0;
  if (transfer.confirmed_by_from && transfer.confirmed_by_to) transfer.state = *next;
  ++transfer.version;
  return transfer;
}

std::vector<std::string> OpenArrangements(const TransferArrangements& arrangements) {
  std::vector<std::string> open;
  const auto add = [&open](bool is_open, const char* what) {
    if (is_open) open.emplace_back(what);
  };
  add(!arrangements.move_minute, "move_time");
  add(arrangements.transport == Transport::kOpen, "transport");
  add(arrangements.belongings == Belongings::kOpen, "belongings");
  add(arrangements.relatives == Told::kOpen, "relatives");
  add(arrangements.children == Told::kOpen, "children");
  add(!arrangements.follow_up_days, "follow_up_days");
  return open;
}

absl::StatusOr<Transfer> Arrange(Transfer transfer, unsigned parties,
                                 const TransferArrangements& arrangements, const UnitId& by,
                                 Instant now) {
  VK_ASSIGN_OR_RETURN(transfer.state, Step(TransferTable(), "transfer", transfer.state,
                                           TransferAction::kArrange, parties));
  const std::optional<int>& days = arrangements.follow_up_days;
  if (days && (*days < 1 || *days > kLatestFollowUpDays)) {
    return InvalidFields({{"follow_up_days", "OUT_OF_RANGE", "Must be 1 to 366 days.",
                           "Måste vara 1 till 366 dagar."}});
  }
  transfer.arrangements = arrangements;
  transfer.arranged_by = by;
  transfer.arranged_at = now;
  ++transfer.version;
  return transfer;
}

absl::StatusOr<Transfer> Complete(Transfer transfer, unsigned parties, Date move,
                                  const StayId& to_stay) {
  VK_ASSIGN_OR_RETURN(transfer.state, Step(TransferTable(), "transfer", transfer.state,
                                           TransferAction::kComplete, parties));
  transfer.move = move;
  transfer.to_stay = to_stay;
  ++transfer.version;
  return transfer;
}

absl::StatusOr<Transfer> Cancel(Transfer transfer, unsigned parties, TransferCancelReason reason) {
  VK_ASSIGN_OR_RETURN(transfer.state, Step(TransferTable(), "transfer", transfer.state,
                                           TransferAction::kCancel, parties));
  transfer.cancel_reason = reason;
  ++transfer.version;
  return transfer;
}

absl::StatusOr<Transfer> Undo(Transfer transfer, unsigned parties) {
  VK_ASSIGN_OR_RETURN(transfer.state, Step(TransferTable(), "transfer", transfer.state,
                                           TransferAction::kUndo, parties));
  transfer.cancel_reason = TransferCancelReason::kUndone;
  transfer.to_stay.reset();
  ++transfer.version;
  return transfer;
}

std::vector<std::string> AvailableActions(const Transfer& transfer, unsigned parties) {
  std::vector<std::string> actions = AllowedActions(TransferTable(), transfer.state, parties);
  if ((Unconfirmed(transfer, parties) & kBoth) == 0) {
    std::erase(actions, std::string(Name(TransferAction::kConfirm)));
  }
  return actions;
}

}  // namespace vardkedja::placement::domain
