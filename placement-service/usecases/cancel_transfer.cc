#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/queue.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

// The reserved place goes to the next, and the entry waits again.
absl::Status GiveBack(Session& session, const OfferRecord& record) {
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Withdraw(record.offer));
  domain::QueueEntry entry = record.entry;
  VK_ASSIGN_OR_RETURN(entry.state,
                      domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                   domain::EntryAction::kGiveBack, domain::kConsequence));
  VK_RETURN_IF_ERROR(PrepareToWait(session, entry));
  VK_RETURN_IF_ERROR(session.ReleaseReservation(offer.id));
  VK_RETURN_IF_ERROR(EndOffer(session, offer, entry, "withdrawn"));
  return Cascade(session, offer);
}

absl::StatusOr<std::string> CancelIn(Session& session, const auth::CallContext& ctx,
                                     const CancelTransferCommand& command,
                                     const domain::BedId& bed_id,
                                     const auth::AccessDecision& decision) {
  VK_RETURN_IF_ERROR(session.LockBed(bed_id).status());
  VK_ASSIGN_OR_RETURN(const std::optional<TransferRecord> record,
                      session.LockTransfer(command.transfer_id));
  if (!record) return absl::InternalError("a transfer is missing");
  const unsigned parties = TransferParties(ctx, *record);
  VK_ASSIGN_OR_RETURN(const domain::Transfer transfer,
                      domain::Cancel(record->transfer, parties, command.reason));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->transfer.version));
  VK_RETURN_IF_ERROR(session.ChangeTransfer(transfer));
  session.Publish(domain::TransferEvent(
      transfer, record->from.stay, record->from.facility,
      domain::TransferCancelled{transfer, record->from.facility.unit, record->to.facility.unit}));
  VK_RETURN_IF_ERROR(GiveBack(session, record->to));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> CancelStayTransfer::Run(const auth::CallContext& ctx,
                                                       const CancelTransferCommand& command) const {
  const ReadStays reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.GetTransfer(ctx, domain::TransferId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToTransfer(ports_, ctx, command.transfer_id));
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return CancelIn(session, ctx, command, admitted.record.to.offer.bed_id, admitted.decision);
  }));
  return reads.TransferAfterWrite(ctx, id);
}

}  // namespace vardkedja::placement::usecases
