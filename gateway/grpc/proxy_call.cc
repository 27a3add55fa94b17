#include "gateway/grpc/proxy_call.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "gateway/call_report.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRetryAfterOverload{500};

std::string_view ToView(grpc::string_ref text) { return {text.data(), text.size()}; }

// The single value of a key; empty when it is absent or given twice.
std::string_view Single(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata,
                        const char* key) {
  const auto [first, last] = metadata.equal_range(key);
  if (first == last || std::next(first) != last) return {};
  return ToView(first->second);
}

// Metadata that gRPC makes itself for each hop, or that we set.
bool IsOurs(std::string_view key) {
  return key.empty() || key.front() == ':' || key.rfind("grpc-", 0) == 0 || key == "user-agent" ||
         key == "content-type" || key == "te" || key == "accept-encoding" || key == "date" ||
         key == "server" || key == "x-request-id";
}

absl::Status Overloaded() {
  return MakeError(absl::StatusCode::kResourceExhausted, "The gateway has too many calls.",
                   "OVERLOADED", kRetryAfterOverload);
}

absl::Status NoSuchMethod() {
  return MakeError(absl::StatusCode::kUnimplemented, "No such public method.", "NO_SUCH_METHOD");
}

absl::Status NoMessage() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "The request message did not arrive or is too large.", "MESSAGE_MISSING");
}

}  // namespace

void ProxyCall::Accept(ProxyLane& lane) {
  auto* call = new ProxyCall(lane);  // deleted by Handle
  call->context_.AsyncNotifyWhenDone(&call->on_ended_);
  lane.service.RequestCall(&call->context_, &call->stream_, lane.queue.get(), lane.queue.get(),
                           call->Expect(call->on_accepted_));
}

ProxyCall::ProxyCall(ProxyLane& lane) : lane_(lane), stream_(&context_) { lane_.open.insert(this); }

ProxyCall::~ProxyCall() {
  lane_.open.erase(this);
  if (!accepted_) return;
  --lane_.calls;
  if (Reflection::IsReflection(context_.method())) return;
  ReportCall({.method = method_ == nullptr ? "unknown" : std::string_view(method_->path),
              .ids = ids_,
              .organisation = admitted_ ? std::string_view(admitted_->organisation) : "",
              .unit = admitted_ ? std::string_view(admitted_->acting_unit) : "",
              .started_at = started_at_},
             outcome_, lane_.parts.metrics);
}

void ProxyCall::Handle(const Tag& tag, bool ok) {
  ProxyCall* const call = tag.call;
  --call->outstanding_;
  (call->*tag.handler)(ok);
  if (call->outstanding_ == 0) delete call;
}

void ProxyCall::Supervise(bool stopping) {
  if (receiving_ && SteadyClock::now() - started_at_ > lane_.options.receive_timeout) {
    context_.TryCancel();
  }
  if (upstream_stream_ != nullptr) SuperviseStream(stopping);
}

void ProxyCall::OnAccepted(bool ok) {
  if (!ok) return;  // shutting down
  accepted_ = true;
  ++outstanding_;  // on_ended_ comes for every accepted call
  started_at_ = SteadyClock::now();
  const bool overloaded = ++lane_.calls > lane_.options.max_calls;
  Accept(lane_);
  ids_ = Identify(Headers());
  context_.AddInitialMetadata("x-request-id", ids_.call_id);
  if (overloaded) {
    Refuse(Overloaded());
  } else if (lane_.options.reflection && Reflection::IsReflection(context_.method())) {
    BeginReflection();
  } else {
    Begin();
  }
}

CallHeaders ProxyCall::Headers() const {
  const auto& metadata = context_.client_metadata();
  return {.authorization = Single(metadata, "authorization"),
          .acting_unit = Single(metadata, "x-acting-unit"),
          .purpose = Single(metadata, "x-purpose"),
          .request_id = Single(metadata, "x-request-id"),
          .traceparent = Single(metadata, "traceparent")};
}

