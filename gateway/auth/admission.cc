#include "gateway/auth/admission.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

constexpr std::string_view kDefaultPurpose = "case_work";
constexpr std::size_t kMaxPurposeBytes = 40;

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
      limits_(limits) {}

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
    ErrorDetail detail;
    detail.reason = "RATE_LIMITED";
    detail.retry_after = wait;
    return MakeError(absl::StatusCode::kResourceExhausted, "Too many calls in a short time.",
                     std::move(detail));
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
  call.deadline = std::chrono::system_clock::now() +
                  std::min(timeout.value_or(limits_.default_deadline), limits_.max_deadline);
  return call;
}

}  // namespace vardkedja::gateway
