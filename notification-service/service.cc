#include "notification-service/service.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "lib/audit/metrics.h"
#include "lib/audit/postgres_trail.h"
#include "lib/audit/read_auditor.h"
#include "lib/audit/sealer.h"
#include "lib/commit/commit.h"
#include "lib/eventlog/consumer.h"
#include "lib/eventlog/metrics.h"
#include "lib/eventlog/reader.h"
#include "lib/eventlog/sequencer.h"
#include "lib/jobs/jobs.h"
#include "lib/pg/migrate.h"
#include "lib/pg/pool.h"
#include "lib/rpc/audit_rpc.h"
#include "lib/rpc/event_log.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "lib/time/clock.h"
#include "lib/vault/key_ring.h"
#include "lib/vault/migrations.h"
#include "lib/vault/vault.h"
#include "notification-service/events/apply.h"
#include "notification-service/events/publish.h"
#include "notification-service/migration_sets.h"
#include "notification-service/rpc/directory_rpc.h"
#include "notification-service/rpc/message_rpc.h"
#include "notification-service/storage/postgres_deadlines.h"
#include "notification-service/storage/postgres_directory.h"
#include "notification-service/storage/postgres_messages.h"
#include "notification-service/storage/postgres_seed.h"
#include "notification-service/storage/seed_files.h"
#include "notification-service/storage/vault_content.h"
#include "vardkedja/notification/v1/audit_service.grpc.pb.h"
#include "vardkedja/notification/v1/history_service.grpc.pb.h"

namespace vardkedja::notification {
namespace {

constexpr char kSchema[] = "notification";
constexpr char kKeyStoreSchema[] = "keystore";
// Two consumers, the jobs, the log's reader and the sealer.
constexpr int kBackgroundConnections = 5;
constexpr std::chrono::milliseconds kReadinessTimeout{500};
constexpr std::chrono::minutes kRewrapInterval{1};

pg::PoolOptions PoolOf(const config::Database& database, std::string_view purpose) {
  pg::PoolOptions options;
  options.dsn = database.dsn;
  options.size = database.pool_size;
  options.statement_timeout = database.statement_timeout;
  options.application_name = "notification-service " + std::string(purpose);
  return options;
}

absl::Status RequireSecrets(const config::ServiceConfig& config) {
  if (config.keystore && config.vault) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "keystore and vault are required: messages are encrypted",
                   "CONFIGURATION_INVALID");
}

// A check that is asked until it succeeds once, and is then known.
std::function<absl::Status()> Once(std::function<absl::Status()> check) {
  auto passed = std::make_shared<std::atomic<bool>>(false);
  return [passed, check = std::move(check)] {
    if (passed->load()) return absl::OkStatus();
    const absl::Status status = check();
    if (status.ok()) passed->store(true);
    return status;
  };
}

pg::Deadline Soon() { return std::chrono::steady_clock::now() + kReadinessTimeout; }

// Everything that lives as long as the process, in the order of construction.
class Service {
 public:
  Service(vardkedja::rpc::Process& process, std::unique_ptr<vault::KeyRing> ring)
      : process_(process),
        ring_(std::move(ring)),
        pool_(PoolOf(process.config().database, "calls")),
        background_(BackgroundOptions(process.config())),
        key_store_(PoolOf(*process.config().keystore, "keys")),
        vault_(key_store_, *ring_, VaultOptions(*process.config().vault)),
        content_(vault_),
        messages_(pool_),
        directory_(pool_),
        deadlines_(pool_),
        read_auditor_(pool_),
        trail_(pool_, *ring_, process.config().vault->audit_head),
        sealer_(background_, *ring_, {.head_file = process.config().vault->audit_head}),
        reader_(background_),
        event_log_(process.adapters(), reader_, heads_),
        sequencer_({.dsn = process.config().database.dsn, .schema = kSchema}, heads_),
        referral_(background_, {.name = "referral"}, process.event_source("referral"),
                  events::ReferralHandler(process.clock(), vault_)),
        placement_(background_, {.name = "placement"}, process.event_source("placement"),
                   events::PlacementHandler(process.clock())),
        jobs_(background_, process.clock(), {{std::string(storage::kReminderJob), events::Remind}},
              RunnerOptions()),
        rewrapper_(vault_, kRewrapInterval) {}

