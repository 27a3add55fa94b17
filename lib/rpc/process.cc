#include "lib/rpc/process.h"

#include <grpcpp/impl/service_type.h>

#include <atomic>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>
#include <vector>

#include "lib/auth/jwks_file.h"
#include "lib/auth/policy.h"
#include "lib/auth/token_verifier.h"
#include "lib/eventlog/reader.h"
#include "lib/exec/worker_pool.h"
#include "lib/rpc/adapter.h"
#include "lib/rpc/case_access_client.h"
#include "lib/rpc/channel.h"
#include "lib/rpc/event_log.h"
#include "lib/rpc/server.h"
#include "lib/rpc/tls.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"
#include "lib/telemetry/metrics.h"
#include "lib/time/clock.h"

namespace vardkedja::rpc {
namespace {

constexpr std::chrono::seconds kPoolDrain{5};  // for handlers whose calls were cancelled
constexpr std::size_t kLeastSecretBytes = 32;
constexpr char kDevelopmentRequestKey[] = "vardkedja development request key";

absl::StatusOr<std::string> ReadRequestKey(const config::Auth& auth) {
  if (!auth.request_key) return std::string(kDevelopmentRequestKey);
  std::ifstream file(*auth.request_key);
  std::ostringstream secret;
  secret << file.rdbuf();
  if (secret.str().size() >= kLeastSecretBytes) return secret.str();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "auth.request_key: cannot read at least 32 bytes from " + *auth.request_key,
                   "CONFIGURATION_INVALID");
}

struct Step {
  std::string name;
  std::function<void()> run;
};

void RunBackwards(std::vector<Step>& steps) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    telemetry::Log(telemetry::Level::kDebug, "stopping", {{"part", step->name}});
    step->run();
  }
  steps.clear();
}

}  // namespace

// Members are destroyed from the bottom up: first what serves, then what the service registered,
// last what everything stands on.
struct Process::State {
  explicit State(const config::ServiceConfig& given)
      : config(given), clock(config::MakeClock(given)), policy(auth::Policy::FromDescriptors()) {}

  ~State() {
    while (!parts.empty()) parts.pop_back();
  }

  const config::ServiceConfig config;
  const std::unique_ptr<Clock> clock;
  const SystemClock real_clock;
  const auth::Policy policy;
  telemetry::Metrics metrics;
  std::unique_ptr<auth::JwksFile> jwks;
  std::unique_ptr<auth::TokenVerifier> verifier;
  std::unique_ptr<exec::WorkerPool> workers;
  std::unique_ptr<AdapterCore> core;
  std::unique_ptr<Channels> channels;
  std::unique_ptr<auth::CaseAccess> case_access;
  std::map<std::string, std::unique_ptr<eventlog::EventSource>, std::less<>> sources;
  std::vector<std::shared_ptr<void>> parts;
  std::vector<grpc::Service*> services;
  std::vector<telemetry::Probe> probes;
  std::vector<Step> stops;
  std::vector<Step> flushes;
  std::atomic<bool> draining{false};
  bool drained = false;
  std::unique_ptr<telemetry::AdminServer> admin;
  std::unique_ptr<Server> server;

  absl::Status JwksFault(const absl::Status& status) const {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "auth.jwks: " + config.auth.jwks + ": " + std::string(ToStd(status.message())),
                     "CONFIGURATION_INVALID");
  }

  absl::Status Prepare() {
    VK_RETURN_IF_ERROR(CheckTlsFiles(config.tls));
    VK_ASSIGN_OR_RETURN(std::string request_key, ReadRequestKey(config.auth));
    auth::TokenVerifierOptions tokens;
    auto file = auth::JwksFile::Open({config.auth.jwks, config.auth.jwks_cache});
    if (!file.ok()) return JwksFault(file.status());
    jwks = *std::move(file);
    tokens.jwks_file = jwks->path();
    tokens.issuer = config.auth.issuer;
    tokens.audience = config.auth.audience;
    auto made = auth::TokenVerifier::Create(std::move(tokens), real_clock);
    if (!made.ok()) return JwksFault(made.status());
    verifier = *std::move(made);
    MakeWorkers();
    AdapterCore::Options options;
    options.clock = clock.get();
    options.verifier = verifier.get();
    options.policy = &policy;
    options.workers = workers.get();
    options.metrics = &metrics;
    options.request_key = std::move(request_key);
    options.deadline_floor = config.limits.deadline_floor;
    options.default_deadline = config.limits.default_deadline;
    options.stream_life = config.limits.stream_life;
    options.max_streams = config.limits.max_streams;
    options.trust_peer_header = config.tls.insecure;
    core = std::make_unique<AdapterCore>(std::move(options));
    channels = std::make_unique<Channels>(config);
    return absl::OkStatus();
  }

  void MakeWorkers() {
    exec::WorkerPool::Options options;
    options.workers = config.limits.workers;
    options.queue = config.limits.queue;
    options.on_wait = [this](std::chrono::microseconds waited) {
      metrics.Observe("vardkedja_pool_wait_seconds", "Time a call waited for a worker.", {},
                      std::chrono::duration<double>(waited).count());
    };
    workers = std::make_unique<exec::WorkerPool>(std::move(options));
    const auto probe = [this](const char* name, const char* help, auto member) {
      metrics.AddProbe(name, help, {},
                       [this, member] { return static_cast<double>(workers->stats().*member); });
    };
    using Stats = exec::WorkerPool::Stats;
    probe("vardkedja_pool_depth", "Calls that wait for a worker.", &Stats::waiting);
    probe("vardkedja_pool_running", "Calls on a worker.", &Stats::running);
  }

  std::vector<telemetry::Probe> AllProbes() {
    std::vector<telemetry::Probe> all = probes;
    all.push_back({"draining", [this] {
                     return draining.load() ? absl::UnavailableError("stopping") : absl::OkStatus();
                   }});
    return all;
  }
};

