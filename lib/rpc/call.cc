#include "lib/rpc/call.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <grpcpp/security/auth_context.h>
#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "lib/auth/policy.h"
#include "lib/auth/token_verifier.h"
#include "lib/rpc/error_details.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "lib/telemetry/log.h"
#include "lib/telemetry/metrics.h"
#include "lib/telemetry/trace.h"
#include "lib/time/clock.h"

namespace vardkedja::rpc {
namespace {

using absl::StatusCode;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using SystemTime = std::chrono::system_clock::time_point;

// No call of ours takes longer; a client that asks for more time gets this much.
constexpr milliseconds kLongestDeadline{60'000};
constexpr std::size_t kMaxPurposeLength = 40;
constexpr std::string_view kDefaultPurpose = "case_work";

std::string_view ToView(grpc::string_ref text) { return {text.data(), text.size()}; }

// The single value of a metadata key; nothing when it is absent or given twice.
std::optional<std::string_view> Metadata(const grpc::CallbackServerContext& context,
                                         const char* key) {
  const auto [first, last] = context.client_metadata().equal_range(key);
  if (first == last || std::next(first) != last) return std::nullopt;
  return ToView(first->second);
}

bool IsPurpose(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPurposeLength &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

absl::Status DeadlineTooShort() {
  return MakeError(StatusCode::kDeadlineExceeded, "Too little time was left when the call arrived.",
                   "DEADLINE_TOO_SHORT");
}

// Keyed, so that the stored value tells nothing about a body that could be guessed.
std::string Fingerprint(const google::protobuf::Message& request, std::string_view key) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  unsigned char hash[crypto_generichash_BYTES];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size());
  char hex[2 * sizeof hash + 1];
  sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
  return hex;
}

absl::StatusOr<std::string> RequestIdOf(const google::protobuf::Message& request) {
  const google::protobuf::FieldDescriptor* field =
      request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->type() != google::protobuf::FieldDescriptor::TYPE_STRING ||
      field->is_repeated()) {
    return absl::InternalError("a write method whose request has no request_id");
  }
  std::string id = request.GetReflection()->GetString(request, field);
  if (telemetry::IsUuid(id)) return id;
  return InvalidFields({{"request_id", id.empty() ? "REQUIRED" : "UUID",
                         "A UUID chosen by the caller; the same one when the call is repeated.",
                         "Ett UUID som anroparen väljer; samma när anropet upprepas."}});
}

// The service whose certificate stands behind the connection: a DNS name or, without any, the CN.
std::optional<std::string> PeerService(const grpc::CallbackServerContext& context,
                                       const AdapterOptions& options) {
  std::vector<std::string> names;
  if (options.trust_peer_header) {
    if (const auto name = Metadata(context, "x-peer-service")) names.emplace_back(*name);
  } else if (const auto peer = context.auth_context(); peer && peer->IsPeerAuthenticated()) {
    for (const grpc::string_ref& name : peer->FindPropertyValues("x509_subject_alternative_name")) {
      names.emplace_back(ToView(name));
    }
    if (names.empty()) {
      for (const grpc::string_ref& name : peer->FindPropertyValues("x509_common_name")) {
        names.emplace_back(ToView(name));
      }
    }
  }
  for (std::string& name : names) {
    if (options.peers.contains(name)) return std::move(name);
  }
  return std::nullopt;
}

bool IsPrivate(StatusCode code) {
  return code == StatusCode::kInternal || code == StatusCode::kUnknown ||
         code == StatusCode::kDataLoss;
}

}  // namespace

CallState::CallState(const AdapterOptions& options, std::string_view fingerprint_key,
                     grpc::CallbackServerContext* context, const google::protobuf::Message& request,
                     std::string method)
    : options_(options),
      fingerprint_key_(fingerprint_key),
      context_(context),
      request_(request),
      arrived_(SteadyClock::now()),
      cancelled_(std::make_shared<std::atomic<bool>>(false)) {
  call_.method = std::move(method);
  options_.metrics->AddInFlight(call_.method, 1);
}

absl::Status CallState::Admit() {
  Identify();
  VK_RETURN_IF_ERROR(Authenticate());
  return TakeDeadline(options_.default_deadline, kLongestDeadline);
}

absl::Status CallState::AdmitStream() {
  Identify();
  VK_RETURN_IF_ERROR(Authenticate());
  return TakeDeadline(options_.stream_life, options_.stream_life);
}

