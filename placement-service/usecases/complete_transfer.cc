#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// Both beds, in the order of ids, so that two moves between the same beds cannot block each other.
absl::StatusOr<std::pair<BedRecord, BedRecord>> LockBoth(Session& session,
                                                         const domain::BedId& from,
                                                         const domain::BedId& to) {
  VK_ASSIGN_OR_RETURN(std::optional<BedRecord> first, session.LockBed(std::min(from, to)));
  VK_ASSIGN_OR_RETURN(std::optional<BedRecord> second, session.LockBed(std::max(from, to)));
  if (!first || !second) return absl::InternalError("a transfer's bed is missing");
  if (from <= to) return std::pair(*std::move(first), *std::move(second));
  return std::pair(*std::move(second), *std::move(first));
}

absl::StatusOr<std::string> MoveIn(Session& session, const auth::CallContext& ctx,
                                   const CompleteTransferCommand& command,
                                   const TransferRecord& seen,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const auto beds,
                      LockBoth(session, seen.from.stay.bed_id, seen.to.offer.bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<TransferRecord> record,
                      session.LockTransfer(command.transfer_id));
  if (!record) return absl::InternalError("a transfer is missing");
  // Moved to another bed meanwhile, which is not locked.
  if (record->to.offer.bed_id != seen.to.offer.bed_id) return StaleEtag();
  const unsigned parties = TransferParties(ctx, *record);
  const Date today = StockholmDate(session.now());
  const Date move = command.move.value_or(today);
  // Judged first, so that a wrong state is told before anything about beds.
  const auto allowed = domain::Complete(record->transfer, parties, move, domain::StayId());
  if (!allowed.ok()) return allowed.status();
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->transfer.version));
  VK_ASSIGN_OR_RETURN(const domain::Stay old,
                      domain::EndByTransfer(record->from.stay, parties, move, today));
  VK_ASSIGN_OR_RETURN(domain::Stay next, BeginStay(session, record->to, beds.second,
                                                   {move, command.agreement_exception}));
  next.transferred_in = true;
  VK_RETURN_IF_ERROR(session.ChangeStay(old));
  VK_RETURN_IF_ERROR(EndAbsenceWithStay(session, old));
  VK_RETURN_IF_ERROR(session.AddStay(next));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(old.id, {session.now(), "transferred", move, next.bed_id.value}));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(next.id, {session.now(), "enrolled", move, next.bed_id.value}));
  VK_ASSIGN_OR_RETURN(const domain::Transfer transfer,
                      domain::Complete(record->transfer, parties, move, next.id));
  VK_RETURN_IF_ERROR(session.ChangeTransfer(transfer));
  VK_RETURN_IF_ERROR(
      ConsumeOffer(session, record->to, domain::OfferAction::kCompleteTransfer, parties));
  VK_RETURN_IF_ERROR(TellClosures(session, next.bed_id, next.id.value));
  session.Publish(
      domain::TransferEvent(transfer, next, record->to.facility,
                            domain::TransferDone{transfer, old, record->from.facility.unit, next,
                                                 record->to.facility.unit}));
  VK_RETURN_IF_ERROR(MoveCarePeriod(session, old, record->to.entry, record->to.facility, next));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> CompleteStayTransfer::Run(
    const auth::CallContext& ctx, const CompleteTransferCommand& command) const {
  return WriteTransfer(ports_, ctx, command.transfer_id,
                       [&](Session& session, const auto& admitted) {
                         return MoveIn(session, ctx, command, admitted.record, admitted.decision);
                       });
}

}  // namespace vardkedja::placement::usecases
