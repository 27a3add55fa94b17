// The gRPC server of a process: mTLS with rotation, limits, truthful health, reflection on demand.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/config/service_config.h"
#include "lib/telemetry/admin_server.h"

namespace grpc {
class Service;
}

namespace vardkedja::rpc {

class Server {
 public:
  // Listens and serves. Health says SERVING only while all probes are OK, asked twice a second.
  // `services` outlive the server. UNAVAILABLE, naming the address, when it cannot listen;
  // INVALID_ARGUMENT, naming the file, when a certificate file cannot be read.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const config::BaseConfig& config, const std::vector<grpc::Service*>& services,
      std::function<std::vector<telemetry::Probe>()> probes);
  ~Server();  // Shutdown(now)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Says NOT_SERVING from now on, while calls are still taken.
  void Pause();
  // Takes no new calls, waits for those running, cancels what is left at `deadline`. Idempotent.
  void Shutdown(std::chrono::system_clock::time_point deadline);

  // The port when the address asked for port 0, else that of the address; 0 for unix sockets.
  int port() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vardkedja::rpc
