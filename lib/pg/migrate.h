// Forward-only migrations of one service's schema.
//
// A migration is a file `NNNN_name.sql` that CMake's vk_migrations embeds. Each library that keeps
// tables contributes a set of its own, numbered by itself, so that sets grow independently. The
// first lines of a file may say `-- compatible-from: N`: binaries that know fewer than N migrations
// of that set cannot live with the schema once this file is applied; without it every older binary
// can (expand first, contract in a later release).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "lib/pg/pool.h"

namespace vardkedja::pg {

struct Migration {
  int number = 0;  // 1, 2, 3, ... without a gap
  std::string_view name;
  std::string_view sql;
};

struct MigrationSet {
  std::string_view component;  // "eventlog", "placement", ...
  std::vector<Migration> migrations;
};

struct MigrateOptions {
  std::string migrator_dsn;  // a LOGIN role that may SET ROLE to the owner
  std::string schema;
  std::string owner;                               // "<schema>_owner" when empty
  std::chrono::milliseconds lock_timeout{60'000};  // how long to wait for another migrator
};

// Applies what is missing, sets in the given order, each migration in a transaction of its own, as
// the schema's owner and under an advisory lock, so that any number of processes may call this at
// once. FAILED_PRECONDITION when an applied file was edited afterwards (checksum) or a number is
// missing. A schema that is newer than this binary is left alone.
absl::Status Migrate(const MigrateOptions& options, std::span<const MigrationSet> sets);

// OK when the schema has all the migrations this binary knows, with the same contents, and says
// that it is still compatible with this binary; else FAILED_PRECONDITION with reason
// SCHEMA_INCOMPATIBLE. For readiness.
absl::Status CheckSchema(Pool& pool, std::span<const MigrationSet> sets, Deadline deadline);

}  // namespace vardkedja::pg
