#include <set>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// Everything that taking the move back touches, locked.
struct Locked {
  StayLinks links;  // of the stay that it began
  TransferRecord transfer;
};

// In the order of locks: beds, then offer, stay and transfer. A correction of the stay that it
// began locks the bed of that first, and so waits.
absl::StatusOr<Locked> LockAll(Session& session, const TransferRecord& seen) {
  Locked locked;
  VK_ASSIGN_OR_RETURN(locked.links, session.FindLinks(*seen.transfer.to_stay));
  std::set<domain::BedId> beds = {seen.from.stay.bed_id};
  for (const StayRef& part : locked.links.parts) beds.insert(part.bed);
  for (const HomeRef& home : locked.links.homes) beds.insert(home.bed);
  for (const domain::BedId& id : beds) VK_RETURN_IF_ERROR(session.LockBed(id).status());
  VK_ASSIGN_OR_RETURN(std::optional<TransferRecord> record, session.LockTransfer(seen.transfer.id));
  if (!record) return absl::InternalError("a transfer is missing");
  locked.transfer = *std::move(record);
  if (locked.transfer.transfer.to_stay != seen.transfer.to_stay) return StaleEtag();
  VK_ASSIGN_OR_RETURN(const StayLinks now, session.FindLinks(*seen.transfer.to_stay));
  if (now != locked.links || seen.from.stay.bed_id != locked.transfer.from.stay.bed_id) {
    return StaleEtag();
  }
  return locked;
}

// The stays that the move began never were; they stay visible.
absl::Status TakeBackStays(Session& session, const auth::CallContext& ctx, const Locked& locked,
                           const auth::AccessDecision& decision) {
  const Date today = StockholmDate(session.now());
  domain::StaySurroundings around;
  around.entry = locked.transfer.to.entry;
  for (const StayRef& part : locked.links.parts) {
    VK_ASSIGN_OR_RETURN(std::optional<StayRecord> stay, session.LockStay(part.id));
    if (!stay) return absl::InternalError("a stay is missing");
    around.parts.push_back(std::move(stay->stay));
  }
  const domain::Correction wrong{domain::CorrectionReason::kWrongPerson, {}, {}, {}};
  VK_ASSIGN_OR_RETURN(
      const std::vector<domain::CorrectedStay> corrected,
      domain::CorrectStay({}, around.parts.front(), domain::kFacility, wrong, around, today));
  for (const domain::CorrectedStay& one : corrected) {
    VK_RETURN_IF_ERROR(session.ChangeStay(one.wrong));
    VK_RETURN_IF_ERROR(session.AddStayFact(
        one.wrong.id,
        {session.now(), "corrected", today, std::string(domain::Code(one.wrong.correction))}));
    session.Publish(domain::StayEvent(
        one.wrong, locked.transfer.to.facility,
        domain::StayCorrected{one.wrong, std::nullopt, locked.transfer.from.stay.id}));
    session.Audit(WriteEntry(ctx, one.wrong.id.value, decision));
  }
  for (const HomeRef& home : locked.links.homes) {
    VK_RETURN_IF_ERROR(TakeBackHome(session, home.id));
  }
  return EndCarePeriod(session, locked.transfer.to.entry.id);
}

absl::StatusOr<std::string> UndoIn(Session& session, const auth::CallContext& ctx,
                                   const UndoTransferCommand& command, const TransferRecord& seen,
                                   const auth::AccessDecision& decision) {
  const unsigned parties = TransferParties(ctx, seen);
  // Judged first, because only what is done has a stay that it began.
  VK_RETURN_IF_ERROR(domain::Undo(seen.transfer, parties).status());
  VK_ASSIGN_OR_RETURN(const Locked locked, LockAll(session, seen));
  const TransferRecord& record = locked.transfer;
  VK_ASSIGN_OR_RETURN(const domain::Transfer transfer, domain::Undo(record.transfer, parties));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record.transfer.version));
  VK_ASSIGN_OR_RETURN(const domain::Stay stay, domain::UndoTransfer(record.from.stay, parties));
  if (locked.links.moves_on) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The person has moved on from there, or is to: that is taken back first.",
                     "PART_OF_A_MOVE");
  }
  VK_RETURN_IF_ERROR(TakeBackStays(session, ctx, locked, decision));
  VK_RETURN_IF_ERROR(session.ChangeTransfer(transfer));
  VK_RETURN_IF_ERROR(RestoreOffer(session, record.to));
  // Read now, when nothing that followed the move is promised any more.
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> left,
                      session.LockBed(record.from.stay.bed_id));
  if (!left) return absl::InternalError("a stay's bed is missing");
  VK_RETURN_IF_ERROR(CheckStillFree(session, *left, record.from.stay));
  VK_RETURN_IF_ERROR(GoOn(session, record.from, stay, "transfer_undone"));
  session.Audit(WriteEntry(ctx, transfer.id.value, decision));
  return transfer.id.value;
}

}  // namespace

absl::StatusOr<TransferAnswer> UndoStayTransfer::Run(const auth::CallContext& ctx,
                                                     const UndoTransferCommand& command) const {
  return WriteTransfer(ports_, ctx, command.transfer_id,
                       [&](Session& session, const auto& admitted) {
                         return UndoIn(session, ctx, command, admitted.record, admitted.decision);
                       });
}

}  // namespace vardkedja::placement::usecases
