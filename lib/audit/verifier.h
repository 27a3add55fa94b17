// Walks an audit trail, whole or in parts, and tells what was tampered with.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/finding.h"
#include "lib/audit/seal.h"

namespace vardkedja::pg {
class Pool;
}

namespace vardkedja::audit {

std::string_view FindingName(FindingKind kind);

struct VerifyOptions {
  std::optional<SealHead> exported_head;
  int64_t after_position = 0;  // where the walk begins; what stands there is taken as it is
  std::optional<int64_t> most_rows = std::nullopt;  // the walk ends there; all when not given
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
  std::chrono::seconds unsealed_after{10};
  int64_t page_rows = 5000;
  size_t most_findings = 1000;  // the walk ends there
};

struct VerifyReport {
  int64_t rows = 0;  // walked
  SealHead head;     // the last one walked
  bool end_reached = false;
  std::vector<Finding> findings;
};

// An error is a failure to look (database), not a finding. Only reads.
absl::StatusOr<VerifyReport> Verify(pg::Pool& pool, const vault::KeyRing& ring,
                                    const VerifyOptions& options);

}  // namespace vardkedja::audit
