#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement::usecases {
namespace {

// Makes the offer. What was true when it was proposed need not be true any more.
absl::StatusOr<domain::OfferId> Allocate(Session& session, BedRecord bed,
                                         const OverrideRecord& record) {
  const Date from = std::max(record.proposal.available_from, StockholmDate(session.now()));
  VK_RETURN_IF_ERROR(domain::CheckOverridable(record.entry, bed.bed, from));
  if (record.entry.facts.criteria.lvm_section_27) {
    VK_RETURN_IF_ERROR(UseHolds(session, bed, from));
  }
  VK_RETURN_IF_ERROR(domain::CheckOfferable(bed.calendar, from));
  VK_RETURN_IF_ERROR(CheckIntake(bed, record.entry, record.proposal.reason, from));
  return OfferByOverride(session, bed, from, record.entry, record.proposal.id);
}

absl::StatusOr<std::string> SettleIn(Session& session, const auth::CallContext& ctx,
                                     const SettleOverrideCommand& command,
                                     const domain::BedId& bed_id,
                                     const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<OverrideRecord> record,
                      session.LockOverride(command.override_id));
  if (!bed || !record) return absl::InternalError("an override or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  const bool confirms = command.action == domain::OverrideAction::kConfirm;
  const auto settle = [&](const domain::OfferId& offer) {
    return confirms ? domain::ConfirmOverride(record->proposal, parties, SeatOf(ctx), offer,
                                              session.now())
                    : domain::RejectOverride(record->proposal, parties, SeatOf(ctx), session.now());
  };
  // Judged first, so that a wrong state or seat is told before anything about beds.
  const auto allowed = settle(domain::OfferId());
  if (!allowed.ok()) return allowed.status();
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->proposal.version));
  domain::OfferId offer;
  if (confirms) {
    VK_ASSIGN_OR_RETURN(offer, Allocate(session, *bed, *record));
  }
  VK_ASSIGN_OR_RETURN(const domain::QueueOverride settled, settle(offer));
  VK_RETURN_IF_ERROR(session.ChangeOverride(settled));
  session.Publish(domain::OverrideEvent(settled, record->entry, record->facility,
                                        domain::OverrideSettled{settled}));
  session.Audit(WriteEntry(ctx, settled.id.value, decision));
  return settled.id.value;
}

}  // namespace

absl::StatusOr<OverrideAnswer> SettleQueueOverride::Run(
    const auth::CallContext& ctx, const SettleOverrideCommand& command) const {
  const ReadOverrides reads(store_, disclosure_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::OverrideId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<OverrideRecord> found,
                      store_.FindOverride(ctx, command.override_id));
  const auto case_id =
      found ? std::optional<std::string>(found->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, command.override_id.value));
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return SettleIn(session, ctx, command, found->proposal.bed_id, decision);
  }));
  return reads.AfterWrite(ctx, domain::OverrideId(id));
}

}  // namespace vardkedja::placement::usecases
