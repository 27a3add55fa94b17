#include "lib/eventlog/metrics.h"

#include <string>

namespace vardkedja::eventlog {

void ExposeMetrics(telemetry::Metrics& metrics, std::string_view log, const Consumer& consumer) {
  const telemetry::Labels labels = {{"log", std::string(log)}};
  metrics.AddProbe("vardkedja_consumer_lag_events", "Events of a log not applied yet.", labels,
                   [&consumer] {
                     const ConsumerStats stats = consumer.stats();
                     return static_cast<double>(stats.head - stats.position);
                   });
  metrics.AddProbe("vardkedja_consumer_parked_events",
                   "Events of a log that could not be applied; above 0 is an alarm.", labels,
                   [&consumer] { return static_cast<double>(consumer.stats().parked); });
}

}  // namespace vardkedja::eventlog
