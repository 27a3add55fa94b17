// Calls to other services: mTLS, dns:/// with round_robin, deadlines and trace that follow the
// call. Include from rpc/ only.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/config/service_config.h"

namespace grpc {
class ChannelCredentials;
}

namespace vardkedja::rpc {

// One channel per peer, made at first use. The peer's certificate must carry its service's name,
// whatever its address is. Thread-safe.
class Channels {
 public:
  // The certificate files are watched: rotation needs no restart.
  explicit Channels(const config::BaseConfig& config);
  ~Channels();

  // FAILED_PRECONDITION naming the key when the configuration has no peers.<service>.
  absl::StatusOr<std::shared_ptr<grpc::Channel>> To(std::string_view service);

  // Sets deadline (the call's, at most `at_most` from now), call id and child traceparent.
  void Prepare(grpc::ClientContext& client, const auth::CallContext& call,
               std::chrono::milliseconds at_most) const;

 private:
  const std::map<std::string, std::string, std::less<>> addresses_;
  const std::string own_name_;
  const bool insecure_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<grpc::Channel>, std::less<>> channels_;
};

// Runs `attempt` until it is anything but UNAVAILABLE: at most 3 times, jittered 20 to 200 ms
// apart, never beyond the call's deadline. Only for reads and calls that carry a request_id.
absl::Status RetryUnavailable(const auth::CallContext& call,
                              const std::function<absl::Status()>& attempt);

}  // namespace vardkedja::rpc
