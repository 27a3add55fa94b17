#include "reporting-service/domain/survival.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

namespace vardkedja::reporting::domain {
namespace {

std::vector<Duration> Reached(std::initializer_list<std::int64_t> lengths) {
  std::vector<Duration> durations;
  for (const std::int64_t length : lengths) durations.push_back({length, true});
  return durations;
}

TEST(QuantileTest, WithoutCensoringItIsTheOrdinaryQuantile) {
  EXPECT_EQ(Quantile(Reached({5, 1, 3}), 0.5), 3);
  // Half of them at 3: S(3) = 0.5 exactly.
  EXPECT_EQ(Quantile(Reached({1, 3, 5, 7}), 0.5), 3);
  // S(9) = 0.1 after nine factors; a plain product of doubles misses it.
  EXPECT_EQ(Quantile(Reached({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), 0.1), 9);
  EXPECT_EQ(Quantile(Reached({0}), 0.5), 0);
}

// Worked by hand. Times 6, 6, 6, 6+, 7, 9+, 10, 10+, 11+, 13 (+ is censored), n = 10:
//   t = 6: at risk 10, 3 ended, S = 7/10
//   t = 7: at risk 6, 1 ended, S = 7/10 * 5/6 = 0.58333
//   t = 10: at risk 4, 1 ended, S = 0.58333 * 3/4 = 0.4375
//   t = 13: at risk 1, 1 ended, S = 0
TEST(QuantileTest, HandCalculatedTableWithCensoring) {
  const std::vector<Duration> durations = {{6, true},   {6, true},  {6, true},  {6, false},
                                           {7, true},   {9, false}, {10, true}, {10, false},
                                           {11, false}, {13, true}};
  EXPECT_EQ(Quantile(durations, 0.7), 6);
  EXPECT_EQ(Quantile(durations, 0.6), 7);
  EXPECT_EQ(Quantile(durations, 0.5), 10);
  EXPECT_EQ(Quantile(durations, 0.1), 13);
}

TEST(QuantileTest, NotReachedWhenTooManyStillWait) {
  EXPECT_EQ(Quantile({{4, true}, {9, false}, {9, false}}, 0.5), std::nullopt);
  EXPECT_EQ(Quantile({{9, false}}, 0.5), std::nullopt);
  EXPECT_EQ(Quantile({}, 0.5), std::nullopt);
}

TEST(QuantileTest, LeavingOutTheWaitingWouldFlatter) {
  // Two moved in after 10 days, four have waited 50: the median is not 10.
  const std::vector<Duration> all = {{10, true},  {10, true},  {50, false},
                                     {50, false}, {50, false}, {50, false}};
  EXPECT_EQ(Quantile(all, 0.5), std::nullopt);
  EXPECT_EQ(Quantile(Reached({10, 10}), 0.5), 10);
}

TEST(QuantileTest, EndsComeBeforeCensoringsAtEqualTime) {
  EXPECT_EQ(Quantile({{5, false}, {5, true}}, 0.5), 5);
}

RC_GTEST_PROP(QuantileProperty, WithoutCensoringEqualsTheOrderStatistic, ()) {
  auto lengths = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 400)));
  std::vector<Duration> durations;
  for (const int length : lengths) durations.push_back({length, true});
  std::sort(lengths.begin(), lengths.end());
  const std::size_t median = (lengths.size() + 1) / 2 - 1;    // ceil(n/2), 1-based
  const std::size_t p90 = (9 * lengths.size() + 9) / 10 - 1;  // ceil(9n/10)
  RC_ASSERT(Quantile(durations, 0.5) == std::optional<std::int64_t>(lengths[median]));
  RC_ASSERT(Quantile(durations, 0.1) == std::optional<std::int64_t>(lengths[p90]));
}

}  // namespace
}  // namespace vardkedja::reporting::domain
