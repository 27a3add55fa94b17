// The bridge between absl::Status and grpc::Status. Include from rpc/ only.
#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "absl/status/status.h"

namespace vardkedja::rpc {

// The public part of an error as gRPC sends it (lib/rpc/error_details.h). OK stays OK.
grpc::Status ToGrpc(const absl::Status& status, std::string_view call_id);

// An answer of a peer, details included. A peer's UNKNOWN becomes UNAVAILABLE (a proxy or a dying
// process spoke), its INTERNAL stays INTERNAL.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace vardkedja::rpc
