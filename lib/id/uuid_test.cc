#include "lib/id/uuid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace vardkedja {
namespace {

TEST(UuidTest, VersionsAndVariantAreMarked) {
  for (int i = 0; i < 100; ++i) {
    const std::string v4 = NewUuidV4();
    const std::string v7 = NewUuidV7();
    EXPECT_TRUE(IsUuid(v4)) << v4;
    EXPECT_TRUE(IsUuid(v7)) << v7;
    EXPECT_EQ(v4[14], '4');
    EXPECT_EQ(v7[14], '7');
    EXPECT_THAT(std::string("89ab"), testing::HasSubstr(std::string(1, v4[19])));
    EXPECT_THAT(std::string("89ab"), testing::HasSubstr(std::string(1, v7[19])));
  }
}

TEST(UuidTest, Version7SortsInTheOrderOfMaking) {
  std::vector<std::string> made;
  for (int i = 0; i < 10'000; ++i) made.push_back(NewUuidV7());
  EXPECT_TRUE(std::is_sorted(made.begin(), made.end()));
  EXPECT_EQ(std::set<std::string>(made.begin(), made.end()).size(), made.size());
}

TEST(UuidTest, ThreadsNeverMakeTheSame) {
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& own : made) {
      threads.emplace_back([&own] {
        for (int i = 0; i < 2'000; ++i) own.push_back(NewUuidV7());
      });
    }
  }
  std::set<std::string> all;
  for (const auto& own : made) all.insert(own.begin(), own.end());
  EXPECT_EQ(all.size(), 8'000U);
}

TEST(UuidTest, RefusesOtherForms) {
  EXPECT_TRUE(IsUuid("018f3b2a-7c1d-7e00-8000-0123456789ab"));
  for (const char* text :
       {"", "018F3B2A-7C1D-7E00-8000-0123456789AB", "018f3b2a7c1d7e0080000123456789ab",
        "{018f3b2a-7c1d-7e00-8000-0123456789ab}", "018f3b2a-7c1d-7e00-8000-0123456789ag",
        "018f3b2a-7c1d-7e00-80000-123456789ab"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

}  // namespace
}  // namespace vardkedja
