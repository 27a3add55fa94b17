#include "lib/rpc/error_details.h"

#include <algorithm>
#include <array>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/status/reason_texts.h"
#include "lib/status/status.h"
#include "vardkedja/common/v1/errors.pb.h"

namespace vardkedja::rpc {
namespace {

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

void Add(google::rpc::Status& out, const google::protobuf::Message& detail) {
  out.add_details()->PackFrom(detail);
}

void AddViolations(google::rpc::Status& out, const std::vector<FieldViolation>& violations) {
  google::rpc::BadRequest bad_request;
  common::v1::BrokenRules rules;
  for (const FieldViolation& violation : violations) {
    auto& field = *bad_request.add_field_violations();
    field.set_field(violation.field);
    field.set_description(violation.en);
    common::v1::BrokenRule& rule = *rules.add_rules();
    rule.set_field(violation.field);
    rule.set_rule(violation.rule);
    rule.set_en(violation.en);
    rule.set_sv(violation.sv);
  }
  Add(out, bad_request);
  Add(out, rules);
}

void ReadDetail(const google::protobuf::Any& any, ErrorDetail& detail) {
  if (google::rpc::ErrorInfo info; any.Is<google::rpc::ErrorInfo>() && any.UnpackTo(&info)) {
    if (info.domain() != kErrorDomain) return;
    detail.reason = info.reason();
    detail.metadata.insert(info.metadata().begin(), info.metadata().end());
  } else if (common::v1::BrokenRules rules;
             any.Is<common::v1::BrokenRules>() && any.UnpackTo(&rules)) {
    for (const common::v1::BrokenRule& rule : rules.rules()) {
      detail.violations.push_back({rule.field(), rule.rule(), rule.en(), rule.sv()});
    }
  } else if (google::rpc::RetryInfo retry;
             any.Is<google::rpc::RetryInfo>() && any.UnpackTo(&retry)) {
    constexpr std::int64_t kMostSeconds = 86'400;
    const std::int64_t seconds =
        std::clamp<std::int64_t>(retry.retry_delay().seconds(), 0, kMostSeconds);
    detail.retry_after = std::chrono::milliseconds(
        seconds * 1000 + std::clamp(retry.retry_delay().nanos(), 0, 999'999'999) / 1'000'000);
  }
}

// Told by the call's id alone.
absl::Status Defect(absl::StatusCode code, std::string what, std::string reason,
                    std::string_view call_id) {
  ErrorDetail detail;
  detail.reason = std::move(reason);
  detail.metadata["call_id"] = call_id;
  what += " Quote the call id " + std::string(call_id) + " when you report it.";
  return MakeError(code, what, std::move(detail));
}

}  // namespace

std::string_view CodeName(absl::StatusCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodeNames.size() ? kCodeNames[index] : kCodeNames[2];
}

absl::Status PublicPart(const absl::Status& status, std::string_view call_id) {
  if (status.code() == absl::StatusCode::kDataLoss) {
    return Defect(status.code(), "What is stored is damaged and cannot be read.", "DATA_DAMAGED",
                  call_id);
  }
  if (status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown) {
    return Defect(absl::StatusCode::kInternal, "Something went wrong on our side.", "INTERNAL",
                  call_id);
  }
  if (GetErrorDetail(status)) return status;
  const std::string_view name = CodeName(status.code());
  return MakeError(status.code(), name, name);
}

std::string EncodeDetails(const absl::Status& status) {
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(std::string(ToStd(status.message())));
  if (detail) {
    google::rpc::ErrorInfo info;
    info.set_reason(detail->reason);
    info.set_domain(std::string(kErrorDomain));
    for (const auto& [key, value] : detail->metadata) (*info.mutable_metadata())[key] = value;
    Add(out, info);
    if (const std::string_view text = SwedishText(detail->reason); !text.empty()) {
      google::rpc::LocalizedMessage localized;
      localized.set_locale("sv");
      localized.set_message(std::string(text));
      Add(out, localized);
    }
    if (!detail->violations.empty()) AddViolations(out, detail->violations);
    if (detail->retry_after) {
      google::rpc::RetryInfo retry;
      const std::int64_t ms = detail->retry_after->count();
      retry.mutable_retry_delay()->set_seconds(ms / 1000);
      retry.mutable_retry_delay()->set_nanos(static_cast<int>(ms % 1000) * 1'000'000);
      Add(out, retry);
    }
  }
  return out.SerializeAsString();
}

absl::Status DecodeDetails(int code, std::string_view message, std::string_view details) {
  const bool known = code > 0 && code < static_cast<int>(kCodeNames.size());
  const absl::StatusCode ours =
      known ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kUnknown;
  google::rpc::Status in;
  if (!in.ParseFromArray(details.data(), static_cast<int>(details.size()))) in.Clear();
  ErrorDetail detail;
  for (const google::protobuf::Any& any : in.details()) ReadDetail(any, detail);
  if (detail.reason.empty()) return absl::Status(ours, ToAbsl(message));
  return MakeError(ours, message, std::move(detail));
}

}  // namespace vardkedja::rpc
