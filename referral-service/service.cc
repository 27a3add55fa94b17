#include "referral-service/service.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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
#include "referral-service/events/consume_directory.h"
#include "referral-service/events/consume_placement.h"
#include "referral-service/migration_sets.h"
#include "referral-service/rpc/attachment_rpc.h"
#include "referral-service/rpc/authorization_rpc.h"
#include "referral-service/rpc/board_rpc.h"
#include "referral-service/rpc/children_rpc.h"
#include "referral-service/rpc/coordinated_plan_rpc.h"
#include "referral-service/rpc/cost_split_rpc.h"
#include "referral-service/rpc/form_rpc.h"
#include "referral-service/rpc/ground_rpc.h"
#include "referral-service/rpc/history_rpc.h"
#include "referral-service/rpc/life_event_rpc.h"
#include "referral-service/rpc/meeting_rpc.h"
#include "referral-service/rpc/outcome_rpc.h"
#include "referral-service/rpc/plan_rpc.h"
#include "referral-service/rpc/referral_rpc.h"
#include "referral-service/rpc/rerouting_rpc.h"
#include "referral-service/rpc/retention_rpc.h"
#include "referral-service/rpc/search_rpc.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_case_index.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/storage/postgres_concerns.h"
#include "referral-service/storage/postgres_documents.h"
#include "referral-service/storage/postgres_form_history.h"
#include "referral-service/storage/postgres_grounds.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/postgres_life_events.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/postgres_plans.h"
#include "referral-service/storage/postgres_reference.h"
#include "referral-service/storage/postgres_reorganisations.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/storage/postgres_retention.h"
#include "referral-service/storage/seed.h"
#include "vardkedja/referral/v1/audit_service.grpc.pb.h"

namespace vardkedja::referral {
namespace {

constexpr char kSchema[] = "referral";
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
  options.application_name = "referral-service " + std::string(purpose);
  return options;
}

absl::Status RequireSecrets(const config::ServiceConfig& config) {
  if (config.keystore && config.vault) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "keystore and vault are required: forms are encrypted", "CONFIGURATION_INVALID");
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
        clock_(process.clock()),
        ring_(std::move(ring)),
        pool_(PoolOf(process.config().database, "calls")),
        background_(BackgroundOptions(process.config())),
        key_store_(PoolOf(*process.config().keystore, "keys")),
        vault_(key_store_, *ring_, VaultOptions(*process.config().vault)),
        cases_(pool_, vault_),
        index_(pool_, vault_),
        grounds_(pool_, vault_),
        plans_(pool_, vault_),
        meetings_(pool_, vault_),
        history_(pool_),
        forms_(pool_, vault_),
        attachment_store_(pool_, vault_),
        document_store_(pool_, vault_),
        concerns_(pool_, vault_),
        life_events_(pool_, vault_, cases_),
        reorganisations_(pool_, vault_),
        reroutes_(pool_),
        retention_(pool_, vault_),
        archive_(pool_, vault_),
        trail_(pool_, *ring_, process.config().vault->audit_head),
        reference_(pool_),
        read_auditor_(pool_),
        sealer_(background_, *ring_, {.head_file = process.config().vault->audit_head}),
        door_(cases_, reference_, read_auditor_),
        ground_door_(door_, grounds_),
        attachments_(door_, attachment_store_),
        documents_(door_, document_store_),
        reader_(background_),
        event_log_(process.adapters(), reader_, heads_),
        sequencer_({.dsn = process.config().database.dsn, .schema = kSchema}, heads_),
        directory_(background_, {.name = "notification"}, process.event_source("notification"),
                   events::ConsumeDirectory),
        placement_(background_, {.name = "placement"}, process.event_source("placement"),
                   events::ConsumePlacement),
        jobs_(background_, process.clock(),
              {{std::string(storage::kGroundExpiryJob), storage::ExpireGround},
               {std::string(storage::kRerouteExpiryJob), storage::ExpireReroute},
               {std::string(storage::kReorganisationJob),
                [this](pg::Transaction& tx, const jobs::Job& job) {
                  return storage::ReorganiseBatch(vault_, tx, job);
                }}},
              {.hourly = {commit::PurgeRequests, storage::PurgeUnfinishedAttachments,
                          [this](pg::Pool& pool, pg::Deadline deadline) {
                            return storage::FlagErasureDue(pool, clock_.Now(), deadline);
                          }}}),
        rewrapper_(vault_, kRewrapInterval) {}

