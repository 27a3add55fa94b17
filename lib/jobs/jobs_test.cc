#include "lib/jobs/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "lib/jobs/migrations.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::jobs {
namespace {

using pg::kNoDeadline;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

const pg::MigrationSet& EffectSet() {
  static const pg::MigrationSet set{
      "effect",
      {{1, "0001_effect",
        "CREATE TABLE effect (key text NOT NULL, payload text NOT NULL);"
        "CREATE TABLE offer (id text PRIMARY KEY, n bigint NOT NULL)"}}};
  return set;
}

class JobsTest : public ::testing::Test {
 protected:
  JobsTest()
      : database_("placement", {Migrations(), EffectSet()}),
        pool_(database_.NewPool("placement", 8)) {}

  static RunnerOptions Quick() {
    RunnerOptions options;
    options.poll = milliseconds(10);
    options.min_backoff = milliseconds(1);
    options.max_backoff = milliseconds(2);
    options.max_attempts = 3;
    return options;
  }

  static absl::Status Effect(pg::Transaction& tx, const Job& job) {
    return tx.Execute("INSERT INTO effect VALUES ($1, $2)", {job.key, job.payload}).status();
  }

  void Add(std::string key, Instant at, std::string payload = "p", std::string kind = "expiry") {
    const absl::Status status = pool_->InTransaction({}, [&](pg::Transaction& tx) {
      return Enqueue(tx, {kind, key, at, payload});
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  std::int64_t Effects() {
    return database_.Query("placement", "SELECT count(*) AS n FROM effect")[0].Int("n");
  }
  std::string State(std::string_view key) {
    const auto rows = database_.Query(
        "placement", "SELECT state FROM job WHERE key = $1 ORDER BY id DESC LIMIT 1", {key});
    return rows.empty() ? "none" : rows[0].Text("state");
  }

  testing::TestDatabase database_;
  std::unique_ptr<pg::Pool> pool_;
  const Instant start_ = *ParseInstant("2026-11-21T10:00:00Z");
  FakeClock clock_{start_};
};

TEST_F(JobsTest, RunsWhenDomainTimeComes) {
  Runner runner(*pool_, clock_, {{"expiry", Effect}}, Quick());
  Add("a", start_ + hours(24));
  EXPECT_EQ(*runner.RunDue(), 0);
  clock_.Advance(hours(24));
  EXPECT_EQ(*runner.RunDue(), 1);
  EXPECT_EQ(*runner.RunDue(), 0);
  EXPECT_EQ(Effects(), 1);
  EXPECT_EQ(State("a"), "done");
}

// A timer for another day would wake every runner to look for nothing.
TEST_F(JobsTest, OnlyWhatIsDueSoonIsAnnounced) {
  int heard = 0;
  pool_->SetListener([&](std::string_view topic) { heard += topic == kTopic ? 1 : 0; });
  const Instant now = std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
  Add("later", now + hours(1));
  EXPECT_EQ(heard, 0);
  Add("due", now);
  EXPECT_EQ(heard, 1);
  Add("overdue", now - hours(1));
  EXPECT_EQ(heard, 2);
}

TEST_F(JobsTest, EnqueueAgainMovesAndCancelEnds) {
  Runner runner(*pool_, clock_, {{"expiry", Effect}}, Quick());
  Add("a", start_, "old");
  Add("a", start_ + hours(1), "new");
  Add("b", start_);
  ASSERT_TRUE(
      pool_->InTransaction({}, [](pg::Transaction& tx) { return Cancel(tx, "expiry", "b"); }).ok());
  EXPECT_EQ(*runner.RunDue(), 0);
  clock_.Advance(hours(2));
  EXPECT_EQ(*runner.RunDue(), 1);
  EXPECT_EQ(database_.Query("placement", "SELECT payload FROM effect")[0].Text("payload"), "new");
  EXPECT_EQ(State("b"), "cancelled");
}

TEST_F(JobsTest, RolledBackWithTheStateThatWantedIt) {
  EXPECT_FALSE(pool_
                   ->InTransaction({},
                                   [&](pg::Transaction& tx) -> absl::Status {
                                     VK_RETURN_IF_ERROR(Enqueue(tx, {"expiry", "a", start_, ""}));
                                     return absl::CancelledError("no");
                                   })
                   .ok());
  EXPECT_EQ(State("a"), "none");
}

TEST_F(JobsTest, UnknownKindsAreLeftAlone) {
  Add("a", start_, "p", "other");
  Runner runner(*pool_, clock_, {{"expiry", Effect}}, Quick());
  EXPECT_EQ(*runner.RunDue(), 0);
  EXPECT_EQ(State("a"), "scheduled");
}

TEST_F(JobsTest, FailureRollsBackIsRetriedAndStaysVisibleInTheEnd) {
  int attempts = 0;
  Runner runner(*pool_, clock_,
                {{"expiry",
                  [&](pg::Transaction& tx, const Job& job) -> absl::Status {
                    EXPECT_EQ(job.attempt, ++attempts);
                    VK_RETURN_IF_ERROR(Effect(tx, job));
                    if (attempts == 2) throw std::runtime_error("a defect");
                    return MakeError(absl::StatusCode::kNotFound, "secret text", "GONE");
                  }}},
                Quick());
  Add("a", start_);
  const auto end = steady_clock::now() + seconds(20);
  while (State("a") != "failed" && steady_clock::now() < end) ASSERT_TRUE(runner.RunDue().ok());
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(Effects(), 0);
  EXPECT_EQ(database_.Query("placement", "SELECT last_error FROM job")[0].Text("last_error"),
            "NOT_FOUND GONE");
  EXPECT_EQ(ReadQueue(*pool_, clock_.Now(), kNoDeadline)->failed, 1);

  Runner repaired(*pool_, clock_, {{"expiry", Effect}}, Quick());
  EXPECT_EQ(*repaired.RunDue(), 0);
  EXPECT_FALSE(Retry(*pool_, "expiry", "nobody", kNoDeadline).ok());
  ASSERT_TRUE(Retry(*pool_, "expiry", "a", kNoDeadline).ok());
  EXPECT_EQ(*repaired.RunDue(), 1);
  EXPECT_EQ(Effects(), 1);
}

TEST_F(JobsTest, BackOffIsWaitedFor) {
  RunnerOptions slow = Quick();
  slow.min_backoff = slow.max_backoff = hours(1);
  Runner runner(*pool_, clock_,
                {{"expiry", [](pg::Transaction&, const Job&) { return absl::InternalError("x"); }}},
                slow);
  Add("a", start_);
  EXPECT_EQ(*runner.RunDue(), 1);
  EXPECT_EQ(*runner.RunDue(), 0);
  EXPECT_EQ(State("a"), "scheduled");
}

TEST_F(JobsTest, HandlerMayScheduleItsOwnNextRun) {
  int runs = 0;
  Runner runner(*pool_, clock_,
                {{"expiry",
                  [&](pg::Transaction& tx, const Job& job) -> absl::Status {
                    ++runs;
                    VK_RETURN_IF_ERROR(Effect(tx, job));
                    return Enqueue(tx, {job.kind, job.key, job.run_at + hours(1), "next"});
                  }}},
                Quick());
  Add("a", start_);
  EXPECT_EQ(*runner.RunDue(), 1);
  EXPECT_EQ(*runner.RunDue(), 0);
  clock_.Advance(hours(1));
  EXPECT_EQ(*runner.RunDue(), 1);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(runner.stats().done, 2);
  EXPECT_EQ(Effects(), 2);
}

// The offer is accepted while its expiry is being run: the expiry must leave no trace.
TEST_F(JobsTest, LosesItsFenceToACancelMeanwhile) {
  Runner runner(*pool_, clock_,
                {{"expiry",
                  [&](pg::Transaction& tx, const Job& job) -> absl::Status {
                    VK_RETURN_IF_ERROR(Effect(tx, job));
                    return pool_->InTransaction(
                        {}, [&](pg::Transaction& other) { return Cancel(other, "expiry", "a"); });
                  }}},
                Quick());
  Add("a", start_);
  EXPECT_EQ(*runner.RunDue(), 1);
  EXPECT_EQ(Effects(), 0);
  EXPECT_EQ(State("a"), "cancelled");
  EXPECT_EQ(runner.stats().lost, 1);
}

// A runner that stalls beyond its lease: another one rescues and runs the job, the first is fenced.
TEST_F(JobsTest, StuckJobIsRescuedAndTheLatecomerFenced) {
  RunnerOptions options = Quick();
  Runner second(*pool_, clock_, {{"expiry", Effect}}, options);
  Runner first(*pool_, clock_,
               {{"expiry",
                 [&](pg::Transaction& tx, const Job& job) -> absl::Status {
                   VK_RETURN_IF_ERROR(Effect(tx, job));
                   database_.Query("placement",
                                   "UPDATE job SET lease_until = now() - interval '1 second'");
                   EXPECT_EQ(*second.RunDue(), 1);
                   return absl::OkStatus();
                 }}},
               options);
  Add("a", start_);
  EXPECT_EQ(*first.RunDue(), 1);
  EXPECT_EQ(second.stats().rescued, 1);
  EXPECT_EQ(second.stats().done, 1);
  EXPECT_EQ(first.stats().lost, 1);
  EXPECT_EQ(Effects(), 1);
  EXPECT_EQ(State("a"), "done");
}

TEST_F(JobsTest, ManyRunnersRunEachJobOnce) {
  constexpr int kJobs = 200;
  ASSERT_TRUE(
      pool_
          ->InTransaction(
              {},
              [&](pg::Transaction& tx) -> absl::Status {
                for (int i = 0; i < kJobs; ++i) {
                  VK_RETURN_IF_ERROR(Enqueue(tx, {"expiry", std::to_string(i), start_, ""}));
                }
                return absl::OkStatus();
              })
          .ok());
  std::vector<std::unique_ptr<Runner>> runners;
  std::map<std::string, Handler, std::less<>> handlers = {{"expiry", Effect}};
  for (int i = 0; i < 4; ++i) {
    runners.push_back(std::make_unique<Runner>(*pool_, clock_, handlers, Quick()));
    runners.back()->Start();
  }
  const auto end = steady_clock::now() + seconds(30);
  while (Effects() < kJobs && steady_clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  for (const auto& runner : runners) runner->Stop();
  EXPECT_EQ(Effects(), kJobs);
  const auto rows = database_.Query("placement", "SELECT count(DISTINCT key) AS n FROM effect");
  EXPECT_EQ(rows[0].Int("n"), kJobs);
}

TEST_F(JobsTest, StopGivesClaimedJobsBack) {
  std::atomic<bool> begun = false;
  std::atomic<bool> go_on = false;
  Runner runner(*pool_, clock_,
                {{"expiry",
                  [&](pg::Transaction& tx, const Job& job) {
                    begun = true;
                    while (!go_on) std::this_thread::yield();
                    return Effect(tx, job);
                  }}},
                Quick());
  for (int i = 0; i < 5; ++i) Add(std::to_string(i), start_);
  runner.Start();
  while (!begun) std::this_thread::yield();
  std::thread stopper([&] { runner.Stop(); });
  std::this_thread::sleep_for(milliseconds(50));  // lets Stop arrive; either order is right
  go_on = true;
  stopper.join();
  const auto rows =
      database_.Query("placement",
                      "SELECT count(*) FILTER (WHERE state = 'running') AS running,"
                      " count(*) FILTER (WHERE state = 'scheduled' AND attempts = 0) AS waiting,"
                      " count(*) FILTER (WHERE state = 'done') AS done FROM job");
  EXPECT_EQ(rows[0].Int("running"), 0);
  EXPECT_EQ(rows[0].Int("waiting") + rows[0].Int("done"), 5);
}

// State first, job second, on both sides: no deadlock between a handler and a call on its resource.
TEST_F(JobsTest, HandlersAndCallsDoNotDeadlock) {
  ASSERT_TRUE(pool_->Write("INSERT INTO offer VALUES ('o', 0)").ok());
  const auto touch = [](pg::Transaction& tx) {
    return tx.Execute("UPDATE offer SET n = n + 1 WHERE id = 'o'").status();
  };
  Runner runner(*pool_, clock_,
                {{"expiry", [&](pg::Transaction& tx, const Job&) { return touch(tx); }}}, Quick());
  runner.Start();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(pool_
                    ->InTransaction({},
                                    [&](pg::Transaction& tx) -> absl::Status {
                                      VK_RETURN_IF_ERROR(touch(tx));
                                      VK_RETURN_IF_ERROR(Cancel(tx, "expiry", "o"));
                                      return Enqueue(tx, {"expiry", "o", start_, ""});
                                    })
                    .ok());
  }
  runner.Stop();
  EXPECT_EQ(pool_->stats().retries, 0);
}

TEST_F(JobsTest, TheDatabaseRefusesImpossibleStates) {
  for (const char* sql :
       {"INSERT INTO job (kind, key, payload, run_at, state) VALUES ('k', 'a', '', now(), 'done')",
        "INSERT INTO job (kind, key, payload, run_at, state) VALUES ('k', 'a', '', now(), 'x')",
        "INSERT INTO job (kind, key, payload, run_at, lease_until)"
        " VALUES ('k', 'a', '', now(), now())",
        "INSERT INTO job (kind, key, payload, run_at, state, finished_at)"
        " VALUES ('k', 'a', '', now(), 'failed', now())"}) {
    EXPECT_EQ(pg::SqlState(pool_->Write(sql).status()), "23514") << sql;
  }
}

TEST_F(JobsTest, PurgesWhatIsOldAndDone) {
  int calls = 0;
  RunnerOptions options = Quick();
  options.hourly = {[&](pg::Pool&, pg::Deadline) -> absl::StatusOr<std::int64_t> {
    return ++calls < 3 ? 5000 : 0;
  }};
  Add("old", start_);
  Add("young", start_);
  Add("waiting", start_ + hours(1));
  {
    Runner runner(*pool_, clock_, {{"expiry", Effect}}, Quick());
    EXPECT_EQ(*runner.RunDue(), 2);
  }
  database_.Query("placement",
                  "UPDATE job SET finished_at = finished_at - interval '8 days'"
                  " WHERE key = 'old'");
  Runner runner(*pool_, clock_, {{"expiry", Effect}}, options);
  ASSERT_TRUE(runner.RunDue().ok());
  ASSERT_TRUE(runner.RunDue().ok());
  EXPECT_EQ(calls, 3) << "batches until nothing is left, once an hour";
  EXPECT_EQ(State("old"), "none");
  EXPECT_EQ(State("young"), "done");
  EXPECT_EQ(State("waiting"), "scheduled");
}

TEST_F(JobsTest, QueueStatsTellHowLateItIs) {
  Add("a", start_ - hours(2));
  Add("b", start_ + hours(2));
  const auto stats = ReadQueue(*pool_, start_, kNoDeadline);
  EXPECT_EQ(stats->due, 1);
  EXPECT_EQ(stats->oldest_due, hours(2));
}

}  // namespace
}  // namespace vardkedja::jobs
