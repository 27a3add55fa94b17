// What auditors and owners of cases are told of the trail, and whether it is as it was written.
#include "lib/audit/desk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lib/audit/append.h"
#include "lib/audit/migrations.h"
#include "lib/audit/postgres_trail.h"
#include "lib/audit/read_auditor.h"
#include "lib/audit/sealer.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"
#include "lib/time/clock.h"

namespace vardkedja::audit {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr const char* kCase = "3f0a2f3e-6f57-4a0e-9f8d-0123456789ab";
constexpr const char* kOtherCase = "4f0a2f3e-6f57-4a0e-9f8d-0123456789ab";

// Says who owns a case and who may see it otherwise.
class PlayedAccess final : public auth::CaseAccess {
 public:
  absl::StatusOr<std::vector<auth::AccessDecision>> Authorize(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override {
    if (broken) return absl::UnavailableError("no answer");
    std::vector<auth::AccessDecision> decisions;
    for (const std::string& id : case_ids) {
      auth::AccessDecision decision;
      decision.case_id = id;
      decision.rule_id = "deny";
      if (id == kCase && context.acting_unit == "alvesta-authority") decision.rule_id = "owner";
      if (id == kCase && context.acting_unit == "placement-board") {
        decision.rule_id = "board.ground_live";
      }
      decision.permitted = decision.rule_id != "deny";
      decisions.push_back(decision);
    }
    return decisions;
  }
  absl::StatusOr<std::vector<auth::CaseDescription>> Describe(
      const auth::CallContext&, const std::vector<std::string>&) override {
    return std::vector<auth::CaseDescription>{};
  }

  bool broken = false;
};

class DeskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "desk-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    std::ofstream(directory_ + "/ring") << "encryption: {active: k, keys: {k: " << kKey
                                        << "}}\nindex: {active: i, keys: {i: " << kKey
                                        << "}}\naudit: {active: a, keys: {a: " << kKey << "}}\n";
    auto ring = vault::KeyRing::Load(directory_ + "/ring");
    ASSERT_TRUE(ring.ok()) << ring.status();
    ring_ = *std::move(ring);
    trail_ = std::make_unique<PostgresTrail>(*pool_, *ring_, "");
    desk_ = std::make_unique<AuditorDesk>(*trail_, auditor_);
    reads_ = std::make_unique<CaseReads>(access_, *trail_, auditor_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static auth::CallContext Call(const std::string& organisation, const std::string& unit,
                                auth::Role role, const std::string& subject) {
    auth::CallContext context;
    context.principal.organisation = organisation;
    context.principal.units = {unit};
    context.principal.roles = {role};
    context.principal.subject = subject;
    context.acting_unit = unit;
    context.purpose = "case_work";
    context.method = "/vardkedja.test.v1.Test/Do";
    context.call_id = "call-1";
    context.now = SystemClock().Now();
    context.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    return context;
  }
  static auth::CallContext Auditor(const std::string& organisation = "alvesta") {
    return Call(organisation, organisation + "-audit", auth::Role::kAuditor, "auditor-1");
  }
  static auth::CallContext Owner() {
    return Call("alvesta", "alvesta-authority", auth::Role::kSocialWorker, "worker-1");
  }
  static auth::CallContext Board() {
    auth::CallContext call =
        Call("region-kronoberg", "placement-board", auth::Role::kBoardMember, "board-1");
    call.principal.seat = "ekeliden";
    return call;
  }

  // Somebody did something about a case.
  void Did(const auth::CallContext& who, const std::string& case_id, bool permitted = true) {
    Entry entry = MakeEntry(who, "r-1");
    entry.case_id = case_id;
    entry.rule_id = permitted ? "some.rule" : "deny";
    entry.permitted = permitted;
    entry.details = {"categories=identity+needs", "deputy"};
    ASSERT_TRUE(AppendAll(*pool_, std::vector<Entry>{entry}, who.deadline).ok());
  }

  // What is written now, by the database's clock.
  static AuditRowsRequest Today() {
    const Date today = StockholmDate(SystemClock().Now());
    AuditRowsRequest request;
    request.from_date = FormatDate(today - std::chrono::days(1));
    request.to_date = FormatDate(today + std::chrono::days(2));
    request.page.limit = 100;
    return request;
  }

  static Names Broken(const absl::Status& status) {
    Names broken;
    const auto detail = GetErrorDetail(status);
    if (!detail) return broken;
    for (const auto& violation : detail->violations) {
      broken.push_back(violation.field + " " + violation.rule);
    }
    return broken;
  }

  std::int64_t Count(const std::string& where) {
    return database_.Query("placement", "SELECT count(*) AS n FROM audit_entry WHERE " + where)[0]
        .Int("n");
  }

  std::string directory_;
  vardkedja::testing::TestDatabase database_{"placement", {Migrations()}};
  std::unique_ptr<pg::Pool> pool_ = database_.NewPool("placement");
  std::unique_ptr<vault::KeyRing> ring_;
  ReadAuditor auditor_{*pool_};
  PlayedAccess access_;
  std::unique_ptr<PostgresTrail> trail_;
  std::unique_ptr<AuditorDesk> desk_;
  std::unique_ptr<CaseReads> reads_;
};

TEST_F(DeskTest, AnAuditorSeesWhatItsOwnOrganisationDidAndNothingOfOthers) {
  Did(Owner(), kCase);
  Did(Board(), kCase);
  Did(Owner(), kOtherCase, false);
  const auto page = desk_->List(Auditor(), Today());
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->rows.size(), 2U);
  EXPECT_FALSE(page->rows[0].permitted) << "denied attempts too, newest first";
  for (const TrailRow& row : page->rows) EXPECT_EQ(row.organisation_id, "alvesta");
  const auto region = desk_->List(Auditor("region-kronoberg"), Today());
  ASSERT_TRUE(region.ok()) << region.status();
  ASSERT_EQ(region->rows.size(), 1U);
  const TrailRow& row = region->rows[0];
  EXPECT_EQ(row.case_id, kCase);
  EXPECT_EQ(row.unit_id, "placement-board");
  EXPECT_EQ(row.rule_id, "some.rule");
  EXPECT_EQ(row.seat, "ekeliden");
  EXPECT_EQ(row.role_codes, Names{"board_member"});
  EXPECT_EQ(row.subject, "board-1");
  EXPECT_EQ(row.purpose, "case_work");
  EXPECT_EQ(row.resource_id, "r-1");
  EXPECT_EQ(row.details, (Names{"categories=identity+needs", "deputy"}));
  EXPECT_TRUE(desk_->List(Auditor("vaxjo"), Today())->rows.empty());
}

TEST_F(DeskTest, ToLookIsARowAndTheOwnerOfTheCaseSeesIt) {
  AuditRowsRequest request = Today();
  request.case_id = kCase;
  ASSERT_TRUE(desk_->List(Auditor(), request).ok());
  ASSERT_TRUE(desk_->Verify(Auditor(), 0, 0).ok());
  EXPECT_EQ(Count("rule_id = 'auditor' AND subject = 'auditor-1' AND permitted"), 2);
  const auto reads = reads_->List(Owner(), kCase, {});
  ASSERT_TRUE(reads.ok()) << reads.status();
  ASSERT_EQ(reads->rows.size(), 1U);
  EXPECT_EQ(reads->rows[0].rule_id, "auditor");
}

TEST_F(DeskTest, ByUnitCaseAndPeriodInPagesWithoutGap) {
  for (int i = 0; i < 5; ++i) Did(Owner(), kCase);
  Did(Owner(), kOtherCase);
  AuditRowsRequest request = Today();
  request.case_id = kCase;
  request.page.limit = 2;
  std::vector<std::int64_t> found;
  do {
    const auto page = desk_->List(Auditor(), request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->rows.size(), 2U);
    for (const TrailRow& row : page->rows) {
      EXPECT_EQ(row.case_id, kCase);
      found.push_back(row.entry_id);
    }
    request.page.cursor = page->next;
  } while (!request.page.cursor.empty());
  EXPECT_EQ(found.size(), 5U);
  EXPECT_TRUE(std::is_sorted(found.rbegin(), found.rend()));
  EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());

