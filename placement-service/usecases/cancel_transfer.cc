#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> CancelIn(Session& session, const auth::CallContext& ctx,
                                     const CancelTransferCommand& command,
                                     const domain::BedId& bed_id,
                                     const auth::AccessDecision& decision) {
  VK_RETURN_IF_ERROR(session.LockBed(bed_id).status());
  VK_ASSIGN_OR_RETURN(const std::optional<TransferRecord> record,
                      session.LockTransfer(command.transfer_id));
  if (!record) return absl::InternalError("a transfer is missing");
  // Moved to another bed meanwhile, which is not locked.
  if (record->to.offer.bed_id != bed_id) return StaleEtag();
  const unsigned parties = TransferParties(ctx, *record);
  VK_ASSIGN_OR_RETURN(const domain::Transfer transfer,
                      domain::Cancel(record->transfer, parties, command.reason));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->transfer.version));
  VK_RETURN_IF_ERROR(EndTransfer(session, transfer));
  session.Publish(domain::TransferEvent(
      transfer, record->from.stay, record->from.facility,
      domain::TransferCancelled{transfer, record->from.facility.unit, record->to.facility.unit}));
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Withdraw(record->to.offer));
  VK_RETURN_IF_ERROR(ReturnToQueue(session, offer, record->to.entry, "withdrawn"));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> CancelStayTransfer::Run(const auth::CallContext& ctx,
                                                       const CancelTransferCommand& command) const {
  return WriteTransfer(
      ports_, ctx, command.transfer_id, [&](Session& session, const auto& admitted) {
        return CancelIn(session, ctx, command, admitted.record.to.offer.bed_id, admitted.decision);
      });
}

}  // namespace vardkedja::placement::usecases
