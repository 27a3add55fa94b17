// The door: what both edges decide about a call before its body is looked at. Which objects the
// caller may see is decided in the services; they also verify the token again.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/auth/rate_limit.h"
#include "gateway/auth/stream_limit.h"
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
  std::chrono::system_clock::time_point deadline;  // what the service is given
  // Of streams only: when the gateway ends it with OK, and when the token has expired.
  std::chrono::system_clock::time_point ends_at;
  std::chrono::system_clock::time_point expires_at;
  std::shared_ptr<const StreamSeat> seat;
};

struct AdmissionLimits {
  std::chrono::milliseconds default_deadline{10'000};
  std::chrono::milliseconds max_deadline{30'000};
  std::chrono::milliseconds stream_life{600'000};
  int max_streams = 256;
  int max_streams_per_caller = 16;
};

// Thread-safe.
class Admission {
 public:
  // All references outlive it.
  Admission(const Contract& contract, auth::TokenVerifier& verifier, RateLimiter& rate_limiter,
            AdmissionLimits limits);

  // UNAUTHENTICATED (TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED), PERMISSION_DENIED
  // (UNIT_NOT_YOURS, ROLE_NOT_ALLOWED, ASSURANCE_TOO_LOW), INVALID_ARGUMENT (PURPOSE_INVALID) or
  // RESOURCE_EXHAUSTED (RATE_LIMITED or, of streams, OVERLOADED; with retry_after). `timeout` is
  // what the caller allows, if it says. A stream holds its seat for as long as the call is kept.
  absl::StatusOr<AdmittedCall> Admit(const Method& method, const CallHeaders& headers,
                                     const CallIds& ids,
                                     std::optional<std::chrono::milliseconds> timeout);

  // Whether the caller of a stream may still hear: token and role are looked at again, and here
  // the token ends when it says, without the leeway that its first check has.
  absl::Status Recheck(const AdmittedCall& call);
  // Why a stream should end now, if it should: OK when its time is over
  // (DEADLINE_EXCEEDED of a file, which then is not whole), UNAVAILABLE SHUTTING_DOWN
  // when the gateway is `stopping`, or what Recheck says.
  std::optional<absl::Status> EndOfStream(const AdmittedCall& call, bool stopping);

 private:
  absl::Status TakeSeat(const auth::Principal& principal, AdmittedCall& call,
                        std::chrono::milliseconds life);

  auth::TokenVerifier& verifier_;
  RateLimiter& rate_limiter_;
  const auth::Policy policy_;
  const AdmissionLimits limits_;
  StreamLimit streams_;
};

}  // namespace vardkedja::gateway
