// Server reflection for the public services and health, answered from the contract.
#pragma once

#include <string>

#include "gateway/routes/contract.h"

namespace vardkedja::gateway {

// Answers serialised ServerReflectionRequests of v1 and v1alpha (the same on the wire).
// Thread-safe. Internal services are neither listed nor described by name; the files of the
// contract are.
class Reflection {
 public:
  // The contract outlives it and holds grpc/reflection/v1/reflection.proto.
  explicit Reflection(const Contract& contract);

  // True for the paths of ServerReflectionInfo.
  static bool IsReflection(std::string_view path);

  // The serialised ServerReflectionResponse; INVALID_ARGUMENT for bytes that are no request.
  absl::StatusOr<std::string> Answer(const std::string& request) const;

 private:
  const Contract& contract_;
  const google::protobuf::Descriptor* request_type_;
  const google::protobuf::Descriptor* response_type_;
};

}  // namespace vardkedja::gateway
