// The door: what both edges decide about a call before its body is looked at. Which objects the
// caller may see is decided in the services; they also verify the token again.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/auth/rate_limit.h"
#include "gateway/routes/contract.h"
#include "lib/auth/policy.h"
#include "lib/auth/token_verifier.h"
#include "lib/telemetry/trace.h"

namespace vardkedja::gateway {

// The headers or metadata of a call, as given; empty when absent.
struct CallHeaders {
  std::string_view authorization{};
  std::string_view acting_unit{};  // x-acting-unit
  std::string_view purpose{};      // x-purpose
  std::string_view request_id{};   // x-request-id
  std::string_view traceparent{};
};

// What is told about every call, refused ones included.
struct CallIds {
  std::string call_id;           // the caller's x-request-id when it is a UUID, else a new one
  telemetry::Traceparent trace;  // a child of the caller's, or a new one
};

CallIds Identify(const CallHeaders& headers);

// A call that may go on. What goes upstream stands here; other metadata does not pass.
struct AdmittedCall {
  const Method* method = nullptr;
  CallIds ids;
  std::string authorization;
  std::string acting_unit;
  std::string purpose;
  std::string organisation;
  std::chrono::system_clock::time_point deadline;
};

struct AdmissionLimits {
  std::chrono::milliseconds default_deadline{10'000};
  std::chrono::milliseconds max_deadline{30'000};
};

// Thread-safe.
class Admission {
 public:
  // All references outlive it.
  Admission(const Contract& contract, auth::TokenVerifier& verifier, RateLimiter& rate_limiter,
            AdmissionLimits limits);

  // UNAUTHENTICATED (TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED), PERMISSION_DENIED
  // (UNIT_NOT_YOURS, ROLE_NOT_ALLOWED, ASSURANCE_TOO_LOW), INVALID_ARGUMENT (PURPOSE_INVALID) or
  // RESOURCE_EXHAUSTED (RATE_LIMITED, with retry_after). `timeout` is what the caller allows, if it
  // says.
  absl::StatusOr<AdmittedCall> Admit(const Method& method, const CallHeaders& headers,
                                     const CallIds& ids,
                                     std::optional<std::chrono::milliseconds> timeout);

 private:
  auth::TokenVerifier& verifier_;
  RateLimiter& rate_limiter_;
  const auth::Policy policy_;
  const AdmissionLimits limits_;
};

}  // namespace vardkedja::gateway
