// Between a REST request or answer and the bytes of the messages behind it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/http/strict_json.h"
#include "gateway/routes/contract.h"

namespace google::protobuf::util {
class TypeResolver;
}

namespace vardkedja::gateway {

// The parts of a REST request that become the request message.
struct RestInput {
  std::vector<std::string> path_values;  // in the order of the template's variables
  std::vector<std::pair<std::string, std::string>> query;
  std::string if_match;         // header, empty when absent: becomes `etag`
  std::string idempotency_key;  // header, empty when absent: becomes `request_id`
  std::string last_event_id;    // header of a stream, empty when absent: becomes `after_sequence`
  std::string range;            // header of a file, empty when absent: becomes `offset`
  std::string_view body;        // JSON, or bytes where the binding says so; empty is the same as {}
};

// An answer as JSON.
struct RestOutput {
  std::string json;
  std::string etag;      // the `etag` field of the response, empty when it has none
  std::string sequence;  // of an item of a stream, its `sequence`
};

// Thread-safe.
class Transcoder {
 public:
  // The contract outlives it.
  explicit Transcoder(const Contract& contract);
  ~Transcoder();

  // The serialised request message, or INVALID_ARGUMENT with every broken rule at once.
  absl::StatusOr<std::string> ToRequest(const Binding& binding, const RestInput& input) const;

  // lowerCamelCase, enum names, int64 as strings, default values printed, so that a reader of the
  // JSON need not know the proto. INTERNAL when the bytes are no such message.
  absl::StatusOr<RestOutput> ToResponse(const Method& method, const std::string& bytes) const;

 private:
  const Contract& contract_;
  std::unique_ptr<google::protobuf::util::TypeResolver> resolver_;
};

}  // namespace vardkedja::gateway
