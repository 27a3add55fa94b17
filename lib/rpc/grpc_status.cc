#include "lib/rpc/grpc_status.h"

#include <string>

#include "lib/rpc/error_details.h"
#include "lib/status/status.h"

namespace vardkedja::rpc {

grpc::Status ToGrpc(const absl::Status& status, std::string_view call_id) {
  if (status.ok()) return grpc::Status::OK;
  const absl::Status shown = PublicPart(status, call_id);
  return {static_cast<grpc::StatusCode>(shown.code()), std::string(ToStd(shown.message())),
          EncodeDetails(shown)};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const int code = status.error_code() == grpc::StatusCode::UNKNOWN
                       ? static_cast<int>(grpc::StatusCode::UNAVAILABLE)
                       : static_cast<int>(status.error_code());
  return DecodeDetails(code, status.error_message(), status.error_details());
}

}  // namespace vardkedja::rpc
