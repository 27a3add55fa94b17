// Dates the suite watches and reminds of (domain.md, section 8). The periods and warnings are dated
// rules, given as data. Pure; thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/time/time.h"

namespace vardkedja::notification::domain {

enum class DeadlineKind {
  kExecution,        // of a granted decision
  kDecisionPeriod,   // the decision's to-date comes near
  kGroundTerm,       // a consent or another ground ends
  kCostSplit,        // the written cost split of an acute placement
  kInterruption,     // of a stay that is not resumed
  kLvm,              // the longest time of care under LVM
  kReconsideration,  // of a voluntary placement
};

enum class DeadlineState { kOpen, kMet, kCancelled };

// "execution", "decision_period", "ground_term", "cost_split", "interruption", "lvm",
// "reconsideration"; "open", "met", "cancelled".
std::string_view Code(DeadlineKind kind);
std::string_view Code(DeadlineState state);
std::optional<DeadlineKind> ParseDeadlineKind(std::string_view code);
std::optional<DeadlineState> ParseDeadlineState(std::string_view code);

// The template of a reminder of this kind; see derivation.h.
std::string_view ReminderTemplate(DeadlineKind kind);

// One dated rule.
struct DeadlineRule {
  DeadlineKind kind = DeadlineKind::kExecution;
  Date valid_from{};
  int period_months = 0;  // 0 when the period's end is given by the event
  std::vector<int> remind_days_after_start;
  std::vector<int> remind_days_before_end;

  bool operator==(const DeadlineRule&) const = default;
};

// One broken rule of a rule file; `key` as "deadlines[0].period_months".
struct DeadlineRuleProblem {
  std::string key;
  std::string rule;
  std::string text;

  bool operator==(const DeadlineRuleProblem&) const = default;
};
std::vector<DeadlineRuleProblem> CheckDeadlineRules(std::span<const DeadlineRule> rules);

// The rule in force when the period starts: the latest valid_from on or before `start`.
std::optional<DeadlineRule> RuleInForce(std::span<const DeadlineRule> rules, DeadlineKind kind,
                                        Date start);

struct Schedule {
  Date due;
  std::vector<Date> reminders;  // oldest first, none twice, none before the start

  bool operator==(const Schedule&) const = default;
};

// Due date and reminders of a period. `end` is used when the rule has no period of its own; nothing
// when neither gives an end. A reminder that would fall before the start is given on the start.
std::optional<Schedule> MakeSchedule(const DeadlineRule& rule, Date start, std::optional<Date> end);

struct Deadline {
  std::string deadline_id;  // UUIDv7
  DeadlineKind kind = DeadlineKind::kExecution;
  // The decision, the ground, the case whose cost is split, the stay and the date it broke off, or
  // the care period.
  std::string subject_id;
  std::string case_id;
  std::string case_number;
  std::string unit_id;  // who is reminded
  Date due{};
  std::vector<Date> reminders;
  DeadlineState state = DeadlineState::kOpen;

  bool operator==(const Deadline&) const = default;
};

}  // namespace vardkedja::notification::domain
