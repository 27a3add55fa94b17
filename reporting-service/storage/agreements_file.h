// deploy/kronoberg/agreements.yaml, read strictly.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "reporting-service/domain/cost_allocation.h"

namespace vardkedja::reporting::storage {

struct AgreementsFile {
  std::vector<domain::Agreement> agreements;
  std::map<int, std::vector<domain::FacilityCost>> outcomes;  // by year
  std::map<Date, int> tolerance_days;                         // by the date it is valid from
};

// INVALID_ARGUMENT naming every fault, unknown keys included. `name` stands in messages.
absl::StatusOr<AgreementsFile> ParseAgreements(std::string_view name, std::string_view yaml);

// The same from a file; NOT_FOUND when it cannot be read.
absl::StatusOr<AgreementsFile> ReadAgreements(const std::string& path);

}  // namespace vardkedja::reporting::storage
