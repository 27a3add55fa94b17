// Adds what is absent from validated reference data. What is registered already is never changed
// here; where the files say something else, that is reported.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "lib/eventlog/event.h"
#include "lib/pg/pool.h"
#include "notification-service/domain/deadline.h"
#include "notification-service/domain/directory.h"

namespace vardkedja::notification::storage {

// Makes the event of a registration; events/ has the real ones.
struct DirectoryEvents {
  std::function<eventlog::NewEvent(const domain::Organisation&)> organisation;
  std::function<eventlog::NewEvent(const domain::Unit&)> unit;
  std::function<eventlog::NewEvent(const domain::Seat&)> seat;
};

struct SeedReport {
  std::vector<std::string> added;    // "unit ekeliden"
  std::vector<std::string> differs;  // "unit ekeliden": registered otherwise; left as it is
};

// One commit: rows and events. Any number of processes may seed at once.
absl::StatusOr<SeedReport> SeedDirectory(pg::Pool& pool, const domain::Directory& directory,
                                         std::span<const domain::DeadlineRule> rules,
                                         const DirectoryEvents& events);

}  // namespace vardkedja::notification::storage
