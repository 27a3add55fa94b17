#include "lib/telemetry/trace.h"

#include <gtest/gtest.h>

#include <set>

namespace vardkedja::telemetry {
namespace {

constexpr char kGood[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceTest, ParsesTheExampleOfTheStandardAndPrintsItAgain) {
  const std::optional<Traceparent> trace = ParseTraceparent(kGood);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace->parent_id, "00f067aa0ba902b7");
  EXPECT_TRUE(trace->sampled);
  EXPECT_EQ(Format(*trace), kGood);
}

TEST(TraceTest, RefusesEverythingElse) {
  for (const char* bad : {"", "00", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(ParseTraceparent(bad).has_value()) << bad;
  }
}

TEST(TraceTest, AChildKeepsTheTraceAndTheSamplingAndGetsASpanOfItsOwn) {
  const Traceparent child = ChildOf("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
  EXPECT_EQ(child.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(child.parent_id, "00f067aa0ba902b7");
  EXPECT_FALSE(child.sampled);
  EXPECT_TRUE(ParseTraceparent(Format(child)).has_value());
}

TEST(TraceTest, WithoutAParentANewTraceBegins) {
  const Traceparent first = ChildOf("nonsense");
  EXPECT_TRUE(ParseTraceparent(Format(first)).has_value());
  EXPECT_NE(first.trace_id, ChildOf("nonsense").trace_id);
}

TEST(TraceTest, CallIdsAreDistinctUuidsOfVersion4) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewCallId();
    EXPECT_TRUE(IsUuid(id)) << id;
    EXPECT_EQ(id[14], '4');
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(TraceTest, IsUuidWantsTheTextForm) {
  EXPECT_TRUE(IsUuid("0190F3A2-7c1e-7000-8000-0123456789ab"));
  EXPECT_FALSE(IsUuid("0190f3a2-7c1e-7000-8000-0123456789a"));
  EXPECT_FALSE(IsUuid("0190f3a27c1e-7000-8000-0123456789abc"));
  EXPECT_FALSE(IsUuid("g190f3a2-7c1e-7000-8000-0123456789ab"));
  EXPECT_FALSE(IsUuid(""));
}

}  // namespace
}  // namespace vardkedja::telemetry
