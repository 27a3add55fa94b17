// Streams over a real gRPC server. WatchAvailability stands for all; the log is a number that
// grows.
#include "lib/rpc/stream.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "lib/rpc/adapter.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "vardkedja/placement/v1/availability_service.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using placement::v1::AvailabilityService;
using placement::v1::AvailabilityUpdate;
using placement::v1::WatchAvailabilityRequest;
using ::testing::HasSubstr;
using SteadyClock = std::chrono::steady_clock;

// Tells each number once; with `flood`, large items without end.
class NumberTeller final : public eventlog::Teller {
 public:
  NumberTeller(eventlog::HeadWatch& heads, std::int64_t after, bool flood)
      : heads_(heads), position_(after), flood_(flood) {}

  absl::StatusOr<eventlog::Told> Tell(bool) override {
    eventlog::Told told;
    while ((flood_ || position_ < heads_.head()) && told.items.size() < 4) {
      auto item = std::make_shared<AvailabilityUpdate>();
      item->set_sequence(++position_);
      if (flood_) item->add_facilities()->set_care_level(std::string(64 << 10, 'x'));
      told.items.push_back(std::move(item));
    }
    told.more = flood_ || position_ < heads_.head();
    return told;
  }
  std::int64_t position() const override { return position_; }

 private:
  eventlog::HeadWatch& heads_;
  std::int64_t position_;
  const bool flood_;
};

class NumberRpc final : public AvailabilityService::CallbackService {
 public:
  NumberRpc(AdapterCore& core, eventlog::HeadWatch& heads)
      : adapter_(core, AvailabilityService::service_full_name()),
        heads_(heads),
        dispatcher_(MakeDispatcher(core, heads)) {}

  grpc::ServerWriteReactor<AvailabilityUpdate>* WatchAvailability(
      grpc::CallbackServerContext* context, const WatchAvailabilityRequest* request) override {
    return adapter_.Follow<AvailabilityUpdate>(
        context, request, "WatchAvailability", *dispatcher_,
        [this](const auth::CallContext&, const WatchAvailabilityRequest& asked)
            -> absl::StatusOr<std::unique_ptr<eventlog::Teller>> {
          if (asked.after_sequence() < 0) {
            return InvalidFields({{"after_sequence", "RANGE", "0 or more.", "0 eller mer."}});
          }
          return std::make_unique<NumberTeller>(heads_, asked.after_sequence(),
                                                asked.facility_id() == "flood");
        });
  }

 private:
  const Adapter adapter_;
  eventlog::HeadWatch& heads_;
  const std::shared_ptr<eventlog::Dispatcher> dispatcher_;
};

class StreamTest : public ::testing::Test {
 protected:
  using Reader = std::unique_ptr<grpc::ClientReader<AvailabilityUpdate>>;

  StreamTest() : tokens_(directory_), config_(TestConfig("placement", tokens_.auth())) {
    config_.limits.workers = 1;
  }

  void Start() {
    ServiceMain main;
    main.service = "placement";
    main.build = [this](Process& process) {
      metrics_ = &process.metrics();
      process.Serve(std::make_shared<NumberRpc>(process.adapters(), heads_));
      return absl::OkStatus();
    };
    auto process = ProcessRunner::Start(config_, main);
    ASSERT_TRUE(process.ok()) << process.status();
    process_ = *std::move(process);
    stub_ = AvailabilityService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(process_->port()), grpc::InsecureChannelCredentials()));
  }

  Reader Watch(grpc::ClientContext& client, std::int64_t after = 0,
               const std::string& facility = "", const TestToken& token = {}) {
    client.AddMetadata("authorization", "Bearer " + tokens_.Sign(token));
    WatchAvailabilityRequest request;
    request.set_after_sequence(after);
    request.set_facility_id(facility);
    return stub_->WatchAvailability(&client, request);
  }
  static std::int64_t NextOf(const Reader& reader) {
    AvailabilityUpdate update;
    return reader->Read(&update) ? update.sequence() : -1;
  }
  static std::string EndOf(const Reader& reader) {
    while (NextOf(reader) != -1) {
    }
    const absl::Status status = FromGrpc(reader->Finish());
    if (status.ok()) return "OK";
    const auto detail = GetErrorDetail(status);
    return detail ? detail->reason : std::string(ToStd(status.message()));
  }
  void AwaitStreams(int count) {
    const std::string wanted = "vardkedja_streams " + std::to_string(count) + "\n";
    while (metrics_->Render().find(wanted) == std::string::npos) std::this_thread::yield();
  }

  TestDirectory directory_;
  TestTokens tokens_;
  config::ServiceConfig config_;
  eventlog::HeadWatch heads_;
  telemetry::Metrics* metrics_ = nullptr;
  std::unique_ptr<ProcessRunner> process_;
  std::unique_ptr<AvailabilityService::Stub> stub_;
};

