#include "reporting-service/domain/board_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace vardkedja::reporting::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const Period kMarch{MakeDate(2026, 3, 1), MakeDate(2026, 4, 1)};
const Instant kSubmitted = StartOfDay(MakeDate(2026, 3, 2)) + std::chrono::hours(9);
const Instant kLater = StartOfDay(MakeDate(2026, 9, 1));

class BoardFiguresTest : public ::testing::Test {
 protected:
  BoardFiguresTest() { facts_.cases = {{"c1", "p1", "0764", kSubmitted, {}, {}}}; }

  Step& Take(StepKind kind, const std::string& code = "") {
    Step step;
    step.case_id = "c1";
    step.kind = kind;
    step.code = code;
    step.seq = ++seq_;
    step.at = kSubmitted + std::chrono::minutes(10 * (seq_ - 1));
    facts_.steps.push_back(step);
    return facts_.steps.back();
  }
  void TakeRoutine() {
    Take(StepKind::kSubmitted);
    Take(StepKind::kAcknowledged);
    Take(StepKind::kAssessmentProposed);
    Take(StepKind::kAssessed);
    Take(StepKind::kStudyVisitRecorded, "done");
    Take(StepKind::kAnswered, "yes");
    Take(StepKind::kDecisionMade);
  }
  BoardFigures Figures() const { return ComputeBoardFigures(facts_, kMarch, 7, kLater); }

  Facts facts_;
  std::int64_t seq_ = 0;
};

TEST_F(BoardFiguresTest, NoCasesIsZeros) {
  facts_.cases.clear();
  const BoardFigures figures = Figures();
  EXPECT_EQ(figures.cases, 0);
  EXPECT_EQ(figures.median_acknowledgement_minutes, std::nullopt);
  EXPECT_THAT(figures.outcomes, IsEmpty());
}

TEST_F(BoardFiguresTest, TheWholeRoutineInOrder) {
  TakeRoutine();
  const BoardFigures figures = Figures();
  EXPECT_EQ(figures.cases, 1);
  EXPECT_EQ(figures.people, 1);
  EXPECT_EQ(figures.decided_cases, 1);
  EXPECT_EQ(figures.followed_routine, 1);
  EXPECT_THAT(figures.outcomes, ElementsAre(Pair("granted", 1)));
  EXPECT_EQ(figures.median_acknowledgement_minutes, 10);
}

TEST_F(BoardFiguresTest, ADecisionBeforeTheAnswerIsOutOfOrder) {
  TakeRoutine();
  std::swap(facts_.steps[5].seq, facts_.steps[6].seq);
  EXPECT_EQ(Figures().decided_cases, 1);
  EXPECT_EQ(Figures().followed_routine, 0);
}

TEST_F(BoardFiguresTest, OnlyAVisitThatWasDoneIsTheRoutineAndNeedsTimeIsNotAYes) {
  TakeRoutine();
  for (const char* outcome : {"no_show", "waived"}) {
    facts_.steps[4].code = outcome;
    EXPECT_EQ(Figures().followed_routine, 0) << outcome;
  }
  facts_.steps[4].code = "done";
  EXPECT_EQ(Figures().followed_routine, 1);
  facts_.steps[5].code = "needs_time";
  EXPECT_EQ(Figures().followed_routine, 0);
}

TEST_F(BoardFiguresTest, ATransferDecisionIsNoFirstDecision) {
  TakeRoutine();
  facts_.steps.back().transfer = true;
  EXPECT_EQ(Figures().decided_cases, 0);
}

