#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> PlanIn(Session& session, const auth::CallContext& ctx,
                                   const PlanTransferCommand& command,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> offer, session.LockOffer(command.offer_id));
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  // Another case's offer answers like one that does not exist.
  if (!offer || offer->entry.case_id != record->stay.case_id) return NotFound();
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(
      const domain::Transfer transfer,
      domain::PlanTransfer(domain::TransferId(NewUuidV7()), record->stay, offer->offer,
                           offer->entry, record->transfer, parties, command.plan, session.now()));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  if (record->transfer) {
    VK_RETURN_IF_ERROR(session.ChangeTransfer(transfer));
  } else {
    VK_RETURN_IF_ERROR(session.AddTransfer(transfer));
  }
  domain::Stay stay = record->stay;
  ++stay.version;
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_RETURN_IF_ERROR(WatchMoveIn(session, offer->offer, transfer.move));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      stay.id, {session.now(), "transfer_planned", transfer.move, offer->offer.bed_id.value}));
  session.Publish(domain::TransferEvent(transfer, stay, record->facility,
                                        domain::TransferPlanned{transfer, offer->facility}));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> PlanStayTransfer::Run(const auth::CallContext& ctx,
                                                     const PlanTransferCommand& command) const {
  const ReadStays reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.GetTransfer(ctx, domain::TransferId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToStay(ports_, ctx, command.stay_id));
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return PlanIn(session, ctx, command, admitted.decision);
  }));
  return reads.TransferAfterWrite(ctx, id);
}

}  // namespace vardkedja::placement::usecases
