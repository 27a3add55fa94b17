#include "notification-service/domain/deadline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardkedja::notification::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

DeadlineRule Execution(Date valid_from = MakeDate(2024, 1, 1)) {
  return {.kind = DeadlineKind::kExecution,
          .valid_from = valid_from,
          .period_months = 3,
          .remind_days_after_start = {60, 80, 90},
          .remind_days_before_end = {}};
}

DeadlineRule Period() {
  return {.kind = DeadlineKind::kDecisionPeriod,
          .valid_from = MakeDate(2024, 1, 1),
          .period_months = 0,
          .remind_days_after_start = {},
          .remind_days_before_end = {30}};
}

TEST(ScheduleTest, ExecutionIsThreeMonthsWarnedOnDay60And80And90) {
  const auto schedule = MakeSchedule(Execution(), MakeDate(2026, 3, 1), std::nullopt);
  ASSERT_TRUE(schedule.has_value());
  EXPECT_EQ(FormatDate(schedule->due), "2026-06-01");
  EXPECT_THAT(schedule->reminders,
              ElementsAre(MakeDate(2026, 4, 30), MakeDate(2026, 5, 20), MakeDate(2026, 5, 30)));
}

TEST(ScheduleTest, ThreeMonthsFromTheLastOfNovemberEndInFebruary) {
  EXPECT_EQ(MakeSchedule(Execution(), MakeDate(2026, 11, 30), std::nullopt)->due,
            MakeDate(2027, 2, 28));
  EXPECT_EQ(MakeSchedule(Execution(), MakeDate(2027, 11, 30), std::nullopt)->due,
            MakeDate(2028, 2, 29));
}

TEST(ScheduleTest, DecisionPeriodIsWarnedThirtyDaysBefore) {
  const auto schedule = MakeSchedule(Period(), MakeDate(2026, 1, 1), MakeDate(2026, 7, 1));
  ASSERT_TRUE(schedule.has_value());
  EXPECT_EQ(schedule->due, MakeDate(2026, 7, 1));
  EXPECT_THAT(schedule->reminders, ElementsAre(MakeDate(2026, 6, 1)));
}

TEST(ScheduleTest, AShortPeriodIsWarnedWhenItStarts) {
  EXPECT_THAT(MakeSchedule(Period(), MakeDate(2026, 1, 1), MakeDate(2026, 1, 10))->reminders,
              ElementsAre(MakeDate(2026, 1, 1)));
}

TEST(ScheduleTest, NoEndNoSchedule) {
  EXPECT_EQ(MakeSchedule(Period(), MakeDate(2026, 1, 1), std::nullopt), std::nullopt);
}

TEST(RuleInForceTest, TheLatestThatHasBegunOfTheSameKind) {
  const std::vector<DeadlineRule> rules = {Execution(MakeDate(2026, 1, 1)),
                                           Execution(MakeDate(2024, 1, 1)), Period()};
  EXPECT_EQ(RuleInForce(rules, DeadlineKind::kExecution, MakeDate(2025, 12, 31))->valid_from,
            MakeDate(2024, 1, 1));
  EXPECT_EQ(RuleInForce(rules, DeadlineKind::kExecution, MakeDate(2026, 1, 1))->valid_from,
            MakeDate(2026, 1, 1));
  EXPECT_EQ(RuleInForce(rules, DeadlineKind::kExecution, MakeDate(2023, 12, 31)), std::nullopt);
  EXPECT_EQ(RuleInForce(rules, DeadlineKind::kGroundTerm, MakeDate(2026, 1, 1)), std::nullopt);
}

TEST(DeadlineRulesTest, BreachesAreNamed) {
  EXPECT_THAT(CheckDeadlineRules(std::vector{Execution(), Period()}), IsEmpty());
  std::vector<DeadlineRule> rules = {Execution(), Execution(), Period(), Period()};
  rules[1].period_months = 0;
  rules[2].period_months = 6;
  rules[3].valid_from = MakeDate(2025, 1, 1);
  rules[3].remind_days_before_end = {};
  std::vector<std::string> found;
  for (const DeadlineRuleProblem& problem : CheckDeadlineRules(rules)) {
    found.push_back(problem.key + " " + problem.rule);
  }
  EXPECT_THAT(
      found, ElementsAre("deadlines[1].valid_from DUPLICATE", "deadlines[1].period_months PERIOD",
                         "deadlines[2].period_months PERIOD", "deadlines[3].remind_days REQUIRED"));
}

TEST(DeadlineCodesTest, ParseBack) {
  for (const DeadlineKind kind :
       {DeadlineKind::kExecution, DeadlineKind::kDecisionPeriod, DeadlineKind::kGroundTerm}) {
    EXPECT_EQ(ParseDeadlineKind(Code(kind)), kind);
    EXPECT_FALSE(ReminderTemplate(kind).empty());
  }
  for (const DeadlineState state :
       {DeadlineState::kOpen, DeadlineState::kMet, DeadlineState::kCancelled}) {
    EXPECT_EQ(ParseDeadlineState(Code(state)), state);
  }
  EXPECT_EQ(ParseDeadlineKind(""), std::nullopt);
}

}  // namespace
}  // namespace vardkedja::notification::domain
