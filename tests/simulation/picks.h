// How the numbers of a step are read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/simulation/region.h"

namespace vardkedja::placement::simulation {

// Which of so many.
inline int Pick(std::uint32_t number, std::size_t size) { return static_cast<int>(number % size); }

// 0 often, a few days now and then.
inline std::chrono::days Shift(std::uint32_t number, int most) {
  if (number % 3 != 0) return std::chrono::days(0);
  return std::chrono::days(static_cast<int>(number / 3) % (most + 1));
}

// Any of those in a state; any at all one time in eight; -1 when there is none.
template <class Thing>
int PickIn(const std::vector<Thing>& things, std::string_view state, const Step& step) {
  std::vector<int> fitting;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (step.which % 8 == 0 || things[i].state == state) fitting.push_back(static_cast<int>(i));
  }
  if (fitting.empty()) return -1;
  return fitting[static_cast<std::size_t>(Pick(step.other, fitting.size()))];
}

}  // namespace vardkedja::placement::simulation
