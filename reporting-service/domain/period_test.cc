#include "reporting-service/domain/period.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardkedja::reporting::domain {
namespace {

using ::testing::ElementsAre;

TEST(PeriodTest, WeeksBeginOnMondayAndAreCutAtTheEnds) {
  // 2026-01-01 is a Thursday.
  const Period period{MakeDate(2026, 1, 1), MakeDate(2026, 1, 14)};
  EXPECT_THAT(Split(period, Granularity::kWeek),
              ElementsAre(Period{MakeDate(2026, 1, 1), MakeDate(2026, 1, 5)},
                          Period{MakeDate(2026, 1, 5), MakeDate(2026, 1, 12)},
                          Period{MakeDate(2026, 1, 12), MakeDate(2026, 1, 14)}));
}

TEST(PeriodTest, MonthsAreCalendarMonths) {
  const Period period{MakeDate(2027, 12, 31), MakeDate(2028, 3, 1)};
  EXPECT_THAT(Split(period, Granularity::kMonth),
              ElementsAre(Period{MakeDate(2027, 12, 31), MakeDate(2028, 1, 1)},
                          Period{MakeDate(2028, 1, 1), MakeDate(2028, 2, 1)},
                          Period{MakeDate(2028, 2, 1), MakeDate(2028, 3, 1)}));
}

TEST(PeriodTest, DaysCoverThePeriodWithoutGap) {
  const Period period{MakeDate(2026, 3, 27), MakeDate(2026, 4, 2)};
  const auto days = Split(period, Granularity::kDay);
  ASSERT_EQ(days.size(), 6u);
  for (std::size_t i = 1; i < days.size(); ++i) EXPECT_EQ(days[i - 1].to, days[i].from);
  EXPECT_THAT(Split(period, Granularity::kPeriod), ElementsAre(period));
}

TEST(PeriodTest, QuartersAndYears) {
  EXPECT_EQ(Quarter(2026, 4), (Period{MakeDate(2026, 10, 1), MakeDate(2027, 1, 1)}));
  EXPECT_EQ(CalendarYear(2024).Days(), 366);
}

TEST(PeriodTest, NothingInCommonIsEmpty) {
  const Period a{MakeDate(2026, 1, 1), MakeDate(2026, 2, 1)};
  const Period b{MakeDate(2026, 3, 1), MakeDate(2026, 4, 1)};
  EXPECT_EQ(Intersect(a, b).Days(), 0);
  EXPECT_EQ(Intersect(b, a).Days(), 0);
}

}  // namespace
}  // namespace vardkedja::reporting::domain
