// Streams of the REST edge: server-sent events, one per item, or the bytes of a file.
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
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
  if (call.file()) return Finish(call, FileHeader(call));
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/event-stream; charset=utf-8");
  // For a proxy in front that would else collect events before it passes them on.
  response.headers.emplace_back("X-Accel-Buffering", "no");
  return Finish(call, std::move(response));
}

// No name: it may tell whom the file is about, and headers are easily logged.
HttpResponse Rest::FileHeader(const RestCall& call) {
  const common::v1::FileHead& head = *call.head_;
  HttpResponse response;
  if (!call.input_.range.empty() && head.offset() > 0) {
    response.status = 206;
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(head.offset()) + "-" +
                                                       std::to_string(head.byte_size() - 1) + "/" +
                                                       std::to_string(head.byte_size()));
  }
  response.headers.emplace_back("Content-Type", head.media_type());
  response.headers.emplace_back("Content-Length", std::to_string(head.byte_size() - head.offset()));
  response.headers.emplace_back("Content-Disposition", "attachment");
  response.headers.emplace_back("Accept-Ranges", "bytes");
  if (!head.sha256().empty()) {
    response.headers.emplace_back("Repr-Digest",
                                  "sha-256=:" + absl::Base64Escape(ToAbsl(head.sha256())) + ":");
  }
  return response;
}

absl::StatusOr<std::string> Rest::BytesOfItem(RestCall& call, const grpc::ByteBuffer& item) {
  VK_RETURN_IF_ERROR(parts_.admission.Recheck(*call.admitted_));
  if (call.file()) return BytesOfPart(call, item);
  VK_ASSIGN_OR_RETURN(const RestOutput output,
                      transcoder_.ToResponse(*call.binding_->method, BytesOf(item)));
  return "id: " + output.sequence + "\ndata: " + output.json + "\n\n";
}

// Empty for the head. Never more than the head has told: what follows would be taken for another
// answer.
absl::StatusOr<std::string> Rest::BytesOfPart(RestCall& call, const grpc::ByteBuffer& item) {
  common::v1::FilePart part;
  if (!part.ParseFromString(BytesOf(item)) || part.has_head() == call.head_.has_value()) {
    return absl::InternalError("a file's stream is not a head and then bytes");
  }
  if (part.has_head()) {
    call.head_ = part.head();
    call.bytes_left_ = part.head().byte_size() - part.head().offset();
    return std::string();
  }
  call.bytes_left_ -= static_cast<std::int64_t>(part.data().size());
  if (call.bytes_left_ < 0) return absl::InternalError("a file is longer than its head says");
  return std::move(*part.mutable_data());
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
  absl::Status status = rpc::FromGrpc(told);
  if (call.file() && status.ok() && !ending && call.bytes_left_ != 0) {
    status = absl::InternalError("a file is shorter than its head says");
  }
  if (!begun && !status.ok()) {
    const bool range = call.file() && !call.input_.range.empty();
    const bool beyond = range && status.code() == absl::StatusCode::kOutOfRange;
    return Refuse(call, status, beyond ? std::optional<int>(416) : std::nullopt);
  }
  Report(call, status);
  if (status.ok() || call.file()) return std::string();
  return "event: error\ndata: " + MakeProblem(status, call.ids_.call_id).body + "\n\n";
}

}  // namespace vardkedja::gateway
