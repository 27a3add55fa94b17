#include "lib/pg/migrate.h"

#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

#include "lib/pg/connection.h"
#include "lib/status/status.h"

namespace vardkedja::pg {
namespace {

using std::chrono::minutes;
using std::chrono::steady_clock;

constexpr minutes kMigrationTimeout{30};
constexpr std::string_view kCompatibleFrom = "-- compatible-from:";

struct Applied {
  std::string checksum;
  std::int64_t compatible_from = 0;
};
// By component and number.
using AppliedMap = std::map<std::pair<std::string, std::int64_t>, Applied>;

absl::Status Incompatible(std::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, message, "SCHEMA_INCOMPATIBLE");
}

std::string Label(const MigrationSet& set, const Migration& migration) {
  return std::string(set.component) + "/" + std::string(migration.name);
}

// FNV-1a, 64 bits: finds accidents, which is all that is asked of it.
std::string Checksum(std::string_view sql) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : sql) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  std::array<char, 16> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), hash, 16).ptr;
  return {text.data(), end};
}

std::int64_t CompatibleFrom(std::string_view sql) {
  const std::size_t at = sql.find(kCompatibleFrom);
  if (at == std::string_view::npos) return 0;
  std::string_view rest = sql.substr(at + kCompatibleFrom.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  std::int64_t number = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return number;
}

AppliedMap ReadApplied(const Result& rows) {
  AppliedMap applied;
  for (const Row row : rows) {
    applied[{row.Text("component"), row.Int("number")}] = {row.Text("checksum"),
                                                           row.Int("compatible_from")};
  }
  return applied;
}

constexpr char kSelectApplied[] =
    "SELECT component, number, checksum, compatible_from FROM schema_migration";

// The table of what was applied; the runtime role may look at it, and only look.
std::string CreateTableSql(const std::string& schema) {
  return "CREATE TABLE IF NOT EXISTS schema_migration ("
         "  component text NOT NULL,"
         "  number integer NOT NULL CHECK (number > 0),"
         "  name text NOT NULL,"
         "  checksum text NOT NULL,"
         "  compatible_from integer NOT NULL,"
         "  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
         "  PRIMARY KEY (component, number));"
         "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON schema_migration FROM \"" +
         schema + "_runtime\"";
}

absl::Status ApplyOne(Connection& connection, const MigrationSet& set, const Migration& migration) {
  const Deadline deadline = steady_clock::now() + kMigrationTimeout;
  TransactionOptions transaction;
  transaction.deadline = deadline;
  VK_RETURN_IF_ERROR(connection.Begin(transaction));
  auto done = connection.ExecuteScript(std::string(migration.sql), deadline);
  if (done.ok()) {
    done = connection.Execute(
        "INSERT INTO schema_migration (component, number, name, checksum, compatible_from) "
        "VALUES ($1, $2, $3, $4, $5)",
        {set.component, migration.number, migration.name, Checksum(migration.sql),
         CompatibleFrom(migration.sql)},
        deadline);
  }
  const absl::Status status = done.ok() ? connection.Commit(deadline) : done.status();
  if (status.ok()) return absl::OkStatus();
  connection.Rollback();
  const std::string message = "migration " + Label(set, migration) + " failed: SQLSTATE " +
                              SqlState(status).value_or("none");
  return absl::Status(status.code(), message);
}

absl::Status ApplySet(Connection& connection, const MigrationSet& set, const AppliedMap& applied) {
  int expected = 0;
  for (const Migration& migration : set.migrations) {
    if (migration.number != ++expected) {
      return absl::FailedPreconditionError("a number is missing before migration " +
                                           Label(set, migration));
    }
    const auto found = applied.find({std::string(set.component), migration.number});
    if (found == applied.end()) {
      VK_RETURN_IF_ERROR(ApplyOne(connection, set, migration));
    } else if (found->second.checksum != Checksum(migration.sql)) {
      return absl::FailedPreconditionError("migration " + Label(set, migration) +
                                           " was edited after it had been applied");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(const MigrateOptions& options, std::span<const MigrationSet> sets) {
  PoolOptions connect;
  connect.dsn = options.migrator_dsn;
  connect.application_name = "vardkedja-migrate";
  connect.statement_timeout = kMigrationTimeout;
  connect.connect_timeout = std::chrono::seconds(10);
  VK_ASSIGN_OR_RETURN(const auto connection, Connection::Open(connect, kNoDeadline));
  const std::string owner = options.owner.empty() ? options.schema + "_owner" : options.owner;
  const Deadline deadline = steady_clock::now() + kMigrationTimeout;
  VK_RETURN_IF_ERROR(
      connection
          ->ExecuteScript("SET lock_timeout = " + std::to_string(options.lock_timeout.count()) +
                              "; SET ROLE \"" + owner + "\"; SET search_path = \"" +
                              options.schema + "\"",
                          deadline)
          .status());
  VK_RETURN_IF_ERROR(connection
                         ->Execute("SELECT pg_advisory_lock(hashtextextended($1, 0))",
                                   {"vardkedja-migrate:" + options.schema}, deadline)
                         .status());
  VK_RETURN_IF_ERROR(connection->ExecuteScript(CreateTableSql(options.schema), deadline).status());
  VK_ASSIGN_OR_RETURN(const Result rows, connection->Execute(kSelectApplied, {}, deadline));
  const AppliedMap applied = ReadApplied(rows);
  for (const MigrationSet& set : sets) {
    VK_RETURN_IF_ERROR(ApplySet(*connection, set, applied));
  }
  return absl::OkStatus();
}

absl::Status CheckSchema(Pool& pool, std::span<const MigrationSet> sets, Deadline deadline) {
  const auto rows = pool.Read(kSelectApplied, {}, deadline);
  if (!rows.ok()) {
    if (SqlState(rows.status()) == "42P01") return Incompatible("the schema was never migrated");
    return rows.status();
  }
  const AppliedMap applied = ReadApplied(*rows);
  std::map<std::string, std::int64_t> known;
  for (const MigrationSet& set : sets) {
    known[std::string(set.component)] = static_cast<std::int64_t>(set.migrations.size());
    for (const Migration& migration : set.migrations) {
      const auto found = applied.find({std::string(set.component), migration.number});
      if (found == applied.end()) {
        return Incompatible("migration " + Label(set, migration) + " has not been applied");
      }
      if (found->second.checksum != Checksum(migration.sql)) {
        return Incompatible("migration " + Label(set, migration) + " differs from the applied one");
      }
    }
  }
  for (const auto& [key, migration] : applied) {
    const auto own = known.find(key.first);
    if (own != known.end() && migration.compatible_from > own->second) {
      return Incompatible("the schema has outgrown this binary in " + key.first);
    }
  }
  return absl::OkStatus();
}

}  // namespace vardkedja::pg
