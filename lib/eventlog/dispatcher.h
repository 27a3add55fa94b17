// Streams that follow a log, without a thread or a connection each: one thread reads for all, and a
// stream that waits for its reader or for news costs memory only. Free of gRPC: lib/rpc/stream.h
// puts it behind a server.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/eventlog/reader.h"

namespace vardkedja::eventlog {

// One message of a stream; streams may share it.
using Item = std::shared_ptr<const google::protobuf::Message>;

struct Told {
  std::vector<Item> items;
  bool more = false;  // ask again as soon as the reader has taken these
};

// What one stream says of the log. Used by the dispatcher's thread only; may read the database, but
// briefly: all streams wait for it.
class Teller {
 public:
  virtual ~Teller() = default;
  // What is to be said now; at most a page, for that is all that is buffered. `grown` is false when
  // only time has passed since the last call. An error ends the stream.
  virtual absl::StatusOr<Told> Tell(bool grown) = 0;
  // The place in the log up to which all was said.
  virtual std::int64_t position() const = 0;
};

// Where a stream goes. Calls come from one thread at a time.
class Outlet {
 public:
  virtual ~Outlet() = default;
  // Only when nothing is being written; Signals::Written tells when the next can follow.
  virtual void Write(const Item& item) = 0;
  // The last call; nothing is being written.
  virtual void End(const absl::Status& status) = 0;
  // Cuts off what is being written, so that Signals::Written comes soon. End follows.
  virtual void Break() = 0;
};

struct DispatcherOptions {
  int max_streams = 256;
  std::chrono::milliseconds tick{1'000};    // how often a silent teller is asked
  std::chrono::milliseconds stall{30'000};  // a reader that takes nothing for so long is let go
};

// Thread-safe.
class Dispatcher {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // How the outlet tells what became of a write. Any thread, as long as the dispatcher lives.
  class Signals {
   public:
    void Written();  // the reader has taken the item
    void Gone();     // there is no reader any more

   private:
    friend class Dispatcher;
    explicit Signals(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}
    Dispatcher& dispatcher_;
    bool writing_ = false;  // both under the dispatcher's mutex
    bool gone_ = false;
  };

  struct Stream {
    std::unique_ptr<Teller> teller;
    Outlet* outlet = nullptr;  // lives until its End
    SteadyTime until;          // then the stream ends with OK
    // Asked before each item, and on each tick: an error ends the stream.
    std::function<absl::Status()> recheck = [] { return absl::OkStatus(); };
  };

  // `heads` outlives it.
  Dispatcher(HeadWatch& heads, DispatcherOptions options);
  ~Dispatcher();  // stops
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // What the outlet of one stream tells by.
  std::shared_ptr<Signals> NewSignals();
  // Takes the stream up, and never blocks. RESOURCE_EXHAUSTED OVERLOADED when there are enough,
  // UNAVAILABLE SHUTTING_DOWN when stopped; then the outlet is not used.
  absl::Status Follow(Stream stream, std::shared_ptr<Signals> signals);

  // Ends all streams with SHUTTING_DOWN and takes no more. Idempotent.
  void Stop();

  int streams() const;

 private:
  struct Active;

  void Wake();
  void Dispatch();
  std::pair<bool, bool> Look(const Active& active) const;  // writing, gone
  bool Close(Active& active, SteadyTime by);
  bool Serve(Active& active);
  absl::Status Advance(Active& active, SteadyTime now);

  HeadWatch& heads_;
  const DispatcherOptions options_;
  std::int64_t subscription_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Active>> arrived_;
  int count_ = 0;
  bool woken_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace vardkedja::eventlog
