#include "lib/pg/errors.h"

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

}  // namespace

absl::Status Unavailable(std::string_view message) {
  ErrorDetail detail;
  detail.reason = "DATABASE_UNAVAILABLE";
  detail.retry_after = kRetryAfter;
  return MakeError(absl::StatusCode::kUnavailable, message, std::move(detail));
}

absl::Status StatusOfResult(const PGresult* result, std::string_view sql) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (field == nullptr) return Unavailable("the connection to the database broke");
  const std::string state = field;
  absl::Status status = FromState(state);
  status.SetPayload(kSqlStateUrl, absl::Cord(state));
  const char* constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
  if (constraint != nullptr) status.SetPayload(kConstraintUrl, absl::Cord(constraint));
  if (state.starts_with("42") && state != "42501") {
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    std::fprintf(stderr, "database: %s: %s in: %.200s\n", state.c_str(),
                 message == nullptr ? "" : message, std::string(sql).c_str());
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
