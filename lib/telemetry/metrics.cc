#include "lib/telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <utility>
#include <vector>

namespace vardkedja::telemetry {
namespace {

template <class Type>
using Families = std::map<std::string, prometheus::Family<Type>*, std::less<>>;

// From 1 ms to 30 s: a round trip to the database is about 1 ms, the longest deadline 60 s.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries buckets = {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return buckets;
}

}  // namespace

struct Metrics::State {
  struct Probe {
    prometheus::Gauge* gauge;
    std::function<double()> sample;
  };
  // Of one method, found without its labels being made anew for each call.
  struct Calls {
    prometheus::Gauge* in_flight;
    prometheus::Histogram* seconds;
    std::map<std::string, prometheus::Counter*, std::less<>> by_code;
  };

  prometheus::Registry registry;
  std::mutex mutex;  // guards what follows; counters and gauges have locks of their own
  Families<prometheus::Counter> counters;
  Families<prometheus::Gauge> gauges;
  Families<prometheus::Histogram> histograms;
  std::vector<Probe> probes;
  std::mutex calls_mutex;                           // taken before `mutex`
  std::map<std::string, Calls, std::less<>> calls;  // by method

  // Precondition: calls_mutex is held.
  Calls& CallsOf(std::string_view method) {
    const auto found = calls.find(method);
    if (found != calls.end()) return found->second;
    const Labels labels{{"method", std::string(method)}};
    Calls made{
        &Gauge("vardkedja_calls_in_flight", "Calls that have arrived and not ended, by method.",
               labels),
        &Histogram("vardkedja_call_seconds", "Time from arrival to answer, by method.", labels),
        {}};
    return calls.emplace(method, std::move(made)).first->second;
  }

  prometheus::Counter& Counter(std::string_view name, std::string_view help, const Labels& labels) {
    return Get(counters, prometheus::BuildCounter(), name, help).Add(labels);
  }
  prometheus::Gauge& Gauge(std::string_view name, std::string_view help, const Labels& labels) {
    return Get(gauges, prometheus::BuildGauge(), name, help).Add(labels);
  }
  prometheus::Histogram& Histogram(std::string_view name, std::string_view help,
                                   const Labels& labels) {
    return Get(histograms, prometheus::BuildHistogram(), name, help).Add(labels, Buckets());
  }

  template <class Type, class Builder>
  prometheus::Family<Type>& Get(Families<Type>& families, Builder builder, std::string_view name,
                                std::string_view help) {
    const std::lock_guard lock(mutex);
    const auto found = families.find(name);
    if (found != families.end()) return *found->second;
    prometheus::Family<Type>& family =
        builder.Name(std::string(name)).Help(std::string(help)).Register(registry);
    families.emplace(name, &family);
    return family;
  }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::ObserveCall(std::string_view method, std::string_view code, double seconds) {
  const std::lock_guard lock(state_->calls_mutex);
  State::Calls& calls = state_->CallsOf(method);
  auto counter = calls.by_code.find(code);
  if (counter == calls.by_code.end()) {
    auto& made =
        state_->Counter("vardkedja_calls_total", "Calls that ended, by method and gRPC code.",
                        {{"method", std::string(method)}, {"code", std::string(code)}});
    counter = calls.by_code.emplace(code, &made).first;
  }
  counter->second->Increment();
  calls.seconds->Observe(seconds);
}

void Metrics::AddInFlight(std::string_view method, int change) {
  const std::lock_guard lock(state_->calls_mutex);
  state_->CallsOf(method).in_flight->Increment(change);
}

void Metrics::Count(std::string_view name, std::string_view help, const Labels& labels, double by) {
  state_->Counter(name, help, labels).Increment(by);
}

void Metrics::SetGauge(std::string_view name, std::string_view help, const Labels& labels,
                       double value) {
  state_->Gauge(name, help, labels).Set(value);
}

void Metrics::Observe(std::string_view name, std::string_view help, const Labels& labels,
                      double seconds) {
  state_->Histogram(name, help, labels).Observe(seconds);
}

void Metrics::AddProbe(std::string_view name, std::string_view help, const Labels& labels,
                       std::function<double()> sample) {
  prometheus::Gauge& gauge = state_->Gauge(name, help, labels);
  const std::lock_guard lock(state_->mutex);
  state_->probes.push_back({&gauge, std::move(sample)});
}

void Metrics::RemoveProbes() {
  const std::lock_guard lock(state_->mutex);
  state_->probes.clear();
}

std::string Metrics::Render() {
  {
    const std::lock_guard lock(state_->mutex);
    for (const State::Probe& probe : state_->probes) probe.gauge->Set(probe.sample());
  }
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace vardkedja::telemetry
