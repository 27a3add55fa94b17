#include "placement-service/domain/queue_rule.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <tuple>

#include "placement-service/domain/explanation.h"

namespace vardkedja::placement::domain {
namespace {

QueueRule VersionOne() {
  return *MakeQueueRule(
      1, MakeDate(2025, 1, 1), "leftmost_first",
      {"lvm_investigation", "child_perspective", "lvm_section_27", "external_placement"}, 30);
}

RankedFacts Facts(unsigned criteria, int day, int second, const std::string& id) {
  RankedFacts facts;
  facts.criteria = {(criteria & 8) != 0, (criteria & 4) != 0, (criteria & 2) != 0,
                    (criteria & 1) != 0};
  facts.decision_date = MakeDate(2026, 1, 1) + std::chrono::days(day);
  facts.submitted_at = StartOfDay(MakeDate(2026, 1, 1)) + std::chrono::seconds(second);
  facts.entry_id = EntryId(id);
  return facts;
}

// The rule as domain.md 6 says it, without bytes.
auto InWords(const RankedFacts& facts) {
  return std::tuple(!facts.criteria.lvm_investigation, !facts.criteria.child_perspective,
                    !facts.criteria.lvm_section_27, !facts.criteria.external_placement,
                    facts.decision_date, facts.submitted_at, facts.entry_id.value);
}

TEST(QueueRuleTest, EveryCombinationOfCriteriaAndTimesStandsWhereTheRuleSays) {
  std::vector<RankedFacts> all;
  for (unsigned criteria = 0; criteria < 16; ++criteria) {
    for (int day : {-500, 0, 1}) {
      for (int second : {-1, 0, 1}) {
        for (const char* id : {"a", "b"}) all.push_back(Facts(criteria, day, second, id));
      }
    }
  }
  const QueueRule rule = VersionOne();
  for (const RankedFacts& a : all) {
    for (const RankedFacts& b : all) {
      EXPECT_EQ(SortKey(rule, a) < SortKey(rule, b), InWords(a) < InWords(b));
    }
  }
}

RC_GTEST_PROP(QueueRuleProperty, KeysOrderAsTheWordsDo, (std::vector<int> numbers)) {
  const QueueRule rule = VersionOne();
  std::vector<RankedFacts> all;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const int n = numbers[i];
    all.push_back(Facts(static_cast<unsigned>(n) & 15u, n % 7, n % 11, std::to_string(i)));
  }
  auto by_key = all;
  std::sort(by_key.begin(), by_key.end(),
            [&](const auto& a, const auto& b) { return SortKey(rule, a) < SortKey(rule, b); });
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return InWords(a) < InWords(b); });
  RC_ASSERT(by_key == all);
}

TEST(QueueRuleTest, TheDecidingColumnIsTheLeftmostThatDiffers) {
  const QueueRule rule = VersionOne();
  const auto deciding = [&](const RankedFacts& a, const RankedFacts& b) {
    return DecidingColumn(rule, SortKey(rule, a), SortKey(rule, b));
  };
  EXPECT_EQ(deciding(Facts(8, 0, 0, "a"), Facts(7, 0, 0, "b")), RuleColumn::kLvmInvestigation);
  EXPECT_EQ(deciding(Facts(4, 0, 0, "a"), Facts(3, 0, 0, "b")), RuleColumn::kChildPerspective);
  EXPECT_EQ(deciding(Facts(2, 0, 0, "a"), Facts(1, 0, 0, "b")), RuleColumn::kLvmSection27);
  EXPECT_EQ(deciding(Facts(1, 0, 0, "a"), Facts(0, 0, 0, "b")), RuleColumn::kExternalPlacement);
  EXPECT_EQ(deciding(Facts(1, 0, 5, "a"), Facts(1, 1, 0, "b")), RuleColumn::kDecisionDate);
  EXPECT_EQ(deciding(Facts(1, 1, 0, "b"), Facts(1, 1, 5, "a")), RuleColumn::kSubmittedAt);
  EXPECT_EQ(deciding(Facts(1, 1, 0, "a"), Facts(1, 1, 0, "b")), RuleColumn::kEntryId);
}

