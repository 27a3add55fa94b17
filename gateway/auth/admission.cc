#include "gateway/auth/admission.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

constexpr std::string_view kDefaultPurpose = "case_work";
constexpr std::size_t kMaxPurposeBytes = 40;

constexpr std::chrono::seconds kStreamMargin{5};
constexpr std::chrono::milliseconds kRetryAfterStreams{5'000};
constexpr std::chrono::milliseconds kRetryAfterStop{1'000};

absl::Status Expired() {
  return MakeError(absl::StatusCode::kUnauthenticated, "The token has expired.", "TOKEN_EXPIRED");
}

bool IsPurpose(std::string_view text) {
  return text.size() <= kMaxPurposeBytes && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || c == '_';
         });
}

auth::Policy PolicyOf(const Contract& contract) {
  std::map<std::string, auth::AccessRule, std::less<>> rules;
  for (const auto& [path, method] : contract.methods()) {
    auth::AccessRule& rule = rules[path];
    for (const int role : method.rule.roles()) rule.roles.insert(static_cast<auth::Role>(role));
    rule.minimum_assurance = static_cast<auth::Assurance>(method.rule.minimum_assurance());
    rule.write = method.rule.write();
  }
  return auth::Policy(std::move(rules));
}

}  // namespace

CallIds Identify(const CallHeaders& headers) {
  CallIds ids;
  ids.call_id = telemetry::IsUuid(headers.request_id) ? std::string(headers.request_id)
                                                      : telemetry::NewCallId();
  ids.trace = telemetry::ChildOf(headers.traceparent);
  return ids;
}

Admission::Admission(const Contract& contract, auth::TokenVerifier& verifier,
                     RateLimiter& rate_limiter, AdmissionLimits limits)
    : verifier_(verifier),
      rate_limiter_(rate_limiter),
      policy_(PolicyOf(contract)),
      limits_(limits),
      streams_(limits.max_streams, limits.max_streams_per_caller) {}

absl::StatusOr<AdmittedCall> Admission::Admit(const Method& method, const CallHeaders& headers,
                                              const CallIds& ids,
                                              std::optional<std::chrono::milliseconds> timeout) {
  if (headers.authorization.empty()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "A bearer token is needed.",
                     "TOKEN_MISSING");
  }
  const auto token = auth::BearerToken(headers.authorization);
  if (!token.has_value()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "The token is not valid.",
                     "TOKEN_INVALID");
  }
  VK_ASSIGN_OR_RETURN(const auth::Principal principal, verifier_.Verify(*token));
  const auto wait = rate_limiter_.Take(principal.organisation + "/" + principal.subject,
                                       std::chrono::steady_clock::now());
  if (wait.has_value()) {
    return MakeError(absl::StatusCode::kResourceExhausted, "Too many calls in a short time.",
                     "RATE_LIMITED", *wait);
  }
  AdmittedCall call;
  call.acting_unit =
      headers.acting_unit.empty() ? principal.default_unit : std::string(headers.acting_unit);
  VK_RETURN_IF_ERROR(policy_.Check(method.path, principal, call.acting_unit));
  call.purpose = headers.purpose.empty() ? kDefaultPurpose : headers.purpose;
  if (!IsPurpose(call.purpose)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "x-purpose is not a purpose code.",
                     "PURPOSE_INVALID");
  }
  call.method = &method;
  call.ids = ids;
  call.authorization = headers.authorization;
  call.organisation = principal.organisation;
  if (method.streaming) {
    VK_RETURN_IF_ERROR(TakeSeat(
        principal, call, std::min(timeout.value_or(limits_.stream_life), limits_.stream_life)));
    return call;
  }
  call.deadline = std::chrono::system_clock::now() +
                  std::min(timeout.value_or(limits_.default_deadline), limits_.max_deadline);
  return call;
}

absl::Status Admission::TakeSeat(const auth::Principal& principal, AdmittedCall& call,
                                 std::chrono::milliseconds life) {
  const auto now = std::chrono::system_clock::now();
  call.expires_at = principal.expires_at;
  if (now >= call.expires_at) return Expired();
  call.ends_at = now + life;
  // The gateway ends a stream in words; the deadline is for when it can not.
  call.deadline = call.ends_at + kStreamMargin;
  call.seat = streams_.Take(principal.organisation + "/" + principal.subject);
  if (call.seat != nullptr) return absl::OkStatus();
  return MakeError(absl::StatusCode::kResourceExhausted, "Too many streams are open.", "OVERLOADED",
                   kRetryAfterStreams);
}

std::optional<absl::Status> Admission::EndOfStream(const AdmittedCall& call, bool stopping) {
  if (stopping) {
    return MakeError(absl::StatusCode::kUnavailable,
                     "The gateway is stopping; go on from the last item.", "SHUTTING_DOWN",
                     kRetryAfterStop);
  }
  if (absl::Status status = Recheck(call); !status.ok()) return status;
  if (std::chrono::system_clock::now() < call.ends_at) return std::nullopt;
  if (!call.method->file) return absl::OkStatus();
  return MakeError(absl::StatusCode::kDeadlineExceeded,
                   "The file took too long; go on from what has come.", "DEADLINE_EXCEEDED");
}

absl::Status Admission::Recheck(const AdmittedCall& call) {
  if (std::chrono::system_clock::now() >= call.expires_at) return Expired();
  const auto token = auth::BearerToken(call.authorization);
  VK_ASSIGN_OR_RETURN(const auth::Principal principal, verifier_.Verify(token.value_or("")));
  return policy_.Check(call.method->path, principal, call.acting_unit);
}

}  // namespace vardkedja::gateway
