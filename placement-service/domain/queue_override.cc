#include "placement-service/domain/queue_override.h"

#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<OverrideState, OverrideAction>;
constexpr std::array<Row, 2> kTable = {{
    {OverrideState::kProposed, OverrideAction::kConfirm, kBoard, OverrideState::kConfirmed},
    {OverrideState::kProposed, OverrideAction::kReject, kBoard, OverrideState::kRejected},
}};

absl::StatusOr<QueueOverride> Settle(QueueOverride proposal, OverrideAction action,
                                     unsigned parties, const Seat& seat, Instant now) {
  VK_ASSIGN_OR_RETURN(proposal.state,
                      Step(OverrideTable(), "override", proposal.state, action, parties));
  proposal.settled_by = seat;
  proposal.settled_at = now;
  ++proposal.version;
  return proposal;
}

}  // namespace

std::string_view Name(OverrideState state) {
  switch (state) {
    case OverrideState::kProposed:
      return "proposed";
    case OverrideState::kConfirmed:
      return "confirmed";
    case OverrideState::kRejected:
      return "rejected";
  }
  return "";
}

std::string_view Name(OverrideAction action) {
  return action == OverrideAction::kConfirm ? "ConfirmOverride" : "RejectOverride";
}

std::span<const Row> OverrideTable() { return kTable; }

std::string_view Code(OverrideReason reason) {
  switch (reason) {
    case OverrideReason::kUnspecified:
      return "";
    case OverrideReason::kAcuteNeed:
      return "acute_need";
    case OverrideReason::kChildAtRisk:
      return "child_at_risk";
    case OverrideReason::kSafetyOfResidents:
      return "safety_of_residents";
    case OverrideReason::kOnlySuitableBed:
      return "only_suitable_bed";
    case OverrideReason::kSection27Date:
      return "section_27_date";
    case OverrideReason::kIndividualAssessment:
      return "individual_assessment";
  }
  return "";
}

absl::Status CheckOverridable(const QueueEntry& entry, const Bed& bed, Date available_from) {
  if (bed.facility_id != entry.facility_id || bed.kind != entry.bed_kind) {
    return InvalidFields(
        {{"bed_id", "OTHER_QUEUE", "Must be of the facility and kind that the entry waits for.",
          "Måste höra till det boende och det slags plats som kön gäller."}});
  }
  VK_RETURN_IF_ERROR(CheckCanBeOffered(entry));
  if (!entry.Covers(available_from)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The decision does not cover the date from which the bed is free.",
                     "NO_DECISION");
  }
  return absl::OkStatus();
}

absl::StatusOr<QueueOverride> ProposeOverride(OverrideId id, const QueueEntry& entry,
                                              const Bed& bed, Date available_from,
                                              OverrideReason reason, const Seat& seat,
                                              Instant now) {
  VK_RETURN_IF_ERROR(RequireSeat(seat));
  VK_RETURN_IF_ERROR(CheckOverridable(entry, bed, available_from));
  QueueOverride proposal;
  proposal.id = std::move(id);
  proposal.entry_id = entry.id;
  proposal.bed_id = bed.id;
  proposal.available_from = available_from;
  proposal.reason = reason;
  proposal.proposed_by = seat;
  proposal.proposed_at = now;
  return proposal;
}

absl::StatusOr<QueueOverride> ConfirmOverride(QueueOverride proposal, unsigned parties,
                                              const Seat& seat, const OfferId& offer, Instant now) {
  const Seat proposed_by = proposal.proposed_by;
  VK_ASSIGN_OR_RETURN(QueueOverride confirmed,
                      Settle(std::move(proposal), OverrideAction::kConfirm, parties, seat, now));
  VK_RETURN_IF_ERROR(RequireOtherSeat(seat, proposed_by));
  confirmed.offer_id = offer;
  return confirmed;
}

absl::StatusOr<QueueOverride> RejectOverride(QueueOverride proposal, unsigned parties,
                                             const Seat& seat, Instant now) {
  VK_ASSIGN_OR_RETURN(QueueOverride rejected,
                      Settle(std::move(proposal), OverrideAction::kReject, parties, seat, now));
  VK_RETURN_IF_ERROR(RequireSeat(seat));
  return rejected;
}

std::vector<std::string> AvailableActions(const QueueOverride& proposal, unsigned parties,
                                          const Seat& seat) {
  std::vector<std::string> actions = AllowedActions(OverrideTable(), proposal.state, parties);
  if (!RequireSeat(seat).ok()) actions.clear();
  if (!RequireOtherSeat(seat, proposal.proposed_by).ok()) {
    std::erase(actions, std::string(Name(OverrideAction::kConfirm)));
  }
  return actions;
}

}  // namespace vardkedja::placement::domain
