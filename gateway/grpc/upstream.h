// The services behind the gateway, reached by bytes: nothing is parsed on the way.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/auth/admission.h"

namespace vardkedja::gateway {

// Thread-safe after construction.
class Upstreams {
 public:
  // One channel per part: "referral" -> channel.
  explicit Upstreams(const std::map<std::string, std::shared_ptr<grpc::Channel>>& channels);

  // The stub of a method's part; null when no upstream is configured for it.
  grpc::GenericStub* Find(const Method& method) const;

  // One unary call by bytes. `done` runs on a gRPC thread, once, and must not block.
  // `context` lives until then; cancel through it.
  void Call(const AdmittedCall& call, grpc::ClientContext& context, grpc::ByteBuffer request,
            std::function<void(grpc::Status, grpc::ByteBuffer)> done) const;

 private:
  std::map<std::string, std::unique_ptr<grpc::GenericStub>, std::less<>> stubs_;
};

// Sets deadline and the metadata that passes.
void PrepareContext(const AdmittedCall& call, grpc::ClientContext& context);

// What a buffer holds, in one piece.
std::string BytesOf(const grpc::ByteBuffer& buffer);

// The error of a part without an upstream.
absl::Status NoUpstream();

// What a caller is told of an upstream's status. With details it came from a service and passes
// unchanged. Without, gRPC itself speaks, in texts that name addresses: CANCELLED (unless the
// caller cancelled), UNAVAILABLE and UNKNOWN mean that the upstream is or went down, and become
// UNAVAILABLE with reason UPSTREAM_UNAVAILABLE and a RetryInfo, and the cause goes to the log;
// RESOURCE_EXHAUSTED is about the size of a message; other codes stay, with our text.
grpc::Status NormaliseUpstream(const grpc::Status& status, bool caller_cancelled,
                               std::string_view call_id);

}  // namespace vardkedja::gateway
