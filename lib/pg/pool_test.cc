#include "lib/pg/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>

#include "lib/pg/connection.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::PgCluster;
using testing::TestDatabase;

const MigrationSet& TableSet() {
  static const MigrationSet set{
      "pooltest",
      {{1, "0001_table",
        "CREATE TABLE thing (id text CONSTRAINT thing_key PRIMARY KEY, n bigint NOT NULL"
        " CONSTRAINT thing_small CHECK (n < 1000), raw bytea, at timestamptz, day date,"
        " tags text[])"}}};
  return set;
}

class PoolTest : public ::testing::Test {
 protected:
  PoolTest() : database_("placement", {TableSet()}), pool_(database_.NewPool("placement")) {}

  absl::Status Insert(Transaction& tx, std::string_view id, std::int64_t n) {
    return tx.Execute("INSERT INTO thing (id, n) VALUES ($1, $2)", {id, n}).status();
  }
  std::int64_t Count() {
    return pool_->Read("SELECT count(*) AS n FROM thing")->operator[](0).Int("n");
  }
  // Ends every other session of this database, as a restart of the server would.
  void TerminateSessions() {
    database_.Query("placement",
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  TestDatabase database_;
  std::unique_ptr<Pool> pool_;
};

TEST_F(PoolTest, ValuesRoundTrip) {
  const std::string raw("\x00\xff\\'{}\"\x01", 8);
  const Instant at = *ParseInstant("2026-11-21T22:11:33.000050Z");
  const std::vector<std::string> tags = {"a", "b c", "", "NULL", R"(q"\,{})", "å"};
  ASSERT_TRUE(pool_
                  ->Write("INSERT INTO thing VALUES ($1, $2, $3, $4, $5, $6)",
                          {"id", std::int64_t{-7}, Bytes{raw}, at, MakeDate(2026, 2, 28), tags})
                  .ok());
  const auto rows = pool_->Read("SELECT id, n, raw, at, day, tags, n < 0 AS negative FROM thing");
  ASSERT_TRUE(rows.ok()) << rows.status();
  const Row row = (*rows)[0];
  EXPECT_EQ(row.Text("id"), "id");
  EXPECT_EQ(row.Int("n"), -7);
  EXPECT_EQ(row.Bytes("raw"), raw);
  EXPECT_EQ(row.Instant("at"), at);
  EXPECT_EQ(row.Date("day"), MakeDate(2026, 2, 28));
  EXPECT_EQ(row.Texts("tags"), tags);
  EXPECT_TRUE(row.Bool("negative"));
  EXPECT_THROW(static_cast<void>(row.Int("id")), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.Text("nothing")), std::logic_error);
}

TEST_F(PoolTest, NullsAndBlobArrays) {
  ASSERT_TRUE(pool_->Write("INSERT INTO thing (id, n) VALUES ('x', 1)").ok());
  const auto rows = pool_->Read("SELECT id, raw, at, day FROM thing WHERE $1::text IS NULL",
                                {std::optional<std::string>()});
  ASSERT_EQ(rows->size(), 1);
  EXPECT_EQ((*rows)[0].OptionalBytes("raw"), std::nullopt);
  EXPECT_EQ((*rows)[0].OptionalInstant("at"), std::nullopt);
  EXPECT_EQ((*rows)[0].OptionalDate("day"), std::nullopt);
  EXPECT_THROW(static_cast<void>((*rows)[0].Bytes("raw")), std::logic_error);
  const std::string raw("\x00\xff", 2);
  const auto blobs =
      pool_->Read("SELECT b FROM unnest($1::bytea[]) AS b", {std::vector<Bytes>{{raw}, {""}}});
  ASSERT_EQ(blobs->size(), 2);
  EXPECT_EQ((*blobs)[0].Bytes("b"), raw);
  EXPECT_EQ((*blobs)[1].Bytes("b"), "");
}

TEST_F(PoolTest, ViolatedConstraintIsNamedAndNothingElseLeaks) {
  ASSERT_TRUE(pool_->Write("INSERT INTO thing (id, n) VALUES ('secret', 1)").ok());
  const auto twice = pool_->Write("INSERT INTO thing (id, n) VALUES ('secret', 1)");
  EXPECT_EQ(twice.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ViolatedConstraint(twice.status()), "thing_key");
  EXPECT_EQ(ToStd(twice.status().message()).find("secret"), std::string_view::npos);
  const auto big = pool_->Write("INSERT INTO thing (id, n) VALUES ('b', 1000)");
  EXPECT_EQ(big.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ViolatedConstraint(big.status()), "thing_small");
}

TEST_F(PoolTest, BodyThatFailsLeavesNothing) {
  bool committed = false;
  const absl::Status status = pool_->InTransaction({}, [&](Transaction& tx) -> absl::Status {
    tx.AfterCommit([&] { committed = true; });
    VK_RETURN_IF_ERROR(Insert(tx, "a", 1));
    return absl::CancelledError("no");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(Count(), 0);
  EXPECT_FALSE(committed);
}

TEST_F(PoolTest, SwallowedErrorIsNotACommit) {
  const absl::Status status = pool_->InTransaction({}, [&](Transaction& tx) -> absl::Status {
    Insert(tx, "a", 1).IgnoreError();
    Insert(tx, "a", 1).IgnoreError();
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Count(), 0);
}

TEST_F(PoolTest, AnnouncesOnceAndOnlyAfterTheCommit) {
  std::vector<std::string> heard;
  std::int64_t rows_when_heard = -1;
  pool_->SetListener([&](std::string_view topic) {
    heard.emplace_back(topic);
    rows_when_heard = Count();
  });
  ASSERT_TRUE(pool_
                  ->InTransaction({},
                                  [&](Transaction& tx) -> absl::Status {
                                    tx.Announce("events");
                                    tx.Announce("events");
                                    return Insert(tx, "a", 1);
                                  })
                  .ok());
  EXPECT_EQ(heard, std::vector<std::string>{"events"});
  EXPECT_EQ(rows_when_heard, 1);
}

TEST_F(PoolTest, AnExceptionGivesTheConnectionBackClean) {
  EXPECT_THROW(static_cast<void>(pool_->InTransaction({},
                                                      [&](Transaction& tx) -> absl::Status {
                                                        Insert(tx, "a", 1).IgnoreError();
                                                        throw std::runtime_error("x");
                                                      })),
               std::runtime_error);
  EXPECT_EQ(pool_->stats().in_use, 0);
  EXPECT_EQ(Count(), 0);
}

// Two counters that read and write each other's row: without retries one of them fails.
TEST_F(PoolTest, SerialisationFailuresAreRetried) {
  ASSERT_TRUE(pool_->Write("INSERT INTO thing (id, n) VALUES ('c', 0)").ok());
  TransactionOptions options;
  options.isolation = Isolation::kSerializable;
  options.deadline = steady_clock::now() + seconds(20);
  std::atomic<int> runs = 0;
  std::atomic<int> failed = 0;
  std::latch both_have_read(2);
  const auto add = [&] {
    bool first = true;
    const absl::Status status = pool_->InTransaction(options, [&](Transaction& tx) -> absl::Status {
      ++runs;
      VK_ASSIGN_OR_RETURN(const Result rows, tx.Execute("SELECT n FROM thing WHERE id = 'c'"));
      if (std::exchange(first, false)) both_have_read.arrive_and_wait();
      return tx.Execute("UPDATE thing SET n = $1 WHERE id = 'c'", {rows[0].Int("n") + 1}).status();
    });
    if (!status.ok()) ++failed;
  };
  std::thread other(add);
  add();
  other.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GE(runs, 3);
  EXPECT_EQ((*pool_->Read("SELECT n FROM thing"))[0].Int("n"), 2);
  EXPECT_GE(pool_->stats().retries, 1);
}

TEST_F(PoolTest, ContentionThatLastsIsReportedAndBounded) {
  int runs = 0;
  const absl::Status status = pool_->InTransaction({}, [&](Transaction& tx) -> absl::Status {
    ++runs;
    return tx.Execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$").status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetErrorDetail(status)->reason, "DATABASE_CONTENTION");
  EXPECT_EQ(runs, 5);
}

TEST_F(PoolTest, StatementIsCancelledAtTheDeadline) {
  const auto start = steady_clock::now();
  const auto result = pool_->Read("SELECT pg_sleep(30)", {}, start + milliseconds(100));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_LT(steady_clock::now() - start, seconds(5));
  // Nothing is left running on the server, and the pool goes on.
  for (int i = 0; i < 100; ++i) {
    const auto running =
        database_.Query("placement",
                        "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active'"
                        " AND datname = current_database() AND query LIKE 'SELECT pg_sleep%'");
    if (running[0].Int("n") == 0) break;
    ASSERT_LT(i, 99) << "the statement still runs";
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(Count(), 0);
}

TEST_F(PoolTest, StatementTimeoutHoldsWithoutADeadline) {
  Pool pool(database_.RuntimeDsn("placement"), 1, milliseconds(100));
  const auto result = pool.Read("SELECT pg_sleep(30)");
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(SqlState(result.status()), "57014");
}

TEST_F(PoolTest, WaitsForAConnectionUntilTheDeadline) {
  Pool pool(database_.RuntimeDsn("placement"), 1, seconds(5));
  const absl::Status status = pool.InTransaction({}, [&](Transaction&) -> absl::Status {
    return pool.Read("SELECT 1", {}, steady_clock::now() + milliseconds(50)).status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(pool.Ping(steady_clock::now() + seconds(5)).ok());
}

TEST_F(PoolTest, IdleConnectionsThatDiedAreReplacedUnseen) {
  ASSERT_TRUE(pool_->Ping(kNoDeadline).ok());
  TerminateSessions();
  EXPECT_TRUE(pool_->InTransaction({}, [&](Transaction& tx) { return Insert(tx, "a", 1); }).ok());
  EXPECT_EQ(Count(), 1);
  EXPECT_GE(pool_->stats().discarded, 1);
}

TEST_F(PoolTest, IdleSessionsEndAndNobodyNotices) {
  PoolOptions options;
  options.dsn = database_.RuntimeDsn("placement");
  options.application_name = "idle-test";
  options.idle_timeout = milliseconds(50);
  Pool pool(options);
  ASSERT_TRUE(pool.Write("INSERT INTO thing (id, n) VALUES ('a', 1)").ok());
  const auto end = steady_clock::now() + seconds(20);
  while (database_
             .Query("placement",
                    "SELECT count(*) AS n FROM pg_stat_activity"
                    " WHERE application_name = 'idle-test'")[0]
             .Int("n") > 0) {
    ASSERT_LT(steady_clock::now(), end);
  }
  EXPECT_TRUE(pool.Write("INSERT INTO thing (id, n) VALUES ('b', 1)").ok());
  EXPECT_EQ(Count(), 2);
}

TEST_F(PoolTest, SessionsThatAreOldGiveWayToNewOnes) {
  const auto sessions_of_two_reads = [&](milliseconds longest_life) {
    PoolOptions options;
    options.dsn = database_.RuntimeDsn("placement");
    options.longest_life = longest_life;
    Pool pool(options);
    std::set<std::int64_t> pids;
    for (int i = 0; i < 2; ++i) {
      const auto read = pool.Read("SELECT pg_backend_pid() AS pid");
      EXPECT_TRUE(read.ok()) << read.status();
      if (read.ok()) pids.insert((*read)[0].Int("pid"));
    }
    EXPECT_EQ(pool.stats().in_use, 0);
    EXPECT_EQ(pool.stats().connects, static_cast<std::int64_t>(pids.size()));
    return pids.size();
  };
  EXPECT_EQ(sessions_of_two_reads(milliseconds(0)), 2U);
  EXPECT_EQ(sessions_of_two_reads(milliseconds(60'000)), 1U);
}

TEST_F(PoolTest, ConnectionThatBreaksBeforeTheCommitIsRetried) {
  int runs = 0;
  const absl::Status status = pool_->InTransaction({}, [&](Transaction& tx) -> absl::Status {
    VK_RETURN_IF_ERROR(Insert(tx, "a", 1));
    if (++runs == 1) TerminateSessions();
    return Insert(tx, "b", 1);
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 2);
}

TEST_F(PoolTest, BreakAtTheCommitIsInDoubtAndNotRetried) {
  int runs = 0;
  const absl::Status status = pool_->InTransaction({}, [&](Transaction& tx) -> absl::Status {
    ++runs;
    VK_RETURN_IF_ERROR(Insert(tx, "a", 1));
    TerminateSessions();
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(status)->reason, "DATABASE_UNAVAILABLE");
  EXPECT_EQ(runs, 1);
}

TEST_F(PoolTest, PreparedStatementsAreBounded) {
  PoolOptions options;
  options.dsn = database_.RuntimeDsn("placement");
  options.size = 1;
  options.prepared_statements = 4;
  Pool pool(options);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) {
      const auto rows = pool.Read("SELECT $1::bigint + " + std::to_string(i) + " AS n", {i});
      ASSERT_TRUE(rows.ok()) << rows.status();
      EXPECT_EQ((*rows)[0].Int("n"), 2 * i);
    }
  }
  const auto kept = pool.Read("SELECT count(*) AS n FROM pg_prepared_statements");
  EXPECT_LE((*kept)[0].Int("n"), 4);
}

TEST_F(PoolTest, FailedStatementIsPreparedAnew) {
  Pool pool(database_.RuntimeDsn("placement"), 1, seconds(5));
  EXPECT_EQ(SqlState(pool.Read("SELECT n FROM later").status()), "42P01");
  database_.Query("placement", "CREATE TABLE later AS SELECT 5 AS n");
  database_.Query("placement", "GRANT SELECT ON later TO placement_runtime");
  EXPECT_EQ((*pool.Read("SELECT n FROM later"))[0].Int("n"), 5);
  // A changed result type spoils the plan; the next call recovers.
  database_.Query("placement", "ALTER TABLE later ALTER n TYPE text");
  pool.Read("SELECT n FROM later").status().IgnoreError();
  EXPECT_EQ((*pool.Read("SELECT n FROM later"))[0].Text("n"), "5");
}

TEST_F(PoolTest, UnreachableServerIsUnavailable) {
  Pool pool("host=/nonexistent dbname=x user=y", 1, seconds(1));
  const absl::Status status = pool.Ping(steady_clock::now() + seconds(2));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(pool.stats().open, 0);
}

TEST_F(PoolTest, ManyThreadsShareFewConnections) {
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        const absl::Status status =
            pool_->InTransaction({}, [&](Transaction& tx) { return Insert(tx, id, i); });
        if (!status.ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(Count(), 320);
  EXPECT_LE(pool_->stats().open, 4);
  EXPECT_EQ(pool_->stats().in_use, 0);
}

}  // namespace
}  // namespace vardkedja::pg