TEST_F(BoardFiguresTest, ExceptionsAreCountedByGateAndOverridesApart) {
  TakeRoutine();
  facts_.steps[0].exception = true;
  facts_.steps[4].exception = true;
  Take(StepKind::kEnrolled).exception = true;
  Take(StepKind::kTransferPlanned).exception = true;
  Take(StepKind::kDischargePlanned).exception = false;
  Offer offer;
  offer.case_id = "c1";
  offer.override_rule = true;
  Offer elsewhere = offer;
  elsewhere.case_id = "another";
  facts_.offers = {offer, elsewhere};
  const BoardFigures figures = Figures();
  EXPECT_THAT(figures.exceptions, ElementsAre(Pair("form_order", 1), Pair("placement_agreement", 1),
                                              Pair("study_visit", 1), Pair("transfer_meeting", 1)));
  EXPECT_EQ(figures.overrides, 1);
}

TEST_F(BoardFiguresTest, EachCaseHasOneOutcomeWithItsReason) {
  Take(StepKind::kSubmitted);
  EXPECT_THAT(Figures().outcomes, ElementsAre(Pair("pending", 1)));
  Take(StepKind::kSentBack, "needs_hospital_care");
  EXPECT_THAT(Figures().outcomes, ElementsAre(Pair("sent_back", 1)));
  EXPECT_THAT(Figures().outcome_reasons, ElementsAre(Pair("sent_back:needs_hospital_care", 1)));
  Take(StepKind::kAssessed);
  EXPECT_THAT(Figures().outcomes, ElementsAre(Pair("pending", 1)));
  Take(StepKind::kClosed, "withdrawn");
  EXPECT_THAT(Figures().outcome_reasons, ElementsAre(Pair("closed:withdrawn", 1)));
}

TEST_F(BoardFiguresTest, AnUnacknowledgedCaseIsCensoredNotForgotten) {
  TakeRoutine();
  facts_.cases.push_back({"c2", "p2", "0764", kSubmitted, {}, {}});
  facts_.cases.push_back({"c3", "p2", "0764", kSubmitted, {}, {}});
  const BoardFigures figures = Figures();
  EXPECT_EQ(figures.median_acknowledgement_minutes, std::nullopt);
  EXPECT_EQ(figures.cases, 3);
  EXPECT_EQ(figures.people, 2);
}

TEST_F(BoardFiguresTest, MovedInByThePlannedDateWithinTheTolerance) {
  const Date planned = MakeDate(2026, 4, 1);
  facts_.decisions = {{"d1", "c1", "p1", "0764", "novus", BedKind::kRegular, MakeDate(2026, 3, 20),
                       planned, false}};
  const auto figures = [&](std::optional<Date> moved_in, Date as_of) {
    facts_.stays.clear();
    if (moved_in) {
      facts_.stays = {{"s1", "c1", "p1", "d1", "novus", BedKind::kRegular, "b1", *moved_in, {}}};
    }
    return ComputeBoardFigures(facts_, kMarch, 7, StartOfDay(as_of));
  };
  EXPECT_EQ(figures(MakeDate(2026, 4, 8), MakeDate(2026, 5, 1)).moved_in_in_time, 1);
  EXPECT_EQ(figures(MakeDate(2026, 4, 9), MakeDate(2026, 5, 1)).moved_in_in_time, 0);
  EXPECT_EQ(figures(MakeDate(2026, 4, 9), MakeDate(2026, 5, 1)).planned_date_due, 1);
  EXPECT_EQ(figures(std::nullopt, MakeDate(2026, 4, 8)).planned_date_due, 0);
  EXPECT_EQ(figures(std::nullopt, MakeDate(2026, 4, 9)).planned_date_due, 1);
  EXPECT_EQ(figures(std::nullopt, MakeDate(2026, 4, 9)).with_planned_date, 1);
}

TEST_F(BoardFiguresTest, CasesOfOtherMonthsAreLeftOut) {
  facts_.cases[0].submitted_at = StartOfDay(MakeDate(2026, 4, 1));
  EXPECT_EQ(Figures().cases, 0);
  facts_.cases[0].submitted_at -= std::chrono::microseconds(1);
  EXPECT_EQ(Figures().cases, 1);
}

}  // namespace
}  // namespace vardkedja::reporting::domain
