#include "gateway/call_report.h"

#include "lib/rpc/error_details.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"

namespace vardkedja::gateway {

void ReportCall(const CallReport& report, const absl::Status& status, telemetry::Metrics& metrics) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - report.started_at;
  const std::string_view code = rpc::CodeName(status.code());
  metrics.ObserveCall(report.method, code, took.count());
  const auto detail = GetErrorDetail(status);
  telemetry::LogCall({.request_id = report.ids.call_id,
                      .trace_id = report.ids.trace.trace_id,
                      .method = report.method,
                      .organisation = report.organisation,
                      .unit = report.unit,
                      .code = code,
                      .reason = detail.has_value() ? std::string_view(detail->reason) : "",
                      .duration_ms = took.count() * 1000});
}

}  // namespace vardkedja::gateway
