// Which bed somebody is offered who is to have a place at a facility, whichever bed it is. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/queue_entry.h"

namespace vardkedja::placement::domain {

// How far ahead a place may become free that is offered now (decided here: as long as a hold).
inline constexpr std::chrono::days kLatestFreeAhead(92);

struct PlaceWanted {
  QueueEntry entry;            // whose; it names facility and kind
  Facility facility;           // the entry's
  std::set<BedId> answered{};  // it has answered an offer of these beds
  bool acute = false;          // may have a place while planned intake is closed
  Date today{};
  Date by{};  // free on this date at the latest
};

struct PlaceChoice {
  BedId bed_id;
  Date from{};  // can be offered from this date
};

// FIELD_VIOLATIONS for a date in the past or too far ahead.
absl::Status CheckFreeBy(std::string_view field, Date by, Date today);

// NO_DECISION when the decision covers none of the dates, INTAKE_CLOSED when planned intake is
// closed on all that it covers.
absl::Status CheckPlaceWanted(const PlaceWanted& wanted);

// The bed that can be offered first; of those on one date an ordinary place before an extra one;
// then the first by id. Nothing when none can be offered on a date that suits.
std::optional<PlaceChoice> ChoosePlace(const std::vector<BedCalendar>& beds,
                                       const PlaceWanted& wanted);

}  // namespace vardkedja::placement::domain