TEST(QueueRuleTest, CountingIsAnotherVersionOfTheSameData) {
  const auto rule = MakeQueueRule(2, MakeDate(2027, 1, 1), "count",
                                  {"lvm_investigation", "child_perspective", "lvm_section_27"}, 30);
  ASSERT_TRUE(rule.ok());
  EXPECT_LT(SortKey(*rule, Facts(6, 1, 0, "b")), SortKey(*rule, Facts(8, 0, 0, "a")));
  EXPECT_EQ(DecidingColumn(*rule, SortKey(*rule, Facts(6, 0, 0, "a")),
                           SortKey(*rule, Facts(8, 0, 0, "b"))),
            RuleColumn::kCriteriaMet);
  // The fourth does not count in this version.
  EXPECT_EQ(ValueText(*rule, RuleColumn::kCriteriaMet, Facts(15, 0, 0, "a")), "3");
}

TEST(QueueRuleTest, TheLatestEffectiveVersionIsInForce) {
  std::vector<QueueRule> rules = {VersionOne(), VersionOne()};
  rules[1].version = 2;
  rules[1].effective_from = MakeDate(2027, 1, 1);
  EXPECT_EQ(RuleOn(rules, MakeDate(2026, 12, 31))->version, 1);
  EXPECT_EQ(RuleOn(rules, MakeDate(2027, 1, 1))->version, 2);
  EXPECT_EQ(RuleOn(rules, MakeDate(2024, 1, 1)), nullptr);
}

TEST(QueueRuleTest, MalformedRulesAreRefused) {
  const Date date = MakeDate(2026, 1, 1);
  EXPECT_FALSE(MakeQueueRule(0, date, "count", {}, 30).ok());
  EXPECT_FALSE(MakeQueueRule(1, date, "best", {}, 30).ok());
  EXPECT_FALSE(MakeQueueRule(1, date, "count", {"decision_date"}, 30).ok());
  EXPECT_FALSE(
      MakeQueueRule(1, date, "count", {"lvm_investigation", "lvm_investigation"}, 30).ok());
  EXPECT_FALSE(MakeQueueRule(1, date, "count", {}, 0).ok());
}

TEST(ExplanationTest, SaysPositionCriteriaAndWhoStandsBeforeInBothLanguages) {
  const Standing standing{
      "Novus", BedKind::kRegular,
      3,       {{RuleColumn::kLvmInvestigation, 1}, {RuleColumn::kDecisionDate, 1}},
      false,   true};
  const Why why = Explain(VersionOne(), Facts(4, 0, 0, "a"), standing);
  EXPECT_EQ(why.sv,
            "Ärendet står på plats 3 i kön till Novus (ordinarie plats) enligt turordningsregeln, "
            "version 1. Uppfyllda kriterier: har barn och barnperspektivet behöver beaktas. "
            "Beslutsdatum: 2026-01-01. Av dem som står före: 1 uppfyller kriteriet \"under "
            "utredning enligt LVM och går med på behandling\"; 1 har tidigare beslutsdatum. Väntan "
            "har varat längre än 30 dagar och remissgruppen är underrättad.");
  EXPECT_EQ(why.en,
            "The case stands at position 3 in the queue to Novus (regular place) by queue rule "
            "version 1. Criteria met: has children and the child's perspective must be considered. "
            "Decision date: 2026-01-01. Those who stand before: 1 by the criterion \"under "
            "investigation for compulsory care (LVM) and agrees to treatment\"; 1 by an earlier "
            "decision date. The wait is longer than 30 days and the placement board has been "
            "alerted.");
  const Why beyond = Explain(VersionOne(), Facts(0, 0, 0, "a"),
                             {"Novus", BedKind::kIntake, kExactPositions + 1, {}, false, false});
  EXPECT_NE(beyond.sv.find("längre bak än plats 10 000"), std::string::npos);
  EXPECT_NE(beyond.en.find("beyond position 10 000"), std::string::npos);
}

}  // namespace
}  // namespace vardkedja::placement::domain
