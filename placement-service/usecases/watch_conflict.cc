#include <algorithm>
#include <array>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

using std::chrono::days;

// Days before the move-in or the return on which it is looked at.
constexpr std::array<days, 3> kLooks = {days(3), days(1), days(0)};

// The first of these days, not before `from`, on which to look.
std::optional<Date> NextLook(Date due, Date from) {
  for (const days before : kLooks) {
    if (due - before >= from) return due - before;
  }
  return std::nullopt;
}

absl::Status LookNext(Session& session, const domain::Offer& offer, Date from) {
  const std::optional<Date> look = NextLook(*offer.move_in, from);
  if (!look) return absl::OkStatus();
  return session.SetTimer(kConflictWatch, offer.id.value, StartOfDay(*look), offer.bed_id.value);
}

// After the planned day it is looked at once more: the person may not have come.
absl::Status LookNext(Session& session, const domain::Alternation& alternation, Date from) {
  const Date due = alternation.return_date;
  const Date look = NextLook(due, from).value_or(std::max(due + days(1), from));
  return session.SetTimer(kReturnWatch, alternation.id.value, StartOfDay(look),
                          alternation.bed_id.value);
}

bool LivedIn(const BedRecord& bed, Date date) {
  const auto& stays = bed.calendar.stays;
  return std::any_of(stays.begin(), stays.end(),
                     [date](const domain::Period& stay) { return stay.Contains(date); });
}

// An aggregate of its own each time: it changes nothing of what it is about, so that the etag
// stays.
void Tell(Session& session, std::string_view type, domain::Event event) {
  event.aggregate_type = type;
  event.aggregate_id = NewUuidV7();
  event.version = 1;
  session.Publish(std::move(event));
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
  if (LivedIn(*bed, std::max(*offer.move_in, today))) {
    Tell(session, "bed_conflict",
         domain::OfferEvent(offer, record->entry, record->facility,
                            domain::BedConflict{offer.id.value, "", offer.bed_id, *offer.move_in}));
  }
  return LookNext(session, offer, today + days(1));
}

absl::Status WatchReturn(Session& session, const domain::Alternation& alternation) {
  return LookNext(session, alternation, StockholmDate(session.now()));
}

absl::Status TellOfReturn(Session& session, const domain::AlternationId& id,
                          const domain::BedId& bed_id) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<AlternationRecord> record, session.LockAlternation(id));
  if (!bed || !record) return absl::InternalError("a time at home or its bed is missing");
  const domain::Alternation& alternation = record->alternation;
  if (alternation.state != domain::AlternationState::kAtHome) return absl::OkStatus();
  const Date today = StockholmDate(session.now());
  const auto tell = [&](std::string_view type, domain::Happening happening) {
    Tell(session, type,
         domain::AlternationEvent(alternation, record->from.stay, record->from.facility,
                                  std::move(happening)));
  };
  if (domain::IsOverdue(alternation, today)) {
    tell("return_overdue", domain::ReturnOverdue{alternation});
    return absl::OkStatus();
  }
  if (LivedIn(*bed, alternation.return_date)) {
    tell("bed_conflict", domain::BedConflict{"", id.value, bed_id, alternation.return_date});
  }
  return LookNext(session, alternation, today + days(1));
}

}  // namespace vardkedja::placement::usecases
