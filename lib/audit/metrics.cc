#include "lib/audit/metrics.h"

namespace vardkedja::audit {

void ExposeMetrics(telemetry::Metrics& metrics, const Sealer& sealer) {
  metrics.AddProbe("vardkedja_audit_seal_failures",
                   "Passes of the audit sealer that failed, since the start.", {},
                   [&sealer] { return static_cast<double>(sealer.stats().failures); });
  metrics.AddProbe("vardkedja_audit_export_failures",
                   "Heads of the audit trail that were not exported; above 0 is an alarm.", {},
                   [&sealer] { return static_cast<double>(sealer.stats().export_failures); });
}

}  // namespace vardkedja::audit
