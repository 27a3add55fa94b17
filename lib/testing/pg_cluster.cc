#include "lib/testing/pg_cluster.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

#include "lib/pg/connection.h"
#include "lib/status/status.h"

namespace vardkedja::testing {
namespace {

using std::chrono::seconds;

constexpr int kPort = 5432;  // names the socket only; nothing listens on TCP
constexpr char kBootstrap[] = "deploy/postgres/bootstrap.sql";
constexpr char kSharedCluster[] = "VARDKEDJA_TEST_PG";

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "PgCluster: %s\n", what.c_str());
  std::abort();
}

std::string Quoted(const std::string& text) { return "'" + text + "'"; }

// Runs a shell command with its output in `log`.
void RunShell(const std::string& command, const std::string& log) {
  const std::string line = "( " + command + " ) </dev/null >>" + Quoted(log) + " 2>&1";
  if (std::system(line.c_str()) == 0) return;  // NOLINT: no untrusted part
  std::ifstream file(log);
  std::stringstream text;
  text << file.rdbuf();
  Die("failed: " + command + "\n" + text.str());
}

// PostgreSQL refuses to run as root.
std::string AsServerUser() { return geteuid() == 0 ? "runuser -u postgres -- " : ""; }

std::string FindBinDirectory() {
  for (const char* version : {"15", "16", "17", "14"}) {
    const std::string directory = std::string("/usr/lib/postgresql/") + version + "/bin";
    if (std::filesystem::exists(directory + "/initdb")) return directory;
  }
  Die("no PostgreSQL server is installed");
}

// The source tree is the working directory of every test; found from below it as well.
std::string SourceFile(const std::string& path) {
  for (std::filesystem::path at = std::filesystem::current_path();; at = at.parent_path()) {
    if (std::filesystem::exists(at / path)) return (at / path).string();
    if (at == at.root_path()) Die("not inside the source tree: no " + path);
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string HashName(const std::string& text) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "vk_t_%016zx", std::hash<std::string>{}(text));
  return name.data();
}

// A child that outlives us by a moment: when our end of the pipe closes, however we died, it stops
// the server and removes its files.
void StartUndertaker(const std::string& stop_command, const std::string& directory) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) Die("no pipe");
  const std::string script = "read -r _; " + stop_command + "; rm -rf " + Quoted(directory);
  const pid_t child = fork();
  if (child < 0) Die("no child process");
  if (child == 0) {
    setsid();
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(ends[0], 0);
    dup2(null, 1);
    dup2(null, 2);
    execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
    _exit(127);
  }
  close(ends[0]);  // ends[1] stays open until this process ends
}

pg::PoolOptions ConnectOptions(std::string dsn) {
  pg::PoolOptions options;
  options.dsn = std::move(dsn);
  options.statement_timeout = seconds(60);
  options.connect_timeout = seconds(10);
  options.application_name = "vardkedja-test";
  return options;
}

std::unique_ptr<pg::Connection> Connect(const std::string& dsn) {
  auto connection = pg::Connection::Open(ConnectOptions(dsn), pg::kNoDeadline);
  if (!connection.ok()) Die("cannot connect to " + dsn);
  return *std::move(connection);
}

pg::Result Must(absl::StatusOr<pg::Result> result, const std::string& sql) {
  if (!result.ok()) Die(result.status().ToString() + " in: " + sql);
  return *std::move(result);
}

pg::Result Script(pg::Connection& connection, const std::string& sql) {
  return Must(connection.ExecuteScript(sql, pg::kNoDeadline), sql);
}

}  // namespace

struct PgCluster::State {
  std::string directory;  // with socket, data and log; the socket's alone when shared
  std::string bin;
  bool shared = false;
  std::mutex mutex;
  std::map<std::string, std::string> templates;  // by the text of what is in them
  std::atomic<int> databases = 0;

  std::string Socket() const { return shared ? directory : directory + "/socket"; }
  std::string Log() const { return directory + "/log"; }

  std::string PgCtl(const std::string& action) const {
    return AsServerUser() + bin + "/pg_ctl -D " + Quoted(directory + "/data") + " -w " + action;
  }

  void Make();
  void StartServer() const;
  std::string Template(const std::vector<SchemaMigrations>& schemas, const PgCluster& cluster);
  void FillTemplate(const std::string& name, const std::vector<SchemaMigrations>& schemas,
                    const PgCluster& cluster) const;
};

