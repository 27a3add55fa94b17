#include "lib/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "lib/rpc/tls.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"

namespace vardkedja::rpc {
namespace {

constexpr std::chrono::milliseconds kHealthInterval{500};
constexpr std::chrono::seconds kConnectionGrace{
    30};  // more than the longest call, on a connection that is too old
constexpr std::chrono::seconds kPingTimeout{10};
constexpr std::chrono::seconds kLeastPingInterval{10};  // what we tolerate from clients
constexpr int kMaxMetadataBytes = 16 * 1024;
constexpr int kHealthMessageBytes = 4 * 1024;
constexpr int kHealthStreams = 16;

// Tells which services the server has, so that health can name each.
class NamesPlugin final : public grpc::ServerBuilderPlugin {
 public:
  explicit NamesPlugin(std::vector<std::string>& names) : names_(names) {}
  std::string name() override { return "vardkedja_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override {
    names_ = *initializer->GetServiceList();
  }
  void ChangeArguments(const std::string&, void*) override {}

 private:
  std::vector<std::string>& names_;
};

// Linking gRPC's reflection library turns reflection on for every server; this takes it out again.
class PluginOption final : public grpc::ServerBuilderOption {
 public:
  PluginOption(bool reflection, std::vector<std::string>& names)
      : reflection_(reflection), names_(names) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [this](const auto& plugin) {
      return !reflection_ && plugin->name() == "proto_server_reflection";
    });
    plugins->push_back(std::make_unique<NamesPlugin>(names_));
  }

 private:
  const bool reflection_;
  std::vector<std::string>& names_;
};

int Ms(std::chrono::milliseconds duration) { return static_cast<int>(duration.count()); }

void SetLimits(grpc::ServerBuilder& builder, const config::Limits& limits) {
  builder.SetMaxReceiveMessageSize(limits.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Ms(limits.max_connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Ms(limits.stream_life + kConnectionGrace));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Ms(limits.keepalive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Ms(kPingTimeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Ms(kLeastPingInterval));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a busy port is an error, not shared
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
}

// Answers grpc.health.v1 and nothing else, without TLS: a kubelet's probe has no certificate.
// `nothing` answers UNIMPLEMENTED; a server must have some service of its own.
std::unique_ptr<grpc::Server> StartHealthServer(const std::string& address,
                                                grpc::CallbackGenericService& nothing) {
  std::vector<std::string> names;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kHealthMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kHealthStreams);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetOption(std::make_unique<PluginOption>(/*reflection=*/false, names));
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterCallbackGenericService(&nothing);
  return builder.BuildAndStart();
}

absl::Status CannotListen(const std::string& address) {
  return MakeError(absl::StatusCode::kUnavailable, "cannot listen on " + address,
                   "ADDRESS_UNAVAILABLE");
}

}  // namespace

struct Server::State {
  std::function<std::vector<telemetry::Probe>()> probes;
  std::unique_ptr<grpc::Server> server;
  grpc::CallbackGenericService nothing;         // outlives health_server
  std::unique_ptr<grpc::Server> health_server;  // null unless configured
  std::vector<std::string> names;
  int port = 0;
  std::mutex mutex;
  std::condition_variable changed;
  bool paused = false;
  bool stopped = false;
  bool serving = false;
  std::mutex shutdown_mutex;
  bool shut_down = false;
  std::thread health;

  // Precondition: `mutex` is held, so that a pause is never overtaken by an older judgement.
  void Say(bool now_serving) {
    grpc::HealthCheckServiceInterface* health_service = server->GetHealthCheckService();
    health_service->SetServingStatus("", now_serving);
    for (const std::string& name : names) health_service->SetServingStatus(name, now_serving);
    if (health_server) health_server->GetHealthCheckService()->SetServingStatus("", now_serving);
    if (now_serving != serving) {
      telemetry::Log(telemetry::Level::kInfo, now_serving ? "serving" : "not serving");
    }
    serving = now_serving;
  }

  void Judge() {
    bool ready = true;
    for (const telemetry::Probe& probe : probes()) ready = ready && probe.check().ok();
    const std::lock_guard lock(mutex);
    Say(ready && !paused);
  }

  void WatchHealth() {
    for (;;) {
      Judge();
      std::unique_lock lock(mutex);
      if (changed.wait_for(lock, kHealthInterval, [this] { return stopped; })) return;
    }
  }
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Shutdown(std::chrono::system_clock::now()); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const config::BaseConfig& config, const std::vector<grpc::Service*>& services,
    std::function<std::vector<telemetry::Probe>()> probes) {
  VK_RETURN_IF_ERROR(CheckTlsFiles(config.tls));
  auto state = std::make_unique<State>();
  state->probes = std::move(probes);
  grpc::EnableDefaultHealthCheckService(true);
  if (config.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder, config.limits);
  builder.SetOption(std::make_unique<PluginOption>(config.reflection, state->names));
  builder.AddListeningPort(config.listen, MakeServerCredentials(config.tls), &state->port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  state->server = builder.BuildAndStart();
  if (state->server == nullptr) return CannotListen(config.listen);
  if (config.health_listen) {
    state->health_server = StartHealthServer(*config.health_listen, state->nothing);
    if (state->health_server == nullptr) return CannotListen(*config.health_listen);
  }
  {
    const std::lock_guard lock(state->mutex);
    state->Say(false);
  }
  state->health = std::thread([raw = state.get()] { raw->WatchHealth(); });
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

void Server::Pause() {
  const std::lock_guard lock(state_->mutex);
  state_->paused = true;
  state_->Say(false);
}

void Server::Shutdown(std::chrono::system_clock::time_point deadline) {
  const std::lock_guard lock(state_->shutdown_mutex);
  if (std::exchange(state_->shut_down, true)) return;
  Pause();
  {
    const std::lock_guard watching(state_->mutex);
    state_->stopped = true;
  }
  state_->changed.notify_all();
  state_->health.join();
  state_->server->Shutdown(deadline);
  state_->server->Wait();
  // Last, so that a probe hears NOT_SERVING for as long as calls run.
  if (state_->health_server) {
    state_->health_server->Shutdown(std::chrono::system_clock::now());
    state_->health_server->Wait();
  }
}

int Server::port() const { return state_->port; }

}  // namespace vardkedja::rpc