void CallState::Identify() {
  const std::string_view given = Metadata(*context_, "x-request-id").value_or("");
  call_.call_id = telemetry::IsUuid(given) ? std::string(given) : telemetry::NewCallId();
  const telemetry::Traceparent trace =
      telemetry::ChildOf(Metadata(*context_, "traceparent").value_or(""));
  trace_id_ = trace.trace_id;
  call_.traceparent = telemetry::Format(trace);
  call_.now = options_.clock->Now();
  call_.cancelled = [flag = cancelled_] { return flag->load(); };
  context_->AddInitialMetadata("x-request-id", call_.call_id);
}

absl::Status CallState::Authenticate() {
  const auth::AccessRule* rule = options_.policy->Find(call_.method);
  if (rule != nullptr && rule->internal) {
    call_.peer_service = PeerService(*context_, options_);
    if (!call_.peer_service) {
      return MakeError(StatusCode::kPermissionDenied, "Only services of the suite may call this.",
                       "NOT_A_SERVICE");
    }
    return options_.policy->CheckPeer(call_.method);
  }
  token_ = auth::BearerToken(Metadata(*context_, "authorization").value_or("")).value_or("");
  VK_ASSIGN_OR_RETURN(call_.principal, options_.verifier->Verify(token_));
  call_.acting_unit = Metadata(*context_, "x-acting-unit").value_or(call_.principal.default_unit);
  VK_RETURN_IF_ERROR(options_.policy->Check(call_.method, call_.principal, call_.acting_unit));
  call_.purpose = Metadata(*context_, "x-purpose").value_or(kDefaultPurpose);
  if (!IsPurpose(call_.purpose)) {
    return InvalidFields({{"x-purpose", "CODE",
                           "A code of lower-case letters and underscores, at most 40 characters.",
                           "En kod med små bokstäver och understreck, högst 40 tecken."}});
  }
  write_ = rule != nullptr && rule->write;
  return absl::OkStatus();
}

absl::Status CallState::TakeDeadline(milliseconds otherwise, milliseconds longest) {
  milliseconds left = otherwise;
  if (context_->deadline() != SystemTime::max()) {
    left = std::chrono::duration_cast<milliseconds>(context_->deadline() -
                                                    std::chrono::system_clock::now());
    if (left < options_.deadline_floor) return DeadlineTooShort();
  }
  call_.deadline = SteadyClock::now() + std::min(left, longest);
  return absl::OkStatus();
}

absl::Status CallState::TakeRequestKey() {
  if (!write_) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(std::string request_id, RequestIdOf(request_));
  call_.request_key =
      auth::RequestKey{.principal = call_.principal.organisation + "/" + call_.acting_unit + "/" +
                                    call_.principal.subject,
                       .method = call_.method,
                       .request_id = std::move(request_id),
                       .fingerprint = Fingerprint(request_, fingerprint_key_)};
  return absl::OkStatus();
}

absl::Status CallState::Recheck() const {
  VK_ASSIGN_OR_RETURN(const auth::Principal principal, options_.verifier->Verify(token_));
  return options_.policy->Check(call_.method, principal, call_.acting_unit);
}

grpc::Status CallState::Report(const absl::Status& status) {
  if (!status.ok() && IsPrivate(status.code())) {
    telemetry::Log(telemetry::Level::kError, "defect",
                   {{"request_id", call_.call_id},
                    {"method", call_.method},
                    {"detail", std::string(ToStd(status.message()))}});
  }
  grpc::Status answer = ToGrpc(status, call_.call_id);
  const std::chrono::duration<double> took = SteadyClock::now() - arrived_;
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  const std::string_view code = CodeName(static_cast<StatusCode>(answer.error_code()));
  telemetry::LogCall(
      {.request_id = call_.call_id,
       .trace_id = trace_id_,
       .method = call_.method,
       .organisation = call_.principal.organisation,
       .unit = call_.peer_service ? std::string_view(*call_.peer_service) : call_.acting_unit,
       .code = code,
       .reason = detail ? std::string_view(detail->reason) : std::string_view(),
       .duration_ms = took.count() * 1000});
  options_.metrics->ObserveCall(call_.method, code, took.count());
  options_.metrics->AddInFlight(call_.method, -1);
  return answer;
}

}  // namespace vardkedja::rpc
