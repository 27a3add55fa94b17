#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "lib/audit/append.h"
#include "lib/audit/migrations.h"
#include "lib/audit/read_auditor.h"
#include "lib/audit/sealer.h"
#include "lib/audit/verifier.h"
#include "lib/pg/connection.h"
#include "lib/pg/pool.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::audit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kKeyA = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr const char* kKeyB = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

Entry Row(const std::string& resource) {
  Entry entry;
  entry.at = *ParseInstant("2026-11-21T10:00:00.123456Z");
  entry.organisation = "alvesta";
  entry.unit = "alvesta-authority";
  entry.roles = {auth::Role::kSocialWorker, auth::Role::kDecider};
  entry.subject = "s-1";
  entry.purpose = "case_work";
  entry.case_id = "c-1";
  entry.action = "/vardkedja.referral.v1.ReferralService/GetReferral";
  entry.resource_id = resource;
  entry.rule_id = "owner";
  entry.permitted = true;
  entry.call_id = "call-1";
  entry.details = {"categories=identity", "x"};
  return entry;
}

std::chrono::steady_clock::time_point In(milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

class AuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "audit-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    WriteRing("aud-1", "aud-1");
    auto ring = vault::KeyRing::Load(directory_ + "/ring");
    ASSERT_TRUE(ring.ok()) << ring.status();
    ring_ = *std::move(ring);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void WriteRing(const std::string& active, const std::string& oldest) {
    const std::string more = active == oldest ? "" : std::string(", ") + active + ": " + kKeyB;
    std::ofstream(directory_ + "/ring", std::ios::trunc)
        << "encryption: {active: k, keys: {k: " << kKeyA
        << "}}\nindex: {active: i, keys: {i: " << kKeyA << "}}\naudit: {active: " << active
        << ", keys: {" << oldest << ": " << kKeyA << more << "}}\n";
  }

  void Add(int rows) {
    for (int i = 0; i < rows; ++i) {
      ASSERT_TRUE(
          AppendAll(*pool_, std::vector<Entry>{Row("r-" + std::to_string(next_++))}, In(seconds(5)))
              .ok());
    }
  }

  VerifyReport Check(std::optional<SealHead> exported = std::nullopt) {
    VerifyOptions options;
    options.exported_head = exported;
    options.unsealed_after = seconds(0);
    options.page_rows = 3;
    auto report = Verify(*pool_, *ring_, options);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : VerifyReport{};
  }

  // As someone who can get past the triggers.
  void Tamper(const std::string& sql) {
    database_.Query("referral", "ALTER TABLE audit_entry DISABLE TRIGGER ALL");
    database_.Query("referral", "ALTER TABLE audit_seal DISABLE TRIGGER ALL");
    database_.Query("referral", sql);
  }

  std::string Text(const std::string& sql) { return database_.Query("referral", sql)[0].Text("n"); }

  std::string directory_;
  int next_ = 1;
  vardkedja::testing::TestDatabase database_{"referral", {Migrations()}};
  std::unique_ptr<pg::Pool> pool_ = database_.NewPool("referral");
  std::unique_ptr<vault::KeyRing> ring_;
};

TEST_F(AuditTest, ARowIsWrittenWhole) {
  Add(1);
  Entry denied = Row("r-x");
  denied.permitted = false;
  denied.case_id.reset();
  denied.acting_for = "novus";
  ASSERT_TRUE(AppendAll(*pool_, std::vector<Entry>{denied}, In(seconds(5))).ok());
  EXPECT_EQ(Text("SELECT concat_ws('|', at AT TIME ZONE 'UTC', organisation, unit, roles, subject, "
                 "acting_for, purpose, case_id, action, resource_id, rule_id, permitted, call_id, "
                 "details) AS n FROM audit_entry WHERE permitted"),
            "2026-11-21 10:00:00.123456|alvesta|alvesta-authority|social_worker,decider|s-1|"
            "case_work|c-1|/vardkedja.referral.v1.ReferralService/GetReferral|r-1|owner|t|call-1|"
            "categories=identity,x");
  EXPECT_EQ(Text("SELECT acting_for || coalesce(case_id, '-') AS n FROM audit_entry "
                 "WHERE NOT permitted"),
            "novus-");
}