std::optional<std::chrono::milliseconds> ProxyCall::Timeout() const {
  const auto deadline = context_.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::nullopt;
  const auto left = deadline - std::chrono::system_clock::now();
  return std::max(std::chrono::milliseconds(0),
                  std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

void ProxyCall::Begin() {
  method_ = lane_.parts.contract.FindMethod(context_.method());
  if (method_ == nullptr) return Refuse(NoSuchMethod());
  auto admitted = lane_.parts.admission.Admit(*method_, Headers(), ids_, Timeout());
  if (!admitted.ok()) return Refuse(admitted.status());
  admitted_ = *std::move(admitted);
  receiving_ = true;
  stream_.Read(&request_, Expect(on_read_));
}

void ProxyCall::OnRead(bool ok) {
  receiving_ = false;
  if (!ok) return Refuse(NoMessage());
  if (cancelled_) return Send(grpc::Status(grpc::StatusCode::CANCELLED, "The caller cancelled."));
  CallUpstream();
}

void ProxyCall::CallUpstream() {
  grpc::GenericStub* const stub = lane_.parts.upstreams.Find(*method_);
  if (stub == nullptr) return Refuse(NoUpstream());
  upstream_context_.emplace();
  PrepareContext(*admitted_, *upstream_context_);
  if (method_->streaming) {
    upstream_stream_ = stub->PrepareCall(&*upstream_context_, method_->path, lane_.queue.get());
    return upstream_stream_->StartCall(Expect(on_stream_started_));
  }
  upstream_ =
      stub->PrepareUnaryCall(&*upstream_context_, method_->path, request_, lane_.queue.get());
  request_.Clear();
  upstream_->StartCall();
  upstream_->Finish(&response_, &upstream_status_, Expect(on_answered_));
}

void ProxyCall::OnAnswered(bool) {
  ForwardInitialMetadata();
  ForwardTrailingMetadata();
  Send(NormaliseUpstream(upstream_status_, cancelled_, ids_.call_id));
}

void ProxyCall::ForwardInitialMetadata() {
  for (const auto& [key, value] : upstream_context_->GetServerInitialMetadata()) {
    if (IsOurs(ToView(key))) continue;
    context_.AddInitialMetadata(std::string(ToView(key)), std::string(ToView(value)));
  }
}

void ProxyCall::ForwardTrailingMetadata() {
  for (const auto& [key, value] : upstream_context_->GetServerTrailingMetadata()) {
    if (IsOurs(ToView(key))) continue;
    context_.AddTrailingMetadata(std::string(ToView(key)), std::string(ToView(value)));
  }
}

void ProxyCall::Refuse(const absl::Status& status) { Send(rpc::ToGrpc(status, ids_.call_id)); }

void ProxyCall::Send(const grpc::Status& status) {
  outcome_ = rpc::FromGrpc(status);
  if (status.ok() && method_ != nullptr && !method_->streaming) {
    stream_.WriteAndFinish(response_, grpc::WriteOptions(), status, Expect(on_sent_));
  } else {
    stream_.Finish(status, Expect(on_sent_));
  }
}

void ProxyCall::OnSent(bool) {}

void ProxyCall::OnEnded(bool) {
  if (!context_.IsCancelled()) return;
  cancelled_ = true;
  if (upstream_context_) upstream_context_->TryCancel();
}

void ProxyCall::BeginReflection() {
  receiving_ = true;
  stream_.Read(&request_, Expect(on_question_));
}

void ProxyCall::OnQuestion(bool ok) {
  receiving_ = false;
  if (!ok) return Send(grpc::Status::OK);
  const auto answer = lane_.reflection.Answer(BytesOf(request_));
  if (!answer.ok()) return Refuse(answer.status());
  const grpc::Slice slice(*answer);
  response_ = grpc::ByteBuffer(&slice, 1);
  stream_.Write(response_, Expect(on_question_answered_));
}

void ProxyCall::OnQuestionAnswered(bool ok) {
  if (!ok) return Send(grpc::Status::OK);
  started_at_ = SteadyClock::now();
  BeginReflection();
}

}  // namespace vardkedja::gateway
