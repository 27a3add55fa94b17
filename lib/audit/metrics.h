// What every service shows of its audit trail.
#pragma once

#include "lib/audit/sealer.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::audit {

// vardkedja_audit_seal_failures and vardkedja_audit_export_failures. `metrics` must not be scraped
// when `sealer` is gone.
void ExposeMetrics(telemetry::Metrics& metrics, const Sealer& sealer);

}  // namespace vardkedja::audit