TEST_F(AuditTest, TheTrailIsAppendOnly) {
  Add(1);
  Sealer(*pool_, *ring_).SealOnce().IgnoreError();
  for (const char* sql :
       {"UPDATE audit_entry SET unit = 'x'", "DELETE FROM audit_entry",
        "UPDATE audit_seal SET position = 9", "DELETE FROM audit_seal", "TRUNCATE audit_entry"}) {
    EXPECT_EQ(pg::SqlState(pool_->Write(sql).status()), "42501") << sql;
  }
  // Not even as the owner.
  pg::Pool migrator(database_.Dsn("referral_migrator"), 1, seconds(5));
  pg::TransactionOptions options;
  const absl::Status status =
      migrator.InTransaction(options, [](pg::Transaction& tx) -> absl::Status {
        VK_RETURN_IF_ERROR(tx.Execute("SET LOCAL ROLE referral_owner").status());
        return tx.Execute("DELETE FROM referral.audit_entry").status();
      });
  EXPECT_EQ(pg::SqlState(status), "42501");
}

TEST_F(AuditTest, SealsEachCommittedRowOnce) {
  Sealer sealer(*pool_, *ring_);
  EXPECT_EQ(*sealer.SealOnce(), 0);
  Add(4);
  EXPECT_EQ(*sealer.SealOnce(), 4);
  EXPECT_EQ(*sealer.SealOnce(), 0);
  Add(2);
  EXPECT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 2);
  const VerifyReport report = Check();
  EXPECT_EQ(report.rows, 6);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.head.position, 6);
}

// A row whose commit comes after that of a later id must be sealed too.
TEST_F(AuditTest, SealsARowThatCommitsLate) {
  SealerOptions options;
  options.near_rows = 1;
  Sealer sealer(*pool_, *ring_, options);
  sealer.SealOnce().IgnoreError();
  pg::TransactionOptions slow;
  ASSERT_TRUE(
      pool_
          ->InTransaction(
              slow,
              [&](pg::Transaction& tx) -> absl::Status {
                VK_RETURN_IF_ERROR(
                    tx.Execute("INSERT INTO audit_entry (at, organisation, unit, roles, "
                               "subject, purpose, action, resource_id, rule_id, permitted, "
                               "call_id) VALUES (now(),'o','u','r','s','p','a','r','x',true,"
                               "'c')")
                        .status());
                Add(3);
                EXPECT_EQ(*sealer.SealOnce(), 3);
                return absl::OkStatus();
              })
          .ok());
  ASSERT_EQ(Check().findings.size(), 1U) << "unsealed so far";
  // A wide pass is due at the start of a sealer and each minute.
  EXPECT_EQ(*Sealer(*pool_, *ring_, options).SealOnce(), 1);
  EXPECT_TRUE(Check().findings.empty());
}

TEST_F(AuditTest, ConcurrentSealersMakeOneChain) {
  Add(40);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      SealerOptions options;
      options.batch_rows = 3;
      Sealer sealer(*pool_, *ring_, options);
      for (int pass = 0; pass < 200; ++pass) sealer.SealOnce().IgnoreError();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const VerifyReport report = Check();
  EXPECT_EQ(report.rows, 40);
  EXPECT_TRUE(report.findings.empty());
}

TEST_F(AuditTest, FindsWhatWasTamperedWith) {
  Add(6);
  ASSERT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 6);
  ASSERT_TRUE(Check().findings.empty());

  Tamper("UPDATE audit_entry SET unit = 'vaxjo-ifo1' WHERE id = 2");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kRowChanged, 2, 2}}));
  Tamper("UPDATE audit_entry SET unit = 'alvesta-authority' WHERE id = 2");
  ASSERT_TRUE(Check().findings.empty());

  Tamper("UPDATE audit_entry SET recorded_at = recorded_at + interval '1 us' WHERE id = 5");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kRowChanged, 5, 5}}));
  Tamper("UPDATE audit_entry SET recorded_at = recorded_at - interval '1 us' WHERE id = 5");

  Tamper("UPDATE audit_entry SET case_id = NULL, acting_for = '-' WHERE id = 5");
  EXPECT_EQ(Check().findings.size(), 1U);
  Tamper("UPDATE audit_entry SET case_id = 'c-1', acting_for = NULL WHERE id = 5");
  ASSERT_TRUE(Check().findings.empty());

  // Reordered: two seals exchange their rows.
  Tamper("UPDATE audit_seal SET entry_id = -entry_id WHERE position IN (3, 4)");
  Tamper(
      "UPDATE audit_seal SET entry_id = CASE position WHEN 3 THEN 4 ELSE 3 END "
      "WHERE position IN (3, 4)");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kRowChanged, 3, 4},
                                                    {FindingKind::kRowChanged, 4, 3}}));
  Tamper("UPDATE audit_seal SET entry_id = -entry_id WHERE position IN (3, 4)");
  Tamper("UPDATE audit_seal SET entry_id = position WHERE position IN (3, 4)");
  ASSERT_TRUE(Check().findings.empty());

  Tamper("DELETE FROM audit_entry WHERE id = 4");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kRowRemoved, 4, 4}}));
  Tamper("DELETE FROM audit_seal WHERE position = 4");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kSealRemoved, 4, 0}}));
  // Closing the gap in the numbers does not close it in the chain.
  Tamper("UPDATE audit_seal SET position = position - 1 WHERE position = 5");
  Tamper("UPDATE audit_seal SET position = position - 1 WHERE position = 6");
  EXPECT_EQ(Check().findings.size(), 2U);
}

