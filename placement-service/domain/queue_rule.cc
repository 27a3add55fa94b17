#include "placement-service/domain/queue_rule.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

struct ColumnText {
  RuleColumn column;
  std::string_view code;
  std::string_view sv;
  std::string_view en;
};

constexpr std::array<ColumnText, 8> kColumns = {{
    {RuleColumn::kLvmInvestigation, "lvm_investigation",
     "under utredning enligt LVM och går med på behandling",
     "under investigation for compulsory care (LVM) and agrees to treatment"},
    {RuleColumn::kChildPerspective, "child_perspective",
     "har barn och barnperspektivet behöver beaktas",
     "has children and the child's perspective must be considered"},
    {RuleColumn::kLvmSection27, "lvm_section_27", "ska placeras enligt 27 § LVM",
     "is to be placed under LVM section 27"},
    {RuleColumn::kExternalPlacement, "external_placement",
     "kommer från en extern placering vars behov kan mötas internt",
     "comes from an external placement whose needs an internal one can meet"},
    {RuleColumn::kCriteriaMet, "criteria_met", "antal uppfyllda kriterier",
     "number of criteria met"},
    {RuleColumn::kDecisionDate, "decision_date", "beslutsdatum", "decision date"},
    {RuleColumn::kSubmittedAt, "submitted_at", "tidpunkt då blanketten skickades in",
     "time the form was submitted"},
    {RuleColumn::kEntryId, "entry_id", "köplatsens id", "id of the entry"},
}};

const ColumnText& Texts(RuleColumn column) { return kColumns[static_cast<std::size_t>(column)]; }

bool IsCriterion(RuleColumn column) { return column < RuleColumn::kCriteriaMet; }

bool Met(RuleColumn column, const Criteria& criteria) {
  switch (column) {
    case RuleColumn::kLvmInvestigation:
      return criteria.lvm_investigation;
    case RuleColumn::kChildPerspective:
      return criteria.child_perspective;
    case RuleColumn::kLvmSection27:
      return criteria.lvm_section_27;
    case RuleColumn::kExternalPlacement:
      return criteria.external_placement;
    default:
      return false;
  }
}

int CountMet(const std::vector<RuleColumn>& columns, const Criteria& criteria) {
  return static_cast<int>(std::count_if(columns.begin(), columns.end(),
                                        [&](RuleColumn column) { return Met(column, criteria); }));
}

// Big-endian with the sign flipped, so that bytes order as numbers do.
void PutNumber(std::string& key, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>((bits >> shift) & 0xff);
}

absl::Status Malformed(std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what, "QUEUE_RULE_MALFORMED");
}

}  // namespace

std::string_view Code(RuleColumn column) { return Texts(column).code; }
std::string_view NameSv(RuleColumn column) { return Texts(column).sv; }
std::string_view NameEn(RuleColumn column) { return Texts(column).en; }

std::string_view Code(Combination combination) {
  return combination == Combination::kCount ? "count" : "leftmost_first";
}

absl::StatusOr<QueueRule> MakeQueueRule(int version, Date effective_from,
                                        std::string_view combination,
                                        const std::vector<std::string>& criteria,
                                        int alert_after_days) {
  QueueRule rule;
  rule.version = version;
  rule.effective_from = effective_from;
  rule.alert_after_days = alert_after_days;
  if (version < 1) return Malformed("a queue rule's version is 1 or more");
  if (alert_after_days < 1) return Malformed("alert_after_days is 1 or more");
  if (combination == Code(Combination::kCount)) {
    rule.combination = Combination::kCount;
  } else if (combination != Code(Combination::kLeftmostFirst)) {
    return Malformed("combination is leftmost_first or count");
  }
  std::set<RuleColumn> seen;
  for (const std::string& code : criteria) {
    const auto* found = std::find_if(kColumns.begin(), kColumns.end(), [&](const ColumnText& row) {
      return row.code == code && IsCriterion(row.column);
    });
    if (found == kColumns.end()) return Malformed("unknown criterion " + code);
    if (!seen.insert(found->column).second) return Malformed("criterion given twice: " + code);
    rule.criteria.push_back(found->column);
  }
  return rule;
}

std::vector<KeyPart> Layout(const QueueRule& rule) {
  std::vector<KeyPart> parts;
  std::size_t offset = 0;
  const auto add = [&](RuleColumn column, std::size_t length) {
    parts.push_back({column, offset, length});
    offset += length;
  };
  if (rule.combination == Combination::kCount) {
    add(RuleColumn::kCriteriaMet, 1);
  } else {
    for (const RuleColumn column : rule.criteria) add(column, 1);
  }
  add(RuleColumn::kDecisionDate, 8);
  add(RuleColumn::kSubmittedAt, 8);
  add(RuleColumn::kEntryId, 36);
  return parts;
}

std::string SortKey(const QueueRule& rule, const RankedFacts& facts) {
  std::string key;
  if (rule.combination == Combination::kCount) {
    const int unmet =
        static_cast<int>(rule.criteria.size()) - CountMet(rule.criteria, facts.criteria);
    key += static_cast<char>(unmet);
  } else {
    for (const RuleColumn column : rule.criteria) key += Met(column, facts.criteria) ? '\0' : '\1';
  }
  PutNumber(key, facts.decision_date.time_since_epoch().count());
  PutNumber(key, facts.submitted_at.time_since_epoch().count());
  key += facts.entry_id.value;
  return key;
}

RuleColumn DecidingColumn(const QueueRule& rule, std::string_view a, std::string_view b) {
  for (const KeyPart& part : Layout(rule)) {
    if (a.substr(part.offset, part.length) != b.substr(part.offset, part.length)) {
      return part.column;
    }
  }
  return RuleColumn::kEntryId;
}

std::string ValueText(const QueueRule& rule, RuleColumn column, const RankedFacts& facts) {
  switch (column) {
    case RuleColumn::kCriteriaMet:
      return std::to_string(CountMet(rule.criteria, facts.criteria));
    case RuleColumn::kDecisionDate:
      return FormatDate(facts.decision_date);
    case RuleColumn::kSubmittedAt:
      return FormatInstant(facts.submitted_at);
    case RuleColumn::kEntryId:
      return facts.entry_id.value;
    default:
      return Met(column, facts.criteria) ? "yes" : "no";
  }
}

const QueueRule* RuleOn(const std::vector<QueueRule>& rules, Date date) {
  const QueueRule* best = nullptr;
  for (const QueueRule& rule : rules) {
    if (rule.effective_from > date) continue;
    if (best == nullptr || rule.version > best->version) best = &rule;
  }
  return best;
}

}  // namespace vardkedja::placement::domain
