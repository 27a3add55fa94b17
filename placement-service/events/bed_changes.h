// Which events of this service's own log touch beds, and of which facilities.
#pragma once

#include <cstdint>
#include <optional>

#include "lib/eventlog/reader.h"
#include "placement-service/usecases/watch_availability.h"

namespace vardkedja::placement::events {

// Not thread-safe: remembers the page it read last, since watchers mostly stand at one place.
class LoggedBedChanges final : public usecases::BedChanges {
 public:
  // The reader outlives it.
  explicit LoggedBedChanges(eventlog::Reader& reader) : reader_(reader) {}

  absl::StatusOr<usecases::ChangePage> After(
      std::int64_t sequence, std::chrono::steady_clock::time_point deadline) override;
  absl::StatusOr<std::int64_t> Head(std::chrono::steady_clock::time_point deadline) override;

 private:
  struct Page {
    std::int64_t after = 0;
    usecases::ChangePage page;
    Instant last{};  // of the latest event up to its position
  };

  eventlog::Reader& reader_;
  std::optional<Page> last_;
};

}  // namespace vardkedja::placement::events