  void Start() {
    const auto wake = [this](std::string_view topic) {
      if (topic == eventlog::kTopic) sequencer_.Wake();
      if (topic == jobs::kTopic) jobs_.Wake();
    };
    pool_.SetListener(wake);
    background_.SetListener(wake);
    process_.Serve(event_log_.service());
    process_.Serve(std::make_shared<rpc::DirectoryRpc>(process_.adapters(), directory_));
    process_.Serve(std::make_shared<rpc::MessageRpc>(
        process_.adapters(), rpc::MessagePorts{.messages = messages_,
                                               .directory = directory_,
                                               .deadlines = deadlines_,
                                               .vault = content_,
                                               .access = process_.case_access(),
                                               .read_audit = read_auditor_}));
    process_.Serve(std::make_shared<vardkedja::rpc::AuditRpc<v1::AuditService>>(
        process_.adapters(), trail_, read_auditor_));
    process_.Serve(std::make_shared<vardkedja::rpc::CaseReadsRpc<v1::HistoryService>>(
        process_.adapters(), process_.case_access(), trail_, read_auditor_));
    AddReadiness();
    AddMetrics();
    AddStops();
    sequencer_.Start();
    sealer_.Start();
    jobs_.Start();
    referral_.Start();
    placement_.Start();
  }

 private:
  static pg::PoolOptions BackgroundOptions(const config::ServiceConfig& config) {
    pg::PoolOptions options = PoolOf(config.database, "background");
    options.size = kBackgroundConnections;
    return options;
  }

  static jobs::RunnerOptions RunnerOptions() {
    jobs::RunnerOptions options;
    options.hourly = {commit::PurgeRequests};
    return options;
  }

  static vault::VaultOptions VaultOptions(const config::Vault& config) {
    vault::VaultOptions options;
    options.ledger_file = config.erasure_ledger;
    options.owner = kSchema;
    return options;
  }

  void AddReadiness() {
    process_.AddReadiness("database", [this] { return background_.Ping(Soon()); });
    process_.AddReadiness("schema", Once([this] {
                            return pg::CheckSchema(background_, SchemaMigrations(), Soon());
                          }));
    process_.AddReadiness("key store", Once([this] { return PrepareVault(); }));
  }

  // Before anything is served, what the ledger says was erased is erased again: keys, then texts.
  absl::Status PrepareVault() {
    const std::array sets = {vault::Migrations()};
    VK_RETURN_IF_ERROR(pg::CheckSchema(key_store_, sets, Soon()));
    VK_RETURN_IF_ERROR(vault_.CheckKeyRing());
    VK_ASSIGN_OR_RETURN(const std::vector<std::string> erased, vault_.ReplayLedger());
    return background_.InTransaction({.deadline = Soon()}, [&](pg::Transaction& tx) {
      return storage::EmptyMessages(tx, erased);
    });
  }

  void AddMetrics() {
    telemetry::Metrics& metrics = process_.metrics();
    eventlog::ExposeMetrics(metrics, "referral", referral_);
    eventlog::ExposeMetrics(metrics, "placement", placement_);
    audit::ExposeMetrics(metrics, sealer_);
    metrics.AddProbe("vardkedja_job_failures", "Attempts of jobs that failed, since the start.", {},
                     [this] { return static_cast<double>(jobs_.stats().failures); });
  }

