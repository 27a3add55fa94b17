// What is free when. A bed's facts are kept apart (domain.md, 3); for counting, each bed and date
// falls under the first that holds, in this order:
//
//   occupied > closed > reserved > held > offered > free
//
// Occupied goes first because someone is there, whatever was planned; closed before reserved
// because a promise cannot be kept in a closed bed. A bed that is reserved or held from a later
// date on is so before it too, as far as it is empty: it cannot be offered. A day that has passed
// counts as what held on it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

// One bed with everything that touches the asked dates, and what is reserved or held after them.
struct BedCalendar {
  BedId bed_id;
  FacilityId facility_id;
  BedKind bed_kind = BedKind::kRegular;
  bool extra = false;
  Period operational;
  std::vector<Period> closures;
  std::vector<Period> stays;  // actual, or as planned where the end is planned: OccupiedPeriod
  std::vector<Period> reservations;
  std::vector<Period> holds;
  std::optional<Date> offered_from;  // an offer is open
  std::int64_t version = 1;
};

// The dates a stay takes its bed, for counting and planning. A stay begun and ended on one date
// takes that date. An active stay ends on its planned departure, but not before tomorrow; one whose
// planned departure has passed has no end until one is planned anew: who stays too long still lives
// there, and nobody knows until when.
Period OccupiedPeriod(Date move_in, std::optional<Date> departure,
                      std::optional<Date> planned_departure, Date today);

enum class DayFact { kOccupied, kClosed, kReserved, kHeld, kOffered, kFree };
DayFact FactOn(const BedCalendar& bed, Date date, Date today);
bool OperationalOn(const BedCalendar& bed, Date date);
bool InConflictOn(const BedCalendar& bed, Date date);  // two of lived in, reserved and closed

// Two plans for one bed that cannot both hold.
enum class ConflictKind { kLivedInWhenReserved, kLivedInWhenClosed, kReservedWhenClosed };
std::string_view Code(ConflictKind kind);  // "lived_in_when_reserved", ...
struct Conflict {
  ConflictKind kind = ConflictKind::kLivedInWhenReserved;
  Date from{};                   // the first date from today on for which both are planned
  std::optional<Period> closed;  // the closure

  bool operator==(const Conflict&) const = default;
};
// By date.
std::vector<Conflict> ConflictsOf(const BedCalendar& bed, Date today);

// One facility, kind and date. beds = occupied + closed + reserved + held + offered + free.
struct DayCount {
  FacilityId facility_id;
  BedKind bed_kind = BedKind::kRegular;
  Date date{};
  int beds = 0;
  int occupied = 0;
  int closed = 0;
  int reserved = 0;
  int held = 0;
  int offered = 0;
  int free = 0;
  int extra_occupied = 0;
  int conflicts = 0;
  int emptied = 0;  // lived in on the day before and not on this one, extra places included
  std::string care_level{};    // of the facility, where it is asked for
  bool intake_closed = false;  // planned intake is, where it is asked for
};

// By facility, kind, date; `to` is exclusive.
std::vector<DayCount> CountDays(const std::vector<BedCalendar>& beds, Date from, Date to,
                                Date today);

// The first date on which nobody lives in a bed that is lived in on `today`, as planned; nothing
// when nobody lives there or no end is planned.
std::optional<Date> EmptyFrom(const BedCalendar& bed, Date today);

// Whether the bed can be offered from a date on: OK, or FAILED_PRECONDITION with one of BED_CLOSED,
// BED_OCCUPIED, BED_RESERVED, BED_HELD, BED_OFFERED. It names no person.
absl::Status CheckOfferable(const BedCalendar& bed, Date from);

// Whether the bed is free in the whole period; the same reasons.
absl::Status CheckFreeIn(const BedCalendar& bed, const Period& period);

// Whether nothing stands on the bed from a date on, open or closed; the same reasons apart from
// BED_CLOSED.
absl::Status CheckUnused(const BedCalendar& bed, Date from);

}  // namespace vardkedja::placement::domain
