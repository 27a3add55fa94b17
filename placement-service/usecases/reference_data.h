// Facilities, beds, queue rules and lengths of care periods as deploy/<region>/ has them: read
// strictly, seeded only where absent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

struct ReferenceData {
  std::vector<domain::Facility> facilities;
  std::vector<domain::Bed> beds;
  std::vector<domain::QueueRule> rules;
  std::vector<domain::CarePeriodRule> periods;
  std::vector<domain::DeadlineRule> deadlines;
  std::vector<std::string> members;  // organisations that take part in the chain
};

// INVALID_ARGUMENT naming the file, the place and what is wrong: unknown or missing keys, values
// out of range, ids given twice, a bed without its facility, no rule.
// Of the deadlines those that placement-service watches are read, of the organisations which take
// part, and nothing else is judged here: both files are notification-service's. Without deadlines,
// nothing is watched.
absl::StatusOr<ReferenceData> ParseReferenceData(
    std::string_view facilities_yaml, std::string_view rules_yaml,
    std::string_view deadlines_yaml = "{deadlines: []}",
    std::string_view organisations_yaml = "{organisations: []}");

// Adds what is absent and publishes what it added; what exists is left alone. Returns how many rows
// were added. Repeatable.
absl::StatusOr<int> SeedReferenceData(Session& session, const ReferenceData& data);

}  // namespace vardkedja::placement::usecases
