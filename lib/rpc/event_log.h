// vardkedja.eventlog.v1.EventLogService over lib/eventlog's Reader, and the client of it.
#pragma once

#include <memory>
#include <string_view>

namespace grpc {
class Service;
}
namespace vardkedja::eventlog {
class EventSource;
class HeadWatch;
class Reader;
}  // namespace vardkedja::eventlog

namespace vardkedja::rpc {

class AdapterCore;
class Channels;

// Long polls park; one dispatcher thread reads for all of them, so that a waiting consumer holds no
// worker and no connection. Thread-safe.
class EventLogServer {
 public:
  // Both outlive it. `reader` reads over a pool of its own (one connection is enough), `heads` is
  // fed by the service's sequencer and wakes the dispatcher.
  EventLogServer(AdapterCore& core, eventlog::Reader& reader, eventlog::HeadWatch& heads);
  ~EventLogServer();
  EventLogServer(const EventLogServer&) = delete;
  EventLogServer& operator=(const EventLogServer&) = delete;

  // Register with Process::Serve.
  std::shared_ptr<grpc::Service> service();
  // Answers all parked calls and takes no more. The process's drain does it, too. Idempotent.
  void Stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// Reads the log of a peer. Thread-safe; errors are UNAVAILABLE and may be tried again.
std::unique_ptr<eventlog::EventSource> MakeEventSource(Channels& channels,
                                                       std::string_view service);

}  // namespace vardkedja::rpc
