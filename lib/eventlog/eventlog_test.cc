#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "lib/eventlog/consumer.h"
#include "lib/eventlog/event.h"
#include "lib/eventlog/migrations.h"
#include "lib/eventlog/reader.h"
#include "lib/eventlog/sequencer.h"
#include "lib/pg/connection.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::eventlog {
namespace {

using pg::kNoDeadline;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kPatience{30};

const pg::MigrationSet& EffectSet() {
  static const pg::MigrationSet set{
      "effect",
      {{1, "0001_effect",
        "CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, seq bigint NOT NULL,"
        " aggregate_id text NOT NULL, version bigint NOT NULL)"}}};
  return set;
}

class EventLogTest : public ::testing::Test {
 protected:
  EventLogTest()
      : database_({{"referral", {Migrations()}}, {"placement", {Migrations(), EffectSet()}}}),
        writer_(database_.NewPool("referral", 8)),
        consumer_pool_(database_.NewPool("placement", 4)) {}

  static std::string NewId() {
    static std::atomic<std::int64_t> next = 100000000000;
    return "01890000-0000-7000-8000-" + std::to_string(++next);
  }

  static absl::Status Insert(pg::Transaction& tx, std::string_view aggregate, std::int64_t version,
                             std::string_view type = "changed") {
    return tx
        .Execute(
            "INSERT INTO event (ordinal, event_id, aggregate_type, aggregate_id, version,"
            " type, payload, occurred_at, traceparent)"
            " VALUES (1, $1, 'case', $2, $3, $4, $5, $6, '')",
            {NewId(), aggregate, version, type, pg::Bytes{"p"},
             *ParseInstant("2026-11-21T10:00:00Z")})
        .status();
  }

