#include "reporting-service/domain/non_executed.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

namespace vardkedja::reporting::domain {
namespace {

using std::chrono::days;

const Period kQ2 = Quarter(2026, 2);

Wait From(Date start, std::optional<Date> executed = {}, std::optional<Date> closed = {}) {
  Wait wait;
  wait.start = start;
  wait.executed = executed;
  wait.closed = closed;
  return wait;
}

TEST(ReportableTest, ThreeMonthsThatEndOnTheLastDayAreInTheQuarter) {
  EXPECT_EQ(Reportable(From(MakeDate(2026, 3, 30)), kQ2), ReportableRule::kNotExecuted);
  EXPECT_EQ(Reportable(From(MakeDate(2026, 3, 31)), kQ2), ReportableRule::kNotExecuted);
  EXPECT_EQ(Reportable(From(MakeDate(2026, 4, 1)), kQ2), ReportableRule::kNone);
}

TEST(ReportableTest, ExecutedOnTheDueDateIsInTimeTheDayAfterIsLate) {
  const Date decided = MakeDate(2026, 1, 15);
  EXPECT_EQ(Reportable(From(decided, MakeDate(2026, 4, 15)), kQ2), ReportableRule::kNone);
  EXPECT_EQ(Reportable(From(decided, MakeDate(2026, 4, 16)), kQ2), ReportableRule::kExecutedLate);
}

TEST(ReportableTest, ExecutedAfterTheQuarterIsNotExecutedInIt) {
  const Wait wait = From(MakeDate(2026, 1, 15), MakeDate(2026, 7, 1));
  EXPECT_EQ(Reportable(wait, kQ2), ReportableRule::kNotExecuted);
  EXPECT_EQ(Reportable(wait, Quarter(2026, 3)), ReportableRule::kExecutedLate);
  EXPECT_EQ(Reportable(wait, Quarter(2026, 4)), ReportableRule::kNone);
}

TEST(ReportableTest, ClosedForAnotherReason) {
  EXPECT_EQ(Reportable(From(MakeDate(2026, 1, 1), {}, MakeDate(2026, 6, 30)), kQ2),
            ReportableRule::kClosedLate);
  EXPECT_EQ(Reportable(From(MakeDate(2026, 1, 1), {}, MakeDate(2026, 3, 31)), kQ2),
            ReportableRule::kNone);
}

TEST(ReportableTest, ExecutionThatIsThenClosedWasExecuted) {
  EXPECT_EQ(Reportable(From(MakeDate(2026, 1, 1), MakeDate(2026, 5, 1), MakeDate(2026, 5, 1)), kQ2),
            ReportableRule::kExecutedLate);
}

// The old case that a list of "decisions made in the quarter" misses.
TEST(ReportableTest, AnOldDecisionStaysInEveryQuarterUntilItEnds) {
  const Wait wait = From(MakeDate(2024, 2, 1), MakeDate(2026, 5, 20));
  for (int year = 2024, quarter = 2; year * 4 + quarter < 2026 * 4 + 2;) {
    EXPECT_EQ(Reportable(wait, Quarter(year, quarter)), ReportableRule::kNotExecuted);
    if (++quarter == 5) quarter = 1, ++year;
  }
  EXPECT_EQ(Reportable(wait, kQ2), ReportableRule::kExecutedLate);
}

// Written from the definition, with each rule on its own, and not from the code.
RC_GTEST_PROP(ReportableProperty, ExactlyOneRuleOrNone, ()) {
  const Date start = MakeDate(2025, 1, 1) + days(*rc::gen::inRange(0, 400));
  const auto end = [&] {
    // Often close to the due date, where the rules meet.
    const int after = *rc::gen::oneOf(rc::gen::inRange(-1, 500), rc::gen::inRange(88, 94));
    return after < 0 ? std::nullopt : std::optional<Date>(start + days(after));
  };
  const Wait wait = From(start, end(), end());
  const Period quarter = Quarter(2025 + *rc::gen::inRange(0, 3), *rc::gen::inRange(1, 5));
  const Date last = quarter.to - days(1);
  const Date due = AddMonths(start, 3);
  const bool executed_first = wait.executed && (!wait.closed || *wait.executed <= *wait.closed);
  const bool closed_first = wait.closed && !executed_first;
  const bool executed_by_end = executed_first && *wait.executed <= last;
  const bool closed_by_end = closed_first && *wait.closed <= last;

  const bool a = due <= last && !executed_by_end && !closed_by_end;
  const bool b = executed_by_end && quarter.from <= *wait.executed && *wait.executed > due;
  const bool c = closed_by_end && quarter.from <= *wait.closed && *wait.closed > due;
  RC_ASSERT(int{a} + int{b} + int{c} <= 1);

  const ReportableRule rule = Reportable(wait, quarter);
  RC_ASSERT((rule == ReportableRule::kNotExecuted) == a);
  RC_ASSERT((rule == ReportableRule::kExecutedLate) == b);
  RC_ASSERT((rule == ReportableRule::kClosedLate) == c);
}

// From the quarter in which three months end until the one in which it ends: no gap, no echo.
RC_GTEST_PROP(ReportableProperty, ALateDecisionNeverDropsOut, ()) {
  const Date start = MakeDate(2025, 1, 1) + days(*rc::gen::inRange(0, 400));
  const Date due = AddMonths(start, 3);
  const Date end = due + days(*rc::gen::inRange(1, 700));
  const Wait wait = *rc::gen::arbitrary<bool>() ? From(start, end) : From(start, {}, end);
  for (int year = 2024; year < 2030; ++year) {
    for (int number = 1; number <= 4; ++number) {
      const Period quarter = Quarter(year, number);
      const bool expected = due < quarter.to && quarter.from <= end;
      RC_ASSERT((Reportable(wait, quarter) != ReportableRule::kNone) == expected);
    }
  }
}

Facts FactsWith(Date decided) {
  Facts facts;
  facts.municipalities = {{"0764", "Alvesta", "alvesta", true}, {"0780", "Växjö", "vaxjo", true}};
  facts.decisions = {{"d1", "c1", "p1", "0764", "novus", BedKind::kRegular, decided, {}, false}};
  Offer declined;
  declined.decision_id = "d1";
  declined.outcome = OfferOutcome::kDeclined;
  declined.answered_on = MakeDate(2026, 5, 1);
  Offer later = declined;
  later.answered_on = MakeDate(2026, 7, 1);
  facts.offers = {declined, later};
  return facts;
}

TEST(NonExecutedTest, AMunicipalityWithoutAnythingHasItsNilRow) {
  const NonExecuted report =
      ComputeNonExecuted(FactsWith(MakeDate(2026, 1, 10)), kQ2, MakeDate(2026, 8, 1));
  ASSERT_EQ(report.rows.size(), 2u);
  EXPECT_EQ(report.rows[0].not_executed, 1);
  EXPECT_EQ(report.rows[0].longest_days, 171);  // 10 January to 30 June
  EXPECT_EQ(report.rows[1].municipality_name, "Växjö");
  EXPECT_EQ(report.rows[1].Total(), 0);
  EXPECT_EQ(report.total.Total(), 1);
  ASSERT_EQ(report.items.size(), 1u);
  EXPECT_EQ(report.items[0].unsuccessful_offers, 1);
}

TEST(NonExecutedTest, AQuarterInProgressIsJudgedAtAsOf) {
  const Facts facts = FactsWith(MakeDate(2026, 2, 10));
  EXPECT_EQ(ComputeNonExecuted(facts, kQ2, MakeDate(2026, 5, 9)).total.Total(), 0);
  EXPECT_EQ(ComputeNonExecuted(facts, kQ2, MakeDate(2026, 5, 10)).total.Total(), 1);
  EXPECT_EQ(ComputeNonExecuted(facts, kQ2, MakeDate(2026, 3, 1)).total.Total(), 0);
}

TEST(NonExecutedTest, AnInterruptionHasAClockOfItsOwn) {
  Facts facts = FactsWith(MakeDate(2026, 1, 10));
  facts.stays = {{"s1", "c1", "p1", "d1", "novus", BedKind::kRegular, "b1", MakeDate(2026, 1, 20),
                  std::nullopt}};
  facts.interruptions = {{"s1", MakeDate(2026, 2, 1), std::nullopt}};
  const NonExecuted report = ComputeNonExecuted(facts, kQ2, MakeDate(2026, 8, 1));
  ASSERT_EQ(report.items.size(), 1u);
  EXPECT_TRUE(report.items[0].wait.interruption);
}

}  // namespace
}  // namespace vardkedja::reporting::domain
