// The life of a process: configuration, start, readiness, signals, drain. Free of gRPC headers.
//
//   int main(int argc, char** argv) {
//     return rpc::RunMain(argc, argv, {.service = "placement",
//                                      .build = placement::Build,
//                                      .migrate = placement::Migrate,
//                                      .seed = placement::Seed});
//   }
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/config/service_config.h"

namespace grpc {
class Service;
}
namespace vardkedja {
class Clock;
}
namespace vardkedja::auth {
class CaseAccess;
}
namespace vardkedja::eventlog {
class EventSource;
class HeadWatch;
class Reader;
}  // namespace vardkedja::eventlog
namespace vardkedja::telemetry {
class Metrics;
}

namespace vardkedja::rpc {

class AdapterCore;
class Channels;

// What a service builds itself from and registers itself with. Not thread-safe: used by `build`
// only. What is registered lives until after the drain and is destroyed last-in, first-out.
class Process {
 public:
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const config::ServiceConfig& config() const;
  const Clock& clock() const;
  telemetry::Metrics& metrics();
  AdapterCore& adapters();
  Channels& channels();
  // referral-service's answers about cases (lib/rpc/case_access_client.h), made at first use.
  auth::CaseAccess& case_access();
  // The event log of another service, by peers.<service>. Owned by the process.
  eventlog::EventSource& event_source(std::string_view service);

  // Keeps `part` until the end and returns it.
  template <class T>
  T& Own(std::unique_ptr<T> part) {
    T& reference = *part;
    Keep(std::shared_ptr<void>(std::move(part)));
    return reference;
  }

  // Registers and owns a gRPC service: process.Serve(std::make_shared<ReferralRpc>(...)).
  void Serve(std::shared_ptr<grpc::Service> service);

  // Serves the service's own event log to its peers (lib/rpc/event_log.h). `reader` reads over a
  // pool of its own, `heads` is fed by the service's sequencer; both are kept with Own.
  void ServeEventLog(eventlog::Reader& reader, eventlog::HeadWatch& heads);

  // The process is ready while all checks are OK. Fast (milliseconds; cache slower things).
  void AddReadiness(std::string name, std::function<absl::Status()> check);

  // Stops background work (consumers, jobs, sequencer): called last-in, first-out after the server
  // took its last call, before the worker pool drains.
  void OnStop(std::string name, std::function<void()> stop);
  // Writes out what must not be lost (audit batches): after the worker pool has drained.
  void OnFlush(std::string name, std::function<void()> flush);

 private:
  friend class ProcessRunner;
  struct State;
  explicit Process(State& state) : state_(state) {}
  void Keep(std::shared_ptr<void> part);
  State& state_;
};

struct ServiceMain {
  std::string service;  // "placement"
  // Wires the service. Must not need the database or a peer to be up: services start in any order.
  std::function<absl::Status(Process&)> build = {};
  // `migrate --config F`: brings the service's schemas up to date and returns.
  std::function<absl::Status(const config::ServiceConfig&)> migrate = {};
  // `seed --config F --from DIR`: adds what is absent from validated reference data.
  std::function<absl::Status(const config::ServiceConfig&, const std::string& from)> seed = {};
};

// Subcommands serve, migrate, seed, help. 0 on success and after a clean drain; 1 with one sentence
// on stderr when something is wrong; 2 for a wrong command line.
int RunMain(int argc, char** argv, const ServiceMain& service);

}  // namespace vardkedja::rpc
