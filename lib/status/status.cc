#include "lib/status/status.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace vardkedja {
namespace {

constexpr char kDetailUrl[] = "vardkedja/error-detail";

// The payload is a sequence of length-prefixed strings; it never leaves the process.
void Put(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

std::string Take(std::string_view& in) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(in.data(), in.data() + in.size(), length);
  if (error != std::errc() || end == in.data() + in.size()) return {};
  in.remove_prefix(static_cast<std::size_t>(end - in.data()) + 1);
  std::string text(in.substr(0, length));
  in.remove_prefix(text.size());
  return text;
}

std::int64_t TakeNumber(std::string_view& in) {
  const std::string text = Take(in);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string Serialise(const ErrorDetail& detail) {
  std::string out;
  Put(out, detail.reason);
  Put(out, std::to_string(detail.retry_after ? detail.retry_after->count() : -1));
  Put(out, std::to_string(detail.metadata.size()));
  for (const auto& [key, value] : detail.metadata) {
    Put(out, key);
    Put(out, value);
  }
  Put(out, std::to_string(detail.violations.size()));
  for (const FieldViolation& violation : detail.violations) {
    Put(out, violation.field);
    Put(out, violation.rule);
    Put(out, violation.en);
    Put(out, violation.sv);
  }
  return out;
}

ErrorDetail Parse(std::string_view in) {
  ErrorDetail detail;
  detail.reason = Take(in);
  const std::int64_t retry_ms = TakeNumber(in);
  if (retry_ms >= 0) detail.retry_after = std::chrono::milliseconds(retry_ms);
  for (std::int64_t left = TakeNumber(in); left > 0; --left) {
    std::string key = Take(in);
    detail.metadata.emplace(std::move(key), Take(in));
  }
  for (std::int64_t left = TakeNumber(in); left > 0; --left) {
    FieldViolation violation;
    violation.field = Take(in);
    violation.rule = Take(in);
    violation.en = Take(in);
    violation.sv = Take(in);
    detail.violations.push_back(std::move(violation));
  }
  return detail;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, std::string_view message, ErrorDetail detail) {
  absl::Status status(code, ToAbsl(message));
  status.SetPayload(kDetailUrl, absl::Cord(Serialise(detail)));
  return status;
}

absl::Status MakeError(absl::StatusCode code, std::string_view message, std::string_view reason) {
  ErrorDetail detail;
  detail.reason = reason;
  return MakeError(code, message, std::move(detail));
}

absl::Status MakeError(absl::StatusCode code, std::string_view message, std::string_view reason,
                       std::chrono::milliseconds retry_after) {
  ErrorDetail detail;
  detail.reason = reason;
  detail.retry_after = retry_after;
  return MakeError(code, message, std::move(detail));
}

absl::Status InvalidFields(std::vector<FieldViolation> violations) {
  std::string message = "The request breaks " + std::to_string(violations.size()) + " rule(s): ";
  for (const FieldViolation& violation : violations) {
    message += violation.field + " (" + violation.rule + ") ";
  }
  message.pop_back();
  ErrorDetail detail;
  detail.reason = "FIELD_VIOLATIONS";
  detail.violations = std::move(violations);
  return MakeError(absl::StatusCode::kInvalidArgument, message, std::move(detail));
}

absl::Status NotFound() {
  return MakeError(absl::StatusCode::kNotFound, "No such resource, or it is not yours to see.",
                   "NOT_FOUND");
}

std::optional<ErrorDetail> GetErrorDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(kDetailUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string text(*payload);
  return Parse(text);
}

}  // namespace vardkedja
