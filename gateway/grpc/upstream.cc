#include "gateway/grpc/upstream.h"

#include <chrono>
#include <utility>
#include <vector>

#include "lib/rpc/error_details.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"

namespace vardkedja::gateway {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{1000};

absl::Status Unavailable() {
  return MakeError(absl::StatusCode::kUnavailable, "The service can not be reached right now.",
                   "UPSTREAM_UNAVAILABLE", kRetryAfter);
}

// For operators: gRPC's own words, which name addresses and never what a call carries.
void LogDown(const grpc::Status& status, std::string_view call_id) {
  telemetry::Log(telemetry::Level::kWarn, "upstream unavailable",
                 {{"request_id", std::string(call_id)},
                  {"code", std::to_string(status.error_code())},
                  {"cause", status.error_message()}});
}

// What a callback call must keep alive.
struct Buffers {
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

}  // namespace

Upstreams::Upstreams(const std::map<std::string, std::shared_ptr<grpc::Channel>>& channels) {
  for (const auto& [part, channel] : channels) {
    stubs_[part] = std::make_unique<grpc::GenericStub>(channel);
  }
}

grpc::GenericStub* Upstreams::Find(const Method& method) const {
  const auto found = stubs_.find(method.part);
  return found == stubs_.end() ? nullptr : found->second.get();
}

void PrepareContext(const AdmittedCall& call, grpc::ClientContext& context) {
  context.set_deadline(call.deadline);
  context.AddMetadata("authorization", call.authorization);
  context.AddMetadata("x-acting-unit", call.acting_unit);
  context.AddMetadata("x-purpose", call.purpose);
  context.AddMetadata("x-request-id", call.ids.call_id);
  context.AddMetadata("traceparent", telemetry::Format(call.ids.trace));
}

void Upstreams::Call(const AdmittedCall& call, grpc::ClientContext& context,
                     grpc::ByteBuffer request,
                     std::function<void(grpc::Status, grpc::ByteBuffer)> done) const {
  grpc::GenericStub* const stub = Find(*call.method);
  if (stub == nullptr) {
    done(rpc::ToGrpc(NoUpstream(), call.ids.call_id), {});
    return;
  }
  PrepareContext(call, context);
  auto buffers = std::make_shared<Buffers>();
  buffers->request = std::move(request);
  stub->UnaryCall(&context, call.method->path, {}, &buffers->request, &buffers->response,
                  [buffers, done = std::move(done)](grpc::Status status) {
                    done(std::move(status), std::move(buffers->response));
                  });
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

absl::Status NoUpstream() { return Unavailable(); }

grpc::Status NormaliseUpstream(const grpc::Status& status, bool caller_cancelled,
                               std::string_view call_id) {
  if (status.ok() || !status.error_details().empty()) return status;
  const bool down = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                    status.error_code() == grpc::StatusCode::UNKNOWN ||
                    (status.error_code() == grpc::StatusCode::CANCELLED && !caller_cancelled);
  if (down) {
    LogDown(status, call_id);
    return rpc::ToGrpc(Unavailable(), call_id);
  }
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    return rpc::ToGrpc(
        MakeError(absl::StatusCode::kResourceExhausted,
                  "The message is larger than the service takes.", "MESSAGE_TOO_LARGE"),
        call_id);
  }
  // Without a detail the text is replaced by the code's name, and INTERNAL by a constant.
  return rpc::ToGrpc(absl::Status(static_cast<absl::StatusCode>(status.error_code()), ""), call_id);
}

}  // namespace vardkedja::gateway
