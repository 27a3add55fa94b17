// What a use case needs to disclose something: a durable row first.
#pragma once

#include <chrono>
#include <vector>

#include "absl/status/status.h"
#include "lib/audit/entry.h"

namespace vardkedja::audit {

// Implementations are thread-safe.
class ReadAudit {
 public:
  virtual ~ReadAudit() = default;

  // Returns OK only when all rows are durable; then, and only then, may the answer leave. Any
  // error (UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED) must fail the read. A caller that
  // gives up at its deadline may still find its rows in the trail.
  virtual absl::Status Record(std::vector<Entry> entries,
                              std::chrono::steady_clock::time_point deadline) = 0;
};

}  // namespace vardkedja::audit