  void Append(std::string_view aggregate, std::int64_t version, std::string_view type = "changed") {
    const absl::Status status = writer_->InTransaction({}, [&](pg::Transaction& tx) {
      tx.Announce(kTopic);
      return Insert(tx, aggregate, version, type);
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  SequencerOptions Options(milliseconds poll = milliseconds(500)) {
    SequencerOptions options;
    options.dsn = database_.RuntimeDsn("referral");
    options.schema = "referral";
    options.poll = poll;
    options.gather = milliseconds(0);
    return options;
  }

  // Runs a sequencer until the log is `head` long.
  void SequenceUpTo(std::int64_t head) {
    HeadWatch heads;
    Sequencer sequencer(Options(), heads);
    sequencer.Start();
    ASSERT_TRUE(heads.WaitBeyond(head - 1, kPatience, {}));
  }

  void ExpectDense(std::int64_t count) {
    const auto rows = database_.Query(
        "referral",
        "SELECT count(*) AS n, coalesce(min(seq), 1) AS low, coalesce(max(seq), 0) AS"
        " high, count(*) FILTER (WHERE seq IS NULL) AS missing FROM event");
    EXPECT_EQ(rows[0].Int("n"), count);
    EXPECT_EQ(rows[0].Int("low"), 1);
    EXPECT_EQ(rows[0].Int("high"), count);
    EXPECT_EQ(rows[0].Int("missing"), 0);
    const auto wrong = database_.Query(
        "referral",
        "SELECT count(*) AS n FROM event a JOIN event b USING (aggregate_type, aggregate_id)"
        " WHERE a.version < b.version AND a.seq > b.seq");
    EXPECT_EQ(wrong[0].Int("n"), 0) << "an aggregate's events are out of order";
    const auto back =
        database_.Query("referral",
                        "SELECT count(*) AS n FROM event a JOIN event b ON b.seq = a.seq + 1"
                        " WHERE b.sequenced_at < a.sequenced_at");
    EXPECT_EQ(back[0].Int("n"), 0) << "sequenced_at goes backwards";
  }

  ConsumerOptions Quick() {
    ConsumerOptions options;
    options.name = "referral";
    options.batch = 7;
    options.wait = milliseconds(200);
    options.min_backoff = milliseconds(1);
    options.max_backoff = milliseconds(20);
    options.max_attempts = 3;
    return options;
  }

  static absl::Status WriteEffect(pg::Transaction& tx, const v1::Event& event) {
    if (event.type() == "novelty") return UnknownEvent();
    return tx
        .Execute("INSERT INTO effect (seq, aggregate_id, version) VALUES ($1, $2, $3)",
                 {event.seq(), event.aggregate_id(), event.version()})
        .status();
  }

  std::int64_t Effects() {
    return database_.Query("placement", "SELECT count(*) AS n FROM effect")[0].Int("n");
  }

  void ExpectEffectsOnceAndInOrder(std::int64_t count) {
    const auto rows =
        database_.Query("placement", "SELECT count(*) AS n, count(DISTINCT seq) AS d FROM effect");
    EXPECT_EQ(rows[0].Int("n"), count);
    EXPECT_EQ(rows[0].Int("d"), count);
    const auto wrong =
        database_.Query("placement",
                        "SELECT count(*) AS n FROM effect a JOIN effect b USING (aggregate_id)"
                        " WHERE a.version < b.version AND a.n > b.n");
    EXPECT_EQ(wrong[0].Int("n"), 0);
  }

  void WaitForEffects(std::int64_t count) {
    const auto end = steady_clock::now() + kPatience;
    while (Effects() < count) {
      ASSERT_LT(steady_clock::now(), end) << Effects() << " of " << count;
      std::this_thread::sleep_for(milliseconds(5));
    }
  }

  testing::TestDatabase database_;
  std::unique_ptr<pg::Pool> writer_;
  std::unique_ptr<pg::Pool> consumer_pool_;
};

TEST_F(EventLogTest, ReadsWhatWasSequencedAndNothingElse) {
  Append("a", 1);
  Append("b", 1);
  Reader reader(*writer_);
  EXPECT_EQ(reader.Read(0, 0, kNoDeadline)->events_size(), 0);
  SequenceUpTo(2);
  Append("c", 1);
  const auto response = reader.Read(1, 10, kNoDeadline);
  ASSERT_EQ(response->events_size(), 1);
  EXPECT_EQ(response->head(), 2);
  const v1::Event& event = response->events(0);
  EXPECT_EQ(event.seq(), 2);
  EXPECT_EQ(event.aggregate_id(), "b");
  EXPECT_EQ(event.payload(), "p");
  EXPECT_EQ(event.occurred_at().seconds(), 1795255200);
  EXPECT_GT(event.sequenced_at().seconds(), 1);
  EXPECT_EQ(reader.Read(2, 10, kNoDeadline)->events_size(), 0);
}

// The trap of `id > last`: a transaction that began first commits last.
TEST_F(EventLogTest, LateCommitIsNotLost) {
  absl::Status early = writer_->InTransaction({}, [&](pg::Transaction& tx) -> absl::Status {
    VK_RETURN_IF_ERROR(Insert(tx, "late", 1));
    Append("quick", 1);
    SequenceUpTo(1);
    return absl::OkStatus();
  });
  ASSERT_TRUE(early.ok());
  SequenceUpTo(2);
  Reader reader(*writer_);
  const auto after = reader.Read(1, 10, kNoDeadline);
  ASSERT_EQ(after->events_size(), 1);
  EXPECT_EQ(after->events(0).aggregate_id(), "late");
  ExpectDense(2);
}

// The clock of the transaction that made version 2 may be behind that of version 1's.
TEST_F(EventLogTest, VersionsDecideWithinAnAggregate) {
  Append("a", 1);
  Append("a", 2);
  Append("b", 1);
  database_.Query("referral",
                  "UPDATE event SET recorded_at = recorded_at - interval '1 hour'"
                  " WHERE aggregate_id = 'a' AND version = 2");
  SequenceUpTo(3);
  ExpectDense(3);
}

TEST_F(EventLogTest, WakesAtOnceWithoutThePoll) {
  HeadWatch heads;
  Sequencer sequencer(Options(seconds(60)), heads);
  writer_->SetListener([&](std::string_view topic) {
    if (topic == kTopic) sequencer.Wake();
  });
  sequencer.Start();
  for (int i = 1; i <= 20; ++i) {
    Append("a", i);
    ASSERT_TRUE(heads.WaitBeyond(i - 1, seconds(10), {})) << "event " << i << " waits for the poll";
  }
}

TEST_F(EventLogTest, WhatIsCommittedInABusyMomentIsPlacedTogether) {
  HeadWatch heads;
  SequencerOptions options = Options();
  options.gather = seconds(1);
  Sequencer sequencer(options, heads);
  writer_->SetListener([&](std::string_view topic) {
    if (topic == kTopic) sequencer.Wake();
  });
  sequencer.Start();
  for (int i = 1; i <= 3; ++i) Append("a", i);
  ASSERT_TRUE(heads.WaitBeyond(2, kPatience, {}));
  for (int i = 4; i <= 6; ++i) Append("a", i);
  ASSERT_TRUE(heads.WaitBeyond(5, kPatience, {}));
  const auto rows = database_.Query(
      "referral", "SELECT count(DISTINCT sequenced_at) AS passes FROM event WHERE version > 3");
  EXPECT_EQ(rows[0].Int("passes"), 1);
}

TEST_F(EventLogTest, PollFindsWhatNobodyAnnounced) {
  HeadWatch heads;
  Sequencer sequencer(Options(milliseconds(50)), heads);
  sequencer.Start();
  Append("a", 1);
  EXPECT_TRUE(heads.WaitBeyond(0, kPatience, {}));
}

// Four replicas of a service, eight writers, leaders that are killed: dense and in order
// throughout.
TEST_F(EventLogTest, ManySequencersGiveOneDenseOrder) {
  constexpr int kWriters = 8;
  constexpr int kEach = 40;
  std::vector<std::unique_ptr<HeadWatch>> heads;
  std::vector<std::unique_ptr<Sequencer>> sequencers;
  for (int i = 0; i < 4; ++i) {
    heads.push_back(std::make_unique<HeadWatch>());
    sequencers.push_back(std::make_unique<Sequencer>(Options(milliseconds(20)), *heads.back()));
    sequencers.back()->Start();
  }
  std::atomic<unsigned> turn = 0;
  writer_->SetListener([&](std::string_view) { sequencers[turn++ % 4]->Wake(); });
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int v = 1; v <= kEach; ++v) Append("agg-" + std::to_string(w), v);
    });
  }
  std::jthread killer([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      database_.Query("referral",
                      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                      " AND database = (SELECT oid FROM pg_database WHERE datname ="
                      " current_database())");
      std::this_thread::sleep_for(milliseconds(60));
    }
  });
  for (std::thread& writer : writers) writer.join();
  killer.request_stop();
  killer.join();
  for (const auto& head : heads) {
    ASSERT_TRUE(head->WaitBeyond(kWriters * kEach - 1, kPatience, {})) << head->head();
  }
  ExpectDense(kWriters * kEach);
  int elected = 0;
  for (const auto& sequencer : sequencers) elected += sequencer->stats().elected ? 1 : 0;
  EXPECT_EQ(elected, 1);
}

