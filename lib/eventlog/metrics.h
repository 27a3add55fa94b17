// What every service shows of its consumers.
#pragma once

#include <string_view>

#include "lib/eventlog/consumer.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::eventlog {

// vardkedja_consumer_lag_events and vardkedja_consumer_parked_events of the log that `consumer`
// reads. `metrics` must not be scraped when `consumer` is gone.
void ExposeMetrics(telemetry::Metrics& metrics, std::string_view log, const Consumer& consumer);

}  // namespace vardkedja::eventlog
