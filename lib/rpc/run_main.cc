#include "lib/rpc/run_main.h"

#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <map>
#include <optional>
#include <string_view>

#include "absl/synchronization/mutex.h"
#include "lib/rpc/process.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"

namespace vardkedja::rpc {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct CommandLine {
  std::string command;
  std::map<std::string, std::string, std::less<>> options;  // "--config" -> file
};

void PrintUsage(std::FILE* out, const std::string& service) {
  std::fprintf(out,
               "%s-service: one of the suite's services.\n\n"
               "  %s-service serve   --config FILE             take calls until SIGTERM\n"
               "  %s-service migrate --config FILE             bring the schema up to date\n"
               "  %s-service seed    --config FILE --from DIR  add reference data that is absent\n"
               "  %s-service help\n\n"
               "VARDKEDJA__SECTION__KEY in the environment overrides section.key of FILE.\n",
               service.c_str(), service.c_str(), service.c_str(), service.c_str(), service.c_str());
}

// Nothing when the command line makes no sense.
std::optional<CommandLine> Parse(int argc, char** argv) {
  if (argc < 2) return std::nullopt;
  CommandLine line;
  line.command = argv[1];
  if (line.command == "--help" || line.command == "-h") line.command = "help";
  for (int i = 2; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc || (name != "--config" && name != "--from")) return std::nullopt;
    if (!line.options.emplace(name, argv[i + 1]).second) return std::nullopt;
  }
  const bool from = line.options.contains("--from");
  const bool config = line.options.contains("--config");
  if (line.command == "help") return line.options.empty() ? std::optional(line) : std::nullopt;
  if (line.command == "serve" || line.command == "migrate") {
    return config && !from ? std::optional(line) : std::nullopt;
  }
  if (line.command == "seed") return config && from ? std::optional(line) : std::nullopt;
  return std::nullopt;
}

int Fail(const std::string& service, const absl::Status& status) {
  telemetry::FlushLogs();
  std::fprintf(stderr, "%s-service: %s\n", service.c_str(),
               std::string(ToStd(status.message())).c_str());
  return kFailed;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

absl::Status Serve(const config::ServiceConfig& config, const ServiceMain& service) {
  // Blocked before any thread exists, so that every thread inherits it and sigwait gets them.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  VK_ASSIGN_OR_RETURN(const std::unique_ptr<ProcessRunner> runner,
                      ProcessRunner::Start(config, service));
  telemetry::Log(telemetry::Level::kInfo, "started",
                 {{"listen", config.listen}, {"admin_listen", config.admin_listen}});
  int signal = 0;
  sigwait(&signals, &signal);
  telemetry::Log(telemetry::Level::kInfo, "draining");
  runner->Drain();
  telemetry::Log(telemetry::Level::kInfo, "stopped");
  return absl::OkStatus();
}

absl::Status Run(const CommandLine& line, const config::ServiceConfig& config,
                 const ServiceMain& service) {
  if (line.command == "serve") return Serve(config, service);
  if (line.command == "migrate") return service.migrate(config);
  return service.seed(config, line.options.at("--from"));
}

}  // namespace

int RunMain(int argc, char** argv, const ServiceMain& service) {
  signal(SIGPIPE, SIG_IGN);
  // Debian's Abseil looks for lock cycles at every lock; that is for debugging, and costs.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const std::optional<CommandLine> line = Parse(argc, argv);
  if (!line || line->command == "help") {
    PrintUsage(line ? stdout : stderr, service.service);
    return line ? kOk : kWrongUse;
  }
  try {
    const absl::StatusOr<config::ServiceConfig> config =
        config::LoadServiceConfig(line->options.at("--config"), service.service);
    if (!config.ok()) return Fail(service.service, config.status());
    telemetry::InitLogging(service.service, config->log_level);
    const absl::Status status = Run(*line, *config, service);
    return status.ok() ? kOk : Fail(service.service, status);
  } catch (const std::exception& error) {
    return Fail(service.service, absl::InternalError(error.what()));
  }
}

}  // namespace vardkedja::rpc