TEST_F(EventLogTest, WatchTellsSubscribersAndStops) {
  HeadWatch heads;
  std::vector<std::int64_t> heard;
  const auto id = heads.Subscribe([&](std::int64_t head) { heard.push_back(head); });
  heads.Advance(3);
  heads.Advance(2);
  heads.Advance(3);
  heads.Advance(5);
  heads.Unsubscribe(id);
  heads.Advance(6);
  EXPECT_EQ(heard, (std::vector<std::int64_t>{3, 5}));
  std::stop_source stop;
  std::jthread waiter([&] { EXPECT_FALSE(heads.WaitBeyond(6, seconds(60), stop.get_token())); });
  stop.request_stop();
}

TEST_F(EventLogTest, ConsumerAppliesInBatchesAndMovesItsCursor) {
  for (int i = 1; i <= 20; ++i) Append("a", i);
  SequenceUpTo(20);
  Reader reader(*writer_);
  HeadWatch heads;
  LogSource source(reader, heads);
  Consumer consumer(*consumer_pool_, Quick(), source, WriteEffect);
  EXPECT_EQ(*consumer.Step(milliseconds(0)), 7);
  EXPECT_EQ(*consumer.Step(milliseconds(0)), 7);
  EXPECT_EQ(*consumer.Step(milliseconds(0)), 6);
  EXPECT_EQ(*consumer.Step(milliseconds(0)), 0);
  ExpectEffectsOnceAndInOrder(20);
  EXPECT_EQ(consumer.stats().position, 20);
  const auto position = ReadPosition(*consumer_pool_, "referral", kNoDeadline);
  EXPECT_EQ(position->seq, 20);
  EXPECT_GT(position->sequenced_at, Instant{});
}

