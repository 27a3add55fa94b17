// From the driver's results to absl::Status. Internal to lib/pg.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace vardkedja::pg {

// The status of an error. `message` is the server's in its verbose form: it alone tells the name of
// a violated constraint, and the SQLSTATE (`sqlstate` empty) when the server takes leave. Both are
// kept as payloads that do not reach the wire. A statement that the server does not understand
// (class 42) is a defect and is also printed on stderr, where its text holds no values.
absl::Status StatusOfError(std::string_view sqlstate, std::string_view message,
                           std::string_view sql);

// UNAVAILABLE, reason DATABASE_UNAVAILABLE. `message` is ours, not the driver's.
absl::Status Unavailable(std::string_view message);

// 40001 or 40P01.
bool IsContention(const absl::Status& status);

// The server closes the connection after these (57P01 admin shutdown and its like).
bool IsShutdown(const absl::Status& status);

}  // namespace vardkedja::pg
