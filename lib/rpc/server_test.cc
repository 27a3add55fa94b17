// Certificates, health, reflection and drain, over real sockets.
#include "lib/rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>

#include "lib/rpc/adapter.h"
#include "lib/rpc/channel.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/rpc/tls.h"
#include "lib/status/status.h"
#include "vardkedja/placement/v1/facility_service.grpc.pb.h"
#include "vardkedja/referral/v1/authorization_service.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using placement::v1::FacilityService;
using placement::v1::GetAvailabilityRequest;
using placement::v1::GetAvailabilityResponse;
using referral::v1::AuthorizationService;
using referral::v1::AuthorizeRequest;
using referral::v1::AuthorizeResponse;
using testing::ElementsAre;
using testing::HasSubstr;

// One unary call with bytes, for services that have no stub here.
std::pair<grpc::Status, std::string> CallRaw(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& method, const std::string& bytes) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext client;
  client.set_deadline(std::chrono::system_clock::now() + 5s);
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&client, method, {}, &request, &response,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  std::string answer;
  std::vector<grpc::Slice> slices;
  if (status.ok() && response.Dump(&slices).ok()) {
    for (const grpc::Slice& part : slices) {
      answer.append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return {status, answer};
}

// grpc.health.v1: HealthCheckRequest{service = 1}, HealthCheckResponse{status = 1}.
std::string Health(const std::shared_ptr<grpc::Channel>& channel, const std::string& service = "") {
  std::string request;
  if (!service.empty())
    request = "\n" + std::string(1, static_cast<char>(service.size())) + service;
  const auto [status, answer] = CallRaw(channel, "/grpc.health.v1.Health/Check", request);
  if (!status.ok()) return "error " + std::to_string(status.error_code());
  if (answer == std::string("\x08\x01", 2)) return "SERVING";
  return answer == std::string("\x08\x02", 2) ? "NOT_SERVING" : "UNKNOWN";
}

class TestRpc final : public FacilityService::CallbackService {
 public:
  explicit TestRpc(AdapterCore& core) : adapter_(core, FacilityService::service_full_name()) {}
  grpc::ServerUnaryReactor* GetAvailability(grpc::CallbackServerContext* context,
                                            const GetAvailabilityRequest* request,
                                            GetAvailabilityResponse* response) override {
    return adapter_.Unary(
        context, request, response, "GetAvailability",
        [this](const auth::CallContext& call, const GetAvailabilityRequest&) {
          handle(call);
          return absl::StatusOr<GetAvailabilityResponse>(GetAvailabilityResponse());
        });
  }
  std::function<void(const auth::CallContext&)> handle = [](const auth::CallContext&) {};

 private:
  const Adapter adapter_;
};

class InternalRpc final : public AuthorizationService::CallbackService {
 public:
  explicit InternalRpc(AdapterCore& core)
      : adapter_(core, AuthorizationService::service_full_name()) {}
  grpc::ServerUnaryReactor* Authorize(grpc::CallbackServerContext* context,
                                      const AuthorizeRequest* request,
                                      AuthorizeResponse* response) override {
    return adapter_.Unary(context, request, response, "Authorize",
                          [](const auth::CallContext& call, const AuthorizeRequest&) {
                            AuthorizeResponse answer;
                            answer.add_decisions()->set_rule_id(call.peer_service.value_or(""));
                            return absl::StatusOr<AuthorizeResponse>(answer);
                          });
  }

 private:
  const Adapter adapter_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest()
      : tokens_(directory_), pki_(directory_), config_(TestConfig("referral", tokens_.auth())) {}

  void UseTls() { config_.tls = pki_.Issue("referral"); }

  void Start() {
    ServiceMain main;
    main.service = "referral";
    main.build = [this](Process& process) {
      rpc_ = std::make_shared<TestRpc>(process.adapters());
      process.Serve(rpc_);
      process.Serve(std::make_shared<InternalRpc>(process.adapters()));
      process.AddReadiness("database", [this] {
        return database_up_ ? absl::OkStatus() : absl::UnavailableError("no connection");
      });
      for (const char* part : {"jobs", "consumers"}) {
        process.OnStop(part, [this, part] { Record(part); });
      }
      process.OnFlush("audit", [this] { Record("audit"); });
      return absl::OkStatus();
    };
    auto process = ProcessRunner::Start(config_, main);
    ASSERT_TRUE(process.ok()) << process.status();
    process_ = *std::move(process);
  }

  std::string Address() const { return "127.0.0.1:" + std::to_string(process_->port()); }
  std::shared_ptr<grpc::Channel> Insecure() const {
    return grpc::CreateChannel(Address(), grpc::InsecureChannelCredentials());
  }
  // As the process `name` calls referral.
  absl::Status CallAs(const std::string& name, const config::Tls& tls,
                      AuthorizeResponse* response = nullptr) {
    config::BaseConfig config;
    config.service = name;
    config.tls = tls;
    config.peers["referral"] = Address();
    Channels channels(config);
    const auto stub = AuthorizationService::NewStub(channels.To("referral").value());
    grpc::ClientContext client;
    channels.Prepare(client, auth::CallContext(), 5s);
    AuthorizeResponse ignored;
    return FromGrpc(
        stub->Authorize(&client, AuthorizeRequest(), response == nullptr ? &ignored : response));
  }
  absl::Status Read(std::chrono::milliseconds patience = 20s) {
    const auto stub = FacilityService::NewStub(Insecure());
    grpc::ClientContext client;
    client.AddMetadata("authorization", "Bearer " + tokens_.Sign({}));
    client.set_deadline(std::chrono::system_clock::now() + patience);
    GetAvailabilityResponse response;
    return FromGrpc(stub->GetAvailability(&client, GetAvailabilityRequest(), &response));
  }
  void AwaitHealth(const std::string& wanted) {
    const auto channel = Insecure();
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (Health(channel) != wanted && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(Health(channel), wanted);
  }
  void Record(const std::string& what) {
    const std::lock_guard lock(mutex_);
    order_.push_back(what);
  }

  TestDirectory directory_;
  TestTokens tokens_;
  TestPki pki_;
  config::ServiceConfig config_;
  std::atomic<bool> database_up_{true};
  std::mutex mutex_;
  std::vector<std::string> order_;
  std::shared_ptr<TestRpc> rpc_;
  std::unique_ptr<ProcessRunner> process_;
};

TEST_F(ServerTest, AnInternalMethodIsForServicesWithACertificate) {
  UseTls();
  Start();
  AuthorizeResponse response;
  ASSERT_TRUE(CallAs("placement", pki_.Issue("placement"), &response).ok());
  EXPECT_EQ(response.decisions(0).rule_id(), "placement");
  const absl::Status gateway = CallAs("gateway", pki_.Issue("gateway"));
  EXPECT_EQ(gateway.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetErrorDetail(gateway)->reason, "NOT_A_SERVICE");
}

TEST_F(ServerTest, APublicTokenDoesNotOpenAnInternalMethod) {
  Start();
  const auto stub = AuthorizationService::NewStub(Insecure());
  grpc::ClientContext client;
  client.AddMetadata("authorization", "Bearer " + tokens_.Sign({}));
  AuthorizeResponse response;
  EXPECT_EQ(FromGrpc(stub->Authorize(&client, AuthorizeRequest(), &response)).code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(ServerTest, TheHeaderThatStandsForACertificateIsBelievedWithoutTlsOnly) {
  UseTls();
  Start();
  config::BaseConfig config;
  config.service = "gateway";
  config.tls = pki_.Issue("gateway");
  config.peers["referral"] = Address();
  Channels channels(config);
  const auto stub = AuthorizationService::NewStub(channels.To("referral").value());
  grpc::ClientContext client;
  client.AddMetadata("x-peer-service", "placement");
  AuthorizeResponse response;
  EXPECT_EQ(FromGrpc(stub->Authorize(&client, AuthorizeRequest(), &response)).code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(ServerTest, NobodyWithoutACertificateOfOursConnects) {
  UseTls();
  Start();
  const TestPki strangers(directory_, "stranger-");
  strangers.TrustAlso(pki_);
  EXPECT_EQ(CallAs("placement", strangers.Issue("placement")).code(),
            absl::StatusCode::kUnavailable);
  config::Tls plaintext;
  plaintext.insecure = true;
  EXPECT_EQ(CallAs("placement", plaintext).code(), absl::StatusCode::kUnavailable);
}

TEST_F(ServerTest, TheClientRefusesAServerThatIsNotTheServiceItAskedFor) {
  config_.tls = pki_.Issue("notification");
  Start();
  EXPECT_EQ(CallAs("placement", pki_.Issue("placement")).code(), absl::StatusCode::kUnavailable);
}

TEST_F(ServerTest, CertificatesRotateWithoutARestart) {
  UseTls();
  Start();
  const config::Tls old_client = pki_.Issue("placement");
  ASSERT_TRUE(CallAs("placement", old_client).ok());

  // A new authority comes: the server trusts both, then presents a certificate of the new one.
  const TestPki next(directory_, "next-");
  const config::Tls new_client = next.Issue("placement");
  EXPECT_FALSE(CallAs("placement", new_client).ok());
  const config::Tls new_server = next.Issue("referral");
  next.TrustAlso(pki_);
  pki_.TrustAlso(next);
  const auto content = [](const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  directory_.Write("referral.key", content(new_server.key));
  directory_.Write("referral.crt", content(new_server.certificate));
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (!CallAs("placement", new_client).ok() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(CallAs("placement", new_client).ok());
  EXPECT_TRUE(CallAs("placement", old_client).ok());
}

TEST_F(ServerTest, AMissingCertificateFileIsNamed) {
  UseTls();
  config_.tls.key = directory_.Path("absent.key");
  const auto server = Server::Start(config_, {}, [] { return std::vector<telemetry::Probe>(); });
  EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(ToStd(server.status().message())), HasSubstr("tls.key: cannot read "));
}

TEST_F(ServerTest, ABusyAddressIsOneSentence) {
  Start();
  config_.listen = Address();
  const auto server = Server::Start(config_, {}, [] { return std::vector<telemetry::Probe>(); });
  EXPECT_EQ(ToStd(server.status().message()), "cannot listen on " + Address());
}

TEST_F(ServerTest, ServesOnAUnixSocketWithCertificates) {
  UseTls();
  config_.listen = "unix:" + directory_.Path("referral.sock");
  Start();
  config::BaseConfig config;
  config.service = "placement";
  config.tls = pki_.Issue("placement");
  config.peers["referral"] = config_.listen;
  Channels channels(config);
  const auto stub = AuthorizationService::NewStub(channels.To("referral").value());
  grpc::ClientContext client;
  AuthorizeResponse response;
  EXPECT_TRUE(FromGrpc(stub->Authorize(&client, AuthorizeRequest(), &response)).ok());
}

// A kubelet's probe has no certificate, and may ask for nothing but health.
TEST_F(ServerTest, HealthIsAnsweredWithoutTlsOnAnAddressOfItsOwn) {
  UseTls();
  config_.health_listen = "unix:" + directory_.Path("health.sock");
  Start();
  const auto probe =
      grpc::CreateChannel(*config_.health_listen, grpc::InsecureChannelCredentials());
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (Health(probe) != "SERVING" && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(Health(probe), "SERVING");
  EXPECT_NE(Health(Insecure()), "SERVING") << "the public port takes no plaintext";
  EXPECT_EQ(CallRaw(probe, "/vardkedja.placement.v1.FacilityService/GetAvailability", "")
                .first.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  database_up_ = false;
  while (Health(probe) == "SERVING" && std::chrono::steady_clock::now() < until + 10s) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(Health(probe), "NOT_SERVING");
}

TEST_F(ServerTest, HealthTellsTheTruthPerService) {
  database_up_ = false;
  Start();
  EXPECT_EQ(Health(Insecure()), "NOT_SERVING");
  database_up_ = true;
  AwaitHealth("SERVING");
  EXPECT_EQ(Health(Insecure(), "vardkedja.placement.v1.FacilityService"), "SERVING");
  EXPECT_EQ(Health(Insecure(), "vardkedja.nothing"), "error 5");
  database_up_ = false;
  AwaitHealth("NOT_SERVING");
  EXPECT_EQ(Health(Insecure(), "vardkedja.placement.v1.FacilityService"), "NOT_SERVING");
}

TEST_F(ServerTest, ReflectionIsThereOnlyWhenAskedFor) {
  constexpr char kMethod[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  Start();
  EXPECT_EQ(CallRaw(Insecure(), kMethod, "").first.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  process_.reset();
  config_.reflection = true;
  Start();
  EXPECT_NE(CallRaw(Insecure(), kMethod, "").first.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(ServerTest, ADrainFinishesWhatRunsThenStopsInOrder) {
  Start();
  std::promise<void> entered;
  std::promise<void> release;
  rpc_->handle = [&](const auth::CallContext&) {
    entered.set_value();
    release.get_future().wait();
    Record("handler done");
  };
  auto running = std::async(std::launch::async, [this] { return Read(); });
  entered.get_future().wait();
  auto drain = std::async(std::launch::async, [this] { process_->Drain(); });
  // Once no new call gets in, the old one is let go.
  while (Read(1s).code() != absl::StatusCode::kUnavailable) std::this_thread::yield();
  release.set_value();
  EXPECT_TRUE(running.get().ok());
  drain.wait();
  EXPECT_THAT(order_, ElementsAre("handler done", "consumers", "jobs", "audit"));
}

TEST_F(ServerTest, ADrainDoesNotWaitForeverForAHandler) {
  config_.limits.drain = 100ms;
  Start();
  std::promise<void> entered;
  rpc_->handle = [&](const auth::CallContext& call) {
    entered.set_value();
    while (!call.cancelled()) std::this_thread::yield();
  };
  auto running = std::async(std::launch::async, [this] { return Read(); });
  entered.get_future().wait();
  process_->Drain();
  EXPECT_FALSE(running.get().ok());
  EXPECT_THAT(order_, ElementsAre("consumers", "jobs", "audit"));
}

TEST_F(ServerTest, WhileItPausesADrainingProcessAnswersButIsNotServing) {
  config_.limits.drain_pause = 2s;
  Start();
  AwaitHealth("SERVING");
  auto drain = std::async(std::launch::async, [this] { process_->Drain(); });
  AwaitHealth("NOT_SERVING");
  EXPECT_TRUE(Read().ok());
  drain.wait();
}

}  // namespace
}  // namespace vardkedja::rpc
