// The order of the queue (domain.md, 6): a dated version of a rule, read from data, that turns an
// entry into a byte string. Entries stand in the order of those bytes, so that the order is an
// index and a position is a count. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class RuleColumn {
  kLvmInvestigation = 0,
  kChildPerspective = 1,
  kLvmSection27 = 2,
  kExternalPlacement = 3,
  kCriteriaMet = 4,  // how many of the four; only with Combination::kCount
  kDecisionDate = 5,
  kSubmittedAt = 6,
  kEntryId = 7,
};

// "lvm_investigation", "decision_date", ...
std::string_view Code(RuleColumn column);
// As people say it, lower case, in Swedish and English.
std::string_view NameSv(RuleColumn column);
std::string_view NameEn(RuleColumn column);

// How the yes/no criteria combine; a parameter of the version.
enum class Combination {
  kLeftmostFirst,  // version 1: each criterion is a column, yes before no, leftmost first
  kCount,          // more criteria met stand first, whichever they are
};

struct QueueRule {
  int version = 0;
  Date effective_from{};
  Combination combination = Combination::kLeftmostFirst;
  // The criteria that count, leftmost first: only the first four of RuleColumn.
  std::vector<RuleColumn> criteria;
  // Waiting longer than this raises an alert; 1 or more ("overarching", domain.md 6).
  int alert_after_days = 0;

  bool operator==(const QueueRule&) const = default;
};

// Parses one version as deploy/kronoberg/queue-rules.yaml and the table hold it. INVALID_ARGUMENT
// names what is wrong.
absl::StatusOr<QueueRule> MakeQueueRule(int version, Date effective_from,
                                        std::string_view combination,
                                        const std::vector<std::string>& criteria,
                                        int alert_after_days);
std::string_view Code(Combination combination);

// What the rule looks at.
struct RankedFacts {
  Criteria criteria;
  Date decision_date{};    // earliest decision for this facility
  Instant submitted_at{};  // earliest submission
  EntryId entry_id;        // breaks the last tie, so that no two keys are equal

  bool operator==(const RankedFacts&) const = default;
};

// One column's place in the key.
struct KeyPart {
  RuleColumn column;
  std::size_t offset;
  std::size_t length;  // the id is last and takes the rest
};
std::vector<KeyPart> Layout(const QueueRule& rule);

// Smaller stands first. Keys of one rule version only are comparable.
std::string SortKey(const QueueRule& rule, const RankedFacts& facts);

// The leftmost column in which two keys of this rule differ. Precondition: they differ.
RuleColumn DecidingColumn(const QueueRule& rule, std::string_view a, std::string_view b);

// A column's value of an entry for people: "yes", "no", "2026-11-21", an instant, a number.
std::string ValueText(const QueueRule& rule, RuleColumn column, const RankedFacts& facts);

// The version in force on a date: the latest that is effective. Precondition: one is.
const QueueRule* RuleOn(const std::vector<QueueRule>& rules, Date date);

}  // namespace vardkedja::placement::domain
