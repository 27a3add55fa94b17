// Reference data from deploy/kronoberg: read strictly, added where absent.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "referral-service/domain/reference.h"

namespace vardkedja::referral::storage {

struct SeedData {
  std::vector<domain::LawSection> law_sections;
  std::vector<domain::Purpose> purposes;
  std::vector<domain::FormVersion> form_versions;
  std::vector<domain::ResponseTime> response_times;
  std::vector<domain::OrderRule> order_rules;
  std::vector<domain::GroundRules> ground_rules;
  std::vector<domain::VideoHost> video_hosts;
  std::vector<domain::RerouteRule> reroute_rules;
  std::vector<domain::RetentionRule> retention_rules;
};

// The files of a directory that this service seeds itself from: ReadSeedFiles names them.
// INVALID_ARGUMENT names every problem of them all: unknown and missing keys, wrong dates, fields
// this program does not know.
absl::StatusOr<SeedData> ReadSeedFiles(const std::string& directory);

// Adds what is absent by code and version; returns how many rows were added.
absl::StatusOr<int> WriteSeed(pg::Pool& pool, const SeedData& data);

}  // namespace vardkedja::referral::storage
