// Errors on the wire: google.rpc.Status with ErrorInfo, a Swedish LocalizedMessage beside the
// English message, BadRequest, BrokenRules and RetryInfo, the contents of grpc-status-details-bin.
// Free of gRPC headers, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace vardkedja::rpc {

// The domain of every ErrorInfo of the suite.
inline constexpr std::string_view kErrorDomain = "vardkedja";

// "NOT_FOUND".
std::string_view CodeName(absl::StatusCode code);

// What a caller may see of `status`. INTERNAL and UNKNOWN become INTERNAL with reason INTERNAL and
// the call id, DATA_LOSS keeps its code and gets reason DATA_DAMAGED and the call id; a status
// without a detail keeps its code, loses its text and gets its code's name as reason. Never OK.
// Precondition: `status` is not OK.
absl::Status PublicPart(const absl::Status& status, std::string_view call_id);

// Serialised google.rpc.Status of a public status.
std::string EncodeDetails(const absl::Status& status);

// The reverse. Details that do not parse, or are of another domain, are left out. A code outside
// gRPC's is UNKNOWN.
absl::Status DecodeDetails(int code, std::string_view message, std::string_view details);

}  // namespace vardkedja::rpc
