// Which law a decision rests on, how long it may last and who makes it (domain.md, 4 step 5 and 8).
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using domain::Ground;
using domain::Outcome;
using testing::Decider;
using testing::EkelidenSeat;
using testing::Worker;

using Pairs = std::set<std::pair<std::string, std::string>>;

class DecisionLawTest : public testing::Fixture {
 protected:
  // Field and rule of each violation.
  static Pairs Broken(const absl::Status& status) {
    Pairs pairs;
    const auto detail = GetErrorDetail(status);
    if (!detail) return pairs;
    for (const FieldViolation& violation : detail->violations) {
      pairs.emplace(violation.field, violation.rule);
    }
    return pairs;
  }
  absl::StatusOr<usecases::CaseView> Propose(const std::string& id, const std::string& law,
                                             const std::string& to_date) {
    return Step(Worker(), id, [&](const domain::Step& step) {
      return domain::ProposeDecision(step, {"ekeliden", {}, law, to_date, "", ""});
    });
  }
  absl::StatusOr<usecases::CaseView> Make(const std::string& id,
                                          const domain::MakeDecisionRequest& request) {
    return Step(Decider(), id,
                [&](const domain::Step& step) { return domain::MakeDecision(step, request); });
  }
  absl::StatusOr<usecases::CaseView> Extend(const std::string& id,
                                            const domain::ExtendRequest& request) {
    return Step(Decider(), id,
                [&](const domain::Step& step) { return domain::ExtendDecision(step, request); });
  }
  static domain::MakeDecisionRequest Recorded(const std::string& date) {
    return {Outcome::kGrant, "", "", "", "SiS-4711/26", date};
  }
};

TEST_F(DecisionLawTest, ASectionFitsTheGroundOfTheCase) {
  const std::string voluntary = Answered({"ekeliden"});
  EXPECT_EQ(Broken(Propose(voluntary, "LVM 27", "2027-03-01").status()),
            (Pairs{{"law_section", "NOT_FOR_GROUND"}}));
  EXPECT_TRUE(Propose(voluntary, "SoL 11:1", "2027-10-01").ok()) << "no longest term";
  const std::string section_27 = Answered({"ekeliden"}, Ground::kLvmSection27);
  EXPECT_EQ(Broken(Propose(section_27, "SoL 11:1", "2027-03-01").status()),
            (Pairs{{"law_section", "NOT_FOR_GROUND"}}));
  EXPECT_TRUE(Propose(section_27, "LVM 27", "2027-03-01").ok());
  const std::string investigated = Answered({"ekeliden"}, Ground::kLvmInvestigation);
  EXPECT_TRUE(Propose(investigated, "SoL 11:1", "2027-03-01").ok())
      << "under investigation, and agrees to voluntary treatment";
  const std::string external = Answered({"ekeliden"}, Ground::kAfterExternalPlacement);
  EXPECT_TRUE(Propose(external, "SoL 11:1", "2027-03-01").ok());
  EXPECT_TRUE(Propose(external, "LVM 27", "2027-03-01").ok());
}

TEST_F(DecisionLawTest, Section27LastsAtMostSixMonthsFromItsFirstDecision) {
  const std::string id = Answered({"ekeliden"}, Ground::kLvmSection27);
  EXPECT_EQ(Broken(Propose(id, "LVM 27", "2027-05-24").status()), (Pairs{{"to_date", "TOO_LONG"}}));
  ASSERT_TRUE(Propose(id, "LVM 27", "2027-05-23").ok());
  EXPECT_EQ(Broken(Make(id, Recorded("2026-11-20")).status()), (Pairs{{"to_date", "TOO_LONG"}}))
      << "SiS decided three days ago";
  ASSERT_TRUE(Propose(id, "LVM 27", "2027-03-01").ok());
  ASSERT_TRUE(Make(id, Recorded("2026-11-20")).ok());
  MoveIn(id, "ekeliden");
  clock_.Advance(std::chrono::hours(24 * 60));
  domain::ExtendRequest request{"", "2027-05-21", "LVM 27", "", "", "Vården går vidare."};
  request.deciding_reference = "SiS-4712/27";
  request.decision_date = "2027-01-21";
  EXPECT_EQ(Broken(Extend(id, request).status()), (Pairs{{"to_date", "TOO_LONG"}}));
  request.to_date = "2027-05-20";
  const auto extended = Extend(id, request);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_EQ(FormatDate(*extended->referral.decisions.back().decision_date), "2027-01-21");
  EXPECT_EQ(extended->referral.decisions.back().deciding_reference, "SiS-4712/27");
}

