// docs/ of this service, written from the tables and the rule that the code runs on. A test fails
// when a file differs (set VARDKEDJA_WRITE_DOCS=1 to write it anew).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "placement-service/domain/alternation.h"
#include "placement-service/domain/care_period.h"
#include "placement-service/domain/explanation.h"
#include "placement-service/domain/external_stay.h"
#include "placement-service/domain/hold.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/queue_override.h"
#include "placement-service/domain/queue_rule.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/transfer.h"

namespace vardkedja::placement::domain {
namespace {

constexpr char kWrittenBy[] =
    "Written by `placement_service_test` from what the service runs on; the test fails when this\n"
    "file differs (set `VARDKEDJA_WRITE_DOCS=1` to write it anew).\n";

void Compare(const std::string& path, const std::string& text) {
  if (std::getenv("VARDKEDJA_WRITE_DOCS") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text) << path;
}

std::string PartiesText(unsigned parties) {
  static const std::vector<std::pair<unsigned, std::string>> kNames = {
      {kOwner, "owner"},       {kBoard, "board"},
      {kFacility, "facility"}, {kNextFacility, "next facility"},
      {kTimer, "timer"},       {kConsequence, "consequence"}};
  std::string text;
  for (const auto& [party, name] : kNames) {
    if ((parties & party) == 0) continue;
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

template <class State, class Action>
std::string Diagram(const std::string& title, std::span<const Transition<State, Action>> table) {
  std::string text = "\n## " + title + "\n\n```mermaid\nstateDiagram-v2\n";
  std::string rows = "| from | action | by | to |\n|---|---|---|---|\n";
  for (const auto& row : table) {
    const std::string from(Name(row.from));
    const std::string action(Name(row.action));
    const std::string to(Name(row.to));
    text += "  " + from + " --> " + to + " : " + action + "\n";
    rows += "| " + from + " | " + action + " | " + PartiesText(row.parties) + " | " + to + " |\n";
  }
  return text + "```\n\n" + rows;
}

TEST(DocumentsTest, TheStateDiagramsAreTheTables) {
  std::string text = "# The states of placement\n\n";
  text += kWrittenBy;
  text +=
      "\nWhat a table does not name is refused with `ILLEGAL_STATE` and what is allowed. `by` is "
      "the\n"
      "party that may: the owner of the case, the board, the facility concerned (of a transfer "
      "the\n"
      "one that is left), the one moved to, a timer, or what follows from something else in the\n"
      "same commit.\n";
  text += Diagram("Queue entry", EntryTable());
  text += Diagram("Override", OverrideTable());
  text += Diagram("Hold", HoldTable());
  text += Diagram("Offer", OfferTable());
  text += Diagram("Transfer", TransferTable());
  text += Diagram("Stay", StayTable());
  text += Diagram("Time at home (alternating stay)", AlternationTable());
  text += Diagram("External stay", ExternalStayTable());
  text += Diagram("Care period", CarePeriodTable());
  Compare("placement-service/docs/states.md", text);
}

// One who waits in the example; invented, and known by a letter.
struct Waiting {
  std::string name;
  RankedFacts facts;
  bool passed = false;
  bool parked = false;
};

RankedFacts Facts(const Criteria& criteria, Date decided, Date submitted, const std::string& id) {
  return {criteria, decided, StartOfDay(submitted), EntryId(id)};
}

std::vector<Waiting> Example() {
  const Date march = MakeDate(2026, 3, 1);
  const auto day = [march](int days) { return march + std::chrono::days(days); };
  return {
      {"A", Facts({}, day(0), day(-10), "a")},
      {"B", Facts({.child_perspective = true}, day(9), day(-3), "b")},
      {"C", Facts({.lvm_section_27 = true}, day(10), day(8), "c")},
      {"D", Facts({.lvm_investigation = true}, day(12), day(2), "d")},
      {"E", Facts({.external_placement = true}, day(4), day(-20), "e")},
      {"F", Facts({.child_perspective = true, .lvm_section_27 = true}, day(11), day(7), "f")},
      {"G", Facts({}, day(0), day(-12), "g"), /*passed=*/true},
      {"H", Facts({.child_perspective = true}, day(9), day(-3), "h"), false, /*parked=*/true},
  };
}

std::vector<BeforeCount> CountsBefore(const QueueRule& rule, const std::vector<Waiting>& queue,
                                      std::size_t own) {
  std::map<RuleColumn, int> counts;
  for (std::size_t i = 0; i < own; ++i) {
    ++counts[DecidingColumn(rule, SortKey(rule, queue[i].facts), SortKey(rule, queue[own].facts))];
  }
  std::vector<BeforeCount> rows;
  for (const auto& [column, count] : counts) rows.push_back({column, count});
  return rows;
}

std::string QueueTable(const QueueRule& rule, const std::vector<Waiting>& queue) {
  std::string text = "| position | who |";
  std::string line = "|---|---|";
  const std::vector<KeyPart> layout = Layout(rule);
  for (std::size_t part = 0; part + 1 < layout.size(); ++part) {
    text += " " + std::string(Code(layout[part].column)) + " |";
    line += "---|";
  }
  text += " the one before stands there by |\n" + line + "---|\n";
  for (std::size_t i = 0; i < queue.size(); ++i) {
    text += "| " + std::to_string(i + 1) + " | " + queue[i].name + " |";
    for (std::size_t part = 0; part + 1 < layout.size(); ++part) {
      text += " " + ValueText(rule, layout[part].column, queue[i].facts) + " |";
    }
    text += " " +
            (i == 0 ? std::string()
                    : std::string(Code(DecidingColumn(rule, SortKey(rule, queue[i - 1].facts),
                                                      SortKey(rule, queue[i].facts))))) +
            " |\n";
  }
  return text;
}

std::string Explained(const QueueRule& rule, const std::vector<Waiting>& queue) {
  std::string text;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const Standing standing{"Novus",
                            BedKind::kRegular,
                            static_cast<int>(i) + 1,
                            CountsBefore(rule, queue, i),
                            queue[i].passed,
                            false,
                            queue[i].parked};
    const Why why = Explain(rule, queue[i].facts, standing);
    text += "\n**" + queue[i].name + "** " + why.sv + "\n\n> " + why.en + "\n";
  }
  return text;
}

std::vector<Waiting> Sorted(const QueueRule& rule, std::vector<Waiting> queue) {
  std::sort(queue.begin(), queue.end(), [&](const Waiting& a, const Waiting& b) {
    return SortKey(rule, a.facts) < SortKey(rule, b.facts);
  });
  return queue;
}

TEST(DocumentsTest, TheExplainedQueueIsWhatTheRuleSays) {
  const QueueRule first = *MakeQueueRule(
      1, MakeDate(2025, 1, 1), "leftmost_first",
      {"lvm_investigation", "child_perspective", "lvm_section_27", "external_placement"}, 30);
  const QueueRule counted = *MakeQueueRule(
      2, MakeDate(2027, 1, 1), "count",
      {"lvm_investigation", "child_perspective", "lvm_section_27", "external_placement"}, 30);
  std::string text = "# The queue, explained\n\n";
  text += kWrittenBy;
  text +=
      "\n## The rule\n\n"
      "Version 1, as domain.md 6 decides it: the criteria are yes/no columns, yes before no, "
      "leftmost\n"
      "first: under LVM investigation and agrees to treatment, the child's perspective must be\n"
      "considered, LVM section 27, from an external placement. Then the earliest decision date "
      "for\n"
      "the facility, then the earliest submission, then the id. The rule ranks; eligibility\n"
      "(`CheckEligibility`) says who of those ranked can be offered a certain bed from a certain "
      "date:\n"
      "who is parked, answers another offer, was offered that bed before, has a decision that does "
      "not\n"
      "reach the date, or is not acute while planned intake is closed, keeps the place and is "
      "passed\n"
      "over. Anything else goes by an override of two seats, with its reason stored in the "
      "offer.\n\n"
      "## Eight who wait for Novus\n\n";
  const std::vector<Waiting> queue = Sorted(first, Example());
  text += QueueTable(first, queue);
  text +=
      "\nG was passed before, when the date of a decision was corrected; H is parked in hospital "
      "and\n"
      "keeps the place. A and G were decided on the same day: the earlier submission stands first. "
      "B and\n"
      "H are equal in all but the id, which breaks the last tie.\n";
  text += Explained(first, queue);
  text +=
      "\n## The same eight if the criteria were counted\n\n"
      "Another combination is another row of `queue-rules.yaml` with its own date, never an edit:\n"
      "`combination: count` puts first who meets most of the criteria.\n\n";
  text += QueueTable(counted, Sorted(counted, Example()));
  Compare("placement-service/docs/queue.md", text);
}

}  // namespace
}  // namespace vardkedja::placement::domain
