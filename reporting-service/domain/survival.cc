#include "reporting-service/domain/survival.h"

#include <algorithm>
#include <cstddef>

namespace vardkedja::reporting::domain {

std::optional<std::int64_t> Quantile(std::vector<Duration> durations, double level) {
  // A product of fractions misses 1/10 by a few ulp; no two sample fractions that can occur with
  // fewer than a million waits lie this close together.
  constexpr long double kTolerance = 1e-13L;
  std::sort(durations.begin(), durations.end(),
            [](const Duration& a, const Duration& b) { return a.length < b.length; });
  long double survival = 1.0L;
  for (std::size_t i = 0; i < durations.size();) {
    const std::int64_t t = durations[i].length;
    const auto at_risk = static_cast<long double>(durations.size() - i);
    long double ended = 0.0L;
    for (; i < durations.size() && durations[i].length == t; ++i) {
      if (durations[i].reached) ended += 1.0L;
    }
    if (ended == 0.0L) continue;
    survival *= (at_risk - ended) / at_risk;
    if (survival <= static_cast<long double>(level) + kTolerance) return t;
  }
  return std::nullopt;
}

}  // namespace vardkedja::reporting::domain
