#include "lib/rpc/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "lib/rpc/tls.h"
#include "lib/status/status.h"
#include "lib/telemetry/trace.h"

namespace vardkedja::rpc {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kAttempts = 3;
constexpr int kLeastPauseMs = 20;
constexpr int kMostPauseMs = 200;

grpc::ChannelArguments ArgumentsFor(const std::string& service) {
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetSslTargetNameOverride(service);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetMaxReceiveMessageSize(16 << 20);  // a thousand events
  return arguments;
}

milliseconds Pause() {
  thread_local std::minstd_rand random{std::random_device()()};
  return milliseconds(std::uniform_int_distribution<int>(kLeastPauseMs, kMostPauseMs)(random));
}

}  // namespace

Channels::Channels(const config::BaseConfig& config)
    : addresses_(config.peers),
      own_name_(config.service),
      insecure_(config.tls.insecure),
      credentials_(MakeChannelCredentials(config.tls)) {}

Channels::~Channels() = default;

absl::StatusOr<std::shared_ptr<grpc::Channel>> Channels::To(std::string_view service) {
  const std::lock_guard lock(mutex_);
  const auto made = channels_.find(service);
  if (made != channels_.end()) return made->second;
  const auto address = addresses_.find(service);
  if (address == addresses_.end()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "the configuration has no peers." + std::string(service),
                     "CONFIGURATION_INVALID");
  }
  std::shared_ptr<grpc::Channel> channel =
      grpc::CreateCustomChannel(address->second, credentials_, ArgumentsFor(address->first));
  channels_.emplace(address->first, channel);
  return channel;
}

void Channels::Prepare(grpc::ClientContext& client, const auth::CallContext& call,
                       milliseconds at_most) const {
  const auto left = std::min<SteadyClock::duration>(at_most, call.deadline - SteadyClock::now());
  client.set_deadline(std::chrono::system_clock::now() +
                      std::chrono::duration_cast<milliseconds>(left));
  if (!call.call_id.empty()) client.AddMetadata("x-request-id", call.call_id);
  client.AddMetadata("traceparent", telemetry::Format(telemetry::ChildOf(call.traceparent)));
  // Without certificates the name must be told; the server believes it in tests only.
  if (insecure_) client.AddMetadata("x-peer-service", own_name_);
}

absl::Status RetryUnavailable(const auth::CallContext& call,
                              const std::function<absl::Status()>& attempt) {
  absl::Status status;
  for (int tried = 1;; ++tried) {
    status = attempt();
    if (status.code() != absl::StatusCode::kUnavailable || tried == kAttempts) return status;
    const milliseconds pause = Pause();
    if (call.cancelled() || SteadyClock::now() + pause >= call.deadline) return status;
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace vardkedja::rpc
