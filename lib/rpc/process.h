// What RunMain does with a service between the command line and the exit code. Apart from RunMain
// only tests use it.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "lib/config/service_config.h"
#include "lib/rpc/run_main.h"

namespace vardkedja::rpc {

class ProcessRunner {
 public:
  // Builds the service, opens the admin port, then the gRPC port. Errors are one sentence.
  static absl::StatusOr<std::unique_ptr<ProcessRunner>> Start(const config::ServiceConfig& config,
                                                              const ServiceMain& service);
  ~ProcessRunner();  // Drain
  ProcessRunner(const ProcessRunner&) = delete;
  ProcessRunner& operator=(const ProcessRunner&) = delete;

  // Not ready, pause, no new calls, those running until the limit, background work, worker pool,
  // flush (architecture.md, 7). Idempotent.
  void Drain();

  int port() const;  // of gRPC
  int admin_port() const;

 private:
  explicit ProcessRunner(std::unique_ptr<Process::State> state);
  std::unique_ptr<Process::State> state_;
};

}  // namespace vardkedja::rpc
