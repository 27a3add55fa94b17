#include <algorithm>
#include <array>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

using std::chrono::days;

// Days before the move-in on which it is looked at.
constexpr std::array<days, 3> kLooks = {days(3), days(1), days(0)};

absl::Status LookNext(Session& session, const domain::Offer& offer, Date from) {
  for (const days before : kLooks) {
    const Date look = *offer.move_in - before;
    if (look < from) continue;
    return session.SetTimer(kConflictWatch, offer.id.value, StartOfDay(look), offer.bed_id.value);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WatchConflict(Session& session, const domain::Offer& offer) {
  return LookNext(session, offer, StockholmDate(session.now()));
}

absl::Status TellConflict(Session& session, const domain::OfferId& id,
                          const domain::BedId& bed_id) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(id));
  if (!bed || !record) return absl::InternalError("an offer or its bed is missing");
  const domain::Offer& offer = record->offer;
  if (offer.state != domain::OfferState::kAccepted) return absl::OkStatus();
  const Date today = StockholmDate(session.now());
  const Date due = std::max(*offer.move_in, today);
  const auto& stays = bed->calendar.stays;
  const bool lived_in = std::any_of(
      stays.begin(), stays.end(), [due](const domain::Period& stay) { return stay.Contains(due); });
  if (lived_in) {
    // An aggregate of its own each time: it changes nothing of the offer, so that its etag stays.
    domain::Event event =
        domain::OfferEvent(offer, record->entry, record->facility, domain::BedConflict{offer});
    event.aggregate_type = "bed_conflict";
    event.aggregate_id = NewUuidV7();
    event.version = 1;
    session.Publish(std::move(event));
  }
  return LookNext(session, offer, today + days(1));
}

}  // namespace vardkedja::placement::usecases
