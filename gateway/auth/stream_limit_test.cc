#include "gateway/auth/stream_limit.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardkedja::gateway {
namespace {

TEST(StreamLimitTest, BoundsAllAndEachCallerAndTakesSeatsBack) {
  StreamLimit limit(3, 2);
  std::vector<std::shared_ptr<const StreamSeat>> seats = {limit.Take("a"), limit.Take("a")};
  EXPECT_NE(seats[1], nullptr);
  EXPECT_EQ(limit.Take("a"), nullptr) << "one caller has no more than its own";
  seats.push_back(limit.Take("b"));
  EXPECT_NE(seats[2], nullptr);
  EXPECT_EQ(limit.Take("c"), nullptr) << "there are no more in all";
  EXPECT_EQ(limit.taken(), 3);
  seats.erase(seats.begin());
  EXPECT_NE(seats.emplace_back(limit.Take("a")), nullptr);
  seats.clear();
  EXPECT_EQ(limit.taken(), 0);
}

}  // namespace
}  // namespace vardkedja::gateway
