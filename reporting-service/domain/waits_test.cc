#include "reporting-service/domain/waits.h"

#include <gtest/gtest.h>

namespace vardkedja::reporting::domain {
namespace {

const Date kDecided = MakeDate(2026, 1, 15);
const Date kLater = MakeDate(2030, 1, 1);

Facts OneDecision() {
  Facts facts;
  facts.cases = {{"c1", "p1", "0764", StartOfDay(MakeDate(2026, 1, 1)), {}, {}}};
  facts.decisions = {{"d1", "c1", "p1", "0764", "novus", BedKind::kRegular, kDecided, {}, false}};
  return facts;
}

Stay StayOn(Date move_in) {
  return {"s1", "c1", "p1", "d1", "novus", BedKind::kRegular, "b1", move_in, std::nullopt};
}

QueueEntry Left(const std::string& reason, Date on) {
  QueueEntry entry;
  entry.entry_id = "e1";
  entry.decision_id = "d1";
  entry.left_on = on;
  entry.left_reason = reason;
  return entry;
}

TEST(WaitsTest, ThreeMonthsEndOnTheSameDayOrTheMonthsLast) {
  Wait wait;
  wait.start = MakeDate(2026, 11, 30);
  EXPECT_EQ(wait.Due(), MakeDate(2027, 2, 28));
  wait.start = MakeDate(2027, 11, 30);
  EXPECT_EQ(wait.Due(), MakeDate(2028, 2, 29));
  wait.start = MakeDate(2026, 1, 15);
  EXPECT_EQ(wait.Due(), MakeDate(2026, 4, 15));
}

TEST(WaitsTest, ExecutionIsTheMoveIn) {
  Facts facts = OneDecision();
  facts.stays = {StayOn(MakeDate(2026, 2, 1))};
  const auto waits = DecisionWaits(facts, kLater);
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_EQ(waits[0].executed, MakeDate(2026, 2, 1));
  EXPECT_EQ(DecisionWaits(facts, MakeDate(2026, 1, 31))[0].executed, std::nullopt);
  EXPECT_TRUE(DecisionWaits(facts, MakeDate(2026, 1, 14)).empty());
}

TEST(WaitsTest, OnlyARealClosingCloses) {
  for (const char* reason : {"ground_ended", "decision_ended", "placed", "something_new"}) {
    Facts facts = OneDecision();
    facts.queue_entries = {Left(reason, MakeDate(2026, 2, 1))};
    EXPECT_EQ(DecisionWaits(facts, kLater)[0].closed, std::nullopt) << reason;
  }
  for (const char* reason : {"withdrawn", "case_closed", "deceased"}) {
    Facts facts = OneDecision();
    facts.queue_entries = {Left(reason, MakeDate(2026, 2, 1))};
    EXPECT_EQ(DecisionWaits(facts, kLater)[0].closed, MakeDate(2026, 2, 1)) << reason;
  }
}

TEST(WaitsTest, ADecisionThatEndedIsExecutedByTheMoveInOnTheOneThatFollowed) {
  Facts facts = OneDecision();
  facts.queue_entries = {Left("decision_ended", MakeDate(2026, 4, 20))};
  facts.decisions.push_back(facts.decisions[0]);
  facts.decisions[1].decision_id = "d2";
  facts.decisions[1].decision_date = MakeDate(2026, 5, 1);
  auto waits = DecisionWaits(facts, kLater);
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_EQ(waits[0].End(), std::nullopt);

  facts.stays = {StayOn(MakeDate(2026, 6, 1))};
  facts.stays[0].decision_id = "d2";
  waits = DecisionWaits(facts, kLater);
  EXPECT_EQ(waits[0].executed, MakeDate(2026, 6, 1));
  EXPECT_EQ(waits[1].executed, MakeDate(2026, 6, 1));

  facts.stays[0].facility_id = "ekeliden";
  facts.stays[0].decision_id = "d3";
  EXPECT_EQ(DecisionWaits(facts, kLater)[0].executed, std::nullopt) << "another facility's";
  EXPECT_EQ(DecisionWaits(facts, MakeDate(2026, 5, 31))[0].executed, std::nullopt);
}

TEST(WaitsTest, AStayBeforeTheDecisionExecutesNothing) {
  Facts facts = OneDecision();
  facts.stays = {StayOn(MakeDate(2026, 1, 10))};
  facts.stays[0].decision_id = "d0";
  EXPECT_EQ(DecisionWaits(facts, kLater)[0].executed, std::nullopt);
}

TEST(WaitsTest, AnOfferNeverCloses) {
  Facts facts = OneDecision();
  Offer offer;
  offer.decision_id = "d1";
  offer.outcome = OfferOutcome::kDeclined;
  offer.answered_on = MakeDate(2026, 2, 1);
  facts.offers = {offer};
  EXPECT_EQ(DecisionWaits(facts, kLater)[0].End(), std::nullopt);
}

TEST(WaitsTest, TheCaseClosesItsDecisionsAndTheEarliestClosingCounts) {
  Facts facts = OneDecision();
  facts.queue_entries = {Left("withdrawn", MakeDate(2026, 3, 2))};
  Step closed;
  closed.case_id = "c1";
  closed.kind = StepKind::kClosed;
  closed.at = StartOfDay(MakeDate(2026, 3, 1));
  closed.code = "moved";
  facts.steps = {closed};
  const auto waits = DecisionWaits(facts, kLater);
  EXPECT_EQ(waits[0].closed, MakeDate(2026, 3, 1));
  EXPECT_EQ(waits[0].closing_reason, "moved");
}

TEST(WaitsTest, ClosingAfterExecutionLeavesItExecuted) {
  Facts facts = OneDecision();
  facts.stays = {StayOn(MakeDate(2026, 3, 1))};
  facts.queue_entries = {Left("case_closed", MakeDate(2026, 3, 1))};
  EXPECT_TRUE(DecisionWaits(facts, kLater)[0].EndedByExecution());
}

TEST(WaitsTest, AnInterruptionIsResumedOrClosedByDeparture) {
  Facts facts = OneDecision();
  facts.stays = {StayOn(MakeDate(2026, 2, 1))};
  facts.interruptions = {{"s1", MakeDate(2026, 3, 1), std::nullopt}};
  auto waits = InterruptionWaits(facts, kLater);
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_TRUE(waits[0].interruption);
  EXPECT_EQ(waits[0].municipality_code, "0764");
  EXPECT_EQ(waits[0].End(), std::nullopt);

  facts.stays[0].departure = MakeDate(2026, 5, 1);
  EXPECT_EQ(InterruptionWaits(facts, kLater)[0].closed, MakeDate(2026, 5, 1));

  facts.interruptions[0].resumed = MakeDate(2026, 4, 1);
  EXPECT_TRUE(InterruptionWaits(facts, kLater)[0].EndedByExecution());
  EXPECT_TRUE(InterruptionWaits(facts, MakeDate(2026, 2, 28)).empty());
}

// A case that was moved to another municipality, which extended the period of the former's
// decision.
Facts Extended(Date on) {
  Facts facts = OneDecision();
  facts.cases[0].municipality_code = "0780";
  facts.decisions.push_back(facts.decisions[0]);
  facts.decisions[1].decision_id = "d2";
  facts.decisions[1].municipality_code = "0780";
  facts.decisions[1].decision_date = on;
  facts.decisions[1].extends_decision_id = "d1";
  return facts;
}

TEST(WaitsTest, ADecisionStaysWithTheMunicipalityThatMadeIt) {
  Facts facts = OneDecision();
  facts.cases[0].municipality_code = "0780";
  EXPECT_EQ(DecisionWaits(facts, kLater).at(0).municipality_code, "0764");
}

TEST(WaitsTest, WhoWaitsByTwoMunicipalitiesDecisionsIsReportedByBoth) {
  Facts facts = Extended(MakeDate(2026, 3, 1));
  auto waits = DecisionWaits(facts, kLater);
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_EQ(waits[0].municipality_code, "0764");
  EXPECT_EQ(waits[0].start, kDecided) << "the first clock goes on";
  EXPECT_EQ(waits[1].municipality_code, "0780");
  EXPECT_EQ(waits[1].start, MakeDate(2026, 3, 1));
  facts.stays = {StayOn(MakeDate(2026, 5, 20))};
  waits = DecisionWaits(facts, kLater);
  EXPECT_EQ(waits[0].executed, MakeDate(2026, 5, 20));
  EXPECT_EQ(waits[1].executed, MakeDate(2026, 5, 20));
}

TEST(WaitsTest, AnExtensionOpensNoClockForTheSameMunicipalityNorForWhoLivesThere) {
  Facts same = Extended(MakeDate(2026, 3, 1));
  same.decisions[1].municipality_code = "0764";
  EXPECT_EQ(DecisionWaits(same, kLater).size(), 1u);
  Facts placed = Extended(MakeDate(2026, 3, 1));
  placed.stays = {StayOn(MakeDate(2026, 2, 1))};
  ASSERT_EQ(DecisionWaits(placed, kLater).size(), 1u);
  EXPECT_EQ(DecisionWaits(placed, kLater)[0].executed, MakeDate(2026, 2, 1));
  Facts unknown = Extended(MakeDate(2026, 3, 1));
  unknown.decisions.erase(unknown.decisions.begin());
  EXPECT_TRUE(DecisionWaits(unknown, kLater).empty());
}

TEST(WaitsTest, AnInterruptionIsOfTheMunicipalityWhoseDecisionThePersonLivedBy) {
  Facts facts = Extended(MakeDate(2026, 3, 1));
  facts.stays = {StayOn(MakeDate(2026, 2, 1))};
  facts.interruptions = {{"s1", MakeDate(2026, 2, 28), std::nullopt},
                         {"s1", MakeDate(2026, 3, 1), std::nullopt}};
  const auto waits = InterruptionWaits(facts, kLater);
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_EQ(waits[0].municipality_code, "0764") << "before the new owner decided anything";
  EXPECT_EQ(waits[1].municipality_code, "0780");
  facts.decisions.clear();
  EXPECT_EQ(InterruptionWaits(facts, kLater)[0].municipality_code, "0780") << "the case's";
}

}  // namespace
}  // namespace vardkedja::reporting::domain