// Someone keeps a sealed row of before a restore and puts it, seal and all, in the place of what
// was sealed there afterwards. Each seal alone is genuine; the chain is not.
TEST_F(AuditTest, ARowOfAnotherHistoryBreaksTheChain) {
  Add(2);
  ASSERT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 2);
  Tamper("CREATE TABLE kept_entry AS TABLE audit_entry");
  Tamper("DELETE FROM kept_entry WHERE id <> 2");
  Tamper("CREATE TABLE kept_seal AS TABLE audit_seal");
  Tamper("DELETE FROM kept_seal WHERE position <> 2");
  Tamper("DELETE FROM audit_seal WHERE position = 2");
  Tamper("DELETE FROM audit_entry WHERE id = 2");
  Add(2);
  ASSERT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 2);
  ASSERT_TRUE(Check().findings.empty());

  Tamper("DELETE FROM audit_seal WHERE position = 2");
  Tamper("DELETE FROM audit_entry WHERE id = 3");
  Tamper("INSERT INTO audit_entry OVERRIDING SYSTEM VALUE TABLE kept_entry");
  Tamper("INSERT INTO audit_seal TABLE kept_seal");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kRowChanged, 3, 4}}));
}

TEST_F(AuditTest, AnInsertedRowIsNotSealedByHand) {
  Add(2);
  ASSERT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 2);
  Add(1);
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kUnsealed, 0, 3}}));
  Tamper(
      "INSERT INTO audit_seal (position, entry_id, key_id, mac) "
      "SELECT 3, 3, key_id, mac FROM audit_seal WHERE position = 2");
  EXPECT_EQ(Check().findings, (std::vector<Finding>{{FindingKind::kRowChanged, 3, 3}}));
}

TEST_F(AuditTest, ACutEndIsFoundByTheExportedHead) {
  SealerOptions options;
  options.head_file = directory_ + "/head";
  EXPECT_EQ(*ReadHeadFile(options.head_file), std::nullopt);
  Sealer sealer(*pool_, *ring_, options);
  Add(5);
  ASSERT_EQ(*sealer.SealOnce(), 5);
  const auto head = ReadHeadFile(options.head_file);
  ASSERT_TRUE(head.ok() && *head);
  EXPECT_EQ(**head, sealer.stats().head);
  EXPECT_TRUE(Check(**head).findings.empty());
  Tamper("DELETE FROM audit_seal WHERE position = 5");
  Tamper("DELETE FROM audit_entry WHERE id = 5");
  EXPECT_TRUE(Check().findings.empty()) << "nothing inside the database tells";
  EXPECT_EQ(Check(**head).findings, (std::vector<Finding>{{FindingKind::kEndRemoved, 5, 0}}));
  // A process that starts now does not wipe out the proof.
  Sealer restarted(*pool_, *ring_, options);
  Add(1);
  ASSERT_EQ(*restarted.SealOnce(), 1);
  EXPECT_EQ(restarted.stats().export_failures, 1);
  EXPECT_EQ(**ReadHeadFile(options.head_file), **head);
  std::filesystem::remove(options.head_file);
  Add(1);
  ASSERT_EQ(*restarted.SealOnce(), 1);
  EXPECT_EQ(**ReadHeadFile(options.head_file), restarted.stats().head);
  std::ofstream(options.head_file, std::ios::trunc) << "7 zz\n";
  EXPECT_FALSE(ReadHeadFile(options.head_file).ok());
}

TEST_F(AuditTest, TheChainSurvivesAKeyRotation) {
  Add(2);
  ASSERT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 2);
  WriteRing("aud-2", "aud-1");
  ASSERT_TRUE(ring_->Reload().ok());
  Add(2);
  ASSERT_EQ(*Sealer(*pool_, *ring_).SealOnce(), 2);
  EXPECT_TRUE(Check().findings.empty());
  WriteRing("aud-9", "aud-9");
  ASSERT_TRUE(ring_->Reload().ok());
  EXPECT_EQ(Check().findings.front().kind, FindingKind::kKeyMissing);
}

