#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/queue.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// The bed recorded and the right one, in the order of ids.
absl::StatusOr<std::optional<domain::Bed>> LockBeds(Session& session, const domain::BedId& wrong,
                                                    const std::optional<domain::BedId>& right) {
  const domain::BedId other = right.value_or(wrong);
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> first,
                      session.LockBed(std::min(wrong, other)));
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> second,
                      session.LockBed(std::max(wrong, other)));
  const std::optional<BedRecord>& found = other < wrong ? first : second;
  if (!right || !found) return std::optional<domain::Bed>();
  return std::optional<domain::Bed>(found->bed);
}

// Nobody moved in on it: the place is reserved again and the entry waits for the move-in.
absl::Status RestoreOffer(Session& session, const OfferRecord& record) {
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Restore(record.offer));
  VK_RETURN_IF_ERROR(session.ChangeOffer(offer));
  VK_RETURN_IF_ERROR(session.RestoreReservation(offer.id));
  VK_RETURN_IF_ERROR(WatchMoveIn(session, offer, *offer.move_in));
  domain::QueueEntry entry = record.entry;
  VK_ASSIGN_OR_RETURN(entry.state,
                      domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                   domain::EntryAction::kRestore, domain::kConsequence));
  ++entry.version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(WatchDecision(session, entry));
  return session.AddHistory(entry.id,
                            {session.now(), "accepted", std::nullopt, offer.id, "corrected"});
}

absl::StatusOr<std::string> CorrectIn(Session& session, const auth::CallContext& ctx,
                                      const CorrectStayCommand& command, const domain::Stay& seen,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Bed> bed,
                      LockBeds(session, seen.bed_id, command.correction.bed));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> offer, session.LockOffer(seen.offer_id));
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record || !offer) return absl::InternalError("a stay or its offer is missing");
  VK_ASSIGN_OR_RETURN(const bool linked, session.IsLinked(command.stay_id));
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(
      const domain::CorrectedStay corrected,
      domain::CorrectStay(domain::StayId(NewUuidV7()), record->stay,
                          linked || record->transfer.has_value(), parties, command.correction, bed,
                          offer->entry, StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  const std::string reason(domain::Code(command.correction.reason));
  VK_RETURN_IF_ERROR(session.ChangeStay(corrected.wrong));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      corrected.wrong.id, {session.now(), "corrected", StockholmDate(session.now()), reason}));
  if (corrected.right) {
    VK_RETURN_IF_ERROR(session.AddStay(*corrected.right));
    VK_RETURN_IF_ERROR(session.CopyAbsences(corrected.wrong.id, corrected.right->id));
    VK_RETURN_IF_ERROR(session.AddStayFact(
        corrected.right->id,
        {session.now(), "enrolled", corrected.right->move_in, corrected.right->bed_id.value}));
  } else {
    VK_RETURN_IF_ERROR(RestoreOffer(session, *offer));
  }
  const domain::Stay& answer = corrected.right ? *corrected.right : corrected.wrong;
  session.Publish(domain::StayEvent(answer, record->facility,
                                    domain::StayCorrected{corrected.wrong, corrected.right}));
  session.Audit(WriteEntry(ctx, answer.id.value, decision));
  return answer.id.value;
}

}  // namespace

absl::StatusOr<StayAnswer> CorrectStayRecord::Run(const auth::CallContext& ctx,
                                                  const CorrectStayCommand& command) const {
  const ReadStays reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::StayId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToStay(ports_, ctx, command.stay_id));
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return CorrectIn(session, ctx, command, admitted.record.stay, admitted.decision);
  }));
  return reads.AfterWrite(ctx, id);
}

}  // namespace vardkedja::placement::usecases
