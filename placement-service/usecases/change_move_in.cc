#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// The day of the transfer that is to use the offer.
absl::StatusOr<std::optional<Date>> PlannedMove(Session& session, const domain::OfferId& id) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::StayId> moving, session.FindStayMovingOn(id));
  if (!moving) return std::optional<Date>();
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> stay, session.LockStay(*moving));
  if (!stay || !stay->transfer) return std::optional<Date>();
  return std::optional<Date>(stay->transfer->move);
}

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
  const ReadOffers reads(store_, disclosure_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::OfferId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> found,
                      store_.FindOffer(ctx, command.offer_id));
  const auto case_id =
      found ? std::optional<std::string>(found->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, command.offer_id.value));
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return ChangeIn(session, ctx, command, found->offer.bed_id, decision);
  }));
  return reads.AfterWrite(ctx, domain::OfferId(id));
}

}  // namespace vardkedja::placement::usecases
