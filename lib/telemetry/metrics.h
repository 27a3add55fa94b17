// The metrics of one process, in Prometheus's text form. Names and labels are golden-tested; labels
// take few values: never ids. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace vardkedja::telemetry {

using Labels = std::map<std::string, std::string>;

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // RED: vardkedja_calls_total{method,code}, vardkedja_call_seconds{method}.
  void ObserveCall(std::string_view method, std::string_view code, double seconds);
  // vardkedja_calls_in_flight{method}.
  void AddInFlight(std::string_view method, int change);

  // A counter or gauge of the caller's own, made at first use. `help` counts at first use only.
  void Count(std::string_view name, std::string_view help, const Labels& labels, double by = 1);
  void SetGauge(std::string_view name, std::string_view help, const Labels& labels, double value);
  void Observe(std::string_view name, std::string_view help, const Labels& labels, double seconds);

  // `sample` is called at every scrape, on the admin thread; it must be fast and must outlive this
  // object or be removed by RemoveProbes first.
  void AddProbe(std::string_view name, std::string_view help, const Labels& labels,
                std::function<double()> sample);
  void RemoveProbes();

  // Everything, in text format 0.0.4.
  std::string Render();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vardkedja::telemetry
