#include "reporting-service/domain/money.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <numeric>

namespace vardkedja::reporting::domain {
namespace {

using ::testing::ElementsAre;

TEST(ApportionTest, LargestRemainderGetsTheOreLeftOver) {
  // 100 * 2/7 = 28 4/7, 3/7 = 42 6/7, 2/7 = 28 4/7: one öre to the second, one to the first.
  EXPECT_THAT(Apportion({100}, {2, 3, 2}), ElementsAre(Ore{29}, Ore{43}, Ore{28}));
}

TEST(ApportionTest, TiesGoToTheEarlier) {
  EXPECT_THAT(Apportion({5}, {1, 1}), ElementsAre(Ore{3}, Ore{2}));
  EXPECT_THAT(Apportion({1}, {0, 1, 1}), ElementsAre(Ore{0}, Ore{1}, Ore{0}));
}

TEST(ApportionTest, RevenueMirrorsCost) {
  EXPECT_THAT(Apportion({-5}, {1, 1}), ElementsAre(Ore{-3}, Ore{-2}));
}

TEST(ApportionTest, NobodyToBearMeansNothing) {
  EXPECT_THAT(Apportion({5}, {0, 0}), ElementsAre(Ore{0}, Ore{0}));
}

RC_GTEST_PROP(ApportionProperty, PartsAddUpAndAreWithinOneOreOfExact, ()) {
  const auto amount = *rc::gen::inRange<std::int64_t>(-10'000'000'000'000, 10'000'000'000'000);
  const auto weights = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 10'001)));
  const auto sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  RC_PRE(sum > 0);
  const std::vector<Ore> parts = Apportion({amount}, weights);
  Ore total;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    total += parts[i];
    const long double exact = static_cast<long double>(amount) * weights[i] / sum;
    RC_ASSERT(std::abs(exact - static_cast<long double>(parts[i].amount)) <= 1.0L);
  }
  RC_ASSERT(total == Ore{amount});
}

TEST(ExactOreTest, RoundsHalfAwayFromZeroAndOnlyOnce) {
  EXPECT_EQ(ExactOre({50'000}, 1, 1).ThousandSek(), 1);
  EXPECT_EQ(ExactOre({49'999}, 1, 1).ThousandSek(), 0);
  EXPECT_EQ(ExactOre({-50'000}, 1, 1).ThousandSek(), -1);
  ExactOre thirds({100'000}, 1, 3);
  thirds += ExactOre({100'000}, 1, 6);
  EXPECT_EQ(thirds.ThousandSek(), 1);  // exactly a half, not a hair less
}

}  // namespace
}  // namespace vardkedja::reporting::domain