  void Start() {
    const auto wake = [this](std::string_view topic) {
      if (topic == eventlog::kTopic) sequencer_.Wake();
      if (topic == jobs::kTopic) jobs_.Wake();
    };
    pool_.SetListener(wake);
    background_.SetListener(wake);
    process_.Serve(event_log_.service());
    process_.Serve(
        std::make_shared<rpc::ReferralRpc>(process_.adapters(), door_, index_, document_store_));
    process_.Serve(std::make_shared<rpc::GroundRpc>(process_.adapters(), ground_door_));
    process_.Serve(std::make_shared<rpc::SearchRpc>(process_.adapters(), door_, index_));
    process_.Serve(std::make_shared<rpc::BoardRpc>(process_.adapters(), door_, index_));
    process_.Serve(std::make_shared<rpc::MeetingRpc>(process_.adapters(), door_, meetings_));
    process_.Serve(std::make_shared<rpc::FormRpc>(process_.adapters(), reference_, door_, forms_));
    process_.Serve(std::make_shared<rpc::HistoryRpc>(process_.adapters(), door_, history_, trail_));
    process_.Serve(std::make_shared<rpc::AttachmentRpc>(process_.adapters(), attachments_));
    process_.Serve(std::make_shared<rpc::CoordinatedPlanRpc>(process_.adapters(), documents_));
    process_.Serve(std::make_shared<rpc::CostSplitRpc>(process_.adapters(), documents_));
    process_.Serve(std::make_shared<rpc::OutcomeRpc>(process_.adapters(), documents_));
    process_.Serve(std::make_shared<rpc::LifeEventRpc>(process_.adapters(), door_, life_events_,
                                                       reorganisations_));
    process_.Serve(
        std::make_shared<rpc::ChildrenRpc>(process_.adapters(), documents_, door_, concerns_));
    process_.Serve(std::make_shared<rpc::ReroutingRpc>(process_.adapters(), door_, reroutes_));
    process_.Serve(std::make_shared<rpc::RetentionRpc>(process_.adapters(), retention_, Exports()));
    process_.Serve(std::make_shared<vardkedja::rpc::AuditRpc<v1::AuditService>>(
        process_.adapters(), trail_, read_auditor_));
    process_.Serve(std::make_shared<rpc::PlanRpc>(process_.adapters(), door_, plans_));
    process_.Serve(std::make_shared<rpc::AuthorizationRpc>(process_.adapters(), door_));
    AddReadiness();
    AddMetrics();
    AddStops();
    sequencer_.Start();
    sealer_.Start();
    jobs_.Start();
    directory_.Start();
    placement_.Start();
  }

 private:
  static pg::PoolOptions BackgroundOptions(const config::ServiceConfig& config) {
    pg::PoolOptions options = PoolOf(config.database, "background");
    options.size = kBackgroundConnections;
    return options;
  }

  static vault::VaultOptions VaultOptions(const config::Vault& config) {
    vault::VaultOptions options;
    options.ledger_file = config.erasure_ledger;
    options.owner = kSchema;
    return options;
  }

  usecases::ExportPorts Exports() {
    return {door_,    index_, grounds_,  plans_,       document_store_, attachment_store_,
            history_, trail_, concerns_, life_events_, archive_};
  }

  void AddReadiness() {
    process_.AddReadiness("database", [this] { return background_.Ping(Soon()); });
    process_.AddReadiness("schema", Once([this] {
                            return pg::CheckSchema(background_, SchemaMigrations(), Soon());
                          }));
    process_.AddReadiness("key store", Once([this] { return PrepareVault(); }));
  }

  // Before anything is served, what the ledger says was erased is erased again: keys, then rows.
  absl::Status PrepareVault() {
    const std::array sets = {vault::Migrations()};
    VK_RETURN_IF_ERROR(pg::CheckSchema(key_store_, sets, Soon()));
    VK_RETURN_IF_ERROR(vault_.CheckKeyRing());
    VK_ASSIGN_OR_RETURN(const std::vector<std::string> erased, vault_.ReplayLedger());
    return storage::FinishErasures(background_, erased, clock_.Now(), Soon());
  }

  void AddMetrics() {
    telemetry::Metrics& metrics = process_.metrics();
    eventlog::ExposeMetrics(metrics, "notification", directory_);
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
      directory_.Stop();
    });
    process_.OnFlush("sealer", [this] { sealer_.Stop(); });
    process_.OnFlush("read audit", [this] { read_auditor_.Stop(); });
  }

  vardkedja::rpc::Process& process_;  // while it starts
  const Clock& clock_;
  std::unique_ptr<vault::KeyRing> ring_;
  pg::Pool pool_;
  pg::Pool background_;
  pg::Pool key_store_;
  vault::Vault vault_;
  storage::PostgresCases cases_;
  storage::PostgresCaseIndex index_;
  storage::PostgresGrounds grounds_;
  storage::PostgresPlans plans_;
  storage::PostgresMeetings meetings_;
  storage::PostgresHistory history_;
  storage::PostgresFormHistory forms_;
  storage::PostgresAttachments attachment_store_;
  storage::PostgresDocuments document_store_;
  storage::PostgresConcerns concerns_;
  storage::PostgresLifeEvents life_events_;
  storage::PostgresReorganisations reorganisations_;
  storage::PostgresReroutes reroutes_;
  storage::PostgresRetention retention_;
  storage::PostgresArchive archive_;
  audit::PostgresTrail trail_;
  storage::PostgresReference reference_;
  audit::ReadAuditor read_auditor_;
  audit::Sealer sealer_;
  usecases::CaseDoor door_;
  usecases::GroundDoor ground_door_;
  usecases::Attachments attachments_;
  usecases::Documents documents_;
  eventlog::HeadWatch heads_;
  eventlog::Reader reader_;
  vardkedja::rpc::EventLogServer event_log_;
  eventlog::Sequencer sequencer_;
  eventlog::Consumer directory_;
  eventlog::Consumer placement_;
  jobs::Runner jobs_;
  vault::Rewrapper rewrapper_;
};

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
  VK_ASSIGN_OR_RETURN(const storage::SeedData data, storage::ReadSeedFiles(from));
  pg::Pool pool(PoolOf(config.database, "seed"));
  VK_ASSIGN_OR_RETURN(const int added, storage::WriteSeed(pool, data));
  std::printf("%d added\n", added);
  return absl::OkStatus();
}

}  // namespace vardkedja::referral