TEST_F(DecisionLawTest, TheDecisionOfSisIsRecordedWithItsNumberAndNoDelegation) {
  const std::string id = Answered({"ekeliden"}, Ground::kLvmSection27);
  ASSERT_TRUE(Propose(id, "LVM 27", "2027-03-01").ok());
  EXPECT_EQ(Broken(Make(id, {Outcome::kGrant, "4.12", "", ""}).status()),
            (Pairs{{"delegation_point", "CONTRADICTION"},
                   {"deciding_reference", "REQUIRED"},
                   {"decision_date", "REQUIRED"}}));
  EXPECT_EQ(Broken(Make(id, Recorded("2026-11-24")).status()),
            (Pairs{{"decision_date", "IN_THE_FUTURE"}}));
  EXPECT_EQ(Broken(Make(id, Recorded("igår")).status()), (Pairs{{"decision_date", "DATE"}}));
  const auto made = Make(id, Recorded("2026-11-20"));
  ASSERT_TRUE(made.ok()) << made.status();
  const domain::Decision& decision = made->referral.decisions.back();
  EXPECT_EQ(decision.deciding_organisation_id, "sis");
  EXPECT_EQ(decision.deciding_reference, "SiS-4711/26");
  EXPECT_EQ(decision.delegation_point, "");
  EXPECT_EQ(FormatDate(*decision.decision_date), "2026-11-20");
  const auto read = usecases::GetReferral(*door_).Run(Call(EkelidenSeat()), id);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->referral.decisions.back().deciding_reference, "SiS-4711/26");
}

TEST_F(DecisionLawTest, TheMunicipalitysOwnDecisionHasNoOtherNumberOrDate) {
  const std::string id = Answered({"ekeliden"});
  ASSERT_TRUE(Propose(id, "SoL 11:1", "2027-03-01").ok());
  EXPECT_EQ(Broken(Make(id, {Outcome::kGrant, "4.12", "", "", "SiS-1", "2026-11-20"}).status()),
            (Pairs{{"deciding_reference", "CONTRADICTION"}, {"decision_date", "CONTRADICTION"}}));
  EXPECT_EQ(Broken(Make(id, {Outcome::kRefuse, "", "not_entitled", ""}).status()),
            (Pairs{{"delegation_point", "REQUIRED"}}));
  ASSERT_TRUE(Make(id, {Outcome::kGrant, "4.12", "", ""}).ok());
}

TEST_F(DecisionLawTest, TheDatabaseKnowsOneWayToDecide) {
  const std::string id = Answered({"ekeliden"});
  ASSERT_TRUE(Propose(id, "SoL 11:1", "2027-03-01").ok());
  const absl::Status both =
      pool_
          ->Write(
              "UPDATE decision SET status = 'granted', decision_date = '2026-11-23',"
              " decider_subject = 'd', municipality_code = '0764', delegation_point = '4.12',"
              " deciding_reference = 'x'")
          .status();
  EXPECT_EQ(pg::ViolatedConstraint(both), "decision_decided_whole");
  const absl::Status fits_nothing =
      pool_
          ->Write(
              "INSERT INTO law_section VALUES ('X 1', '2026-01-01', NULL, 'x', 'x', true,"
              " false, '')")
          .status();
  EXPECT_EQ(pg::ViolatedConstraint(fits_nothing), "law_section_fits");
}

}  // namespace
}  // namespace vardkedja::referral
