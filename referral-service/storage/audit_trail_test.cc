// What auditors see of the trail, and whether it is as it was written.
#include "referral-service/usecases/audit_trail.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lib/audit/sealer.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_audit_trail.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::EkelidenSeat;
using testing::Reason;
using testing::Worker;

Caller Auditor(const std::string& organisation = "alvesta") {
  return {organisation, organisation + "-audit", auth::Role::kAuditor, "", "auditor-1"};
}

class AuditTrailTest : public testing::Fixture {
 protected:
  // What is written now, by the database's clock.
  usecases::AuditRowsRequest Today() const {
    const Date today = StockholmDate(SystemClock().Now());
    usecases::AuditRowsRequest request;
    request.from_date = FormatDate(today - std::chrono::days(1));
    request.to_date = FormatDate(today + std::chrono::days(2));
    request.page.limit = 100;
    return request;
  }

  std::vector<std::string> Broken(const absl::Status& status) {
    std::vector<std::string> broken;
    const auto detail = GetErrorDetail(status);
    if (!detail) return broken;
    for (const auto& violation : detail->violations) {
      broken.push_back(violation.field + " " + violation.rule);
    }
    return broken;
  }

  void SealAll() {
    audit::Sealer sealer(*pool_, *ring_, {});
    ASSERT_TRUE(sealer.SealOnce().ok());
  }

  storage::PostgresAuditTrail trail_{*pool_, *ring_, ""};
  usecases::AuditDesk desk_{*door_, trail_};
};

TEST_F(AuditTrailTest, AnAuditorSeesWhatItsOwnOrganisationDidAndNoContent) {
  const std::string id = Submitted();
  ASSERT_TRUE(usecases::GetReferral(*door_).Run(Call(EkelidenSeat()), id).ok());
  ASSERT_FALSE(usecases::GetReferral(*door_).Run(Call(Worker()), NewUuidV4()).ok());
  const auto page = desk_.List(Call(Auditor()), Today());
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_FALSE(page->rows.empty());
  EXPECT_FALSE(page->rows[0].permitted) << "denied attempts too, newest first";
  for (const usecases::AuditRow& row : page->rows) {
    EXPECT_EQ(row.organisation_id, "alvesta");
    EXPECT_EQ(row.subject, "worker-1");
  }
  const auto region = desk_.List(Call(Auditor("region-kronoberg")), Today());
  ASSERT_EQ(region->rows.size(), 1U);
  EXPECT_EQ(region->rows[0].case_id, id);
  EXPECT_EQ(region->rows[0].rule_id, "board.ground_live");
  EXPECT_EQ(region->rows[0].seat, "ekeliden");
}

TEST_F(AuditTrailTest, ToLookIsARowThatTheOwnerSeesToo) {
  const std::string id = Submitted();
  usecases::AuditRowsRequest request = Today();
  request.case_id = id;
  ASSERT_TRUE(desk_.List(Call(Auditor()), request).ok());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE case_id = $1 AND rule_id ="
                  " 'auditor' AND subject = 'auditor-1'",
                  {id}),
            1);
}

TEST_F(AuditTrailTest, ByUnitCaseAndPeriodInPagesWithoutGap) {
  const std::string first = Submitted();
  const std::string second = Submitted();
  usecases::AuditRowsRequest request = Today();
  request.case_id = first;
  const auto all = desk_.List(Call(Auditor()), request);
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_GE(all->rows.size(), 3U);
  for (const auto& row : all->rows) EXPECT_EQ(row.case_id, first);
  std::vector<std::int64_t> found;
  request.page = {2, std::to_string(all->rows.front().entry_id + 1)};
  do {
    const auto page = desk_.List(Call(Auditor()), request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& row : page->rows) found.push_back(row.entry_id);
    request.page.cursor = page->next;
  } while (!request.page.cursor.empty());
  EXPECT_EQ(found.size(), all->rows.size());
  EXPECT_TRUE(std::is_sorted(found.rbegin(), found.rend()));
  request = Today();
  request.unit_id = "vaxjo-ifo1";
  EXPECT_TRUE(desk_.List(Call(Auditor()), request)->rows.empty());
}

TEST_F(AuditTrailTest, AllThatIsWrongIsToldAtOnce) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(Broken(desk_.List(Call(Auditor()), {}).status()),
            (Names{"from_date REQUIRED", "to_date REQUIRED"}));
  usecases::AuditRowsRequest request;
  request.from_date = "2026-01-01";
  request.to_date = "2026-02-02";
  request.case_id = "x";
  EXPECT_EQ(Broken(desk_.List(Call(Auditor()), request).status()),
            (Names{"to_date PERIOD", "case_id UUID"}));
  request = Today();
  request.page.cursor = "x";
  EXPECT_EQ(Broken(desk_.List(Call(Auditor()), request).status()), Names{"cursor CURSOR"});
  EXPECT_EQ(Broken(desk_.Verify(Call(Auditor()), -1, 50'001).status()),
            (Names{"after_position OUT_OF_RANGE", "limit OUT_OF_RANGE"}));
}

TEST_F(AuditTrailTest, TheTrailIsVerifiedInPartsAndAChangeIsFound) {
  for (int i = 0; i < 3; ++i) Submitted();
  SealAll();
  std::int64_t position = 0;
  std::int64_t rows = 0;
  bool end = false;
  while (!end) {
    const auto part = desk_.Verify(Call(Auditor()), position, 4);
    ASSERT_TRUE(part.ok()) << part.status();
    EXPECT_TRUE(part->findings.empty());
    EXPECT_LE(part->rows, 4);
    rows += part->rows;
    position = part->to_position;
    end = part->end_reached;
  }
  EXPECT_EQ(rows, Count("SELECT count(*) AS n FROM audit_seal"));
  database_.Query("referral", "ALTER TABLE audit_entry DISABLE TRIGGER USER");
  database_.Query("referral",
                  "UPDATE audit_entry SET subject = 'nobody' WHERE id = (SELECT entry_id FROM"
                  " audit_seal WHERE position = 6)");
  EXPECT_TRUE(desk_.Verify(Call(Auditor()), 0, 4)->findings.empty());
  const auto part = desk_.Verify(Call(Auditor()), 4, 4);
  ASSERT_EQ(part->findings.size(), 1U);
  EXPECT_EQ(part->findings[0].kind, usecases::AuditFindingKind::kRowChanged);
  EXPECT_EQ(part->findings[0].position, 6);
}

}  // namespace
}  // namespace vardkedja::referral
