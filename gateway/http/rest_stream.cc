// Streams of the REST edge: server-sent events, one per item.
#include <utility>

#include "gateway/http/rest.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {

std::variant<HttpResponse, UpstreamStream*> Rest::Open(const std::shared_ptr<RestCall>& call,
                                                       UpstreamStream::Listener listener) {
  const auto request = transcoder_.ToRequest(*call->binding_, call->input_);
  if (!request.ok()) return Refuse(*call, request.status());
  const Method& method = *call->binding_->method;
  grpc::GenericStub* const stub = parts_.upstreams.Find(method);
  if (stub == nullptr) return Refuse(*call, NoUpstream());
  PrepareContext(*call->admitted_, call->context_);
  const std::lock_guard lock(call->mutex_);
  call->started_ = true;
  if (call->cancelled_) call->context_.TryCancel();
  const grpc::Slice slice(*request);
  return UpstreamStream::Start(*stub, call->context_, method.path, grpc::ByteBuffer(&slice, 1),
                               std::move(listener));
}

HttpResponse Rest::StreamHeader(RestCall& call) {
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/event-stream; charset=utf-8");
  // For a proxy in front that would else collect events before it passes them on.
  response.headers.emplace_back("X-Accel-Buffering", "no");
  return Finish(call, std::move(response));
}

absl::StatusOr<std::string> Rest::Event(RestCall& call, const grpc::ByteBuffer& item) {
  VK_RETURN_IF_ERROR(parts_.admission.Recheck(*call.admitted_));
  VK_ASSIGN_OR_RETURN(const RestOutput output,
                      transcoder_.ToResponse(*call.binding_->method, BytesOf(item)));
  return "id: " + output.sequence + "\ndata: " + output.json + "\n\n";
}

std::optional<absl::Status> Rest::EndOfStream(const RestCall& call, bool stopping) {
  return parts_.admission.EndOfStream(*call.admitted_, stopping);
}

std::variant<HttpResponse, std::string> Rest::Close(RestCall& call, const grpc::Status& upstream,
                                                    const std::optional<absl::Status>& ending,
                                                    bool begun) {
  bool cancelled = false;
  {
    const std::lock_guard lock(call.mutex_);
    cancelled = call.cancelled_;
  }
  call.admitted_->seat.reset();
  // Through gRPC and back, so that a defect is told as everywhere else: by the call's id alone.
  const grpc::Status told = ending ? rpc::ToGrpc(*ending, call.ids_.call_id)
                                   : NormaliseUpstream(upstream, cancelled, call.ids_.call_id);
  const absl::Status status = rpc::FromGrpc(told);
  if (!begun && !status.ok()) return Refuse(call, status);
  Report(call, status);
  if (status.ok()) return std::string();
  return "event: error\ndata: " + MakeProblem(status, call.ids_.call_id).body + "\n\n";
}

}  // namespace vardkedja::gateway