  AuditRowsRequest of_unit = Today();
  of_unit.unit_id = "alvesta-authority";
  EXPECT_EQ(desk_->List(Auditor(), of_unit)->rows.size(), 6U);
  of_unit.unit_id = "vaxjo-ifo1";
  EXPECT_TRUE(desk_->List(Auditor(), of_unit)->rows.empty());

  AuditRowsRequest yesterday = Today();
  yesterday.to_date = FormatDate(*ParseDate(yesterday.from_date) + std::chrono::days(1));
  EXPECT_TRUE(desk_->List(Auditor(), yesterday)->rows.empty());
}

TEST_F(DeskTest, AllThatIsWrongIsToldAtOnce) {
  EXPECT_EQ(Broken(desk_->List(Auditor(), {}).status()),
            (Names{"from_date REQUIRED", "to_date REQUIRED"}));
  AuditRowsRequest request;
  request.from_date = "2026-01-01";
  request.to_date = "2026-02-02";
  request.case_id = "x";
  request.page = {101, "x"};
  EXPECT_EQ(Broken(desk_->List(Auditor(), request).status()),
            (Names{"to_date PERIOD", "case_id UUID", "limit OUT_OF_RANGE", "cursor CURSOR"}));
  request = Today();
  request.from_date = request.to_date;
  EXPECT_EQ(Broken(desk_->List(Auditor(), request).status()), Names{"to_date PERIOD"});
  request.from_date = "2026-02-30";
  EXPECT_EQ(Broken(desk_->List(Auditor(), request).status()), Names{"from_date DATE"});
  EXPECT_EQ(Broken(desk_->Verify(Auditor(), -1, 50'001).status()),
            (Names{"after_position OUT_OF_RANGE", "limit OUT_OF_RANGE"}));
  for (const char* bad : {"x", "0", "-1", "1x"}) {
    EXPECT_EQ(Broken(reads_->List(Owner(), kCase, {0, bad}).status()), Names{"cursor CURSOR"});
  }
  EXPECT_EQ(Broken(reads_->List(Owner(), kCase, {-1, ""}).status()), Names{"limit OUT_OF_RANGE"});
}

TEST_F(DeskTest, ThirtyOneDaysAreAPeriod) {
  AuditRowsRequest request;
  request.from_date = "2026-01-01";
  request.to_date = "2026-02-01";
  EXPECT_TRUE(desk_->List(Auditor(), request).ok());
}

TEST_F(DeskTest, TheTrailIsVerifiedInPartsAndAChangeIsFound) {
  for (int i = 0; i < 10; ++i) Did(Owner(), kCase);
  ASSERT_TRUE(Sealer(*pool_, *ring_, {}).SealOnce().ok());
  std::int64_t position = 0;
  std::int64_t rows = 0;
  bool end = false;
  while (!end) {
    const auto part = desk_->Verify(Auditor(), position, 4);
    ASSERT_TRUE(part.ok()) << part.status();
    EXPECT_TRUE(part->findings.empty());
    EXPECT_LE(part->rows, 4);
    rows += part->rows;
    position = part->to_position;
    end = part->end_reached;
  }
  EXPECT_EQ(rows, 10);
  database_.Query("placement", "ALTER TABLE audit_entry DISABLE TRIGGER USER");
  database_.Query("placement",
                  "UPDATE audit_entry SET subject = 'nobody' WHERE id = (SELECT entry_id FROM"
                  " audit_seal WHERE position = 6)");
  EXPECT_TRUE(desk_->Verify(Auditor(), 0, 4)->findings.empty());
  const auto part = desk_->Verify(Auditor(), 4, 4);
  ASSERT_EQ(part->findings.size(), 1U);
  EXPECT_EQ(part->findings[0].kind, FindingKind::kRowChanged);
  EXPECT_EQ(part->findings[0].position, 6);
}

TEST_F(DeskTest, TheOwnerSeesWhoReadTheCaseAndNoForeignSubject) {
  Did(Board(), kCase);
  Did(Owner(), kCase);
  Did(Board(), kCase, false);
  Did(Board(), kOtherCase);
  const auto first = reads_->List(Owner(), kCase, {});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->rows.size(), 2U) << "denied attempts are no reads";
  EXPECT_EQ(first->rows[0].subject, "worker-1");
  EXPECT_EQ(first->rows[1].unit_id, "placement-board");
  EXPECT_EQ(first->rows[1].seat, "ekeliden");
  EXPECT_EQ(first->rows[1].subject, "")
      << "whom another employer has at work is not the owner's to know";
  EXPECT_EQ(CategoriesOf(first->rows[1]), (Names{"identity", "needs"}));
  const auto second = reads_->List(Owner(), kCase, {1, ""});
  ASSERT_EQ(second->rows.size(), 1U);
  EXPECT_EQ(second->rows[0].rule_id, "owner") << "the question itself is a read";
  const auto third = reads_->List(Owner(), kCase, {1, second->next});
  EXPECT_EQ(third->rows[0].entry_id, first->rows[0].entry_id);
}

TEST_F(DeskTest, NobodyElseLearnsWhoHasReadAndTheAttemptIsARow) {
  Did(Owner(), kCase);
  const auto seen = reads_->List(Board(), kCase, {});
  EXPECT_EQ(seen.status(), NotFound()) << "to see a case is not to own it";
  EXPECT_EQ(reads_->List(Board(), kOtherCase, {}).status(), NotFound());
  EXPECT_EQ(reads_->List(Board(), "no id", {}).status(), NotFound());
  EXPECT_EQ(Count("NOT permitted AND rule_id = 'deny' AND unit = 'placement-board'"), 3);
  EXPECT_EQ(Count("resource_id LIKE '%no id%'"), 0) << "what is no id could be anything";
}

TEST_F(DeskTest, WithoutAnAnswerAboutTheOwnerNothingIsShown) {
  access_.broken = true;
  EXPECT_EQ(reads_->List(Owner(), kCase, {}).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace vardkedja::audit
