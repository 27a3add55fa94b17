// The adapter over a real gRPC server. Two methods of a real contract stand for all:
// GetAvailability reads, CloseBed writes.
#include "lib/rpc/adapter.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"
#include "lib/telemetry/metrics.h"
#include "lib/telemetry/trace.h"
#include "vardkedja/placement/v1/facility_service.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using placement::v1::Bed;
using placement::v1::CloseBedRequest;
using placement::v1::FacilityService;
using placement::v1::GetAvailabilityRequest;
using placement::v1::GetAvailabilityResponse;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kRequestId[] = "0190f3a2-7c1e-7000-8000-0123456789ab";

template <class Request, class Response>
using Handler = std::function<absl::StatusOr<Response>(const auth::CallContext&, const Request&)>;

class TestRpc final : public FacilityService::CallbackService {
 public:
  explicit TestRpc(AdapterCore& core) : adapter_(core, FacilityService::service_full_name()) {}

  grpc::ServerUnaryReactor* GetAvailability(grpc::CallbackServerContext* context,
                                            const GetAvailabilityRequest* request,
                                            GetAvailabilityResponse* response) override {
    return adapter_.Unary(context, request, response, "GetAvailability", read);
  }
  grpc::ServerUnaryReactor* CloseBed(grpc::CallbackServerContext* context,
                                     const CloseBedRequest* request, Bed* response) override {
    return adapter_.Unary(context, request, response, "CloseBed", write);
  }

  Handler<GetAvailabilityRequest, GetAvailabilityResponse> read = [](const auto&, const auto&) {
    return GetAvailabilityResponse();
  };
  Handler<CloseBedRequest, Bed> write = [](const auto&, const auto&) { return Bed(); };

 private:
  const Adapter adapter_;
};

class AdapterTest : public testing::Test {
 protected:
  AdapterTest() : tokens_(directory_), config_(TestConfig("placement", tokens_.auth())) {
    telemetry::InitLogging("placement", "info");
    telemetry::SetLogSink([this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_ += line;
      log_ += '\n';
    });
  }
  ~AdapterTest() override {
    stub_.reset();
    process_.reset();
    telemetry::SetLogSink({});
  }

  void Start() {
    ServiceMain main;
    main.service = "placement";
    main.build = [this](Process& process) {
      metrics_ = &process.metrics();
      rpc_ = std::make_shared<TestRpc>(process.adapters());
      process.Serve(rpc_);
      return absl::OkStatus();
    };
    auto process = ProcessRunner::Start(config_, main);
    ASSERT_TRUE(process.ok()) << process.status();
    process_ = *std::move(process);
    const std::string address = "127.0.0.1:" + std::to_string(process_->port());
    stub_ =
        FacilityService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  }

  void Authorise(grpc::ClientContext& client, const TestToken& token = {}) {
    client.AddMetadata("authorization", "Bearer " + tokens_.Sign(token));
    client.set_deadline(std::chrono::system_clock::now() + 20s);
  }

  absl::Status Read(grpc::ClientContext& client) {
    GetAvailabilityResponse response;
    return FromGrpc(stub_->GetAvailability(&client, GetAvailabilityRequest(), &response));
  }
  absl::Status Read(const TestToken& token = {}) {
    grpc::ClientContext client;
    Authorise(client, token);
    return Read(client);
  }
  absl::Status Write(const CloseBedRequest& request) {
    grpc::ClientContext client;
    Authorise(client, Staff());
    Bed response;
    return FromGrpc(stub_->CloseBed(&client, request, &response));
  }

  static TestToken Staff() {
    return {.organisation = "region-kronoberg",
            .unit = "ekeliden",
            .more_units = {"piva"},
            .roles = {"facility_staff"}};
  }
  static CloseBedRequest Closing(const std::string& bed) {
    CloseBedRequest request;
    request.set_request_id(kRequestId);
    request.set_bed_id(bed);
    return request;
  }
  static std::string ReasonOf(const absl::Status& status) {
    const std::optional<ErrorDetail> detail = GetErrorDetail(status);
    return detail ? detail->reason : "";
  }
  std::string Log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  TestDirectory directory_;
  TestTokens tokens_;
  config::ServiceConfig config_;
  std::mutex mutex_;
  std::string log_;
  telemetry::Metrics* metrics_ = nullptr;
  std::shared_ptr<TestRpc> rpc_;
  std::unique_ptr<ProcessRunner> process_;
  std::unique_ptr<FacilityService::Stub> stub_;
};

