// A private PostgreSQL for tests: one cluster per test binary, a fresh database per fixture.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/pg/migrate.h"
#include "lib/pg/pool.h"

namespace vardkedja::testing {

// The cluster of this process: made at first use (initdb as `postgres` when run as root, fsync off,
// Unix socket in a temporary directory, no TCP), bootstrapped by deploy/postgres/bootstrap.sql, and
// removed when the process ends, also by a crash or kill -9. VARDKEDJA_TEST_PG names the socket
// directory of a running one to use instead.
class PgCluster {
 public:
  static PgCluster& Get();  // aborts the process when there can be none

  // "host=<socket dir> port=... dbname=... user=..."
  std::string Dsn(std::string_view database, std::string_view role) const;
  std::string SuperuserDsn(std::string_view database) const;

  // Immediate shutdown and start again, for tests of recovery. Not with VARDKEDJA_TEST_PG.
  void Kill();
  void Start();

 private:
  friend class TestDatabase;
  PgCluster();
  struct State;
  std::shared_ptr<State> state_;
};

// Which sets to apply to which schema before the template is taken.
struct SchemaMigrations {
  std::string schema;  // "referral", "placement", "notification", "reporting" or "keystore"
  std::vector<pg::MigrationSet> sets;
};

// A fresh database with all five schemas and the given migrations, cloned from a template that is
// made once per distinct list; dropped when destroyed. Make it a member of the fixture, declared
// before everything that connects to it.
class TestDatabase {
 public:
  explicit TestDatabase(std::vector<SchemaMigrations> schemas);
  TestDatabase(std::string schema, std::vector<pg::MigrationSet> sets)
      : TestDatabase(std::vector<SchemaMigrations>{{std::move(schema), std::move(sets)}}) {}
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  // role: "placement_runtime", "placement_migrator", ...
  std::string Dsn(std::string_view role) const;
  // Of `<schema>_runtime`.
  std::string RuntimeDsn(std::string_view schema) const;
  std::unique_ptr<pg::Pool> NewPool(std::string_view schema, int size = 4) const;
  // The superuser, with the schema's search_path: to look behind the curtain in assertions.
  pg::Result Query(std::string_view schema, std::string_view sql,
                   const pg::Params& params = {}) const;

 private:
  std::string name_;
};

}  // namespace vardkedja::testing