TEST_F(StreamTest, ManyFollowTheLogAndHoldNoWorker) {
  Start();
  heads_.Advance(3);
  std::vector<std::unique_ptr<grpc::ClientContext>> clients;
  std::vector<Reader> readers;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(Watch(*clients.back(), 1));
  }
  for (const Reader& reader : readers) EXPECT_EQ(NextOf(reader), 2);
  for (const Reader& reader : readers) EXPECT_EQ(NextOf(reader), 3);
  AwaitStreams(20);
  EXPECT_THAT(metrics_->Render(), HasSubstr("vardkedja_pool_running 0\n"));
  heads_.Advance(4);
  for (const Reader& reader : readers) EXPECT_EQ(NextOf(reader), 4);
  for (const auto& client : clients) client->TryCancel();
  AwaitStreams(0);
}

TEST_F(StreamTest, RefusesBeforeItFollows) {
  Start();
  grpc::ClientContext negative;
  EXPECT_EQ(EndOf(Watch(negative, -1)), "FIELD_VIOLATIONS");
  grpc::ClientContext stranger;
  EXPECT_EQ(EndOf(Watch(stranger, 0, "", {.roles = {"auditor"}})), "ROLE_NOT_ALLOWED");
  grpc::ClientContext late;
  late.set_deadline(std::chrono::system_clock::now() + 20ms);
  const auto reader = Watch(late);
  while (NextOf(reader) != -1) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(StreamTest, TheNumberAndTheLifeOfStreamsAreBounded) {
  config_.limits.max_streams = 1;
  config_.limits.stream_life = 1s;
  Start();
  grpc::ClientContext first;
  const auto reader = Watch(first);
  AwaitStreams(1);
  grpc::ClientContext second;
  EXPECT_EQ(EndOf(Watch(second)), "OVERLOADED");
  EXPECT_EQ(EndOf(reader), "OK") << "its time is over";
}

TEST_F(StreamTest, EndsWhenTheTokenIsNoLongerGood) {
  Start();
  heads_.Advance(1);
  grpc::ClientContext client;
  // The verifier has a leeway of 30 s.
  const auto reader = Watch(client, 0, "", {.life = -28s});
  EXPECT_EQ(NextOf(reader), 1);
  EXPECT_EQ(EndOf(reader), "TOKEN_EXPIRED");
}

TEST_F(StreamTest, ADrainEndsStreamsAlsoThoseThatNobodyReads) {
  Start();
  heads_.Advance(1);
  grpc::ClientContext client;
  const auto reader = Watch(client);
  EXPECT_EQ(NextOf(reader), 1);
  grpc::ClientContext stuck;
  const auto unread = Watch(stuck, 0, "flood");
  EXPECT_EQ(NextOf(unread), 1);
  const auto begun = SteadyClock::now();
  std::thread drain([this] { process_->Drain(); });
  EXPECT_EQ(EndOf(reader), "SHUTTING_DOWN");
  drain.join();
  EXPECT_LT(SteadyClock::now() - begun, 4s) << "far from the drain's limit";
  EXPECT_NE(EndOf(unread), "OK");
}

}  // namespace
}  // namespace vardkedja::rpc
