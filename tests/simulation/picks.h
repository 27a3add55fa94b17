// How the numbers of a step are read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vardkedja::placement::simulation {

// Which of so many.
inline int Pick(std::uint32_t number, std::size_t size) { return static_cast<int>(number % size); }

// 0 often, a few days now and then.
inline std::chrono::days Shift(std::uint32_t number, int most) {
  if (number % 3 != 0) return std::chrono::days(0);
  return std::chrono::days(static_cast<int>(number / 3) % (most + 1));
}

}  // namespace vardkedja::placement::simulation
