// Server streams over lib/eventlog's dispatcher: a stream that waits holds neither a worker nor a
// connection. Include through adapter.h, from rpc/ only.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/eventlog/dispatcher.h"
#include "lib/rpc/call.h"

namespace vardkedja::rpc {

class AdapterCore;

// The dispatcher of a process, bounded as its configuration says, with the gauge vardkedja_streams.
// It is let go when the process drains. `heads` outlives it, and it outlives the server.
std::shared_ptr<eventlog::Dispatcher> MakeDispatcher(AdapterCore& core, eventlog::HeadWatch& heads);

// One stream. Deletes itself when gRPC is done with it, which is after End.
template <class Response>
class StreamReactor final : public grpc::ServerWriteReactor<Response>, public eventlog::Outlet {
 public:
  StreamReactor(CallState state, grpc::CallbackServerContext* context,
                eventlog::Dispatcher& dispatcher)
      : state_(std::move(state)),
        context_(context),
        dispatcher_(dispatcher),
        signals_(dispatcher.NewSignals()) {}

  // Admits the caller, asks `begin` for the teller, and hands both over.
  template <class MakeTeller>
  void Begin(const MakeTeller& begin) {
    eventlog::Dispatcher::Stream stream;
    absl::Status status = CallState::Guard([&]() -> absl::Status {
      if (absl::Status admitted = state_.AdmitStream(); !admitted.ok()) return admitted;
      auto teller = begin(state_.context());
      if (!teller.ok()) return teller.status();
      stream.teller = *std::move(teller);
      return absl::OkStatus();
    });
    if (!status.ok()) return End(status);
    stream.outlet = this;
    stream.until = state_.context().deadline;
    stream.recheck = [this] { return state_.Recheck(); };
    status = dispatcher_.Follow(std::move(stream), signals_);
    if (!status.ok()) End(status);
  }

 private:
  using Signals = std::shared_ptr<eventlog::Dispatcher::Signals>;

  void Write(const eventlog::Item& item) override {
    item_ = item;
    this->StartWrite(static_cast<const Response*>(item_.get()));
  }
  void End(const absl::Status& status) override { this->Finish(state_.Report(status)); }
  void Break() override { context_->TryCancel(); }

  // Once the dispatcher knows, it may end the stream, and then this is gone: so the signals are
  // held.
  void OnWriteDone(bool ok) override {
    const Signals signals = signals_;
    if (!ok) signals->Gone();
    signals->Written();
  }
  void OnCancel() override {
    state_.Cancel();
    signals_->Gone();
  }
  void OnDone() override { delete this; }

  CallState state_;
  grpc::CallbackServerContext* const context_;
  eventlog::Dispatcher& dispatcher_;
  const Signals signals_;
  eventlog::Item item_;
};

}  // namespace vardkedja::rpc
