// A rebuild gives the same numbers, for every earlier instant too.
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "reporting-service/events/story_fixture.h"
#include "reporting-service/storage/fact_tables.h"

namespace vardkedja::reporting {
namespace {

class RebuildTest : public StoryFixture {
 protected:
  RebuildTest() {
    Reference();
    At(MakeDate(2026, 1, 5));
    Submit("a");
    Decide("a", "novus");
    Queue("a", "novus");
    Submit("b", "0780");
    Decide("b", "ekeliden", "0780");
    Queue("b", "ekeliden");
    At(MakeDate(2026, 2, 1));
    Enrol("b", "ekeliden");
    Consume();
  }
};

TEST_F(RebuildTest, TheNumbersAreTheSameAndSoAreTheSubstitutes) {
  const Instant first = now();
  const std::string at_first = AllReports(first);
  At(MakeDate(2026, 5, 1));
  Offer("a", "novus", "1");
  const std::string late_report = AllReports(now());  // makes the offer late
  const Instant second = now();
  Consume();
  At(MakeDate(2026, 7, 1));
  const std::string at_last = AllReports(now());

  v1::GetNonExecutedDecisionsRequest request;
  request.set_year(2026);
  request.set_quarter(2);
  const auto items = [&] {
    return Must(handlers_.NonExecuted(Call(auth::Role::kDecider, "alvesta"), request)).items();
  };
  const auto before = items();
  ASSERT_EQ(before.size(), 1);
  EXPECT_EQ(before[0].substitute_id().size(), 36u);

  const absl::Status rebuilt = storage::Rebuild(*pool_, pg::kNoDeadline);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt;
  const auto meanwhile =
      handlers_.Queue(Call(auth::Role::kBoardMember), Year<v1::GetQueueReportRequest>());
  EXPECT_EQ(meanwhile.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(meanwhile.status())->reason, "REBUILDING");

  Consume();
  EXPECT_EQ(AllReports(first), at_first);
  EXPECT_EQ(AllReports(second), late_report);
  EXPECT_EQ(AllReports(now()), at_last);
  EXPECT_EQ(items()[0].DebugString(), before[0].DebugString());
}

TEST_F(RebuildTest, EveryTableOfFactsIsEmptiedAndFilledAgain) {
  const auto count = [&](std::string_view table) {
    return database_.Query("reporting", "SELECT count(*) AS n FROM " + std::string(table))[0].Int(
        "n");
  };
  std::map<std::string_view, std::int64_t> before;
  for (const std::string_view table : storage::kFactTables) before[table] = count(table);
  ASSERT_TRUE(storage::Rebuild(*pool_, pg::kNoDeadline).ok());
  for (const std::string_view table : storage::kFactTables) EXPECT_EQ(count(table), 0) << table;
  Consume();
  for (const auto& [table, rows] : before) EXPECT_EQ(count(table), rows) << table;

  const auto tables = database_.Query(
      "reporting",
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'reporting'"
      " AND table_name LIKE '%\\_fact'");
  EXPECT_EQ(tables.size(), static_cast<int>(storage::kFactTables.size()));
}

}  // namespace
}  // namespace vardkedja::reporting