TEST_F(AuditTest, TheThreadSealsAndStopSealsTheRest) {
  SealerOptions options;
  options.interval = milliseconds(5);
  Sealer sealer(*pool_, *ring_, options);
  sealer.Start();
  Add(3);
  const auto give_up = In(seconds(20));
  while (sealer.stats().sealed < 3 && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  Add(2);
  sealer.Stop();
  EXPECT_EQ(sealer.stats().sealed, 5);
  EXPECT_TRUE(Check().findings.empty());
}

TEST_F(AuditTest, AReadsRowsAreDurableWhenItIsAnswered) {
  ReadAuditor auditor(*pool_);
  ASSERT_TRUE(auditor.Record({Row("r-1"), Row("r-2")}, In(seconds(5))).ok());
  EXPECT_EQ(Text("SELECT count(*)::text AS n FROM audit_entry"), "2");
  EXPECT_TRUE(auditor.Record({}, In(seconds(5))).ok());
}

TEST_F(AuditTest, ConcurrentReadsShareCommits) {
  ReadAuditor auditor(*pool_);
  constexpr int kReaders = 16;
  constexpr int kReads = 25;
  std::atomic<int> failures{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      for (int read = 0; read < kReads; ++read) {
        if (!auditor.Record({Row("r")}, In(seconds(20))).ok()) ++failures;
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(Text("SELECT count(*)::text AS n FROM audit_entry"), "400");
  // Rows of one insert share their transaction.
  const int commits =
      std::stoi(Text("SELECT count(DISTINCT xmin::text)::text AS n "
                     "FROM audit_entry"));
  EXPECT_LT(commits, kReaders * kReads / 2);
}

// Nothing can be written to the trail while this lives.
std::unique_ptr<pg::Connection> LockTrail(const std::string& dsn) {
  pg::PoolOptions options;
  options.dsn = dsn;
  auto connection = pg::Connection::Open(options, pg::kNoDeadline);
  EXPECT_TRUE(connection.ok()) << connection.status();
  EXPECT_TRUE((*connection)->Begin({}).ok());
  EXPECT_TRUE((*connection)
                  ->Execute("LOCK TABLE referral.audit_entry IN SHARE MODE", {}, pg::kNoDeadline)
                  .ok());
  return *std::move(connection);
}

TEST_F(AuditTest, ABadRowFailsItsOwnReadOnly) {
  ReadAuditor auditor(*pool_);
  absl::Status first;
  absl::Status bad;
  absl::Status good;
  std::vector<std::thread> readers;
  {
    const auto lock = LockTrail(database_.Dsn("postgres"));
    const auto record = [&](absl::Status& outcome, std::string id) {
      readers.emplace_back([&, id] { outcome = auditor.Record({Row(id)}, In(seconds(20))); });
    };
    record(first, "r-0");
    while (auditor.stats().writing == 0) std::this_thread::yield();
    record(bad, "\xff");
    record(good, "r-1");
    while (auditor.stats().waiting < 2) std::this_thread::yield();
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_TRUE(first.ok()) << first;
  EXPECT_TRUE(good.ok()) << good;
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(Text("SELECT string_agg(resource_id, ',' ORDER BY resource_id) AS n FROM audit_entry"),
            "r-0,r-1");
}

TEST_F(AuditTest, AReadFailsWhenItsRowsCannotBeWritten) {
  pg::Pool nowhere("host=/nonexistent dbname=x user=y", 1, seconds(1));
  ReadAuditorOptions options;
  options.insert_timeout = milliseconds(200);
  ReadAuditor auditor(nowhere, options);
  EXPECT_FALSE(auditor.Record({Row("r")}, In(seconds(20))).ok());
}

TEST_F(AuditTest, AReadDoesNotWaitBeyondItsDeadline) {
  ReadAuditorOptions options;
  options.queue_rows = 2;
  options.insert_timeout = seconds(20);
  ReadAuditor auditor(*pool_, options);
  std::thread writing;
  {
    const auto lock = LockTrail(database_.Dsn("postgres"));
    writing = std::thread([&] { EXPECT_TRUE(auditor.Record({Row("r-0")}, In(seconds(20))).ok()); });
    while (auditor.stats().writing == 0) std::this_thread::yield();
    EXPECT_EQ(auditor.Record({Row("r-1"), Row("r-2")}, In(milliseconds(20))).code(),
              absl::StatusCode::kDeadlineExceeded);
    EXPECT_EQ(auditor.Record({Row("r-3")}, In(seconds(5))).code(),
              absl::StatusCode::kResourceExhausted);
  }
  auditor.Stop();
  EXPECT_EQ(Text("SELECT count(*)::text AS n FROM audit_entry"), "3")
      << "rows are written whose callers gave up, before Stop returns";
  writing.join();
  EXPECT_EQ(auditor.Record({Row("r-4")}, In(seconds(5))).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace vardkedja::audit
