#include "reporting-service/domain/suppression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vardkedja::reporting::domain {
namespace {

using ::testing::ElementsAre;

TEST(WithheldRowsTest, LargeAndEmptyGroupsAreShown) {
  EXPECT_THAT(WithheldRows({{{5, 5}}, {{0, 0}}, {{17, 9}}}), ElementsAre(false, false, false));
}

TEST(WithheldRowsTest, OneSmallGroupTakesTheSmallestOtherWithIt) {
  EXPECT_THAT(WithheldRows({{{3}}, {{20}}, {{7}}, {{0}}}), ElementsAre(true, false, true, false));
}

TEST(WithheldRowsTest, ASmallCountInAnyColumnWithholdsTheRow) {
  EXPECT_THAT(WithheldRows({{{12, 10, 2}}, {{30, 15, 15}}, {{40, 20, 20}}}),
              ElementsAre(true, true, false));
}

TEST(WithheldRowsTest, TwoSmallGroupsThatTogetherAreSmallAreNotEnough) {
  EXPECT_THAT(WithheldRows({{{1}}, {{1}}, {{9}}, {{30}}}), ElementsAre(true, true, true, false));
}

TEST(WithheldRowsTest, WhatTheReaderKnowsAnywayHidesNothing) {
  EXPECT_THAT(WithheldRows({{{3}, true}, {{2}}, {{8}}}), ElementsAre(false, true, true));
}

TEST(WithheldRowsTest, EverythingGoesWhenTooLittleIsLeft) {
  EXPECT_THAT(WithheldRows({{{2}}, {{0}}, {{0}}}), ElementsAre(true, true, true));
}

RC_GTEST_PROP(WithheldRowsProperty, NoSmallCountIsShownOrLeftAlone, ()) {
  std::vector<GroupCells> groups;
  for (const int count : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
    groups.push_back({{count}, false});
  }
  const std::vector<bool> withheld = WithheldRows(groups);
  std::size_t rows = 0;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (withheld[i]) {
      ++rows;
      sum += groups[i].counts[0];
    } else {
      RC_ASSERT(!IsSmall(groups[i].counts[0]));
    }
  }
  RC_ASSERT(rows == 0 || rows == groups.size() || (rows >= 2 && !IsSmall(sum)));
}

}  // namespace
}  // namespace vardkedja::reporting::domain
