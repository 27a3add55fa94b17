// Errors as values. The only place where Debian's absl::string_view meets std::string_view.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace vardkedja {

// One broken rule of one field of a request, in both languages.
struct FieldViolation {
  std::string field;  // path, for example "form.person.identity_number"
  std::string rule;   // stable code, for example "REQUIRED"
  std::string en;
  std::string sv;

  bool operator==(const FieldViolation&) const = default;
};

// What travels with a status to the edge, where it becomes google.rpc.ErrorInfo, BadRequest and
// RetryInfo. Everything in it may be shown to the caller.
struct ErrorDetail {
  std::string reason;  // stable, UPPER_SNAKE_CASE, catalogued in docs/errors.md
  std::map<std::string, std::string> metadata;
  std::vector<FieldViolation> violations;
  std::optional<std::chrono::milliseconds> retry_after;

  bool operator==(const ErrorDetail&) const = default;
};

// A status with a detail. `message` is English, for engineers, and names no person.
absl::Status MakeError(absl::StatusCode code, std::string_view message, ErrorDetail detail);

// Shorthand for a detail with a reason alone.
absl::Status MakeError(absl::StatusCode code, std::string_view message, std::string_view reason);

// The same with a hint when to try again.
absl::Status MakeError(absl::StatusCode code, std::string_view message, std::string_view reason,
                       std::chrono::milliseconds retry_after);

// INVALID_ARGUMENT with reason FIELD_VIOLATIONS and all broken rules at once.
// Precondition: `violations` is not empty.
absl::Status InvalidFields(std::vector<FieldViolation> violations);

// The answer to "denied" and to "does not exist": identical for both, by design.
absl::Status NotFound();

// The detail, or nothing when the status carries none. Thread-safe.
std::optional<ErrorDetail> GetErrorDetail(const absl::Status& status);

// The bridge.
inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace vardkedja

#define VK_CONCAT_INNER(a, b) a##b
#define VK_CONCAT(a, b) VK_CONCAT_INNER(a, b)

// Returns the status from the enclosing function unless it is OK.
#define VK_RETURN_IF_ERROR(expr)           \
  do {                                     \
    absl::Status vk_status = (expr);       \
    if (!vk_status.ok()) return vk_status; \
  } while (false)

// VK_ASSIGN_OR_RETURN(auto value, Compute());
#define VK_ASSIGN_OR_RETURN(lhs, expr) \
  VK_ASSIGN_OR_RETURN_IMPL(VK_CONCAT(vk_or_, __LINE__), lhs, expr)
#define VK_ASSIGN_OR_RETURN_IMPL(temp, lhs, expr) \
  auto temp = (expr);                             \
  if (!temp.ok()) return temp.status();           \
  lhs = std::move(temp).value()
