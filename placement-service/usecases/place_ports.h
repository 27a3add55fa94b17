// What an offer to one person, and a sale outside the chain, need to know; part of Session
// (ports.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/queue_entry.h"

namespace vardkedja::placement::usecases {

// Read without a lock.
class PlaceReads {
 public:
  virtual ~PlaceReads() = default;

  virtual absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(
      const domain::EntryId& id) = 0;
  // The beds that the entry has answered an offer of: they are not offered to it again.
  virtual absl::StatusOr<std::set<domain::BedId>> AnsweredBeds(const domain::EntryId& id) = 0;
  // The beds that are not out of use, from today on.
  virtual absl::StatusOr<std::vector<domain::BedCalendar>> Calendars(
      const domain::FacilityId& facility, domain::BedKind kind) = 0;
  virtual absl::StatusOr<bool> IsChainMember(const std::string& organisation) = 0;
};

}  // namespace vardkedja::placement::usecases
