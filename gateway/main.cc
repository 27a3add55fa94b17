// The gateway's process: serve until SIGTERM.
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "absl/synchronization/mutex.h"
#include "gateway/config.h"
#include "gateway/routes/embedded_contract.h"
#include "gateway/service.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"

namespace vardkedja::gateway {
namespace {

constexpr char kUsage[] =
    "gateway: the suite's public edge.\n\n"
    "  gateway serve --config FILE   take calls until SIGTERM\n"
    "  gateway help\n\n"
    "VARDKEDJA__SECTION__KEY in the environment overrides section.key of FILE.\n";

int Fail(const std::string& message) {
  telemetry::FlushLogs();
  std::fprintf(stderr, "gateway: %s\n", message.c_str());
  return 1;
}

int Serve(const char* config_file) {
  const auto config = LoadGatewayConfig(config_file);
  if (!config.ok()) return Fail(std::string(ToStd(config.status().message())));
  telemetry::InitLogging("gateway", config->log_level);
  // Blocked before any thread exists, so that every thread inherits it and sigwait gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto service = GatewayService::Start(*config, EmbeddedContract());
  if (!service.ok()) return Fail(std::string(ToStd(service.status().message())));
  telemetry::Log(telemetry::Level::kInfo, "started",
                 {{"http", config->http.listen},
                  {"http_port", std::to_string((*service)->http_port())},
                  {"grpc", config->grpc_listen},
                  {"grpc_port", std::to_string((*service)->grpc_port())}});
  int signal = 0;
  sigwait(&signals, &signal);
  telemetry::Log(telemetry::Level::kInfo, "draining");
  (*service)->Drain();
  telemetry::Log(telemetry::Level::kInfo, "stopped");
  telemetry::FlushLogs();
  return 0;
}

}  // namespace
}  // namespace vardkedja::gateway

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  // Debian's Abseil looks for lock cycles at every lock; that is for debugging, and costs.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (argc == 4 && command == "serve" && std::string_view(argv[2]) == "--config") {
    try {
      return vardkedja::gateway::Serve(argv[3]);
    } catch (const std::exception& error) {
      return vardkedja::gateway::Fail(error.what());
    }
  }
  const bool help = argc == 2 && (command == "help" || command == "--help" || command == "-h");
  std::fputs(vardkedja::gateway::kUsage, help ? stdout : stderr);
  return help ? 0 : 2;
}