void PgCluster::State::Make() {
  bin = FindBinDirectory();
  std::string pattern = (std::filesystem::temp_directory_path() / "vk-pg-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) Die("no temporary directory");
  directory = pattern;
  StartUndertaker(PgCtl("stop -m immediate"), directory);
  chmod(directory.c_str(), 0755);
  std::filesystem::create_directory(Socket());
  if (geteuid() == 0)
    RunShell("chown postgres " + Quoted(directory) + " " + Quoted(Socket()), "/dev/null");
  RunShell(AsServerUser() + bin + "/initdb -D " + Quoted(directory + "/data") +
               " -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync",
           Log());
  std::ofstream(directory + "/data/postgresql.auto.conf", std::ios::app)
      << "listen_addresses = ''\nunix_socket_directories = '" << Socket()
      << "'\nfsync = off\nfull_page_writes = off\nmax_connections = 200\nshared_buffers = 32MB\n"
         "autovacuum = off\nmax_wal_size = 4GB\n";
  StartServer();
}

void PgCluster::State::StartServer() const {
  RunShell(PgCtl("-l " + Quoted(directory + "/server.log") + " start"), Log());
}

// Made once, also by several processes that share a cluster: a database that is marked as a
// template is finished.
std::string PgCluster::State::Template(const std::vector<SchemaMigrations>& schemas,
                                       const PgCluster& cluster) {
  std::string contents = ReadFile(SourceFile(kBootstrap));
  for (const SchemaMigrations& schema : schemas) {
    contents += "\n-- " + schema.schema;
    for (const pg::MigrationSet& set : schema.sets) {
      contents += "\n-- " + std::string(set.component);
      for (const pg::Migration& migration : set.migrations) contents += migration.sql;
    }
  }
  const std::lock_guard lock(mutex);
  std::string& name = templates[contents];
  if (!name.empty()) return name;
  name = HashName(contents);
  const auto admin = Connect(cluster.SuperuserDsn("postgres"));
  Script(*admin, "SELECT pg_advisory_lock(hashtext('vardkedja-test-template'))");
  const pg::Result found =
      Must(admin->Execute("SELECT datistemplate FROM pg_database WHERE datname = $1", {name},
                          pg::kNoDeadline),
           "template");
  if (!found.empty() && found[0].Bool("datistemplate")) return name;
  if (!found.empty()) Script(*admin, "DROP DATABASE " + name);
  Script(*admin, "CREATE DATABASE " + name);
  FillTemplate(name, schemas, cluster);
  Script(*admin, "ALTER DATABASE " + name + " IS_TEMPLATE true");
  return name;
}

void PgCluster::State::FillTemplate(const std::string& name,
                                    const std::vector<SchemaMigrations>& schemas,
                                    const PgCluster& cluster) const {
  const std::string log =
      (std::filesystem::temp_directory_path() / (name + "-" + std::to_string(getpid()))).string();
  RunShell("psql -X -q -d " + Quoted(cluster.SuperuserDsn(name)) + " -f " +
               Quoted(SourceFile(kBootstrap)),
           log);
  std::filesystem::remove(log);
  for (const SchemaMigrations& schema : schemas) {
    pg::MigrateOptions options;
    options.migrator_dsn = cluster.Dsn(name, schema.schema + "_migrator");
    options.schema = schema.schema;
    const absl::Status status = pg::Migrate(options, schema.sets);
    if (!status.ok()) Die(status.ToString());
  }
}

PgCluster::PgCluster() : state_(std::make_shared<State>()) {
  if (const char* shared = std::getenv(kSharedCluster); shared != nullptr && *shared != '\0') {
    state_->directory = shared;
    state_->shared = true;
    return;
  }
  state_->Make();
}

PgCluster& PgCluster::Get() {
  static PgCluster cluster;
  return cluster;
}

std::string PgCluster::Dsn(std::string_view database, std::string_view role) const {
  return "host=" + state_->Socket() + " port=" + std::to_string(kPort) +
         " dbname=" + std::string(database) + " user=" + std::string(role);
}

std::string PgCluster::SuperuserDsn(std::string_view database) const {
  return Dsn(database, "postgres");
}

void PgCluster::Kill() {
  if (state_->shared) Die("a shared cluster is not killed");
  RunShell(state_->PgCtl("stop -m immediate"), state_->Log());
}

void PgCluster::Start() { state_->StartServer(); }

TestDatabase::TestDatabase(std::vector<SchemaMigrations> schemas) {
  PgCluster& cluster = PgCluster::Get();
  const std::string origin = cluster.state_->Template(schemas, cluster);
  name_ = "vk_d_" + std::to_string(getpid()) + "_" + std::to_string(++cluster.state_->databases);
  const auto admin = Connect(cluster.SuperuserDsn("postgres"));
  Script(*admin, "CREATE DATABASE " + name_ + " TEMPLATE " + origin);
  // Grants on a database are not cloned with it.
  Script(*admin, "REVOKE ALL ON DATABASE " + name_ + " FROM PUBLIC");
  for (const char* part : {"referral", "placement", "notification", "reporting", "keystore"}) {
    Script(*admin, "GRANT CONNECT ON DATABASE " + name_ + " TO " + part + "_runtime, " + part +
                       "_migrator");
  }
}

TestDatabase::~TestDatabase() {
  const PgCluster& cluster = PgCluster::Get();
  auto admin =
      pg::Connection::Open(ConnectOptions(cluster.SuperuserDsn("postgres")), pg::kNoDeadline);
  if (!admin.ok()) return;  // the test has killed the server
  (*admin)
      ->ExecuteScript("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)", pg::kNoDeadline)
      .status()
      .IgnoreError();
}

std::string TestDatabase::Dsn(std::string_view role) const {
  return PgCluster::Get().Dsn(name_, role);
}

std::string TestDatabase::RuntimeDsn(std::string_view schema) const {
  return Dsn(std::string(schema) + "_runtime");
}

std::unique_ptr<pg::Pool> TestDatabase::NewPool(std::string_view schema, int size) const {
  return std::make_unique<pg::Pool>(RuntimeDsn(schema), size, seconds(10));
}

pg::Result TestDatabase::Query(std::string_view schema, std::string_view sql,
                               const pg::Params& params) const {
  const auto connection = Connect(PgCluster::Get().SuperuserDsn(name_));
  Script(*connection, "SET search_path = " + std::string(schema));
  return Must(connection->Execute(sql, params, pg::kNoDeadline), std::string(sql));
}

}  // namespace vardkedja::testing
