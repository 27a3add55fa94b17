#include "reporting-service/domain/waiting_times.h"

#include <gtest/gtest.h>

namespace vardkedja::reporting::domain {
namespace {

const Period kFirstHalf{MakeDate(2026, 1, 1), MakeDate(2026, 7, 1)};

struct Given {
  const char* id;
  Date decided;
  std::optional<Date> moved_in;
  bool transfer = false;
  const char* municipality = "0764";
};

Facts FactsOf(std::initializer_list<Given> given) {
  Facts facts;
  facts.municipalities = {{"0764", "Alvesta", "alvesta", true}, {"0780", "Växjö", "vaxjo", true}};
  for (const Given& one : given) {
    const std::string id = one.id;
    facts.cases.push_back({"c" + id, "p" + id, one.municipality, StartOfDay(one.decided),
                           LegalSex::kFemale, AgeBand::k25To34});
    facts.decisions.push_back({"d" + id, "c" + id, "p" + id, one.municipality, "novus",
                               BedKind::kRegular, one.decided, std::nullopt, one.transfer});
    if (one.moved_in) {
      facts.stays.push_back({"s" + id, "c" + id, "p" + id, "d" + id, "novus", BedKind::kRegular,
                             "b" + id, *one.moved_in, std::nullopt});
    }
  }
  return facts;
}

TEST(WaitingTimesTest, MedianCountsThoseWhoStillWait) {
  // Waits 10, 20, 30+ (still waiting at as_of): S(10) = 2/3, S(20) = 1/3.
  const Facts facts = FactsOf({{"1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 11)},
                               {"2", MakeDate(2026, 3, 1), MakeDate(2026, 3, 21)},
                               {"3", MakeDate(2026, 3, 1), std::nullopt}});
  const WaitingLine line =
      ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kNone, MakeDate(2026, 3, 31))
          .first_placement;
  EXPECT_EQ(line.decisions, 3);
  EXPECT_EQ(line.executed, 2);
  EXPECT_EQ(line.still_waiting, 1);
  EXPECT_EQ(line.median_days, 20);
  EXPECT_EQ(line.p90_days, std::nullopt);
}

TEST(WaitingTimesTest, FirstPlacementsAndTransfersAreApart) {
  const Facts facts = FactsOf({{"1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 11)},
                               {"2", MakeDate(2026, 3, 1), MakeDate(2026, 5, 1), true}});
  const WaitingTimes report =
      ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kNone, MakeDate(2026, 6, 1));
  EXPECT_EQ(report.first_placement.median_days, 10);
  EXPECT_EQ(report.transfer.median_days, 61);
  EXPECT_TRUE(report.transfer.transfer);
}

TEST(WaitingTimesTest, WaitingNowKnowsNoPeriodAndThreeMonthsEndOnTheirDay) {
  const Facts facts = FactsOf({{"1", MakeDate(2025, 11, 30), std::nullopt}});
  const auto at = [&](Date as_of) {
    return ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kNone, as_of).first_placement;
  };
  EXPECT_EQ(at(MakeDate(2026, 2, 27)).waiting_now, 1);
  EXPECT_EQ(at(MakeDate(2026, 2, 27)).waiting_over_three_months, 0);
  EXPECT_EQ(at(MakeDate(2026, 2, 28)).waiting_over_three_months, 1);
  EXPECT_EQ(at(MakeDate(2026, 2, 28)).decisions, 0);
}

TEST(WaitingTimesTest, ClosedWithoutExecutionIsCensoredAtTheClosing) {
  Facts facts = FactsOf({{"1", MakeDate(2026, 3, 1), std::nullopt},
                         {"2", MakeDate(2026, 3, 1), MakeDate(2026, 3, 15)}});
  Step closed;
  closed.case_id = "c1";
  closed.kind = StepKind::kClosed;
  closed.at = StartOfDay(MakeDate(2026, 3, 6));
  facts.steps = {closed};
  const WaitingLine line =
      ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kNone, MakeDate(2026, 6, 1))
          .first_placement;
  EXPECT_EQ(line.closed_unexecuted, 1);
  EXPECT_EQ(line.waiting_now, 0);
  EXPECT_EQ(line.median_days, 14);  // one at risk at 14, censored ones gone
}

TEST(WaitingTimesTest, AMoveInBeforeTheDecisionWaitedNoDays) {
  const Facts facts = FactsOf({{"1", MakeDate(2026, 3, 10), MakeDate(2026, 3, 7)}});
  EXPECT_EQ(ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kNone, MakeDate(2026, 6, 1))
                .first_placement.median_days,
            0);
}

TEST(WaitingTimesTest, GroupsIncludeThoseWithoutAnything) {
  const Facts facts = FactsOf({{"1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 11)}});
  const WaitingTimes report =
      ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kMunicipality, MakeDate(2026, 6, 1));
  ASSERT_EQ(report.groups.size(), 4u);
  EXPECT_EQ(report.groups[0].group, "0764");
  EXPECT_EQ(report.groups[0].decisions, 1);
  EXPECT_EQ(report.groups[1].group, "0780");
  EXPECT_EQ(report.groups[1].decisions, 0);
  EXPECT_TRUE(report.groups[2].transfer);
  const WaitingTimes by_sex =
      ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kLegalSex, MakeDate(2026, 6, 1));
  EXPECT_EQ(by_sex.groups.size(), 6u);
  const WaitingTimes by_age =
      ComputeWaitingTimes(facts, "", kFirstHalf, GroupBy::kAgeBand, MakeDate(2026, 6, 1));
  EXPECT_EQ(by_age.groups.size(), 14u);
}

TEST(WaitingTimesTest, AnotherFacilityIsLeftOut) {
  const Facts facts = FactsOf({{"1", MakeDate(2026, 3, 1), std::nullopt}});
  EXPECT_EQ(ComputeWaitingTimes(facts, "ekeliden", kFirstHalf, GroupBy::kNone, MakeDate(2026, 6, 1))
                .first_placement.waiting_now,
            0);
}

}  // namespace
}  // namespace vardkedja::reporting::domain