TEST_F(AdapterTest, TheHandlerLearnsWhoCallsAsWhichUnitAndWhy) {
  Start();
  std::optional<auth::CallContext> seen;
  rpc_->read = [&seen](const auth::CallContext& call, const GetAvailabilityRequest&) {
    seen = call;
    return GetAvailabilityResponse();
  };
  grpc::ClientContext client;
  Authorise(client, Staff());
  client.AddMetadata("x-acting-unit", "piva");
  client.AddMetadata("x-purpose", "planning");
  client.AddMetadata("x-request-id", kRequestId);
  client.AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  ASSERT_TRUE(Read(client).ok());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->principal.organisation, "region-kronoberg");
  EXPECT_EQ(seen->principal.subject, "subject-1");
  EXPECT_EQ(seen->acting_unit, "piva");
  EXPECT_EQ(seen->purpose, "planning");
  EXPECT_EQ(seen->method, "/vardkedja.placement.v1.FacilityService/GetAvailability");
  EXPECT_EQ(seen->call_id, kRequestId);
  EXPECT_THAT(seen->traceparent, HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_THAT(seen->traceparent, Not(HasSubstr("00f067aa0ba902b7")));
  EXPECT_FALSE(seen->request_key.has_value());
  EXPECT_FALSE(seen->peer_service.has_value());
  EXPECT_FALSE(seen->cancelled());
  EXPECT_LT(seen->deadline, std::chrono::steady_clock::now() + 21s);
  const auto echoed = client.GetServerInitialMetadata().find("x-request-id");
  ASSERT_NE(echoed, client.GetServerInitialMetadata().end());
  EXPECT_EQ(std::string(echoed->second.data(), echoed->second.size()), kRequestId);
}

TEST_F(AdapterTest, WithoutHeadersTheDefaultUnitAndPurposeCountAndIdsAreMade) {
  Start();
  std::optional<auth::CallContext> seen;
  rpc_->read = [&seen](const auth::CallContext& call, const GetAvailabilityRequest&) {
    seen = call;
    return GetAvailabilityResponse();
  };
  grpc::ClientContext client;
  client.AddMetadata("authorization", "Bearer " + tokens_.Sign({}));
  client.AddMetadata("x-request-id", "890101-9802");  // not a UUID: must not reach the log
  ASSERT_TRUE(Read(client).ok());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->acting_unit, "alvesta-authority");
  EXPECT_EQ(seen->purpose, "case_work");
  EXPECT_TRUE(telemetry::IsUuid(seen->call_id));
  EXPECT_TRUE(telemetry::ParseTraceparent(seen->traceparent).has_value());
  EXPECT_LE(seen->deadline, std::chrono::steady_clock::now() + config_.limits.default_deadline);
  EXPECT_THAT(Log(), Not(HasSubstr("890101-9802")));
}

TEST_F(AdapterTest, RefusesCallersInTheArchitecturesOrder) {
  Start();
  bool reached = false;
  rpc_->read = [&reached](const auth::CallContext&, const GetAvailabilityRequest&) {
    reached = true;
    return GetAvailabilityResponse();
  };
  grpc::ClientContext no_token;
  EXPECT_EQ(Read(no_token).code(), absl::StatusCode::kUnauthenticated);

  grpc::ClientContext bad_token;
  bad_token.AddMetadata("authorization", "Bearer a.b.c");
  EXPECT_EQ(ReasonOf(Read(bad_token)), "TOKEN_INVALID");

  EXPECT_EQ(ReasonOf(Read({.life = -3600s})), "TOKEN_EXPIRED");
  EXPECT_EQ(ReasonOf(Read({.roles = {"auditor"}})), "ROLE_NOT_ALLOWED");

  grpc::ClientContext other_unit;
  Authorise(other_unit);
  other_unit.AddMetadata("x-acting-unit", "vaxjo-ifo1");
  EXPECT_EQ(ReasonOf(Read(other_unit)), "UNIT_NOT_YOURS");

  grpc::ClientContext purpose;
  Authorise(purpose);
  purpose.AddMetadata("x-purpose", "Nyfikenhet!");
  EXPECT_EQ(ReasonOf(Read(purpose)), "FIELD_VIOLATIONS");

  grpc::ClientContext two_tokens;
  Authorise(two_tokens);
  two_tokens.AddMetadata("authorization", "Bearer " + tokens_.Sign({}));
  EXPECT_EQ(Read(two_tokens).code(), absl::StatusCode::kUnauthenticated);
  EXPECT_FALSE(reached);
}

