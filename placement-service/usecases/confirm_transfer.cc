#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> ConfirmIn(Session& session, const auth::CallContext& ctx,
                                      const ConfirmTransferCommand& command,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<TransferRecord> record,
                      session.LockTransfer(command.transfer_id));
  if (!record) return absl::InternalError("a transfer is missing");
  const unsigned parties = TransferParties(ctx, *record);
  VK_ASSIGN_OR_RETURN(const domain::Transfer transfer, domain::Confirm(record->transfer, parties));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->transfer.version));
  VK_RETURN_IF_ERROR(session.ChangeTransfer(transfer));
  const bool for_next = transfer.confirmed_by_to && !record->transfer.confirmed_by_to;
  const domain::Facility& by = for_next ? record->to.facility : record->from.facility;
  VK_RETURN_IF_ERROR(session.AddStayFact(
      record->from.stay.id, {session.now(), "transfer_confirmed", transfer.move, by.id.value}));
  session.Publish(
      domain::TransferEvent(transfer, record->from.stay, record->from.facility,
                            domain::TransferConfirmed{transfer, by.id, record->from.facility.unit,
                                                      record->to.facility.unit}));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> ConfirmStayTransfer::Run(
    const auth::CallContext& ctx, const ConfirmTransferCommand& command) const {
  return WriteTransfer(ports_, ctx, command.transfer_id,
                       [&](Session& session, const auto& admitted) {
                         return ConfirmIn(session, ctx, command, admitted.decision);
                       });
}

}  // namespace vardkedja::placement::usecases
