// What the handlers of this service hold. All outlive the server.
#pragma once

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/rpc/callable_actions.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::rpc {

struct Ports {
  usecases::Store& store;
  const usecases::Disclosure& disclosure;
};

// Gives a handler its ports, and takes out of its answer the actions that the caller may not call.
template <class Request, class Response>
auto With(const Ports& ports,
          absl::StatusOr<Response> (*handler)(const Ports&, const auth::CallContext&,
                                              const Request&)) {
  return [&ports, handler](const auth::CallContext& ctx, const Request& request) {
    absl::StatusOr<Response> answer = handler(ports, ctx, request);
    static const bool names_actions = NamesActions(*Response::descriptor());
    if (names_actions && answer.ok()) KeepCallable(ContractPolicy(), ctx, *answer);
    return answer;
  };
}

}  // namespace vardkedja::placement::rpc
