#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// Free from the date on, apart from what is reserved there for this offer already.
absl::Status CheckFree(BedRecord to, const domain::Offer& before, Date date) {
  if (to.bed.id == before.bed_id) {
    // Reservations of one bed never begin on the same date.
    std::erase_if(to.calendar.reservations,
                  [&](const domain::Period& one) { return one.from == *before.move_in; });
  }
  return domain::CheckOfferable(to.calendar, date);
}

absl::StatusOr<std::string> ChangeIn(Session& session, const auth::CallContext& ctx,
                                     const ChangeMoveInCommand& command,
                                     const domain::BedId& before,
                                     const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const BedRecord to,
                      LockTarget(session, before, command.bed.value_or(before)));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(command.offer_id));
  if (!record) return absl::InternalError("an offer is missing");
  VK_ASSIGN_OR_RETURN(const std::optional<Date> move, PlannedMove(session, command.offer_id));
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  const domain::MoveIn where{to.bed.id, to.bed.facility_id, to.bed.kind, command.move_in, move};
  VK_ASSIGN_OR_RETURN(
      const domain::Offer offer,
      domain::ChangeMoveIn(record->offer, record->entry, record->facility.details.terms, parties,
                           where, StockholmDate(session.now())));
  // Moved to another bed meanwhile, which is not locked: the etag is stale then.
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->offer.version));
  VK_RETURN_IF_ERROR(CheckFree(to, record->offer, command.move_in));
  VK_RETURN_IF_ERROR(session.ChangeOffer(offer));
  VK_RETURN_IF_ERROR(session.ChangeReservation(offer, record->entry));
  VK_RETURN_IF_ERROR(session.AddHistory(
      record->entry.id, {session.now(), "move_in_changed", std::nullopt, offer.id}));
  VK_RETURN_IF_ERROR(WatchMoveIn(session, offer, move.value_or(command.move_in)));
  VK_RETURN_IF_ERROR(TellClosures(session, offer.bed_id, offer.id.value));
  session.Publish(domain::OfferEvent(offer, record->entry, record->facility,
                                     domain::ReservationChanged{offer}));
  session.Audit(WriteEntry(ctx, offer.id.value, decision));
  return offer.id.value;
}

}  // namespace

absl::StatusOr<OfferAnswer> ChangeMoveIn::Run(const auth::CallContext& ctx,
                                              const ChangeMoveInCommand& command) const {
  return WriteOffer(
      store_, disclosure_, ctx, command.offer_id,
      [&](Session& session, const domain::BedId& bed_id, const auth::AccessDecision& decision) {
        return ChangeIn(session, ctx, command, bed_id, decision);
      });
}

}  // namespace vardkedja::placement::usecases
