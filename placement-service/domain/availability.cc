#include "placement-service/domain/availability.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

bool AnyContains(const std::vector<Period>& periods, Date date) {
  return std::any_of(periods.begin(), periods.end(),
                     [date](const Period& period) { return period.Contains(date); });
}

bool AnyReachesBeyond(const std::vector<Period>& periods, Date date) {
  return std::any_of(periods.begin(), periods.end(),
                     [date](const Period& period) { return period.ReachesBeyond(date); });
}

bool AnyOverlaps(const std::vector<Period>& periods, const Period& asked) {
  return std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
    return asked.ReachesBeyond(period.from) && period.ReachesBeyond(asked.from);
  });
}

absl::Status Taken(std::string_view reason, std::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, message, reason);
}

// The first date from `today` on in both.
std::optional<Date> Meeting(const Period& a, const Period& b, Date today) {
  const Date begin = std::max({a.from, b.from, today});
  if (!a.Contains(begin) || !b.Contains(begin)) return std::nullopt;
  return begin;
}

void Add(DayCount& count, const BedCalendar& bed, Date date, Date today) {
  if (InConflictOn(bed, date)) ++count.conflicts;
  const bool lived_in_before = AnyContains(bed.stays, date - std::chrono::days(1));
  if (lived_in_before && !AnyContains(bed.stays, date)) ++count.emptied;
  const DayFact fact = FactOn(bed, date, today);
  if (bed.extra) {
    if (fact == DayFact::kOccupied) ++count.extra_occupied;
    return;
  }
  ++count.beds;
  switch (fact) {
    case DayFact::kOccupied:
      ++count.occupied;
      break;
    case DayFact::kClosed:
      ++count.closed;
      break;
    case DayFact::kReserved:
      ++count.reserved;
      break;
    case DayFact::kHeld:
      ++count.held;
      break;
    case DayFact::kOffered:
      ++count.offered;
      break;
    case DayFact::kFree:
      ++count.free;
      break;
  }
}

}  // namespace

Period OccupiedPeriod(Date move_in, std::optional<Date> departure,
                      std::optional<Date> planned_departure, Date today) {
  constexpr std::chrono::days kOneDay(1);
  if (departure) return {move_in, std::max(*departure, move_in + kOneDay)};
  if (planned_departure && *planned_departure >= today) {
    return {move_in, std::max({*planned_departure, today + kOneDay, move_in + kOneDay})};
  }
  return {move_in, std::nullopt};
}

bool OperationalOn(const BedCalendar& bed, Date date) {
  return bed.operational.Contains(date) && !AnyContains(bed.closures, date);
}

bool InConflictOn(const BedCalendar& bed, Date date) {
  const int plans = static_cast<int>(AnyContains(bed.stays, date)) +
                    static_cast<int>(AnyContains(bed.reservations, date)) +
                    static_cast<int>(AnyContains(bed.closures, date));
  return plans > 1;
}

std::string_view Code(ConflictKind kind) {
  constexpr std::array<std::string_view, 3> kCodes = {
      "lived_in_when_reserved", "lived_in_when_closed", "reserved_when_closed"};
  return kCodes.at(static_cast<std::size_t>(kind));
}

std::vector<Conflict> ConflictsOf(const BedCalendar& bed, Date today) {
  std::vector<Conflict> conflicts;
  for (const Period& reservation : bed.reservations) {
    for (const Period& stay : bed.stays) {
      if (const auto from = Meeting(stay, reservation, today)) {
        conflicts.push_back({ConflictKind::kLivedInWhenReserved, *from, std::nullopt});
      }
    }
  }
  for (const Period& closure : bed.closures) {
    for (const Period& stay : bed.stays) {
      if (const auto from = Meeting(stay, closure, today)) {
        conflicts.push_back({ConflictKind::kLivedInWhenClosed, *from, closure});
      }
    }
    for (const Period& reservation : bed.reservations) {
      if (const auto from = Meeting(reservation, closure, today)) {
        conflicts.push_back({ConflictKind::kReservedWhenClosed, *from, closure});
      }
    }
  }
  std::stable_sort(conflicts.begin(), conflicts.end(),
                   [](const Conflict& a, const Conflict& b) { return a.from < b.from; });
  return conflicts;
}

