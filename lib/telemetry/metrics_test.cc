#include "lib/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace vardkedja::telemetry {
namespace {

using testing::HasSubstr;

// Names, types and labels without values.
std::string ShapeOf(const std::string& text) {
  std::string shape;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP")) continue;
    if (!line.starts_with('#')) line = line.substr(0, line.rfind(' '));
    if (line.find("_bucket{") != std::string::npos && line.find("+Inf") == std::string::npos) {
      continue;
    }
    shape += line + "\n";
  }
  return shape;
}

// The golden test of the metrics: dashboards and alerts are written against these names.
TEST(MetricsTest, CallsHaveExactlyTheseNamesAndLabels) {
  Metrics metrics;
  metrics.AddInFlight("/a.B/C", 1);
  metrics.ObserveCall("/a.B/C", "OK", 0.003);
  EXPECT_EQ(ShapeOf(metrics.Render()),
            R"(# TYPE vardkedja_calls_total counter
vardkedja_calls_total{code="OK",method="/a.B/C"}
# TYPE vardkedja_calls_in_flight gauge
vardkedja_calls_in_flight{method="/a.B/C"}
# TYPE vardkedja_call_seconds histogram
vardkedja_call_seconds_count{method="/a.B/C"}
vardkedja_call_seconds_sum{method="/a.B/C"}
vardkedja_call_seconds_bucket{method="/a.B/C",le="+Inf"}
)");
}

TEST(MetricsTest, CountsAndAddsUp) {
  Metrics metrics;
  metrics.ObserveCall("/a.B/C", "OK", 0.003);
  metrics.ObserveCall("/a.B/C", "OK", 2);
  metrics.ObserveCall("/a.B/C", "NOT_FOUND", 0.0001);
  metrics.AddInFlight("/a.B/C", 1);
  metrics.AddInFlight("/a.B/C", -1);
  metrics.Count("vardkedja_things_total", "Things.", {{"kind", "x"}}, 2);
  metrics.Count("vardkedja_things_total", "ignored", {{"kind", "x"}}, 3);
  metrics.SetGauge("vardkedja_level", "Level.", {}, 7);
  metrics.Observe("vardkedja_wait_seconds", "Wait.", {}, 0.02);
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("vardkedja_calls_total{code=\"OK\",method=\"/a.B/C\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("vardkedja_calls_total{code=\"NOT_FOUND\",method=\"/a.B/C\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("vardkedja_call_seconds_bucket{method=\"/a.B/C\",le=\"0.005\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("vardkedja_calls_in_flight{method=\"/a.B/C\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("vardkedja_things_total{kind=\"x\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("vardkedja_level 7\n"));
  EXPECT_THAT(text, HasSubstr("vardkedja_wait_seconds_count 1\n"));
}

TEST(MetricsTest, ProbesAreSampledAtEachScrape) {
  Metrics metrics;
  double value = 1;
  metrics.AddProbe("vardkedja_probe", "Probe.", {}, [&value] { return value; });
  EXPECT_THAT(metrics.Render(), HasSubstr("vardkedja_probe 1\n"));
  value = 2;
  EXPECT_THAT(metrics.Render(), HasSubstr("vardkedja_probe 2\n"));
  metrics.RemoveProbes();
  value = 3;
  EXPECT_THAT(metrics.Render(), HasSubstr("vardkedja_probe 2\n"));
}

}  // namespace
}  // namespace vardkedja::telemetry
