// Validation, who sees what, and CSV.
#include "reporting-service/rpc/report_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "reporting-service/events/story_fixture.h"

namespace vardkedja::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::vector<std::string> BrokenFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto detail = GetErrorDetail(status);
  if (!detail) return fields;
  for (const FieldViolation& violation : detail->violations) fields.push_back(violation.field);
  return fields;
}

class ReportHandlersTest : public StoryFixture {
 protected:
  // `number` decisions of a municipality, none of them executed.
  void Decisions(const std::string& municipality, int number) {
    for (int i = 0; i < number; ++i) {
      const std::string name = municipality + "-" + std::to_string(i);
      Submit(name, municipality);
      Decide(name, "novus", municipality);
    }
  }
  void SmallAndLargeGroups() {
    Reference();
    At(MakeDate(2026, 1, 5));
    Decisions("0764", 2);
    Decisions("0780", 9);
    Decisions("0781", 6);
    At(MakeDate(2026, 7, 1));
    Consume();
  }
  v1::WaitingTimesReport ByMunicipality(auth::Role role, const std::string& organisation) {
    auto request = Year<v1::GetWaitingTimesRequest>();
    request.set_group_by(v1::GROUP_BY_MUNICIPALITY);
    return Must(handlers_.WaitingTimes(Call(role, organisation), request));
  }
  v1::NonExecutedReport NonExecuted(auth::Role role, const std::string& organisation,
                                    const std::string& municipality = "") {
    v1::GetNonExecutedDecisionsRequest request;
    request.set_year(2026);
    request.set_quarter(2);
    request.set_municipality_code(municipality);
    return Must(handlers_.NonExecuted(Call(role, organisation), request));
  }
};

TEST_F(ReportHandlersTest, EveryBrokenFieldIsReportedAtOnce) {
  const auto call = Call(auth::Role::kBoardMember);
  v1::GetOccupancyRequest occupancy;
  occupancy.set_from_date("2026-02-30");
  occupancy.set_granularity(static_cast<v1::Granularity>(9));
  occupancy.mutable_as_of()->set_nanos(-1);
  EXPECT_THAT(BrokenFields(handlers_.Occupancy(call, occupancy).status()),
              ElementsAre("from_date", "to_date", "granularity", "as_of"));

  v1::GetNonExecutedDecisionsRequest quarter;
  EXPECT_THAT(BrokenFields(handlers_.NonExecuted(call, quarter).status()),
              ElementsAre("year", "quarter"));
}

TEST_F(ReportHandlersTest, PeriodsAreBoundedAndForward) {
  const auto call = Call(auth::Role::kBoardMember);
  v1::GetOccupancyRequest request;
  request.set_from_date("2026-01-01");
  request.set_to_date("2026-01-01");
  EXPECT_THAT(BrokenFields(handlers_.Occupancy(call, request).status()), ElementsAre("to_date"));
  request.set_to_date("2036-02-01");
  EXPECT_THAT(BrokenFields(handlers_.Occupancy(call, request).status()), ElementsAre("to_date"));
  request.set_to_date("2028-01-01");
  request.set_granularity(v1::GRANULARITY_DAY);
  EXPECT_THAT(BrokenFields(handlers_.Occupancy(call, request).status()),
              ElementsAre("granularity"));
}

TEST_F(ReportHandlersTest, EveryReportCarriesItsDefinitionInBothLanguages) {
  const auto report = Must(
      handlers_.BoardFigures(Call(auth::Role::kStatistician), Year<v1::GetBoardFiguresRequest>()));
  EXPECT_EQ(report.header().report(), "board_figures");
  EXPECT_EQ(report.header().definition_id(), "board_figures/2");
  EXPECT_THAT(report.header().definition_sv(), HasSubstr("uppdragsblankett"));
  EXPECT_THAT(report.header().definition_en(), HasSubstr("commission form"));
  EXPECT_EQ(report.header().from_date(), "2026-01-01");
}

TEST_F(ReportHandlersTest, AStatisticianSeesNoSmallGroupNorWhatGivesItAway) {
  SmallAndLargeGroups();
  const auto report = ByMunicipality(auth::Role::kStatistician, "region-kronoberg");
  EXPECT_TRUE(report.header().suppressed());
  EXPECT_EQ(report.first_placement().decisions(), 17);
  ASSERT_EQ(report.groups_size(), 6);
  EXPECT_TRUE(report.groups(0).suppressed());  // 0764: two
  EXPECT_FALSE(report.groups(0).has_decisions());
  EXPECT_FALSE(report.groups(1).suppressed());  // 0780: nine
  EXPECT_EQ(report.groups(1).decisions(), 9);
  EXPECT_TRUE(report.groups(2).suppressed());   // 0781: six, or 17 - 9 - 6 would tell
  EXPECT_FALSE(report.groups(3).suppressed());  // transfers: zeros
  EXPECT_EQ(report.groups(3).decisions(), 0);
}

