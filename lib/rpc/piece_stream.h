// Server streams that are made piece by piece on the workers: the next piece is made when the one
// before was taken, so that a slow reader holds one piece and neither a worker nor a connection.
// Include from rpc/ only.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/rpc/adapter.h"

namespace vardkedja::rpc {

struct PieceStreamsOptions {
  int max_streams = 256;
  int at_once = 2;  // pieces being made: the other workers are for other calls
  std::chrono::milliseconds stall{30'000};  // a reader that takes nothing for so long is let go
  std::chrono::milliseconds tick{100};
};

// Where the messages of one stream come from.
template <class Response>
class PieceSource {
 public:
  virtual ~PieceSource() = default;
  // The next one; nothing at the end. On a worker, once at a time; `context` is that of this piece.
  virtual absl::StatusOr<std::optional<Response>> Next(const auth::CallContext& context) = 0;
};

template <class Response>
class PieceReactor;

// All such streams of a process, and one thread that looks after them. Thread-safe.
class PieceStreams {
 public:
  // One of them. Its calls come one at a time.
  class Stream {
   public:
    virtual ~Stream() = default;
    // On a worker: writes the next piece after Writes(), or ends.
    virtual void Make() = 0;
    virtual void End(const absl::Status& status) = 0;  // leaves
    // Cuts off what is being written, so that Written comes soon.
    virtual void Break() = 0;
  };

  // `core` outlives it.
  PieceStreams(AdapterCore& core, PieceStreamsOptions options);
  ~PieceStreams();  // Stop()
  PieceStreams(const PieceStreams&) = delete;
  PieceStreams& operator=(const PieceStreams&) = delete;

  // Answers a call: admits it as Adapter::Unary does, and then tells what `source` makes. `method`
  // is the whole path of gRPC.
  template <class Response, class Request>
  grpc::ServerWriteReactor<Response>* Start(grpc::CallbackServerContext* context,
                                            const Request* request, std::string method,
                                            std::unique_ptr<PieceSource<Response>> source) {
    auto* stream = new PieceReactor<Response>(core_.NewCall(context, *request, std::move(method)),
                                              context, *this, std::move(source));
    stream->Begin();
    return stream;
  }

  // What the streams themselves need. Whether the next piece may be made: not when the caller has
  // left, its time is over (what ends then is not whole, so not with OK), or token or role fail.
  absl::Status MayGoOn(const CallState& state) const;
  // The call as the next piece meets it: the time is now, and the deadline that of a call.
  auth::CallContext ContextOfPiece(const CallState& state) const;
  // Takes the stream up; its first piece is made soon. RESOURCE_EXHAUSTED OVERLOADED when there are
  // enough, UNAVAILABLE SHUTTING_DOWN when stopped.
  absl::Status Enter(Stream& stream);
  void Writes(Stream& stream);  // a piece is on its way
  void Written(Stream& stream,
               bool ok);       // or could not be sent; may end the stream before it returns
  void Leave(Stream& stream);  // not used after that

  // Ends all with SHUTTING_DOWN and takes no more. Idempotent.
  void Stop();

  int streams() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct State {
    bool writing = false;
    bool broken = false;  // then this class's thread ends it, and nobody else
    SteadyTime write_began{};
  };

  void Serve(std::unique_lock<std::mutex>& lock);
  void Supervise();
  void Look(std::unique_lock<std::mutex>& lock, SteadyTime now, std::optional<SteadyTime> stop_by);

  AdapterCore& core_;
  const PieceStreamsOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Stream*, State> streams_;
  std::deque<Stream*> waiting_;  // for their turn to make a piece
  int making_ = 0;
  bool stopped_ = false;
  std::thread thread_;
};

// One stream. Deletes itself when gRPC is done with it, which is after End.
template <class Response>
class PieceReactor final : public grpc::ServerWriteReactor<Response>, public PieceStreams::Stream {
 public:
  PieceReactor(CallState state, grpc::CallbackServerContext* context, PieceStreams& streams,
               std::unique_ptr<PieceSource<Response>> source)
      : state_(std::move(state)),
        context_(context),
        streams_(streams),
        source_(std::move(source)) {}

  void Begin() {
    absl::Status status = CallState::Guard([this] { return state_.AdmitStream(); });
    if (status.ok()) status = streams_.Enter(*this);
    if (!status.ok()) this->Finish(state_.Report(status));
  }

 private:
  void Make() override {
    bool more = false;
    const absl::Status status = CallState::Guard([&]() -> absl::Status {
      if (absl::Status may = streams_.MayGoOn(state_); !may.ok()) return may;
      auto next = source_->Next(streams_.ContextOfPiece(state_));
      if (!next.ok()) return next.status();
      more = next->has_value();
      if (more) piece_ = **std::move(next);
      return absl::OkStatus();
    });
    if (!more) return End(status);
    streams_.Writes(*this);
    this->StartWrite(&piece_);
  }
  void End(const absl::Status& status) override {
    streams_.Leave(*this);
    this->Finish(state_.Report(status));
  }
  void Break() override { context_->TryCancel(); }

  void OnWriteDone(bool ok) override { streams_.Written(*this, ok); }
  void OnCancel() override { state_.Cancel(); }
  void OnDone() override { delete this; }

  CallState state_;
  grpc::CallbackServerContext* const context_;
  PieceStreams& streams_;
  const std::unique_ptr<PieceSource<Response>> source_;
  Response piece_;
};

// Those of a process, bounded as its configuration says, with the gauge vardkedja_piece_streams.
// They end when the process drains. Outlives the server.
std::shared_ptr<PieceStreams> MakePieceStreams(AdapterCore& core);

}  // namespace vardkedja::rpc
