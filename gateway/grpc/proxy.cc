#include "gateway/grpc/proxy.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <thread>
#include <utility>
#include <vector>

#include "gateway/grpc/proxy_call.h"

namespace vardkedja::gateway {
namespace {

// Calls that each queue waits for at once.
constexpr int kAcceptors = 16;
constexpr std::chrono::milliseconds kSweepInterval{250};

// Linking gRPC's reflection library turns its reflection on for every server. It knows nothing of
// services that are only proxied, so it is taken out; Reflection answers instead.
class WithoutReflectionPlugin final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins,
                  [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
  }
};

// Runs one lane until it is told to stop and nothing is left in it. Only this thread starts
// operations on the queue, so it alone knows when the queue can be shut down.
class LaneThread {
 public:
  LaneThread(std::unique_ptr<ProxyLane> lane, const std::atomic<bool>& stopping)
      : lane_(std::move(lane)), stopping_(stopping) {}

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    for (int i = 0; i < kAcceptors; ++i) ProxyCall::Accept(*lane_);
    SetAlarm();
    bool shut = false;
    void* tag = nullptr;
    bool ok = false;
    while (lane_->queue->Next(&tag, &ok)) {
      if (tag == this) {
        Sweep();
        if (!stopping_ || !lane_->open.empty()) {
          SetAlarm();
        } else if (!shut) {
          shut = true;
          lane_->queue->Shutdown();
        }
      } else {
        ProxyCall::Handle(*static_cast<ProxyCall::Tag*>(tag), ok);
      }
    }
  }

  void SetAlarm() {
    const auto interval =
        stopping_ ? std::chrono::milliseconds(5) : std::chrono::milliseconds(kSweepInterval);
    alarm_.Set(lane_->queue.get(), std::chrono::system_clock::now() + interval, this);
  }

  void Sweep() {
    for (ProxyCall* call : lane_->open) call->Supervise(stopping_);
  }

  std::unique_ptr<ProxyLane> lane_;
  const std::atomic<bool>& stopping_;
  grpc::Alarm alarm_;
  std::thread thread_;
};

}  // namespace

class Proxy::Impl {
 public:
  Impl(const ProxyOptions& options, const EdgeParts& parts)
      : options_(options), parts_(parts), reflection_(parts.contract) {}

  absl::Status Start() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.SetOption(std::make_unique<WithoutReflectionPlugin>());
    builder.AddListeningPort(options_.listen, options_.credentials, &port_);
    builder.RegisterAsyncGenericService(&service_);
    builder.SetMaxReceiveMessageSize(options_.max_message_bytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options_.max_concurrent_streams);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                               static_cast<int>(options_.idle_connection.count()));
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options_.max_metadata_bytes);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    for (int i = 0; i < options_.threads; ++i) {
      auto lane = std::make_unique<ProxyLane>(options_, parts_, reflection_, service_, calls_);
      lane->queue = builder.AddCompletionQueue();
      lanes_.push_back(std::make_unique<LaneThread>(std::move(lane), stopping_));
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      const std::string what = "cannot listen for gRPC on " + options_.listen;
      return absl::UnavailableError(what);
    }
    for (auto& lane : lanes_) lane->Start();
    for (const auto* service : parts_.contract.services()) {
      server_->GetHealthCheckService()->SetServingStatus(service->full_name(), true);
    }
    return absl::OkStatus();
  }

  void Pause() { server_->GetHealthCheckService()->SetServingStatus(false); }

  void SetHealth(const std::string& service, bool serving) {
    server_->GetHealthCheckService()->SetServingStatus(service, serving);
  }

  void Shutdown(std::chrono::system_clock::time_point deadline) {
    if (server_ == nullptr || stopping_.exchange(true)) return;
    server_->Shutdown(deadline);
    for (auto& lane : lanes_) lane->Join();
    server_->Wait();
  }

  int port() const { return port_; }

 private:
  const ProxyOptions options_;
  const EdgeParts parts_;
  const Reflection reflection_;
  std::atomic<int> calls_{0};
  std::atomic<bool> stopping_{false};
  int port_ = 0;
  grpc::AsyncGenericService service_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::unique_ptr<LaneThread>> lanes_;
};

Proxy::Proxy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Proxy::~Proxy() { Shutdown(std::chrono::system_clock::now()); }

absl::StatusOr<std::unique_ptr<Proxy>> Proxy::Start(const ProxyOptions& options,
                                                    const EdgeParts& parts) {
  auto impl = std::make_unique<Impl>(options, parts);
  const absl::Status started = impl->Start();
  if (!started.ok()) return started;
  return std::unique_ptr<Proxy>(new Proxy(std::move(impl)));
}

void Proxy::Pause() { impl_->Pause(); }
void Proxy::SetHealth(const std::string& service, bool serving) {
  impl_->SetHealth(service, serving);
}
void Proxy::Shutdown(std::chrono::system_clock::time_point deadline) { impl_->Shutdown(deadline); }
int Proxy::port() const { return impl_->port(); }

}  // namespace vardkedja::gateway