const config::ServiceConfig& Process::config() const { return state_.config; }
const Clock& Process::clock() const { return *state_.clock; }
telemetry::Metrics& Process::metrics() { return state_.metrics; }
AdapterCore& Process::adapters() { return *state_.core; }
Channels& Process::channels() { return *state_.channels; }

auth::CaseAccess& Process::case_access() {
  if (!state_.case_access) state_.case_access = MakeCaseAccessClient(*state_.channels);
  return *state_.case_access;
}

eventlog::EventSource& Process::event_source(std::string_view service) {
  std::unique_ptr<eventlog::EventSource>& source = state_.sources[std::string(service)];
  if (!source) source = MakeEventSource(*state_.channels, service);
  return *source;
}

void Process::Keep(std::shared_ptr<void> part) { state_.parts.push_back(std::move(part)); }

void Process::Serve(std::shared_ptr<grpc::Service> service) {
  state_.services.push_back(service.get());
  Keep(std::move(service));
}

void Process::ServeEventLog(eventlog::Reader& reader, eventlog::HeadWatch& heads) {
  auto log = std::make_shared<EventLogServer>(*state_.core, reader, heads);
  Serve(log->service());
  Keep(std::move(log));
}

void Process::AddReadiness(std::string name, std::function<absl::Status()> check) {
  state_.probes.push_back({std::move(name), std::move(check)});
}

void Process::OnStop(std::string name, std::function<void()> stop) {
  state_.stops.push_back({std::move(name), std::move(stop)});
}

void Process::OnFlush(std::string name, std::function<void()> flush) {
  state_.flushes.push_back({std::move(name), std::move(flush)});
}

ProcessRunner::ProcessRunner(std::unique_ptr<Process::State> state) : state_(std::move(state)) {}

ProcessRunner::~ProcessRunner() { Drain(); }

absl::StatusOr<std::unique_ptr<ProcessRunner>> ProcessRunner::Start(
    const config::ServiceConfig& config, const ServiceMain& service) {
  std::unique_ptr<ProcessRunner> runner(
      new ProcessRunner(std::make_unique<Process::State>(config)));
  Process::State& state = *runner->state_;
  VK_RETURN_IF_ERROR(state.Prepare());
  Process process(state);
  VK_RETURN_IF_ERROR(service.build(process));
  const auto probes = [&state] { return state.AllProbes(); };
  VK_ASSIGN_OR_RETURN(state.admin,
                      telemetry::AdminServer::Start(config.admin_listen, state.metrics, probes));
  VK_ASSIGN_OR_RETURN(state.server, Server::Start(config, state.services, probes));
  return runner;
}

void ProcessRunner::Drain() {
  Process::State& state = *state_;
  if (std::exchange(state.drained, true)) return;
  state.draining.store(true);
  const config::Limits& limits = state.config.limits;
  if (state.server) {
    state.server->Pause();
    // Balancers and clients learn that we are leaving while we still answer.
    std::this_thread::sleep_for(limits.drain_pause);
    state.core->Drain();
    state.server->Shutdown(std::chrono::system_clock::now() + limits.drain);
  }
  RunBackwards(state.stops);
  if (state.workers) state.workers->Stop(std::chrono::steady_clock::now() + kPoolDrain);
  RunBackwards(state.flushes);
  state.metrics.RemoveProbes();
  state.server.reset();
  state.admin.reset();
  telemetry::FlushLogs();
}

int ProcessRunner::port() const { return state_->server->port(); }
int ProcessRunner::admin_port() const { return state_->admin->port(); }

}  // namespace vardkedja::rpc