DayFact FactOn(const BedCalendar& bed, Date date, Date today) {
  const auto taken_by = [&](const std::vector<Period>& plans) {
    return date < today ? AnyContains(plans, date) : AnyReachesBeyond(plans, date);
  };
  if (AnyContains(bed.stays, date)) return DayFact::kOccupied;
  if (!OperationalOn(bed, date)) return DayFact::kClosed;
  if (taken_by(bed.reservations)) return DayFact::kReserved;
  if (taken_by(bed.holds)) return DayFact::kHeld;
  if (bed.offered_from && *bed.offered_from <= date) return DayFact::kOffered;
  return DayFact::kFree;
}

std::vector<DayCount> CountDays(const std::vector<BedCalendar>& beds, Date from, Date to,
                                Date today) {
  std::map<std::tuple<FacilityId, BedKind, Date>, DayCount> counts;
  for (const BedCalendar& bed : beds) {
    for (Date date = from; date < to; date += std::chrono::days(1)) {
      DayCount& count = counts[{bed.facility_id, bed.bed_kind, date}];
      count.facility_id = bed.facility_id;
      count.bed_kind = bed.bed_kind;
      count.date = date;
      Add(count, bed, date, today);
    }
  }
  std::vector<DayCount> days;
  days.reserve(counts.size());
  for (auto& [key, count] : counts) days.push_back(std::move(count));
  return days;
}

std::optional<Date> EmptyFrom(const BedCalendar& bed, Date today) {
  for (const Period& stay : bed.stays) {
    if (stay.Contains(today)) return stay.to;
  }
  return std::nullopt;
}

absl::Status CheckOfferable(const BedCalendar& bed, Date from) {
  if (bed.offered_from) return Taken("BED_OFFERED", "An offer of the bed is open.");
  if (!OperationalOn(bed, from)) return Taken("BED_CLOSED", "The bed is closed on that date.");
  return CheckUnused(bed, from);
}

absl::Status CheckFreeIn(const BedCalendar& bed, const Period& period) {
  if (bed.offered_from && period.ReachesBeyond(*bed.offered_from)) {
    return Taken("BED_OFFERED", "An offer of the bed is open.");
  }
  if (AnyOverlaps(bed.closures, period) || !bed.operational.Contains(period.from)) {
    return Taken("BED_CLOSED", "The bed is closed in that period.");
  }
  if (AnyOverlaps(bed.stays, period)) {
    return Taken("BED_OCCUPIED", "Someone lives in the bed in that period.");
  }
  if (AnyOverlaps(bed.reservations, period)) {
    return Taken("BED_RESERVED", "The bed is reserved in that period.");
  }
  if (AnyOverlaps(bed.holds, period)) {
    return Taken("BED_HELD", "The bed is held in that period already.");
  }
  return absl::OkStatus();
}

absl::Status CheckUnused(const BedCalendar& bed, Date from) {
  if (bed.offered_from) return Taken("BED_OFFERED", "An offer of the bed is open.");
  if (AnyReachesBeyond(bed.stays, from)) {
    return Taken("BED_OCCUPIED", "Someone lives in the bed on or after that date.");
  }
  if (AnyReachesBeyond(bed.reservations, from)) {
    return Taken("BED_RESERVED", "The bed is reserved on or after that date.");
  }
  if (AnyReachesBeyond(bed.holds, from)) {
    return Taken("BED_HELD", "The bed is held on or after that date.");
  }
  return absl::OkStatus();
}

}  // namespace vardkedja::placement::domain
