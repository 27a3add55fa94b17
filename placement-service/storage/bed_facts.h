// What was known about beds at any past instant. Internal to storage/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "placement-service/storage/queries.h"

namespace vardkedja::placement::storage {

// Compares what the tables hold about these beds with what was last known, closes the versions that
// do not hold any more and adds the new ones. For the end of a commit.
absl::Status RecordBedFacts(const Run& run, const std::set<std::string>& beds, Instant now);

// Fills the calendars with what was known at `as_of`, as far as it touches `asked`. Beds that were
// not known then are taken out.
absl::Status LoadCalendarsAsOf(const Run& run, std::vector<usecases::BedRecord>& beds,
                               Instant as_of, const domain::Period& asked);

}  // namespace vardkedja::placement::storage
