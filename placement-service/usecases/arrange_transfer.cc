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
  return WriteTransfer(ports_, ctx, command.transfer_id,
                       [&](Session& session, const auto& admitted) {
                         return ArrangeIn(session, ctx, command, admitted.decision);
                       });
}

}  // namespace vardkedja::placement::usecases
