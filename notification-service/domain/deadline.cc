#include "notification-service/domain/deadline.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace vardkedja::notification::domain {
namespace {

constexpr int kPeriodMonthsMax = 120;
constexpr int kReminderDaysMax = 3660;
constexpr size_t kRemindersMax = 12;

constexpr std::array<std::pair<DeadlineKind, std::string_view>, 7> kKindCodes = {{
    {DeadlineKind::kExecution, "execution"},
    {DeadlineKind::kDecisionPeriod, "decision_period"},
    {DeadlineKind::kGroundTerm, "ground_term"},
    {DeadlineKind::kCostSplit, "cost_split"},
    {DeadlineKind::kInterruption, "interruption"},
    {DeadlineKind::kLvm, "lvm"},
    {DeadlineKind::kReconsideration, "reconsideration"},
}};

constexpr std::array<std::pair<DeadlineState, std::string_view>, 3> kStateCodes = {{
    {DeadlineState::kOpen, "open"},
    {DeadlineState::kMet, "met"},
    {DeadlineState::kCancelled, "cancelled"},
}};

bool InRange(const std::vector<int>& days) {
  return days.size() <= kRemindersMax && std::all_of(days.begin(), days.end(), [](int day) {
           return day >= 0 && day <= kReminderDaysMax;
         });
}

}  // namespace

std::string_view Code(DeadlineKind kind) {
  for (const auto& [known, code] : kKindCodes) {
    if (known == kind) return code;
  }
  return {};
}

std::string_view Code(DeadlineState state) {
  for (const auto& [known, code] : kStateCodes) {
    if (known == state) return code;
  }
  return {};
}

std::optional<DeadlineKind> ParseDeadlineKind(std::string_view code) {
  for (const auto& [kind, known] : kKindCodes) {
    if (known == code) return kind;
  }
  return std::nullopt;
}

std::optional<DeadlineState> ParseDeadlineState(std::string_view code) {
  for (const auto& [state, known] : kStateCodes) {
    if (known == code) return state;
  }
  return std::nullopt;
}

std::string_view ReminderTemplate(DeadlineKind kind) {
  switch (kind) {
    case DeadlineKind::kExecution:
      return "execution_reminder";
    case DeadlineKind::kDecisionPeriod:
      return "decision_period_reminder";
    case DeadlineKind::kGroundTerm:
      return "ground_term_reminder";
    case DeadlineKind::kCostSplit:
      return "cost_split_reminder";
    case DeadlineKind::kInterruption:
      return "interruption_reminder";
    case DeadlineKind::kLvm:
      return "lvm_reminder";
    case DeadlineKind::kReconsideration:
      return "reconsideration_reminder";
  }
  return {};
}

std::vector<DeadlineRuleProblem> CheckDeadlineRules(std::span<const DeadlineRule> rules) {
  std::vector<DeadlineRuleProblem> problems;
  std::set<std::pair<DeadlineKind, Date>> seen;
  for (size_t i = 0; i < rules.size(); ++i) {
    const DeadlineRule& rule = rules[i];
    const std::string key = "deadlines[" + std::to_string(i) + "]";
    if (!seen.emplace(rule.kind, rule.valid_from).second) {
      problems.push_back({key + ".valid_from", "DUPLICATE", "two rules start on the same day"});
    }
    const bool has_period =
        rule.kind != DeadlineKind::kDecisionPeriod && rule.kind != DeadlineKind::kGroundTerm;
    if (has_period ? rule.period_months < 1 || rule.period_months > kPeriodMonthsMax
                   : rule.period_months != 0) {
      problems.push_back({key + ".period_months", "PERIOD",
                          "decision_period and ground_term have no period, the others one of 1 "
                          "to 120 months"});
    }
    if (!InRange(rule.remind_days_after_start) || !InRange(rule.remind_days_before_end)) {
      problems.push_back(
          {key + ".remind_days", "RANGE", "at most 12 reminders of 0 to 3660 days in each list"});
    }
    if (rule.remind_days_after_start.empty() && rule.remind_days_before_end.empty()) {
      problems.push_back(
          {key + ".remind_days", "REQUIRED", "a watched date reminds at least once"});
    }
  }
  return problems;
}

std::optional<DeadlineRule> RuleInForce(std::span<const DeadlineRule> rules, DeadlineKind kind,
                                        Date start) {
  std::optional<DeadlineRule> found;
  for (const DeadlineRule& rule : rules) {
    if (rule.kind != kind || rule.valid_from > start) continue;
    if (!found || rule.valid_from > found->valid_from) found = rule;
  }
  return found;
}

std::optional<Schedule> MakeSchedule(const DeadlineRule& rule, Date start,
                                     std::optional<Date> end) {
  if (rule.period_months > 0) end = AddMonths(start, rule.period_months);
  if (!end) return std::nullopt;
  std::set<Date> reminders;
  for (int days : rule.remind_days_after_start) {
    reminders.insert(start + std::chrono::days(days));
  }
  for (int days : rule.remind_days_before_end) {
    reminders.insert(std::max(start, *end - std::chrono::days(days)));
  }
  return Schedule{.due = *end, .reminders = {reminders.begin(), reminders.end()}};
}

}  // namespace vardkedja::notification::domain
