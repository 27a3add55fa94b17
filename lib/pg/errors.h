// From the driver's results to absl::Status. Internal to lib/pg.
#pragma once

#include <libpq-fe.h>

#include <string_view>

#include "absl/status/status.h"

namespace vardkedja::pg {

// The status of a result that is not OK. Keeps SQLSTATE and constraint name as payloads that do not
// reach the wire. A statement that the server does not understand (class 42) is a defect and is
// also printed on stderr, where its text holds no values.
absl::Status StatusOfResult(const PGresult* result, std::string_view sql);

// UNAVAILABLE, reason DATABASE_UNAVAILABLE. `message` is ours, not the driver's.
absl::Status Unavailable(std::string_view message);

// 40001 or 40P01.
bool IsContention(const absl::Status& status);

// The server closes the connection after these (57P01 admin shutdown and its like).
bool IsShutdown(const absl::Status& status);

}  // namespace vardkedja::pg
