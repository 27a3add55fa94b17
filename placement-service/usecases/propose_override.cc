#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement::usecases {
namespace {

// A bed that is held for compulsory care can be proposed for somebody who comes under it.
absl::Status CheckBed(BedRecord bed, const domain::QueueEntry& entry, Date from) {
  if (entry.facts.criteria.lvm_section_27) bed.calendar.holds.clear();
  return domain::CheckOfferable(bed.calendar, from);
}

// The bed that is named, or the one that the entry would be offered, locked.
absl::StatusOr<ChosenPlace> PlaceOf(Session& session, const ProposeOverrideCommand& command) {
  const Date today = StockholmDate(session.now());
  const Date from = command.available_from.value_or(today);
  if (command.bed_id) {
    VK_ASSIGN_OR_RETURN(std::optional<BedRecord> bed, session.LockBed(*command.bed_id));
    if (!bed) return NotFound();
    if (from >= today) return ChosenPlace{*std::move(bed), from};
    return InvalidFields({{"available_from", "IN_THE_PAST", "Must be today or later.",
                           "Måste vara i dag eller senare."}});
  }
  VK_RETURN_IF_ERROR(domain::CheckFreeBy("available_from", from, today));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      session.FindEntry(command.entry_id));
  if (!entry) return absl::InternalError("a queue entry is missing");
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(entry->facility_id));
  if (!facility) return absl::InternalError("an entry's facility is missing");
  VK_RETURN_IF_ERROR(domain::CheckCanBeOffered(*entry));
  const bool acute = domain::IsAcute(entry->facts.criteria) ||
                     command.reason == domain::OverrideReason::kAcuteNeed;
  return LockPlace(session, *entry, *facility, acute, from);
}

absl::StatusOr<std::string> ProposeIn(Session& session, const auth::CallContext& ctx,
                                      const ProposeOverrideCommand& command,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const ChosenPlace place, PlaceOf(session, command));
  const Date from = place.from;
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      session.LockEntry(command.entry_id));
  if (!entry) return absl::InternalError("a queue entry is missing");
  VK_ASSIGN_OR_RETURN(
      const domain::QueueOverride proposal,
      domain::ProposeOverride(domain::OverrideId(NewUuidV7()), *entry, place.bed.bed, from,
                              command.reason, SeatOf(ctx), session.now()));
  VK_RETURN_IF_ERROR(CheckBed(place.bed, *entry, from));
  VK_RETURN_IF_ERROR(CheckIntake(place.bed, *entry, command.reason, from));
  const bool by_rule =
      !domain::IntakeClosedOn(place.bed.facility, from) || domain::IsAcute(entry->facts.criteria);
  VK_ASSIGN_OR_RETURN(const int before, session.CountEligibleBefore(place.bed, from, *entry));
  if (by_rule && before == 0 && domain::CheckOfferable(place.bed.calendar, from).ok()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The rule puts this entry first: offer the bed without an override.",
                     "OVERRIDE_NOT_NEEDED");
  }
  VK_RETURN_IF_ERROR(session.AddOverride(proposal));
  session.Publish(domain::OverrideEvent(proposal, *entry, place.bed.facility,
                                        domain::OverrideProposed{proposal}));
  session.Audit(WriteEntry(ctx, proposal.id.value, decision));
  return proposal.id.value;
}

}  // namespace

absl::Status CheckIntake(const BedRecord& bed, const domain::QueueEntry& entry,
                         domain::OverrideReason reason, Date from) {
  if (!domain::IntakeClosedOn(bed.facility, from) || domain::IsAcute(entry.facts.criteria) ||
      reason == domain::OverrideReason::kAcuteNeed) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "Planned intake is closed on that date: only an acute need is an exception.",
                   "INTAKE_CLOSED");
}

absl::StatusOr<OverrideAnswer> ProposeQueueOverride::Run(
    const auth::CallContext& ctx, const ProposeOverrideCommand& command) const {
  const ReadOverrides reads(store_, disclosure_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::OverrideId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> found,
                      store_.FindEntry(ctx, command.entry_id));
  const auto case_id = found ? std::optional<std::string>(found->case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, command.entry_id.value));
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return ProposeIn(session, ctx, command, decision);
  }));
  return reads.AfterWrite(ctx, domain::OverrideId(id));
}

}  // namespace vardkedja::placement::usecases