TEST_F(AdapterTest, ALowAssuranceLevelIsNotEnoughToWrite) {
  Start();
  TestToken token = Staff();
  token.assurance = "low";
  grpc::ClientContext client;
  Authorise(client, token);
  Bed bed;
  EXPECT_EQ(ReasonOf(FromGrpc(stub_->CloseBed(&client, Closing("ekeliden-01"), &bed))),
            "ASSURANCE_TOO_LOW");
}

TEST_F(AdapterTest, AWriteNeedsARequestIdThatIsAUuid) {
  Start();
  CloseBedRequest request = Closing("ekeliden-01");
  request.clear_request_id();
  const absl::Status absent = Write(request);
  EXPECT_EQ(absent.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(GetErrorDetail(absent)->violations.size(), 1U);
  const FieldViolation violation = GetErrorDetail(absent)->violations[0];
  EXPECT_EQ(violation.field, "request_id");
  EXPECT_EQ(violation.rule, "REQUIRED");
  EXPECT_THAT(violation.sv, HasSubstr("UUID"));
  request.set_request_id("1");
  EXPECT_EQ(GetErrorDetail(Write(request))->violations[0].rule, "UUID");
}

TEST_F(AdapterTest, TheRequestKeyIsEqualForTheSameCallOnly) {
  Start();
  std::vector<auth::RequestKey> keys;
  rpc_->write = [&keys](const auth::CallContext& call, const CloseBedRequest&) {
    keys.push_back(call.request_key.value());
    return Bed();
  };
  ASSERT_TRUE(Write(Closing("ekeliden-01")).ok());
  ASSERT_TRUE(Write(Closing("ekeliden-01")).ok());
  ASSERT_TRUE(Write(Closing("ekeliden-02")).ok());
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].principal, "region-kronoberg/ekeliden/subject-1");
  EXPECT_EQ(keys[0].method, "/vardkedja.placement.v1.FacilityService/CloseBed");
  EXPECT_EQ(keys[0].request_id, kRequestId);
  EXPECT_EQ(keys[0].fingerprint.size(), 64U);
  EXPECT_EQ(keys[0], keys[1]);
  EXPECT_NE(keys[0].fingerprint, keys[2].fingerprint);
}

TEST_F(AdapterTest, TheFingerprintIsKeyed) {
  std::vector<std::string> fingerprints;
  for (const char* secret :
       {"0123456789abcdef0123456789abcdef", "another secret of 32 bytes or so!"}) {
    directory_.Write("request.key", secret);
    config_.auth.request_key = directory_.Path("request.key");
    process_.reset();
    Start();
    rpc_->write = [&fingerprints](const auth::CallContext& call, const CloseBedRequest&) {
      fingerprints.push_back(call.request_key->fingerprint);
      return Bed();
    };
    ASSERT_TRUE(Write(Closing("ekeliden-01")).ok());
  }
  EXPECT_NE(fingerprints[0], fingerprints[1]);
}

TEST_F(AdapterTest, AnErrorTravelsWithEverythingTheCallerMayKnow) {
  Start();
  rpc_->read = [](const auth::CallContext&,
                  const GetAvailabilityRequest&) -> absl::StatusOr<GetAvailabilityResponse> {
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata = {{"state", "draft"}, {"allowed_actions", "submit,withdraw"}};
    detail.violations = {{"a.b", "REQUIRED", "Needed.", "Behövs."}};
    detail.retry_after = 1500ms;
    return MakeError(absl::StatusCode::kFailedPrecondition, "Not now.", detail);
  };
  const absl::Status status = Read();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ToStd(status.message()), "Not now.");
  const ErrorDetail detail = GetErrorDetail(status).value();
  EXPECT_EQ(detail.reason, "ILLEGAL_STATE");
  EXPECT_EQ(detail.metadata.at("allowed_actions"), "submit,withdraw");
  EXPECT_EQ(detail.violations,
            (std::vector<FieldViolation>{{"a.b", "REQUIRED", "Needed.", "Behövs."}}));
  EXPECT_EQ(detail.retry_after, 1500ms);
}

