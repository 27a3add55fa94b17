#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {

absl::Status RemindOfOffer(Session& session, const domain::OfferId& id) {
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, session.LockOffer(id));
  if (!record || record->offer.state != domain::OfferState::kOpen) return absl::OkStatus();
  // An aggregate of its own: a reminder changes nothing of the offer, so that its etag stays.
  domain::Event event = domain::OfferEvent(record->offer, record->entry, record->facility,
                                           domain::OfferExpiring{record->offer});
  event.aggregate_type = "offer_reminder";
  event.version = 1;
  session.Publish(std::move(event));
  return absl::OkStatus();
}

absl::Status ExpireOffer(Session& session, const domain::OfferId& id, const domain::BedId& bed_id) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, session.LockOffer(id));
  if (!bed || !record || record->offer.state != domain::OfferState::kOpen) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Expire(record->offer, session.now()));
  domain::QueueEntry entry = record->entry;
  VK_RETURN_IF_ERROR(EndOffer(session, offer, entry, "expired"));
  session.Publish(domain::OfferEvent(offer, entry, record->facility, domain::OfferExpired{offer}));
  return Cascade(session, offer);
}

}  // namespace vardkedja::placement::usecases