TEST_F(EventLogTest, ReplicasApplyEachEventOnce) {
  constexpr int kEvents = 300;
  HeadWatch heads;
  Sequencer sequencer(Options(milliseconds(10)), heads);
  sequencer.Start();
  Reader reader(*writer_);
  LogSource source(reader, heads);
  std::vector<std::unique_ptr<Consumer>> replicas;
  for (int i = 0; i < 3; ++i) {
    replicas.push_back(std::make_unique<Consumer>(*consumer_pool_, Quick(), source, WriteEffect));
    replicas.back()->Start();
  }
  for (int i = 0; i < kEvents; ++i) Append("agg-" + std::to_string(i % 5), i / 5 + 1);
  WaitForEffects(kEvents);
  std::int64_t applied = 0;
  for (const auto& replica : replicas) {
    replica->Stop();
    applied += replica->stats().applied;
  }
  EXPECT_EQ(applied, kEvents);
  ExpectEffectsOnceAndInOrder(kEvents);
}

// A crash between effect and commit, again and again, at random places.
TEST_F(EventLogTest, KilledConnectionsNeitherLoseNorDouble) {
  constexpr int kEvents = 120;
  for (int i = 0; i < kEvents; ++i) Append("agg-" + std::to_string(i % 3), i / 3 + 1);
  SequenceUpTo(kEvents);
  Reader reader(*writer_);
  HeadWatch heads;
  heads.Advance(kEvents);
  LogSource source(reader, heads);
  std::atomic<int> kills = 0;
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  Consumer consumer(*consumer_pool_, Quick(), source,
                    [&](pg::Transaction& tx, const v1::Event& event) -> absl::Status {
                      VK_RETURN_IF_ERROR(WriteEffect(tx, event));
                      if (random() % 10 == 0 && ++kills < 30) {
                        database_.Query("placement",
                                        "SELECT pg_terminate_backend(pid, 5000)"
                                        " FROM pg_stat_activity WHERE usename = 'placement_runtime'"
                                        " AND datname = current_database()");
                      }
                      return absl::OkStatus();
                    });
  consumer.Start();
  WaitForEffects(kEvents);
  consumer.Stop();
  ExpectEffectsOnceAndInOrder(kEvents);
  EXPECT_GT(kills, 0);
}

TEST_F(EventLogTest, UnknownTypeParksOnlyItsAggregateAndIsAppliedLater) {
  Append("a", 1);
  Append("b", 1);
  Append("a", 2, "novelty");
  Append("b", 2);
  Append("a", 3);
  SequenceUpTo(5);
  Reader reader(*writer_);
  HeadWatch heads;
  LogSource source(reader, heads);
  Consumer old(*consumer_pool_, Quick(), source, WriteEffect);
  while (*old.Step(milliseconds(0)) > 0) {
  }
  EXPECT_EQ(Effects(), 3);
  EXPECT_EQ(old.stats().parked, 2);
  EXPECT_EQ(old.stats().position, 5);
  EXPECT_EQ(*old.RetryParked(), 0);
  EXPECT_EQ(old.stats().parked, 2);

  Consumer newer(*consumer_pool_, Quick(), source, [](pg::Transaction& tx, const v1::Event& event) {
    v1::Event known = event;
    known.set_type("changed");
    return WriteEffect(tx, known);
  });
  newer.Start();
  WaitForEffects(5);
  newer.Stop();
  ExpectEffectsOnceAndInOrder(5);
  EXPECT_EQ(newer.stats().parked, 0);
}

