// Kaplan-Meier for waiting times: those who still wait count as waiting at least as long as they
// have, so that a median does not improve because the slowest are left out (domain.md, 9).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace vardkedja::reporting::domain {

// One wait: how long, in a unit of the caller's choice, and whether it ended in what was waited
// for. When not, it is censored there: it lasted at least that long.
struct Duration {
  std::int64_t length = 0;
  bool reached = false;
};

// The smallest t with S(t) <= level, or nothing when S never falls that far ("not reached").
// Median: level 0.5. 90th percentile: level 0.1. At equal t, ends come before censorings.
std::optional<std::int64_t> Quantile(std::vector<Duration> durations, double level);

}  // namespace vardkedja::reporting::domain
