// The one log line and the metrics of a call at either edge.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/auth/admission.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::gateway {

// `method` is a gRPC path or "GET /route/{template}": never a raw path, which could hold personal
// data. `organisation` and `unit` are empty for calls that were refused before they were known.
struct CallReport {
  std::string_view method;
  const CallIds& ids;
  std::string_view organisation;
  std::string_view unit;
  std::chrono::steady_clock::time_point started_at;
};

// Writes the line and counts the call. Thread-safe.
void ReportCall(const CallReport& report, const absl::Status& status, telemetry::Metrics& metrics);

}  // namespace vardkedja::gateway