  void AddStops() {
    process_.OnStop("sequencer", [this] { sequencer_.Stop(); });
    process_.OnStop("event log", [this] { event_log_.Stop(); });
    process_.OnStop("rewrapper", [this] { rewrapper_.Stop(); });
    process_.OnStop("jobs", [this] { jobs_.Stop(); });
    process_.OnStop("consumers", [this] {
      placement_.Stop();
      referral_.Stop();
    });
    process_.OnFlush("sealer", [this] { sealer_.Stop(); });
    process_.OnFlush("read audit", [this] { read_auditor_.Stop(); });
  }

  vardkedja::rpc::Process& process_;
  std::unique_ptr<vault::KeyRing> ring_;
  pg::Pool pool_;
  pg::Pool background_;
  pg::Pool key_store_;
  vault::Vault vault_;
  storage::VaultContent content_;
  storage::PostgresMessages messages_;
  storage::PostgresDirectory directory_;
  storage::PostgresDeadlines deadlines_;
  audit::ReadAuditor read_auditor_;
  audit::PostgresTrail trail_;
  audit::Sealer sealer_;
  eventlog::HeadWatch heads_;
  eventlog::Reader reader_;
  vardkedja::rpc::EventLogServer event_log_;
  eventlog::Sequencer sequencer_;
  eventlog::Consumer referral_;
  eventlog::Consumer placement_;
  jobs::Runner jobs_;
  vault::Rewrapper rewrapper_;
};

storage::DirectoryEvents EventsAt(Instant now) {
  return {.organisation =
              [now](const domain::Organisation& organisation) {
                return events::OrganisationRegistered(organisation, now);
              },
          .unit = [now](const domain::Unit& unit) { return events::UnitRegistered(unit, now); },
          .seat = [now](const domain::Seat& seat) { return events::SeatRegistered(seat, now); }};
}

}  // namespace

absl::Status Build(vardkedja::rpc::Process& process) {
  const config::ServiceConfig& config = process.config();
  VK_RETURN_IF_ERROR(RequireSecrets(config));
  VK_ASSIGN_OR_RETURN(std::unique_ptr<vault::KeyRing> ring,
                      vault::KeyRing::Load(config.vault->key_ring));
  process.Own(std::make_unique<Service>(process, std::move(ring))).Start();
  return absl::OkStatus();
}

absl::Status Migrate(const config::ServiceConfig& config) {
  VK_RETURN_IF_ERROR(RequireSecrets(config));
  pg::MigrateOptions keys;
  keys.migrator_dsn = config.keystore->migrator_dsn;
  keys.schema = kKeyStoreSchema;
  const std::array key_sets = {vault::Migrations()};
  VK_RETURN_IF_ERROR(pg::Migrate(keys, key_sets));
  pg::MigrateOptions own;
  own.migrator_dsn = config.database.migrator_dsn;
  own.schema = kSchema;
  return pg::Migrate(own, SchemaMigrations());
}

absl::Status Seed(const config::ServiceConfig& config, const std::string& from) {
  VK_ASSIGN_OR_RETURN(const domain::Directory directory,
                      storage::ReadDirectoryFile(from + "/organisations.yaml"));
  VK_ASSIGN_OR_RETURN(const std::vector<domain::DeadlineRule> rules,
                      storage::ReadDeadlinesFile(from + "/deadlines.yaml"));
  pg::Pool pool(PoolOf(config.database, "seed"));
  const Instant now = config::MakeClock(config)->Now();
  VK_ASSIGN_OR_RETURN(const storage::SeedReport report,
                      storage::SeedDirectory(pool, directory, rules, EventsAt(now)));
  for (const std::string& what : report.added) std::printf("added %s\n", what.c_str());
  for (const std::string& what : report.differs) {
    std::printf("kept %s: registered otherwise than the file says\n", what.c_str());
  }
  std::printf("%zu added, %zu kept as registered\n", report.added.size(), report.differs.size());
  return absl::OkStatus();
}

}  // namespace vardkedja::notification
