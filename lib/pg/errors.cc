#include "lib/pg/errors.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "lib/pg/pool.h"
#include "lib/status/status.h"

namespace vardkedja::pg {
namespace {

constexpr char kSqlStateUrl[] = "vardkedja/pg-sqlstate";
constexpr char kConstraintUrl[] = "vardkedja/pg-constraint";
constexpr std::chrono::milliseconds kRetryAfter{200};

std::optional<std::string> Payload(const absl::Status& status, const char* url) {
  const auto payload = status.GetPayload(url);
  if (!payload.has_value()) return std::nullopt;
  return std::string(*payload);
}

absl::Status FromState(std::string_view state) {
  using absl::StatusCode;
  if (state == "23505") return absl::AlreadyExistsError("a unique constraint was violated");
  if (state == "23P01") return absl::AlreadyExistsError("an exclusion constraint was violated");
  if (state.starts_with("23")) {
    return absl::FailedPreconditionError("an integrity constraint was violated");
  }
  if (state == "40001" || state == "40P01") {
    ErrorDetail detail;
    detail.reason = "DATABASE_CONTENTION";
    detail.retry_after = kRetryAfter;
    return MakeError(StatusCode::kAborted, "too much contention, try again", std::move(detail));
  }
  if (state == "57014") return absl::DeadlineExceededError("the statement took too long");
  if (state == "55P03") return absl::DeadlineExceededError("a lock was not free in time");
  if (state.starts_with("57P") || state.starts_with("08")) {
    return Unavailable("the database is going away");
  }
  if (state.starts_with("53")) return Unavailable("the database is out of resources");
  return absl::InternalError(ToAbsl("database error " + std::string(state)));
}

// "ERROR:  23505: duplicate key ..." The label before it is the server's, in its language.
std::string_view StateIn(std::string_view message) {
  const std::size_t label = message.find(":  ");
  if (label == std::string_view::npos) return {};
  const std::string_view rest = message.substr(label + 3);
  if (rest.size() < 6 || rest[5] != ':') return {};
  const auto is_code = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  if (!std::all_of(rest.begin(), rest.begin() + 5, is_code)) return {};
  return rest.substr(0, 5);
}

// The last such line: those before it may quote values.
std::string_view ConstraintIn(std::string_view message) {
  constexpr std::string_view kLabel = "\nCONSTRAINT NAME:  ";
  const std::size_t at = message.rfind(kLabel);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = message.substr(at + kLabel.size());
  return rest.substr(0, rest.find('\n'));
}

}  // namespace

absl::Status Unavailable(std::string_view message) {
  ErrorDetail detail;
  detail.reason = "DATABASE_UNAVAILABLE";
  detail.retry_after = kRetryAfter;
  return MakeError(absl::StatusCode::kUnavailable, message, std::move(detail));
}

absl::Status StatusOfError(std::string_view sqlstate, std::string_view message,
                           std::string_view sql) {
  const std::string state(sqlstate.empty() ? StateIn(message) : sqlstate);
  if (state.empty()) return Unavailable("the connection to the database broke");
  absl::Status status = FromState(state);
  status.SetPayload(kSqlStateUrl, absl::Cord(state));
  const std::string_view constraint = ConstraintIn(message);
  if (!constraint.empty()) status.SetPayload(kConstraintUrl, absl::Cord(ToAbsl(constraint)));
  if (state.starts_with("42") && state != "42501") {
    std::fprintf(stderr, "database: %s in: %.200s\n",
                 std::string(message.substr(0, message.find('\n'))).c_str(),
                 std::string(sql).c_str());
  }
  return status;
}

bool IsContention(const absl::Status& status) {
  const auto state = SqlState(status);
  return state && (*state == "40001" || *state == "40P01");
}

bool IsShutdown(const absl::Status& status) {
  const auto state = SqlState(status);
  return state && (state->starts_with("57P") || state->starts_with("08"));
}

std::optional<std::string> ViolatedConstraint(const absl::Status& status) {
  return Payload(status, kConstraintUrl);
}

std::optional<std::string> SqlState(const absl::Status& status) {
  return Payload(status, kSqlStateUrl);
}

}  // namespace vardkedja::pg
