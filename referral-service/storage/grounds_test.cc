// What the collaboration demands of a ground, as dated data and on a real database.
#include "referral-service/usecases/grounds.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "referral-service/storage/seed.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using testing::Reason;
using testing::Worker;

class GroundsTest : public testing::Fixture {
 protected:
  static domain::NewGround Oral(const std::string& unit) {
    domain::NewGround oral;
    oral.kind = domain::GroundKind::kConsent;
    oral.consent_form = domain::ConsentForm::kOral;
    oral.text = "Lämnat vid besök.";
    oral.recipient_unit_ids = {unit};
    oral.categories = {"needs"};
    return oral;
  }

  static std::string RuleOf(const absl::Status& status) {
    EXPECT_EQ(Reason(status), "FIELD_VIOLATIONS") << status;
    const auto detail = GetErrorDetail(status);
    return detail && detail->violations.size() == 1
               ? detail->violations[0].field + " " + detail->violations[0].rule
               : "";
  }

  void AddRule(const std::string& from, int longest_days, const std::string& units) {
    const auto added = pool_->Write(
        "INSERT INTO disclosure_rule (from_date, longest_days, written_consent_unit_ids)"
        " VALUES ($1::text::date, $2, $3::text::text[])",
        {from, longest_days, units});
    ASSERT_TRUE(added.ok()) << added.status();
  }

  absl::StatusOr<usecases::GroundView> Record(const std::string& id,
                                              const domain::NewGround& ground) {
    return usecases::RecordGround(*ground_door_).Run(Write(Worker()), id, ground);
  }
};

TEST_F(GroundsTest, ThePublishedRuleDemandsAWrittenConsentForTheClinicAndAYearAtMost) {
  const std::string id = Draft();
  EXPECT_EQ(RuleOf(Record(id, Oral("clinic-region-vaxjo")).status()),
            "consent_form MUST_BE_WRITTEN");
  domain::NewGround written = Oral("clinic-region-vaxjo");
  written.consent_form = domain::ConsentForm::kWritten;
  const auto made = Record(id, written);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->ground.to_date, made->ground.from_date + std::chrono::days(365));
  written.to_date = FormatDate(made->ground.to_date + std::chrono::days(1));
  EXPECT_EQ(RuleOf(Record(id, written).status()), "to_date TERM_TOO_LONG");
}

TEST_F(GroundsTest, ALaterRuleBindsFromItsDayOnAndLeavesWhatWasRecorded) {
  const Date today = StockholmDate(clock_.Now());
  AddRule(FormatDate(today + std::chrono::days(1)), 30, "{novus}");
  const std::string id = Draft();
  const auto before = Record(id, Oral("novus"));
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(before->ground.to_date, today + std::chrono::days(365));
  clock_.Advance(std::chrono::hours(24));
  EXPECT_EQ(RuleOf(Record(id, Oral("novus")).status()), "consent_form MUST_BE_WRITTEN");
  domain::NewGround written = Oral("novus");
  written.consent_form = domain::ConsentForm::kWritten;
  const auto after = Record(id, written);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->ground.to_date, after->ground.from_date + std::chrono::days(30));
  EXPECT_EQ(Count("SELECT count(*) AS n FROM disclosure_ground WHERE to_date = $1::text::date",
                  {FormatDate(before->ground.to_date)}),
            1);
}

TEST_F(GroundsTest, BeforeTheFirstRuleNoGroundIsRecorded) {
  database_.Query("referral", "UPDATE disclosure_rule SET from_date = '2090-01-01'");
  const std::string id = Draft();
  EXPECT_EQ(Reason(Record(id, Oral("novus")).status()), "NO_GROUND_RULES");
}

TEST_F(GroundsTest, TheServiceCanNeitherChangeNorRemoveARule) {
  EXPECT_FALSE(pool_->Write("UPDATE disclosure_rule SET longest_days = 1").ok());
  EXPECT_FALSE(pool_->Write("DELETE FROM disclosure_rule").ok());
}

TEST(GroundRulesFileTest, ATermOfNothingIsAProblemByName) {
  const vardkedja::rpc::TestDirectory directory;
  std::filesystem::copy("deploy/kronoberg", directory.Path("kronoberg"));
  directory.Write("kronoberg/disclosure-rules.yaml",
                  "version: 1\nrules:\n  - from: \"2024-01-01\"\n    longestDays: 0\n"
                  "    writtenConsentFor: []\n");
  const auto read = storage::ReadSeedFiles(directory.Path("kronoberg"));
  EXPECT_NE(read.status().message().find("disclosure-rules.yaml.rules[0].longestDays"),
            std::string::npos)
      << read.status();
}

}  // namespace
}  // namespace vardkedja::referral