TEST_F(EventLogTest, PoisonIsParkedAfterAllAttemptsAndTransientIsNot) {
  Append("a", 1);
  Append("poison", 1);
  Append("flaky", 1);
  SequenceUpTo(3);
  Reader reader(*writer_);
  HeadWatch heads;
  heads.Advance(3);
  LogSource source(reader, heads);
  int poison_attempts = 0;
  int flaky_attempts = 0;
  Consumer consumer(*consumer_pool_, Quick(), source,
                    [&](pg::Transaction& tx, const v1::Event& event) -> absl::Status {
                      VK_RETURN_IF_ERROR(WriteEffect(tx, event));
                      if (event.aggregate_id() == "poison") {
                        ++poison_attempts;
                        throw std::runtime_error("a defect");
                      }
                      if (event.aggregate_id() == "flaky" && ++flaky_attempts < 10) {
                        return absl::UnavailableError("later");
                      }
                      return absl::OkStatus();
                    });
  for (int i = 0; i < 60 && consumer.stats().position < 3; ++i) {
    consumer.Step(milliseconds(0)).status().IgnoreError();
  }
  EXPECT_EQ(consumer.stats().position, 3);
  EXPECT_EQ(Effects(), 2);
  EXPECT_GE(flaky_attempts, 10);
  EXPECT_GE(poison_attempts, 3);
  const auto parked = database_.Query("placement", "SELECT reason, seq FROM consumer_parked");
  ASSERT_EQ(parked.size(), 1);
  EXPECT_EQ(parked[0].Text("reason"), "INTERNAL");
}

TEST_F(EventLogTest, ResetStartsOver) {
  Append("a", 1);
  SequenceUpTo(1);
  Reader reader(*writer_);
  HeadWatch heads;
  LogSource source(reader, heads);
  {
    Consumer consumer(*consumer_pool_, Quick(), source, WriteEffect);
    EXPECT_EQ(*consumer.Step(milliseconds(0)), 1);
  }
  ASSERT_TRUE(consumer_pool_
                  ->InTransaction({},
                                  [](pg::Transaction& tx) -> absl::Status {
                                    VK_RETURN_IF_ERROR(tx.Execute("DELETE FROM effect").status());
                                    return ResetPosition(tx, "referral");
                                  })
                  .ok());
  Consumer consumer(*consumer_pool_, Quick(), source, WriteEffect);
  EXPECT_EQ(*consumer.Step(milliseconds(0)), 1);
  ExpectEffectsOnceAndInOrder(1);
}

// A source that was restored from an older backup must not be read on silently.
TEST_F(EventLogTest, ShrunkenOrGappySourceIsAnError) {
  class Faulty final : public EventSource {
   public:
    absl::StatusOr<v1::ReadResponse> Read(std::int64_t, int, milliseconds,
                                          std::stop_token) override {
      return response;
    }
    v1::ReadResponse response;
  } source;
  Consumer consumer(*consumer_pool_, Quick(), source, WriteEffect);
  source.response.set_head(2);
  source.response.add_events()->set_seq(2);
  EXPECT_EQ(consumer.Step(milliseconds(0)).status().code(), absl::StatusCode::kDataLoss);
  source.response.mutable_events(0)->set_seq(1);
  source.response.mutable_events(0)->set_aggregate_id("a");
  EXPECT_EQ(*consumer.Step(milliseconds(0)), 1);
  source.response.clear_events();
  source.response.set_head(0);
  EXPECT_EQ(consumer.Step(milliseconds(0)).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(EventLogTest, StopInterruptsALongPoll) {
  Reader reader(*writer_);
  HeadWatch heads;
  LogSource source(reader, heads);
  ConsumerOptions options = Quick();
  options.wait = seconds(20);
  Consumer consumer(*consumer_pool_, options, source, WriteEffect);
  consumer.Start();
  std::this_thread::sleep_for(milliseconds(100));
  const auto start = steady_clock::now();
  consumer.Stop();
  EXPECT_LT(steady_clock::now() - start, seconds(5));
}

}  // namespace
}  // namespace vardkedja::eventlog
