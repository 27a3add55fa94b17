// Facilities, beds and queue rules as deploy/<region>/ has them: read strictly, seeded only where
// absent.
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
};

// INVALID_ARGUMENT naming the file, the place and what is wrong: unknown or missing keys, values
// out of range, ids given twice, a bed without its facility, no rule.
absl::StatusOr<ReferenceData> ParseReferenceData(std::string_view facilities_yaml,
                                                 std::string_view rules_yaml);

// Adds what is absent and publishes what it added; what exists is left alone. Returns how many rows
// were added. Repeatable.
absl::StatusOr<int> SeedReferenceData(Session& session, const ReferenceData& data);

}  // namespace vardkedja::placement::usecases
