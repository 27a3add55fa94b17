// Periods and indices as the model speaks of them.
#pragma once

#include <cstddef>

#include "tests/simulation/model.h"

namespace vardkedja::placement::simulation {

inline const Date kNever = MakeDate(9999, 1, 1);

inline Date EndOf(const MaybeDate& end) { return end.value_or(kNever); }

inline bool Covers(const Entry& entry, Date date) {
  return entry.decided <= date && date < EndOf(entry.covered_to);
}

// Half-open periods that share time. One that begins and ends on the same date has no length: it
// collides only with a period that was under way before that date and goes on after it.
inline bool Collide(Date a_from, Date a_to, Date b_from, Date b_to) {
  if (a_from == a_to) return b_from < a_from && a_from < b_to;
  if (b_from == b_to) return a_from < b_from && b_from < a_to;
  return a_from < b_to && b_from < a_to;
}

inline std::size_t At(int index) { return static_cast<std::size_t>(index); }

}  // namespace vardkedja::placement::simulation
