// The admin port: GET /metrics, /healthz (alive), /readyz (may take calls; names what is not).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace vardkedja::telemetry {

class Metrics;

// One condition for taking calls. `check` must answer within milliseconds and be thread-safe.
struct Probe {
  std::string name;  // "database", "schema", "draining"
  std::function<absl::Status()> check;
};

class AdminServer {
 public:
  // Listens on "host:port" (port 0 picks one) and serves on a thread of its own.
  // UNAVAILABLE, naming the address, when it cannot listen.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(
      const std::string& listen, Metrics& metrics, std::function<std::vector<Probe>()> probes);
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  std::uint16_t port() const;

 private:
  struct State;
  explicit AdminServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vardkedja::telemetry
