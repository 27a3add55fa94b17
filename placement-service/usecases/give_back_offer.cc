#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> GiveBackIn(Session& session, const auth::CallContext& ctx,
                                       const GiveBackOfferCommand& command,
                                       const domain::BedId& bed_id,
                                       const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(command.offer_id));
  if (!bed || !record) return absl::InternalError("an offer or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Offer offer,
                      domain::GiveBack(record->offer, parties, command.by, command.reason));
  // Moved to another bed meanwhile, which is not locked: the etag is stale then.
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->offer.version));
  VK_RETURN_IF_ERROR(CancelTransferOn(session, *record));
  session.Publish(domain::OfferEvent(offer, record->entry, record->facility,
                                     domain::ReservationEnded{offer, ""}));
  VK_RETURN_IF_ERROR(ReturnToQueue(session, offer, record->entry, "given_back"));
  session.Audit(WriteEntry(ctx, offer.id.value, decision));
  return offer.id.value;
}

}  // namespace

absl::StatusOr<OfferAnswer> GiveBackOffer::Run(const auth::CallContext& ctx,
                                               const GiveBackOfferCommand& command) const {
  return WriteOffer(
      store_, disclosure_, ctx, command.offer_id,
      [&](Session& session, const domain::BedId& bed_id, const auth::AccessDecision& decision) {
        return GiveBackIn(session, ctx, command, bed_id, decision);
      });
}

}  // namespace vardkedja::placement::usecases
