#include "gateway/auth/rate_limit.h"

#include <gtest/gtest.h>

namespace vardkedja::gateway {
namespace {

using std::chrono::milliseconds;

TEST(RateLimiterTest, SavesUpABurstAndRefillsAtTheRate) {
  RateLimiter limiter(10, 3);
  const RateLimiter::Time start{};
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.Take("a", start).has_value());
  EXPECT_EQ(limiter.Take("a", start), milliseconds(100));
  EXPECT_FALSE(limiter.Take("b", start).has_value());
  EXPECT_EQ(limiter.Take("a", start + milliseconds(60)), milliseconds(40));
  EXPECT_FALSE(limiter.Take("a", start + milliseconds(101)).has_value());
  // An hour saves no more than the burst.
  const auto later = start + std::chrono::hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.Take("a", later).has_value());
  EXPECT_TRUE(limiter.Take("a", later).has_value());
}

TEST(RateLimiterTest, RemembersABoundedNumberAndForgetsTheIdleFirst) {
  RateLimiter limiter(1, 1, 2);
  const RateLimiter::Time start{};
  EXPECT_FALSE(limiter.Take("idle", start).has_value());
  const auto later = start + milliseconds(900);
  EXPECT_FALSE(limiter.Take("busy", later).has_value());
  const auto latest = start + milliseconds(1100);
  EXPECT_FALSE(limiter.Take("new", latest).has_value());
  EXPECT_TRUE(limiter.Take("busy", latest).has_value());
}

TEST(RateLimiterTest, TimeGoingBackGivesNothing) {
  RateLimiter limiter(1, 1);
  const RateLimiter::Time start = RateLimiter::Time{} + std::chrono::hours(1);
  EXPECT_FALSE(limiter.Take("a", start).has_value());
  EXPECT_TRUE(limiter.Take("a", start - milliseconds(500)).has_value());
}

}  // namespace
}  // namespace vardkedja::gateway
