#include "lib/time/time.h"

#include <gtest/gtest.h>

namespace vardkedja {
namespace {

Instant At(std::string_view text) { return ParseInstant(text).value(); }

TEST(TimeTest, ADayBeginsInStockholm) {
  EXPECT_EQ(StockholmDate(At("2026-11-21T22:59:59Z")), MakeDate(2026, 11, 21));
  EXPECT_EQ(StockholmDate(At("2026-11-21T23:00:00Z")), MakeDate(2026, 11, 22));
  EXPECT_EQ(StockholmDate(At("2026-07-01T22:00:00Z")), MakeDate(2026, 7, 2));
}

TEST(TimeTest, SummerTimeDaysHave23And25Hours) {
  using std::chrono::hours;
  EXPECT_EQ(StartOfDay(MakeDate(2026, 3, 30)) - StartOfDay(MakeDate(2026, 3, 29)), hours(23));
  EXPECT_EQ(StartOfDay(MakeDate(2026, 10, 26)) - StartOfDay(MakeDate(2026, 10, 25)), hours(25));
}

TEST(TimeTest, ThreeMonthsEndOnTheSameDayOrTheMonthsLast) {
  EXPECT_EQ(AddMonths(MakeDate(2026, 11, 30), 3), MakeDate(2027, 2, 28));
  EXPECT_EQ(AddMonths(MakeDate(2027, 11, 30), 3), MakeDate(2028, 2, 29));
  EXPECT_EQ(AddMonths(MakeDate(2026, 1, 15), 3), MakeDate(2026, 4, 15));
  EXPECT_EQ(AddMonths(MakeDate(2026, 12, 31), -1), MakeDate(2026, 11, 30));
}

TEST(TimeTest, DatesRoundTripAndNonsenseIsRefused) {
  EXPECT_EQ(FormatDate(ParseDate("2028-02-29").value()), "2028-02-29");
  for (const char* text : {"2027-02-29", "2026-1-01", "2026-13-01", "20260101", "", "2026-00-10",
                           "-026-01-01", "2026-01-01 ", "3026-01-01"}) {
    EXPECT_FALSE(ParseDate(text).has_value()) << text;
  }
}

TEST(TimeTest, InstantsRoundTripAndTakeAnyOffset) {
  EXPECT_EQ(FormatInstant(At("2026-11-21T23:11:33.5+01:00")), "2026-11-21T22:11:33.500000Z");
  EXPECT_FALSE(ParseInstant("2026-11-21 23:11").has_value());
  EXPECT_FALSE(ParseInstant("").has_value());
  // Years that PostgreSQL, or this system, does not take.
  EXPECT_FALSE(ParseInstant("300000-01-01T00:00:00Z").has_value());
  EXPECT_FALSE(ParseInstant("-4800-01-01T00:00:00Z").has_value());
  EXPECT_FALSE(ParseInstant("1899-12-31T23:59:59Z").has_value());
  EXPECT_FALSE(ParseInstant("2200-01-01T00:00:00Z").has_value());
  EXPECT_FALSE(ParseInstant("infinite-future").has_value());
  EXPECT_TRUE(ParseInstant("1900-01-01T00:00:00Z").has_value());
  EXPECT_TRUE(ParseInstant("2199-12-31T23:59:59.999999Z").has_value());
}

}  // namespace
}  // namespace vardkedja
