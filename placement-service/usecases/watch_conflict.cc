#include <algorithm>
#include <array>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/offering.h"
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

// After the day on which somebody is to move in it is looked at once more: they may not have come.
absl::Status LookNext(Session& session, const domain::Offer& offer, Date due, Date from) {
  const Date look = NextLook(*offer.move_in, from).value_or(std::max(due + days(1), from));
  return session.SetTimer(kConflictWatch, offer.id.value, StartOfDay(look), offer.bed_id.value);
}

// After the planned day it is looked at once more: the person may not have come.
absl::Status LookNext(Session& session, const domain::Alternation& alternation, Date from) {
  const Date due = alternation.return_date;
  const Date look = NextLook(due, from).value_or(std::max(due + days(1), from));
  return session.SetTimer(kReturnWatch, alternation.id.value, StartOfDay(look),
                          alternation.bed_id.value);
}

// Closed on the date: by which closure.
std::optional<domain::ClosureId> ClosedBy(const BedRecord& bed, Date date) {
  for (const domain::Closure& closure : bed.closures) {
    if (closure.period.Contains(date)) return closure.id;
  }
  return std::nullopt;
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

// About whom a plan is, in the envelope of a conflict; nothing when it is over.
absl::StatusOr<std::optional<domain::Event>> ConflictOver(Session& session,
                                                          const PlanWhileClosed& plan,
                                                          const domain::BedId& bed) {
  domain::BedConflict conflict;
  conflict.bed_id = bed;
  conflict.due = plan.from;
  conflict.closure = plan.closure;
  if (plan.offer) {
    VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(*plan.offer));
    if (!record) return std::optional<domain::Event>();
    conflict.offer_id = plan.offer->value;
    return domain::OfferEvent(record->offer, record->entry, record->facility, conflict);
  }
  if (plan.stay) {
    VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(*plan.stay));
    if (!record) return std::optional<domain::Event>();
    conflict.stay_id = plan.stay->value;
    return domain::StayEvent(record->stay, record->facility, conflict);
  }
  VK_ASSIGN_OR_RETURN(const std::optional<AlternationRecord> record,
                      session.LockAlternation(*plan.alternation));
  if (!record) return std::optional<domain::Event>();
  conflict.alternation_id = plan.alternation->value;
  return domain::AlternationEvent(record->alternation, record->from.stay, record->from.facility,
                                  conflict);
}

absl::Status TellPlan(Session& session, const PlanWhileClosed& plan, const domain::BedId& bed) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::Event> event, ConflictOver(session, plan, bed));
  if (event) Tell(session, "bed_conflict", *std::move(event));
  return absl::OkStatus();
}

template <class Tag>
bool Is(const std::optional<domain::Id<Tag>>& id, const std::string& about) {
  return id && id->value == about;
}

}  // namespace

absl::Status WatchMoveIn(Session& session, const domain::Offer& offer, Date due) {
  return LookNext(session, offer, due, StockholmDate(session.now()));
}

absl::Status TellOfMoveIn(Session& session, const domain::OfferId& id,
                          const domain::BedId& bed_id) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(id));
  if (!bed || !record) return absl::InternalError("an offer or its bed is missing");
  const domain::Offer& offer = record->offer;
  // Moved to another bed meanwhile: that is watched by a timer of its own.
  if (offer.state != domain::OfferState::kAccepted || offer.bed_id != bed_id) {
    return absl::OkStatus();
  }
  // The day on which the person is to be there.
  VK_ASSIGN_OR_RETURN(const std::optional<Date> move, PlannedMove(session, offer.id));
  const Date due = move.value_or(*offer.move_in);
  const Date today = StockholmDate(session.now());
  const auto tell = [&](std::string_view type, domain::Happening happening) {
    Tell(session, type,
         domain::OfferEvent(offer, record->entry, record->facility, std::move(happening)));
  };
  if (due < today) {
    tell("move_in_overdue", domain::MoveInOverdue{offer, due});
    return absl::OkStatus();
  }
  const Date first = std::max(*offer.move_in, today);
  domain::BedConflict conflict;
  conflict.offer_id = id.value;
  conflict.bed_id = bed_id;
  conflict.due = *offer.move_in;
  conflict.closure = ClosedBy(*bed, first);
  if (conflict.closure || LivedIn(*bed, first)) tell("bed_conflict", conflict);
  return LookNext(session, offer, due, today + days(1));
}

absl::Status TellClosures(Session& session, const domain::BedId& bed, const std::string& about) {
  VK_ASSIGN_OR_RETURN(const std::vector<PlanWhileClosed> plans, session.PlansWhileClosed(bed));
  for (const PlanWhileClosed& plan : plans) {
    const bool meant = plan.closure.value == about || Is(plan.offer, about) ||
                       Is(plan.alternation, about) || Is(plan.stay, about);
    if (meant) VK_RETURN_IF_ERROR(TellPlan(session, plan, bed));
  }
  return absl::OkStatus();
}

absl::Status WatchClosure(Session& session, const domain::Closure& closure) {
  const Date tomorrow = StockholmDate(session.now()) + days(1);
  const std::optional<Date> look = NextLook(closure.period.from, tomorrow);
  if (!look) return absl::OkStatus();
  return session.SetTimer(kClosureWatch, closure.id.value, StartOfDay(*look), closure.bed_id.value);
}

absl::Status TellOfClosure(Session& session, const domain::ClosureId& id,
                           const domain::BedId& bed_id) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  if (!bed) return absl::InternalError("a closure's bed is missing");
  const auto closure = std::find_if(bed->closures.begin(), bed->closures.end(),
                                    [&](const domain::Closure& one) { return one.id == id; });
  if (closure == bed->closures.end()) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::vector<PlanWhileClosed> plans, session.PlansWhileClosed(bed_id));
  for (const PlanWhileClosed& plan : plans) {
    // Who is to come later is told before that day.
    const bool begins = plan.closure == id && plan.from == closure->period.from;
    if (begins) VK_RETURN_IF_ERROR(TellPlan(session, plan, bed_id));
  }
  return WatchClosure(session, *closure);
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
  domain::BedConflict conflict;
  conflict.alternation_id = id.value;
  conflict.bed_id = bed_id;
  conflict.due = alternation.return_date;
  conflict.closure = ClosedBy(*bed, conflict.due);
  if (conflict.closure || LivedIn(*bed, conflict.due)) tell("bed_conflict", conflict);
  return LookNext(session, alternation, today + days(1));
}

}  // namespace vardkedja::placement::usecases