TEST_F(ReportHandlersTest, TheBoardSeesAllAndAMunicipalityItsOwn) {
  SmallAndLargeGroups();
  const auto board = ByMunicipality(auth::Role::kBoardMember, "region-kronoberg");
  EXPECT_FALSE(board.header().suppressed());
  EXPECT_EQ(board.groups(0).decisions(), 2);
  const auto alvesta = ByMunicipality(auth::Role::kSocialWorker, "alvesta");
  EXPECT_EQ(alvesta.groups(0).decisions(), 2);
  EXPECT_FALSE(alvesta.header().suppressed());
  const auto vaxjo = ByMunicipality(auth::Role::kSocialWorker, "vaxjo");
  EXPECT_TRUE(vaxjo.groups(0).suppressed());
  EXPECT_TRUE(vaxjo.groups(2).suppressed());
  EXPECT_EQ(vaxjo.groups(1).decisions(), 9);
}

TEST_F(ReportHandlersTest, IndividualDraftsAreForTheirMunicipalityAndAudited) {
  SmallAndLargeGroups();
  const auto own = NonExecuted(auth::Role::kDecider, "alvesta");
  ASSERT_EQ(own.items_size(), 2);
  EXPECT_EQ(own.items(0).municipality_code(), "0764");
  EXPECT_EQ(own.items(0).due_date(), "2026-04-05");
  EXPECT_NE(own.items(0).substitute_id(), own.items(1).substitute_id());
  EXPECT_THAT(own.items(0).DebugString(), ::testing::Not(HasSubstr("case-")));
  ASSERT_THAT(audit_.recorded, SizeIs(2));
  EXPECT_EQ(audit_.recorded[0].rule_id, "own_municipality");
  EXPECT_EQ(audit_.recorded[0].case_id, "case-0764-0");

  EXPECT_EQ(NonExecuted(auth::Role::kStatistician, "alvesta").items_size(), 0);
  EXPECT_THAT(audit_.recorded, SizeIs(2));
}

TEST_F(ReportHandlersTest, WithoutAuditNoDrafts) {
  SmallAndLargeGroups();
  audit_.answer = absl::UnavailableError("no audit");
  v1::GetNonExecutedDecisionsRequest request;
  request.set_year(2026);
  request.set_quarter(2);
  const auto report = handlers_.NonExecuted(Call(auth::Role::kDecider, "alvesta"), request);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ReportHandlersTest, AskingForOneMunicipalityTellsNoMoreThanAskingForAll) {
  SmallAndLargeGroups();
  for (const char* withheld : {"0764", "0781"}) {
    const auto report = NonExecuted(auth::Role::kStatistician, "region-kronoberg", withheld);
    ASSERT_EQ(report.rows_size(), 1);
    EXPECT_TRUE(report.rows(0).suppressed()) << withheld;
    EXPECT_FALSE(report.total().has_total()) << withheld;
  }
  const auto shown = NonExecuted(auth::Role::kStatistician, "region-kronoberg", "0780");
  EXPECT_EQ(shown.rows(0).not_executed(), 9);
  EXPECT_EQ(shown.total().total(), 9);
}

TEST_F(ReportHandlersTest, NilReportsHaveTheirRows) {
  Reference();
  Consume();
  const auto report = NonExecuted(auth::Role::kStatistician, "region-kronoberg");
  ASSERT_EQ(report.rows_size(), 3);
  EXPECT_EQ(report.rows(0).municipality_name(), "Alvesta kommun");
  EXPECT_EQ(report.rows(0).total(), 0);
  EXPECT_TRUE(report.rows(0).has_total());
}

TEST_F(ReportHandlersTest, CsvHasAHeadingAndSwedishDecimals) {
  Reference();
  At(MakeDate(2026, 1, 1));
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  At(MakeDate(2026, 1, 3));
  Discharge("a", "novus");
  Consume();
  auto request = Year<v1::GetOccupancyRequest>();
  request.set_include_csv(true);
  const auto report = Must(handlers_.Occupancy(Call(auth::Role::kBoardMember), request));
  EXPECT_EQ(report.csv(),
            "facility_id;facility_name;bed_kind;from_date;to_date;bed_days;leave_days;"
            "available_days;held_days;reserved_days;occupancy_percent;present_percent;people;"
            "external_days;external_revenue_ore\r\n"
            "ekeliden;ekeliden;BED_KIND_REGULAR;2026-01-01;2027-01-01;0;0;3;0;0;0,0;0,0;;0;0\r\n"
            "novus;novus;BED_KIND_REGULAR;2026-01-01;2027-01-01;2;0;3;0;0;66,7;66,7;;0;0\r\n");

  auto board = Year<v1::GetBoardFiguresRequest>();
  board.set_include_csv(true);
  EXPECT_THAT(Must(handlers_.BoardFigures(Call(auth::Role::kBoardMember), board)).csv(),
              HasSubstr("granted=1"));
}

}  // namespace
}  // namespace vardkedja::reporting
