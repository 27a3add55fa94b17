#include "lib/commit/commit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "lib/audit/migrations.h"
#include "lib/commit/migrations.h"
#include "lib/eventlog/migrations.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::commit {
namespace {

using pg::kNoDeadline;

const pg::MigrationSet& ThingSet() {
  static const pg::MigrationSet set{
      "thing",
      {{1, "0001_thing",
        "CREATE TABLE thing (id text CONSTRAINT thing_key PRIMARY KEY, version bigint NOT NULL)"}}};
  return set;
}

class CommitTest : public ::testing::Test {
 protected:
  CommitTest()
      : database_("placement",
                  {eventlog::Migrations(), audit::Migrations(), Migrations(), ThingSet()}),
        pool_(database_.NewPool("placement", 8)) {}

  static auth::RequestKey Key(std::string request_id = "r-1", std::string fingerprint = "f") {
    return {"alvesta/alvesta-authority/s-1", "/a.B/C", std::move(request_id),
            std::move(fingerprint)};
  }

  static Write MakeWrite(std::int64_t version, std::optional<auth::RequestKey> key) {
    Write write;
    write.request_key = std::move(key);
    write.outcome = {"t-1", std::to_string(version)};
    for (int i = 0; i < 2; ++i) {
      eventlog::NewEvent event;
      event.event_id = "01890000-0000-7000-8000-" + std::to_string(100000000000 + version * 10 + i);
      event.aggregate_type = "thing";
      event.aggregate_id = "t-1";
      event.version = version;
      event.type = i == 0 ? "changed" : "noticed";
      event.payload = std::string("\x00\x01", 2);
      event.occurred_at = *ParseInstant("2026-11-21T10:00:00Z");
      write.events.push_back(event);
    }
    audit::Entry entry;
    entry.at = *ParseInstant("2026-11-21T10:00:00Z");
    entry.organisation = "alvesta";
    entry.unit = "alvesta-authority";
    entry.roles = {auth::Role::kSocialWorker};
    entry.subject = "s-1";
    entry.case_id = "t-1";
    entry.action = "/a.B/C";
    entry.resource_id = "t-1";
    entry.rule_id = "owner";
    entry.permitted = true;
    write.audit = {entry};
    return write;
  }

  absl::Status Save(std::int64_t from, const Write& write) {
    const absl::Status status = pool_->InTransaction({}, [&](pg::Transaction& tx) -> absl::Status {
      VK_ASSIGN_OR_RETURN(const pg::Result changed,
                          tx.Execute("UPDATE thing SET version = version + 1"
                                     " WHERE id = 't-1' AND version = $1",
                                     {from}));
      if (changed.affected() == 0) return StaleEtag();
      return Append(tx, write);
    });
    return ResolveReplay(*pool_, write.request_key, status, kNoDeadline);
  }

  absl::Status SaveInOne(std::int64_t from, const Write& write) {
    return SaveOne(*pool_,
                   {"UPDATE thing SET version = version + 1 WHERE id = 't-1' AND version = $1"
                    " RETURNING version"},
                   {from}, write, kNoDeadline)
        .status();
  }

  void SetUp() override { ASSERT_TRUE(pool_->Write("INSERT INTO thing VALUES ('t-1', 1)").ok()); }

  std::int64_t Count(const std::string& table) {
    return database_.Query("placement", "SELECT count(*) AS n FROM " + table)[0].Int("n");
  }
  std::int64_t Version() {
    return database_.Query("placement", "SELECT version AS n FROM thing")[0].Int("n");
  }

  testing::TestDatabase database_;
  std::unique_ptr<pg::Pool> pool_;
};

TEST_F(CommitTest, EverythingIsThereAndTheReplayIsFound) {
  EXPECT_EQ(*FindReplay(*pool_, Key(), kNoDeadline), std::nullopt);
  ASSERT_TRUE(Save(1, MakeWrite(2, Key())).ok());
  EXPECT_EQ(*FindReplay(*pool_, Key(), kNoDeadline), (Outcome{"t-1", "2"}));
  const auto events = database_.Query(
      "placement", "SELECT type, ordinal, payload, seq FROM event ORDER BY ordinal");
  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0].Text("type"), "changed");
  EXPECT_EQ(events[1].Int("ordinal"), 2);
  EXPECT_EQ(events[0].Bytes("payload"), std::string("\x00\x01", 2));
  EXPECT_TRUE(events[0].IsNull("seq"));
  const auto audit = database_.Query(
      "placement", "SELECT unit, roles, acting_for, case_id, permitted FROM audit_entry");
  ASSERT_EQ(audit.size(), 1);
  EXPECT_EQ(audit[0].Text("roles"), "social_worker");
  EXPECT_EQ(audit[0].OptionalText("acting_for"), std::nullopt);
  EXPECT_EQ(audit[0].Text("case_id"), "t-1");
  EXPECT_TRUE(audit[0].Bool("permitted"));
}

