#include "gateway/http/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace vardkedja::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(UrlTest, ReadsPathAndQuery) {
  const auto target = ParseTarget("/a/b%20c?x=1&y=a+b&y=%C3%A5&flag");
  ASSERT_TRUE(target.has_value());
  EXPECT_THAT(target->segments, ElementsAre("a", "b c"));
  EXPECT_THAT(target->query,
              ElementsAre(Pair("x", "1"), Pair("y", "a b"), Pair("y", "å"), Pair("flag", "")));
  EXPECT_TRUE(ParseTarget("/")->segments.empty());
}

TEST(UrlTest, RefusesWhatIsMalformed) {
  for (const char* text :
       {"",        "a",     "*",         "http://x/a", "/a//b",    "/a/",
        "/a/../b", "/./a",  "/%2e%2e/a", "/a%2fb",     "/a%",      "/a%4",
        "/a%zz",   "/a%00", "/a%0d%0ab", "/a%ff",      "/a%c0%af", "/a%ed%a0%80",
        "/a#b",    "/a?=1", "/a?x=%",    "/a?x=%ff",   "/a?&x=1",  "/a?x=%f4%90%80%80"}) {
    EXPECT_FALSE(ParseTarget(text).has_value()) << text;
  }
  std::string many = "/a?";
  for (std::size_t i = 0; i <= kMaxQueryParameters; ++i) many += "x=1&";
  EXPECT_FALSE(ParseTarget(many).has_value());
}

TEST(UrlTest, KnowsIdentityNumbers) {
  for (const char* text : {"191212121212", "19121212-1212", "121212-1212", "1212121212",
                           "121212+1212", "19900172-9801"}) {
    EXPECT_TRUE(LooksLikeIdentityNumber(text)) << text;
  }
  for (const char* text : {"", "2026-11-21", "20261121", "191299121212", "1912-12121212",
                           "019aab3e-5a5d-7c7f-8000-000000000001", "12121212120", "121200-1212"}) {
    EXPECT_FALSE(LooksLikeIdentityNumber(text)) << text;
  }
}

// Random damage to valid targets; whatever is accepted keeps its promises. The seed is pinned.
TEST(UrlTest, AcceptsNothingThatBreaksItsPromises) {
  std::mt19937 random(20261121);
  const std::string seed = "/referral/v1/referrals/%C3%A5b/submit?limit=10&filter.kinds=A+B&x=%20";
  const std::string alphabet = "/%?&=+#.0aF\xc3\xa5\x01\xff";
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = seed;
    for (int k = static_cast<int>(random() % 4); k >= 0; --k) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    }
    if (random() % 4 == 0) text.resize(random() % text.size());
    const auto target = ParseTarget(text);
    if (!target.has_value()) continue;
    ++accepted;
    for (const std::string& segment : target->segments) {
      EXPECT_TRUE(IsValidUtf8(segment)) << i;
      EXPECT_EQ(segment.find('/'), std::string::npos) << i;
      EXPECT_NE(segment, "..") << i;
    }
    for (const auto& [name, value] : target->query) {
      EXPECT_FALSE(name.empty()) << i;
      EXPECT_TRUE(IsValidUtf8(name) && IsValidUtf8(value)) << i;
    }
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace vardkedja::gateway
