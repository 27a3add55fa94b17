// The agreements of deploy/kronoberg, seeded and printed; and what the file may not say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "reporting-service/events/story_fixture.h"
#include "reporting-service/storage/agreements_file.h"

namespace vardkedja::reporting {
namespace {

using ::testing::HasSubstr;

constexpr char kFile[] = "deploy/kronoberg/agreements.yaml";

class AgreementsTest : public StoryFixture {
 protected:
  void Seed(const storage::AgreementsFile& file) {
    const absl::Status seeded = agreements_.Seed(file, now(), pg::kNoDeadline);
    ASSERT_TRUE(seeded.ok()) << seeded;
  }
  absl::StatusOr<v1::CostAllocationReport> Allocation(std::optional<Instant> as_of = {}) {
    v1::GetCostAllocationRequest request;
    request.set_year(2022);
    request.set_include_csv(true);
    if (as_of) *request.mutable_as_of() = ToTimestamp(*as_of);
    return handlers_.CostAllocation(Call(auth::Role::kDecider, "vaxjo"), request);
  }
};

TEST_F(AgreementsTest, TheSeedPrintsTheTableOfTheFrameworkProposal) {
  Seed(Must(storage::ReadAgreements(kFile)));
  const v1::CostAllocationReport report = Must(Allocation());
  EXPECT_THAT(report.table_text(), HasSubstr("| Växjö 44.79 % | 4 651 | 1 136 | 754 | 6 541 |\n"));
  EXPECT_THAT(report.table_text(), HasSubstr("| Tingsryd 6.94 % | 721 | 0 | 117 | 837 |\n"));
  EXPECT_THAT(report.table_text_sv(), HasSubstr("| kommunerna | 10 383 |"));
  EXPECT_EQ(report.municipalities_size(), 8);
  std::int64_t ore = report.region().total().ore() + report.unallocated().total().ore();
  for (const v1::CostRow& row : report.municipalities()) ore += row.total().ore();
  EXPECT_EQ(ore, 2'640'600'000);
  EXPECT_EQ(report.total().total().ore(), 2'640'600'000);
  EXPECT_THAT(report.csv(), HasSubstr("0780;Växjö;44.79;465054570;4651;"));
}

TEST_F(AgreementsTest, SeedingAddsOnlyWhatIsAbsent) {
  storage::AgreementsFile file = Must(storage::ReadAgreements(kFile));
  Seed(file);
  file.agreements[0].name = "another";
  file.agreements[0].key.pop_back();
  file.outcomes[2022].pop_back();
  file.outcomes[2023] = file.outcomes[2022];
  Seed(file);
  const v1::CostAllocationReport report = Must(Allocation());
  EXPECT_EQ(report.agreement_name(), "Ramförslag 2023 om integrerad vårdkedja");
  EXPECT_EQ(report.facilities_size(), 2);
  EXPECT_EQ(report.municipalities_size(), 8);
}

TEST_F(AgreementsTest, WhatWasRecordedLaterWasNotKnown) {
  const Instant before = now();
  At(MakeDate(2026, 2, 1));
  Seed(Must(storage::ReadAgreements(kFile)));
  EXPECT_TRUE(Allocation().ok());
  const auto earlier = Allocation(before);
  ASSERT_EQ(earlier.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(earlier.status())->reason, "NO_AGREEMENT");
}

TEST_F(AgreementsTest, AYearWithoutOutcomeSaysSo) {
  Seed(Must(storage::ReadAgreements(kFile)));
  v1::GetCostAllocationRequest request;
  request.set_year(2024);
  const auto report = handlers_.CostAllocation(Call(auth::Role::kDecider), request);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(GetErrorDetail(report.status())->reason, "NO_OUTCOME");
}

TEST_F(AgreementsTest, TheToleranceIsDated) {
  storage::AgreementsFile file;
  file.tolerance_days = {{MakeDate(2026, 1, 1), 7}, {MakeDate(2026, 7, 1), 3}};
  Seed(file);
  const auto call = Call(auth::Role::kBoardMember);
  EXPECT_EQ(Must(agreements_.ToleranceDays(call, MakeDate(2026, 6, 30), now())), 7);
  EXPECT_EQ(Must(agreements_.ToleranceDays(call, MakeDate(2026, 7, 1), now())), 3);
  EXPECT_EQ(Must(agreements_.ToleranceDays(call, MakeDate(2025, 1, 1), now())), 0);
}

std::string Broken(std::string_view yaml) {
  const auto file = storage::ParseAgreements("test.yaml", yaml);
  EXPECT_FALSE(file.ok());
  return std::string(ToStd(file.status().message()));
}

constexpr char kAgreement[] = R"(
agreements: [a]
outcomes: []
follow_ups: []
agreement:
  a:
    name: A
    valid_from: 2026-01-01
    region: {name: R, percent: 50}
    key: ["0780", "0764"]
    share:
      "0780": {name: X, percent: 60}
      "0764": {name: Y, percent: 40.5}
)";

TEST(AgreementsFileTest, EveryFaultIsNamedAtOnce) {
  const std::string faults =
      Broken(std::string(kAgreement) + "    rent_bearer: \"0781\"\n" + "    renormalize: true\n");
  EXPECT_THAT(faults, HasSubstr("more than 100 percent"));
  EXPECT_THAT(faults, HasSubstr("rent_bearer"));
  EXPECT_THAT(faults, HasSubstr("renormalize"));
}

TEST(AgreementsFileTest, PercentagesDatesAndYearsAreStrict) {
  EXPECT_THAT(Broken("agreements: []\noutcomes: [\"22\"]\nfollow_ups: [someday]\n"),
              HasSubstr("not a year"));
  std::string text = kAgreement;
  text.replace(text.find("40.5"), 4, "4.055");
  EXPECT_THAT(Broken(text), HasSubstr("share.0764.percent"));
  text = kAgreement;
  text.replace(text.find("40.5"), 4, "40");
  EXPECT_TRUE(storage::ParseAgreements("test.yaml", text).ok());
  text.replace(text.find("2026-01-01"), 10, "2026-02-30");
  EXPECT_THAT(Broken(text), HasSubstr("valid_from"));
}

TEST(AgreementsFileTest, AnOutcomeNamesEveryAmount) {
  EXPECT_THAT(Broken("agreements: []\noutcomes: [\"2022\"]\nfollow_ups: []\noutcome:\n"
                     "  \"2022\": {facilities: [novus], novus: {name: Novus, staff: 1}}\n"),
              HasSubstr("outcome.2022.novus.rent"));
}

}  // namespace
}  // namespace vardkedja::reporting
