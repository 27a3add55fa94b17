// What the handlers of this service hold. All outlive the server.
#pragma once

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::rpc {

struct Ports {
  usecases::Store& store;
  const usecases::Disclosure& disclosure;
};

// Gives a handler its ports.
template <class Request, class Response>
auto With(const Ports& ports,
          absl::StatusOr<Response> (*handler)(const Ports&, const auth::CallContext&,
                                              const Request&)) {
  return [&ports, handler](const auth::CallContext& ctx, const Request& request) {
    return handler(ports, ctx, request);
  };
}

}  // namespace vardkedja::placement::rpc