TEST_F(CommitTest, OtherBodyWithTheSameIdIsRefused) {
  ASSERT_TRUE(Save(1, MakeWrite(2, Key())).ok());
  const auto found = FindReplay(*pool_, Key("r-1", "other"), kNoDeadline);
  EXPECT_EQ(found.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(found.status())->reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(*FindReplay(*pool_, Key("r-2"), kNoDeadline), std::nullopt);
}

TEST_F(CommitTest, StaleEtagAppendsNothing) {
  for (const bool in_one : {false, true}) {
    const Write write = MakeWrite(2, Key());
    const absl::Status status = in_one ? SaveInOne(7, write) : Save(7, write);
    EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
    EXPECT_EQ(GetErrorDetail(status)->reason, "STALE_ETAG");
  }
  EXPECT_EQ(Count("request") + Count("event") + Count("audit_entry"), 0);
}

TEST_F(CommitTest, SameRequestWithAnOldEtagIsAReplay) {
  ASSERT_TRUE(SaveInOne(1, MakeWrite(2, Key())).ok());
  EXPECT_TRUE(IsReplay(SaveInOne(1, MakeWrite(2, Key()))));
  EXPECT_TRUE(IsReplay(Save(1, MakeWrite(2, Key()))));
  EXPECT_FALSE(IsReplay(Save(1, MakeWrite(2, Key("r-2")))));
  EXPECT_EQ(Version(), 2);
}

TEST_F(CommitTest, SameKeyAgainOnACreateIsAReplayAndRollsBack) {
  ASSERT_TRUE(SaveInOne(1, MakeWrite(2, Key())).ok());
  EXPECT_TRUE(IsReplay(Save(2, MakeWrite(3, Key()))));
  EXPECT_EQ(Version(), 2);
  EXPECT_EQ(Count("event"), 2);
}

TEST_F(CommitTest, TimersHaveNoKeyAndEmptyWritesAreFine) {
  EXPECT_TRUE(Save(1, MakeWrite(2, std::nullopt)).ok());
  EXPECT_TRUE(Save(2, Write{}).ok());
  EXPECT_EQ(Count("request"), 0);
  EXPECT_EQ(Count("event"), 2);
}

TEST_F(CommitTest, TwoCommitsCannotMakeTheSameVersion) {
  ASSERT_TRUE(SaveInOne(1, MakeWrite(2, std::nullopt)).ok());
  Write again = MakeWrite(2, std::nullopt);
  for (auto& event : again.events) event.event_id[0] = 'f';
  const absl::Status status = SaveInOne(2, again);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(IsReplay(status));
  EXPECT_EQ(Version(), 2);
}

// Eight callers with one request: it happens once, and each of the others learns that it did.
TEST_F(CommitTest, ConcurrentRepeatsHappenOnce) {
  for (std::int64_t round = 1; round <= 10; ++round) {
    const std::string id = "round-" + std::to_string(round);
    std::latch start(8);
    std::atomic<int> done = 0;
    std::atomic<int> replays = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        const Write write = MakeWrite(round + 1, Key(id));
        start.arrive_and_wait();
        const absl::Status status = t % 2 == 0 ? SaveInOne(round, write) : Save(round, write);
        if (status.ok()) ++done;
        if (IsReplay(status)) ++replays;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(replays, 7);
    EXPECT_TRUE(FindReplay(*pool_, Key(id), kNoDeadline)->has_value());
  }
  EXPECT_EQ(Version(), 11);
  EXPECT_EQ(Count("event"), 20);
  EXPECT_EQ(Count("audit_entry"), 10);
}

TEST_F(CommitTest, EventsAreAnnounced) {
  std::vector<std::string> heard;
  pool_->SetListener([&](std::string_view topic) { heard.emplace_back(topic); });
  ASSERT_TRUE(Save(1, MakeWrite(2, Key("r-1"))).ok());
  ASSERT_TRUE(SaveInOne(2, MakeWrite(3, Key("r-2"))).ok());
  ASSERT_TRUE(Save(3, Write{}).ok());
  EXPECT_EQ(heard, (std::vector<std::string>{"eventlog", "eventlog"}));
}

TEST_F(CommitTest, KeysAreForgottenAfterSevenDays) {
  ASSERT_TRUE(Save(1, MakeWrite(2, Key("old"))).ok());
  ASSERT_TRUE(Save(2, MakeWrite(3, Key("new"))).ok());
  database_.Query("placement",
                  "UPDATE request SET created_at = created_at - interval '7 days 1 minute'"
                  " WHERE request_id = 'old'");
  EXPECT_EQ(*PurgeRequests(*pool_, kNoDeadline), 1);
  EXPECT_EQ(*FindReplay(*pool_, Key("old"), kNoDeadline), std::nullopt);
  EXPECT_TRUE(FindReplay(*pool_, Key("new"), kNoDeadline)->has_value());
}

TEST_F(CommitTest, TheServiceItselfCannotChangeItsLog) {
  ASSERT_TRUE(Save(1, MakeWrite(2, Key())).ok());
  for (const char* sql : {"UPDATE event SET payload = ''", "DELETE FROM event", "TRUNCATE event",
                          "DELETE FROM audit_entry", "UPDATE audit_entry SET unit = 'x'"}) {
    EXPECT_EQ(pg::SqlState(pool_->Write(sql).status()), "42501") << sql;
  }
  ASSERT_TRUE(pool_->Write("UPDATE event SET seq = ordinal, sequenced_at = now()").ok());
  EXPECT_EQ(pg::SqlState(pool_->Write("UPDATE event SET seq = seq + 10").status()), "42501");
}

}  // namespace
}  // namespace vardkedja::commit
