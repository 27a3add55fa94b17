// The public gRPC edge: every call goes through as bytes, on completion queues of its own.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/auth/admission.h"
#include "gateway/grpc/reflection.h"
#include "gateway/grpc/upstream.h"
#include "gateway/routes/contract.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::gateway {

struct ProxyOptions {
  std::string listen;  // "127.0.0.1:8081", "unix:/run/x.sock"; port 0 picks one
  std::shared_ptr<grpc::ServerCredentials> credentials;
  int threads = 1;       // each with a completion queue
  int max_calls = 1000;  // in flight; more are answered RESOURCE_EXHAUSTED
  int max_message_bytes = 4 << 20;
  int max_metadata_bytes = 16 << 10;
  int max_concurrent_streams = 200;                   // per connection
  std::chrono::milliseconds receive_timeout{10'000};  // for the request message to arrive
  std::chrono::milliseconds stall_timeout{30'000};    // for a stream's reader to take an item
  std::chrono::milliseconds idle_connection{300'000};
  bool reflection = true;
};

// What both edges work with. All references outlive the edges.
struct EdgeParts {
  const Contract& contract;
  Admission& admission;
  const Upstreams& upstreams;
  telemetry::Metrics& metrics;
};

class Proxy {
 public:
  // UNAVAILABLE naming the address when it can not listen.
  static absl::StatusOr<std::unique_ptr<Proxy>> Start(const ProxyOptions& options,
                                                      const EdgeParts& parts);
  ~Proxy();  // Shutdown(now)
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Health says NOT_SERVING from now on, while calls are still taken.
  void Pause();
  // Health of one public service, as its upstream has it.
  void SetHealth(const std::string& service, bool serving);
  // Takes no new calls, waits for those running, cancels what is left at `deadline`. Idempotent.
  void Shutdown(std::chrono::system_clock::time_point deadline);

  int port() const;

 private:
  class Impl;
  explicit Proxy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::gateway
