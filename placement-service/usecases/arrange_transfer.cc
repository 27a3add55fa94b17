#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> ArrangeIn(Session& session, const auth::CallContext& ctx,
                                      const ArrangeTransferCommand& command,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<TransferRecord> record,
                      session.LockTransfer(command.transfer_id));
  if (!record) return absl::InternalError("a transfer is missing");
  VK_ASSIGN_OR_RETURN(
      const domain::Transfer transfer,
      domain::Arrange(record->transfer, TransferParties(ctx, *record), command.arrangements,
                      domain::UnitId(ctx.acting_unit), session.now()));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->transfer.version));
  VK_RETURN_IF_ERROR(session.ChangeTransfer(transfer));
  VK_RETURN_IF_ERROR(session.AddStayFact(record->from.stay.id,
                                         {session.now(), "transfer_arranged", transfer.move, ""}));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> ArrangeStayTransfer::Run(
    const auth::CallContext& ctx, const ArrangeTransferCommand& command) const {
  const ReadStays reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.GetTransfer(ctx, domain::TransferId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToTransfer(ports_, ctx, command.transfer_id));
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return ArrangeIn(session, ctx, command, admitted.decision);
  }));
  return reads.TransferAfterWrite(ctx, id);
}

}  // namespace vardkedja::placement::usecases
