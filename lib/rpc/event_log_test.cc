// The log of one process read by another, on a real database.
#include "lib/rpc/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "lib/eventlog/event.h"
#include "lib/eventlog/migrations.h"
#include "lib/eventlog/reader.h"
#include "lib/eventlog/sequencer.h"
#include "lib/rpc/channel.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using eventlog::v1::ReadResponse;
using ::testing::HasSubstr;
using SteadyClock = std::chrono::steady_clock;

class EventLogServerTest : public ::testing::Test {
 protected:
  EventLogServerTest()
      : tokens_(directory_),
        database_("placement", {eventlog::Migrations()}),
        pool_(database_.NewPool("placement", 2)),
        reader_(*pool_) {
    eventlog::SequencerOptions options;
    options.dsn = database_.RuntimeDsn("placement");
    options.schema = "placement";
    sequencer_ = std::make_unique<eventlog::Sequencer>(options, heads_);
    pool_->SetListener([this](std::string_view) { sequencer_->Wake(); });
    sequencer_->Start();
    config::ServiceConfig config = TestConfig("placement", tokens_.auth());
    config.limits.workers = 1;
    ServiceMain main;
    main.service = "placement";
    main.build = [this](Process& process) {
      metrics_ = &process.metrics();
      process.ServeEventLog(reader_, heads_);
      return absl::OkStatus();
    };
    process_ = ProcessRunner::Start(config, main).value();
    config::ServiceConfig own = TestConfig("notification", tokens_.auth());
    own.peers["placement"] = "127.0.0.1:" + std::to_string(process_->port());
    channels_ = std::make_unique<Channels>(own);
    source_ = MakeEventSource(*channels_, "placement");
  }

  void Append(int count) {
    for (int i = 0; i < count; ++i) {
      const absl::Status status = pool_->InTransaction({}, [this](pg::Transaction& tx) {
        tx.Announce(eventlog::kTopic);
        ++written_;
        return tx
            .Execute(
                "INSERT INTO event (ordinal, event_id, aggregate_type, aggregate_id, version, type,"
                " payload, occurred_at, traceparent) VALUES (1, $1, 'stay', $2, 1, 'enrolled', $3,"
                " $4, '')",
                {"01890000-0000-7000-8000-" + std::to_string(100000000000 + written_),
                 "stay-" + std::to_string(written_), pg::Bytes{"p"},
                 *ParseInstant("2026-11-21T10:00:00Z")})
            .status();
      });
      ASSERT_TRUE(status.ok()) << status;
    }
  }

  std::future<absl::StatusOr<ReadResponse>> Poll(std::int64_t after, std::chrono::milliseconds wait,
                                                 std::stop_token stop = {}) {
    return std::async(std::launch::async,
                      [=, this] { return source_->Read(after, 100, wait, stop); });
  }

  void AwaitParked(int count) {
    const std::string wanted =
        "vardkedja_calls_in_flight{method=\"/vardkedja.eventlog.v1.EventLogService/Read\"} " +
        std::to_string(count) + "\n";
    while (metrics_->Render().find(wanted) == std::string::npos) std::this_thread::yield();
  }

  TestDirectory directory_;
  TestTokens tokens_;
  vardkedja::testing::TestDatabase database_;
  std::unique_ptr<pg::Pool> pool_;
  eventlog::Reader reader_;
  eventlog::HeadWatch heads_;
  std::unique_ptr<eventlog::Sequencer> sequencer_;
  int written_ = 0;
  telemetry::Metrics* metrics_ = nullptr;
  std::unique_ptr<ProcessRunner> process_;
  std::unique_ptr<Channels> channels_;
  std::unique_ptr<eventlog::EventSource> source_;
};

TEST_F(EventLogServerTest, ReadsFromTheCursorUpToTheLimit) {
  Append(5);
  ASSERT_TRUE(heads_.WaitBeyond(4, 10s, {}));
  const auto first = source_->Read(0, 3, 0ms, {});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->events_size(), 3);
  EXPECT_EQ(first->events(0).seq(), 1);
  EXPECT_EQ(first->head(), 5);
  const auto rest = source_->Read(3, 100, 0ms, {});
  ASSERT_EQ(rest->events_size(), 2);
  EXPECT_EQ(rest->events(1).seq(), 5);
  EXPECT_EQ(source_->Read(5, 100, 0ms, {})->events_size(), 0);
}

TEST_F(EventLogServerTest, ALongPollWakesForAnEventThatIsCommittedMeanwhile) {
  auto poll = Poll(0, 20s);
  AwaitParked(1);
  const SteadyClock::time_point begun = SteadyClock::now();
  Append(1);
  const auto answer = poll.get();
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->events_size(), 1);
  EXPECT_LT(SteadyClock::now() - begun, 5s);
}

TEST_F(EventLogServerTest, ManyParkedPollsHoldNoWorkerAndAllWake) {
  std::vector<std::future<absl::StatusOr<ReadResponse>>> polls;
  for (int i = 0; i < 8; ++i) polls.push_back(Poll(0, 20s));
  AwaitParked(8);
  EXPECT_THAT(metrics_->Render(), HasSubstr("vardkedja_pool_running 0\n"));
  // The dispatcher looks once for each; then nothing is held while all eight still wait.
  while (pool_->stats().in_use != 0) std::this_thread::yield();
  AwaitParked(8);
  Append(1);
  for (auto& poll : polls) EXPECT_EQ(poll.get().value().events_size(), 1);
}

TEST_F(EventLogServerTest, AnEmptyAnswerComesWhenTheWaitIsOver) {
  const auto answer = source_->Read(0, 100, 300ms, {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->events_size(), 0);
}

TEST_F(EventLogServerTest, AReaderThatStopsIsLetGo) {
  std::stop_source stop;
  auto poll = Poll(0, 20s, stop.get_token());
  AwaitParked(1);
  stop.request_stop();
  EXPECT_EQ(poll.get().status().code(), absl::StatusCode::kCancelled);
  AwaitParked(0);
}

TEST_F(EventLogServerTest, ADrainAnswersParkedPollsAtOnce) {
  auto poll = Poll(0, 20s);
  AwaitParked(1);
  const SteadyClock::time_point begun = SteadyClock::now();
  process_->Drain();
  EXPECT_EQ(poll.get().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(SteadyClock::now() - begun, 4s);  // far from the drain's limit of 5 s and from 20 s
}

TEST_F(EventLogServerTest, RefusesSenselessBounds) {
  EXPECT_EQ(source_->Read(-1, 100, 0ms, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(source_->Read(0, 1001, 0ms, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(EventLogServerTest, AGonePeerIsUnavailable) {
  process_.reset();
  EXPECT_EQ(source_->Read(0, 100, 0ms, {}).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace vardkedja::rpc
