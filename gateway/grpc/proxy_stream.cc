// A stream of answers through the proxy: one item is read from upstream when the one before has
// been taken, so that a slow reader slows its own stream down and nothing is buffered for it here.
#include <utility>

#include "gateway/grpc/proxy_call.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

}  // namespace

void ProxyCall::OnStreamStarted(bool ok) {
  if (ok) upstream_stream_->WriteLast(request_, grpc::WriteOptions(), Expect(on_stream_asked_));
  ReadItem();
}

void ProxyCall::OnStreamAsked(bool) { request_.Clear(); }

void ProxyCall::ReadItem() { upstream_stream_->Read(&response_, Expect(on_item_)); }

void ProxyCall::OnItem(bool ok) {
  if (!ok) return upstream_stream_->Finish(&upstream_status_, Expect(on_stream_ended_));
  if (!std::exchange(begun_, true)) ForwardInitialMetadata();
  if (!ending_) {
    if (absl::Status status = lane_.parts.admission.Recheck(*admitted_); !status.ok()) {
      EndStream(std::move(status));
    }
  }
  if (ending_ || cancelled_) return ReadItem();  // to its end, which is near
  writing_ = true;
  write_began_ = SteadyClock::now();
  stream_.Write(response_, Expect(on_item_sent_));
}

void ProxyCall::OnItemSent(bool ok) {
  writing_ = false;
  if (!ok) {
    cancelled_ = true;
    upstream_context_->TryCancel();
  }
  ReadItem();
}

void ProxyCall::OnStreamEnded(bool) {
  ForwardTrailingMetadata();
  if (ending_) return Send(rpc::ToGrpc(*ending_, ids_.call_id));
  Send(NormaliseUpstream(upstream_status_, cancelled_, ids_.call_id));
}

void ProxyCall::EndStream(absl::Status status) {
  ending_ = std::move(status);
  upstream_context_->TryCancel();
}

void ProxyCall::SuperviseStream(bool stopping) {
  if (writing_ && SteadyClock::now() - write_began_ > lane_.options.stall_timeout) {
    context_.TryCancel();
  }
  if (ending_) return;
  if (auto over = lane_.parts.admission.EndOfStream(*admitted_, stopping)) {
    EndStream(*std::move(over));
  }
}

}  // namespace vardkedja::gateway
