#include "placement-service/domain/place_choice.h"

#include <string>
#include <tuple>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

bool IntakeOpen(const PlaceWanted& wanted, Date date) {
  return wanted.acute || !IntakeClosedOn(wanted.facility, date);
}

bool Suits(const PlaceWanted& wanted, Date date) {
  return wanted.entry.Covers(date) && IntakeOpen(wanted, date);
}

bool Before(const BedCalendar& a, const BedCalendar& b) {
  return std::tie(a.extra, a.bed_id) < std::tie(b.extra, b.bed_id);
}

// The first bed in order that can be offered from the date.
const BedCalendar* FreeOn(const std::vector<BedCalendar>& beds, const PlaceWanted& wanted,
                          Date date) {
  const BedCalendar* first = nullptr;
  for (const BedCalendar& bed : beds) {
    if (wanted.answered.contains(bed.bed_id) || !CheckOfferable(bed, date).ok()) continue;
    if (first == nullptr || Before(bed, *first)) first = &bed;
  }
  return first;
}

}  // namespace

absl::Status CheckFreeBy(std::string_view field, Date by, Date today) {
  if (by < today) {
    return InvalidFields({{std::string(field), "IN_THE_PAST", "Must be today or later.",
                           "Måste vara i dag eller senare."}});
  }
  if (by > today + kLatestFreeAhead) {
    const std::string most = std::to_string(kLatestFreeAhead.count());
    return InvalidFields(
        {{std::string(field), "TOO_LATE", "Must be at most " + most + " days ahead.",
          "Får vara högst " + most + " dagar fram."}});
  }
  return absl::OkStatus();
}

absl::Status CheckPlaceWanted(const PlaceWanted& wanted) {
  bool covered = false;
  for (Date date = wanted.today; date <= wanted.by; date += std::chrono::days(1)) {
    if (Suits(wanted, date)) return absl::OkStatus();
    covered = covered || wanted.entry.Covers(date);
  }
  if (!covered) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The decision covers none of the dates on which a place may be free.",
                     "NO_DECISION");
  }
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "Planned intake is closed on those dates, and the entry is not acute.",
                   "INTAKE_CLOSED");
}

std::optional<PlaceChoice> ChoosePlace(const std::vector<BedCalendar>& beds,
                                       const PlaceWanted& wanted) {
  for (Date date = wanted.today; date <= wanted.by; date += std::chrono::days(1)) {
    if (!Suits(wanted, date)) continue;
    if (const BedCalendar* bed = FreeOn(beds, wanted, date)) return PlaceChoice{bed->bed_id, date};
  }
  return std::nullopt;
}

}  // namespace vardkedja::placement::domain
