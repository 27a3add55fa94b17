#include "reporting-service/domain/period.h"

#include <algorithm>
#include <cassert>

namespace vardkedja::reporting::domain {
namespace {

using std::chrono::days;

Date NextStart(Date date, Granularity granularity) {
  switch (granularity) {
    case Granularity::kDay:
      return date + days(1);
    case Granularity::kWeek: {
      const std::chrono::weekday weekday{date};
      return date + days(8 - static_cast<int>(weekday.iso_encoding()));
    }
    case Granularity::kMonth: {
      const std::chrono::year_month_day ymd{date};
      return AddMonths(Date(ymd.year() / ymd.month() / std::chrono::day(1)), 1);
    }
    case Granularity::kUnspecified:
    case Granularity::kPeriod:
      break;
  }
  return Date::max();
}

}  // namespace

std::vector<Period> Split(Period period, Granularity granularity) {
  std::vector<Period> parts;
  for (Date from = period.from; from < period.to;) {
    const Date to = std::min(NextStart(from, granularity), period.to);
    parts.push_back({from, to});
    from = to;
  }
  return parts;
}

Period Intersect(Period a, Period b) {
  const Date from = std::max(a.from, b.from);
  return {from, std::max(from, std::min(a.to, b.to))};
}

Period Quarter(int year, int quarter) {
  assert(1 <= quarter && quarter <= 4);
  const Date from = MakeDate(year, static_cast<unsigned>(quarter * 3 - 2), 1);
  return {from, AddMonths(from, 3)};
}

Period CalendarYear(int year) { return {MakeDate(year, 1, 1), MakeDate(year + 1, 1, 1)}; }

}  // namespace vardkedja::reporting::domain
