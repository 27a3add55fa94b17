// vardkedja.eventlog.v1.EventLogService over lib/eventlog's Reader, and the client of it.
#pragma once

#include <memory>
#include <string_view>

namespace grpc {
class Service;
}
namespace vardkedja::eventlog {
class EventSource;
class Reader;
}  // namespace vardkedja::eventlog

namespace vardkedja::rpc {

class AdapterCore;
class Channels;

// Long polls park; one dispatcher thread reads for all of them, so that a waiting consumer holds no
// worker and no connection. Thread-safe.
class EventLogServer {
 public:
  // `reader` outlives it, and reads over a connection of its own.
  EventLogServer(AdapterCore& core, eventlog::Reader& reader);
  ~EventLogServer();
  EventLogServer(const EventLogServer&) = delete;
  EventLogServer& operator=(const EventLogServer&) = delete;

  // Register with Process::Serve.
  std::shared_ptr<grpc::Service> service();
  // New events may be there: call after each sequencing. Cheap; without it a poll of 500 ms finds
  // them.
  void Wake();
  // Answers all parked calls and takes no more. Idempotent.
  void Stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// Reads the log of a peer. Thread-safe; errors are UNAVAILABLE and may be tried again.
std::unique_ptr<eventlog::EventSource> MakeEventSource(Channels& channels,
                                                       std::string_view service);

}  // namespace vardkedja::rpc