TEST_F(AdapterTest, ADefectIsToldToTheLogAndOnlyItsCallIdToTheCaller) {
  Start();
  const auto check = [this](const char* secret) {
    const absl::Status status = Read();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(ReasonOf(status), "INTERNAL");
    EXPECT_THAT(std::string(ToStd(status.message())), Not(HasSubstr(secret)));
    const std::string call_id = GetErrorDetail(status)->metadata.at("call_id");
    EXPECT_TRUE(telemetry::IsUuid(call_id));
    EXPECT_THAT(Log(), HasSubstr(call_id));
  };
  rpc_->read = [](const auth::CallContext&,
                  const GetAvailabilityRequest&) -> absl::StatusOr<GetAvailabilityResponse> {
    throw std::out_of_range("column secret_a");
  };
  check("secret_a");
  EXPECT_THAT(Log(), HasSubstr("column secret_a"));
  rpc_->read = [](const auth::CallContext&,
                  const GetAvailabilityRequest&) -> absl::StatusOr<GetAvailabilityResponse> {
    throw std::runtime_error("at 'secret_b'");
  };
  check("secret_b");
  EXPECT_THAT(Log(), Not(HasSubstr("secret_b")));  // may quote data
  rpc_->read = [](const auth::CallContext&,
                  const GetAvailabilityRequest&) -> absl::StatusOr<GetAvailabilityResponse> {
    throw 42;
  };
  check("42 ");
  rpc_->read = [](const auth::CallContext&,
                  const GetAvailabilityRequest&) -> absl::StatusOr<GetAvailabilityResponse> {
    return MakeError(absl::StatusCode::kUnknown, "secret_c", "SECRET_REASON");
  };
  check("secret_c");
  rpc_->read = [](const auth::CallContext&,
                  const GetAvailabilityRequest&) -> absl::StatusOr<GetAvailabilityResponse> {
    return absl::AbortedError("secret_d");
  };
  EXPECT_EQ(Read(), MakeError(absl::StatusCode::kAborted, "ABORTED", "ABORTED"));
}

TEST_F(AdapterTest, RefusesACallWithTooLittleTimeLeft) {
  config_.limits.deadline_floor = 10s;
  Start();
  grpc::ClientContext client;
  Authorise(client);
  client.set_deadline(std::chrono::system_clock::now() + 9s);
  EXPECT_EQ(ReasonOf(Read(client)), "DEADLINE_TOO_SHORT");
  EXPECT_TRUE(Read().ok());  // 20 s are enough
}

// Holds a handler until told.
class Gate {
 public:
  void Enter() {
    std::unique_lock lock(mutex_);
    ++entered_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void AwaitEntered(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return entered_ >= count; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int entered_ = 0;
  bool open_ = false;
};

TEST_F(AdapterTest, AFullQueueRefusesAtOnceAndSaysWhenToTryAgain) {
  config_.limits.workers = 1;
  config_.limits.queue = 1;
  Start();
  Gate gate;
  rpc_->read = [&gate](const auth::CallContext&, const GetAvailabilityRequest&) {
    gate.Enter();
    return GetAvailabilityResponse();
  };
  auto running = std::async(std::launch::async, [this] { return Read(); });
  gate.AwaitEntered(1);
  auto waiting = std::async(std::launch::async, [this] { return Read(); });
  while (metrics_->Render().find("vardkedja_pool_depth 1\n") == std::string::npos) {
    std::this_thread::yield();
  }
  const absl::Status refused = Read();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), "OVERLOADED");
  EXPECT_GT(GetErrorDetail(refused)->retry_after.value_or(0ms), 0ms);
  EXPECT_THAT(metrics_->Render(), HasSubstr("vardkedja_pool_refused_total 1\n"));
  gate.Open();
  EXPECT_TRUE(running.get().ok());
  EXPECT_TRUE(waiting.get().ok());
  EXPECT_TRUE(Read().ok());  // and recovers
}

