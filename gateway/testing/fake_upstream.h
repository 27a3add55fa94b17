// A service behind the gateway that answers what the request asks for. Speaks the test contract.
#pragma once

#include <grpcpp/server.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace vardkedja::gateway {

// The request's field `behaviour` (or `reason`) decides:
//   ""            a Thing with the request's thing_id and etag "v1", or an empty list
//   "wait"        nothing until the call is cancelled or its deadline passes
//   "illegal"     FAILED_PRECONDITION ILLEGAL_STATE with metadata
//   "stale"       ABORTED STALE_ETAG
//   "invalid"     INVALID_ARGUMENT with violations in both languages
//   "metadata"    a Thing, with metadata and trailers of its own
//   "bare"        UNKNOWN with a text but no details
//   "large"       a Thing with a name of 3 MiB
// WatchThings tells what was published, item by item, and goes on with what comes; but
//   "ends"        ends with OK when all was told
//   "fails"       ends with ILLEGAL_STATE when all was told
//   "flood"       tells 64 KiB after 64 KiB, as fast as they are taken
// DownloadThing tells the bytes of FileOfThing() from the offset on; but
//   "flood"       a file of 1 GiB
//   "fails"       ends with ILLEGAL_STATE after 64 KiB
//   "pauses"      tells no more after 64 KiB
//   "short"       ends with OK after 64 KiB
//   "long"        tells a byte more than its head says
class FakeUpstream {
 public:
  // Port 0 picks one.
  explicit FakeUpstream(int port = 0);
  ~FakeUpstream();  // Kill
  FakeUpstream(const FakeUpstream&) = delete;
  FakeUpstream& operator=(const FakeUpstream&) = delete;

  // Breaks all calls and connections.
  void Kill();

  // So many more items for those who watch.
  void Publish(int count);
  // Items told by now, to all.
  int items() const;

  int port() const { return port_; }

  // What arrived last: method and metadata (":method", ":timeout_ms" among them), request bytes.
  std::map<std::string, std::string> last_metadata() const;
  std::string last_request() const;
  int calls() const;

  // True when `count` calls have arrived, or have seen their cancellation, before the time is up.
  bool AwaitCalls(int count, std::chrono::milliseconds patience = std::chrono::seconds(10)) const;
  bool AwaitCancelled(int count,
                      std::chrono::milliseconds patience = std::chrono::seconds(10)) const;

 private:
  class Service;
  class Reactor;
  struct Seen {
    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::map<std::string, std::string> metadata;
    std::string request;
    int calls = 0;
    int cancelled = 0;
    std::int64_t head = 0;  // of what is published
    int items = 0;
  };
  // Those who watch; apart, since they are told while it is held.
  struct Watchers {
    std::mutex mutex;
    std::set<Reactor*> reactors;
  };

  Seen seen_;
  Watchers watchers_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

std::string FileOfThing();

}  // namespace vardkedja::gateway
