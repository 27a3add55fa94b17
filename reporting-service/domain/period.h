// Periods of whole local days (Europe/Stockholm).
#pragma once

#include <vector>

#include "lib/time/time.h"

namespace vardkedja::reporting::domain {

// From `from` up to, not including, `to`. A valid period has from < to.
struct Period {
  Date from{};
  Date to{};

  bool Contains(Date date) const { return from <= date && date < to; }
  int Days() const { return static_cast<int>((to - from).count()); }
  bool operator==(const Period&) const = default;
};

// Numbered as vardkedja.reporting.v1.Granularity; unspecified means the whole period.
enum class Granularity { kUnspecified = 0, kDay = 1, kWeek = 2, kMonth = 3, kPeriod = 4 };

// The parts of a period, in order: without gap or overlap, cut at its ends. Weeks begin on Monday.
std::vector<Period> Split(Period period, Granularity granularity);

// The days two periods share; from == to when there are none.
Period Intersect(Period a, Period b);

// Calendar quarter 1 to 4. Precondition: 1 <= quarter <= 4.
Period Quarter(int year, int quarter);

Period CalendarYear(int year);

}  // namespace vardkedja::reporting::domain