TEST_F(AdapterTest, ACallThatWasGivenUpWhileItWaitedNeverReachesItsHandler) {
  config_.limits.workers = 1;
  Start();
  Gate gate;
  std::atomic<int> reached{0};
  rpc_->read = [&](const auth::CallContext&, const GetAvailabilityRequest&) {
    reached.fetch_add(1);
    gate.Enter();
    return GetAvailabilityResponse();
  };
  auto running = std::async(std::launch::async, [this] { return Read(); });
  gate.AwaitEntered(1);
  grpc::ClientContext impatient;
  Authorise(impatient);
  impatient.set_deadline(std::chrono::system_clock::now() + 200ms);
  EXPECT_EQ(Read(impatient).code(), absl::StatusCode::kDeadlineExceeded);
  gate.Open();
  EXPECT_TRUE(running.get().ok());
  EXPECT_TRUE(Read().ok());
  EXPECT_EQ(reached.load(), 2);
  EXPECT_THAT(metrics_->Render(), HasSubstr("vardkedja_pool_dropped_total 1\n"));
}

TEST_F(AdapterTest, AHandlerCanSeeThatItsCallerGaveUp) {
  Start();
  Gate entered;
  entered.Open();
  std::promise<bool> seen;
  rpc_->read = [&](const auth::CallContext& call, const GetAvailabilityRequest&) {
    entered.Enter();
    while (!call.cancelled()) std::this_thread::yield();
    seen.set_value(true);
    return GetAvailabilityResponse();
  };
  grpc::ClientContext client;
  Authorise(client);
  auto call = std::async(std::launch::async, [&] { return Read(client); });
  entered.AwaitEntered(1);
  client.TryCancel();
  EXPECT_EQ(call.get().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(seen.get_future().get());
}

TEST_F(AdapterTest, EveryCallLeavesOneLineAndItsMetricsAndNoToken) {
  Start();
  const std::string token = tokens_.Sign({});
  grpc::ClientContext client;
  client.AddMetadata("authorization", "Bearer " + token);
  ASSERT_TRUE(Read(client).ok());
  EXPECT_FALSE(Read({.roles = {"auditor"}}).ok());
  const std::string log = Log();
  EXPECT_THAT(log, HasSubstr(R"("msg":"call")"));
  EXPECT_THAT(log, HasSubstr(R"("org":"alvesta","unit":"alvesta-authority","code":"OK")"));
  EXPECT_THAT(log, HasSubstr(R"("code":"PERMISSION_DENIED","reason":"ROLE_NOT_ALLOWED")"));
  EXPECT_THAT(log, Not(HasSubstr(token)));
  EXPECT_THAT(log, Not(HasSubstr("subject-1")));
  const std::string metrics = metrics_->Render();
  EXPECT_THAT(metrics, HasSubstr("vardkedja_calls_total{code=\"OK\",method="
                                 "\"/vardkedja.placement.v1.FacilityService/GetAvailability\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("vardkedja_calls_total{code=\"PERMISSION_DENIED\""));
  EXPECT_THAT(metrics, HasSubstr("vardkedja_calls_in_flight{method="
                                 "\"/vardkedja.placement.v1.FacilityService/GetAvailability\"} 0"));
}

// Golden: dashboards and alerts are written against these names.
TEST_F(AdapterTest, AProcessHasExactlyTheseMetrics) {
  Start();
  ASSERT_TRUE(Read().ok());
  std::set<std::string> families;
  std::istringstream text(metrics_->Render());
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("# TYPE ")) families.insert(line.substr(7));
  }
  EXPECT_THAT(families,
              ElementsAre("vardkedja_call_seconds histogram", "vardkedja_calls_in_flight gauge",
                          "vardkedja_calls_total counter", "vardkedja_pool_depth gauge",
                          "vardkedja_pool_running gauge", "vardkedja_pool_wait_seconds histogram"));
}

TEST_F(AdapterTest, AMessageOverTheLimitIsRefused) {
  config_.limits.max_message_bytes = 1024;
  Start();
  EXPECT_TRUE(Write(Closing(std::string(900, 'x'))).ok());
  EXPECT_EQ(Write(Closing(std::string(2000, 'x'))).code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace vardkedja::rpc
