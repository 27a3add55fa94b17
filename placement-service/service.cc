#include "placement-service/service.h"

#include <atomic>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "lib/audit/metrics.h"
#include "lib/audit/migrations.h"
#include "lib/audit/postgres_trail.h"
#include "lib/audit/read_auditor.h"
#include "lib/audit/sealer.h"
#include "lib/commit/commit.h"
#include "lib/commit/migrations.h"
#include "lib/eventlog/consumer.h"
#include "lib/eventlog/metrics.h"
#include "lib/eventlog/migrations.h"
#include "lib/eventlog/reader.h"
#include "lib/eventlog/sequencer.h"
#include "lib/jobs/jobs.h"
#include "lib/jobs/migrations.h"
#include "lib/pg/pool.h"
#include "lib/rpc/audit_rpc.h"
#include "lib/rpc/event_log.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "lib/time/clock.h"
#include "lib/vault/key_ring.h"
#include "placement-service/events/bed_changes.h"
#include "placement-service/events/consume_referral.h"
#include "placement-service/events/timers.h"
#include "placement-service/migrations.h"
#include "placement-service/rpc/agreement_rpc.h"
#include "placement-service/rpc/alternation_rpc.h"
#include "placement-service/rpc/availability_rpc.h"
#include "placement-service/rpc/board_rpc.h"
#include "placement-service/rpc/care_period_rpc.h"
#include "placement-service/rpc/case_rpc.h"
#include "placement-service/rpc/external_stay_rpc.h"
#include "placement-service/rpc/facility_rpc.h"
#include "placement-service/rpc/hold_rpc.h"
#include "placement-service/rpc/offer_rpc.h"
#include "placement-service/rpc/override_rpc.h"
#include "placement-service/rpc/queue_rpc.h"
#include "placement-service/rpc/stay_rpc.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/usecases/reference_data.h"
#include "vardkedja/placement/v1/audit_service.grpc.pb.h"
#include "vardkedja/placement/v1/history_service.grpc.pb.h"

namespace vardkedja::placement {
namespace {

constexpr char kSchema[] = "placement";
// The consumer, the jobs, the log's reader, the streams and the sealer.
constexpr int kBackgroundConnections = 5;
constexpr std::chrono::milliseconds kReadinessTimeout{500};

pg::PoolOptions PoolOf(const config::Database& database, std::string_view purpose) {
  pg::PoolOptions options;
  options.dsn = database.dsn;
  options.size = database.pool_size;
  options.statement_timeout = database.statement_timeout;
  options.application_name = "placement-service " + std::string(purpose);
  return options;
}

pg::PoolOptions BackgroundOptions(const config::Database& database) {
  pg::PoolOptions options = PoolOf(database, "background");
  options.size = kBackgroundConnections;
  return options;
}

pg::Deadline Soon() { return std::chrono::steady_clock::now() + kReadinessTimeout; }

eventlog::Handler ReferralHandler(const Clock& clock) {
  return [&clock](pg::Transaction& tx, const eventlog::v1::Event& event) {
    return storage::RunInSession(
        tx, {clock.Now(), "", event.traceparent()},
        [&](usecases::Session& session) { return events::ConsumeReferral(session, event); });
  };
}

// Everything that lives as long as the process, in the order of construction.
class Service {
 public:
  Service(vardkedja::rpc::Process& process, std::unique_ptr<vault::KeyRing> ring)
      : process_(process),
        ring_(std::move(ring)),
        pool_(PoolOf(process.config().database, "calls")),
        background_(BackgroundOptions(process.config().database)),
        store_(pool_),
        read_auditor_(pool_),
        trail_(pool_, *ring_, process.config().vault->audit_head),
        sealer_(background_, *ring_, {.head_file = process.config().vault->audit_head}),
        disclosure_(process.case_access(), read_auditor_),
        reader_(background_),
        event_log_(process.adapters(), reader_, heads_),
        stream_store_(background_),
        bed_changes_(reader_),
        board_(stream_store_, bed_changes_),
        streams_(vardkedja::rpc::MakeDispatcher(process.adapters(), heads_)),
        sequencer_({.dsn = process.config().database.dsn, .schema = kSchema}, heads_),
        referral_(background_, {.name = "referral"}, process.event_source("referral"),
                  ReferralHandler(process.clock())),
        jobs_(background_, process.clock(), events::TimerHandlers(),
              {.hourly = {commit::PurgeRequests}}) {}

  void Start() {
    const auto wake = [this](std::string_view topic) {
      if (topic == eventlog::kTopic) sequencer_.Wake();
      if (topic == jobs::kTopic) jobs_.Wake();
    };
    pool_.SetListener(wake);
    background_.SetListener(wake);
    const rpc::Ports ports{store_, disclosure_};
    process_.Serve(event_log_.service());
    process_.Serve(std::make_shared<rpc::FacilityRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::AvailabilityRpc>(process_.adapters(), *streams_, board_,
                                                          process_.clock()));
    process_.Serve(std::make_shared<rpc::QueueRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::OverrideRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::BoardRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::ExternalStayRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::HoldRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::OfferRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::StayRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::AlternationRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::CarePeriodRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::AgreementRpc>(process_.adapters(), ports));
    process_.Serve(std::make_shared<rpc::CaseRpc>(process_.adapters(), ports));
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
  }

 private:
  void AddReadiness() {
    process_.AddReadiness("database", [this] { return background_.Ping(Soon()); });
    process_.AddReadiness("schema", [this, passed = false]() mutable {
      // The schema does not change under a running process: asked until it fits once.
      if (passed) return absl::OkStatus();
      const absl::Status status = pg::CheckSchema(background_, SchemaMigrations(), Soon());
      passed = status.ok();
      return status;
    });
  }

  void AddMetrics() {
    telemetry::Metrics& metrics = process_.metrics();
    eventlog::ExposeMetrics(metrics, "referral", referral_);
    audit::ExposeMetrics(metrics, sealer_);
    metrics.AddProbe("vardkedja_job_failures", "Attempts of jobs that failed, since the start.", {},
                     [this] { return static_cast<double>(jobs_.stats().failures); });
  }

  void AddStops() {
    process_.OnStop("sequencer", [this] { sequencer_.Stop(); });
    process_.OnStop("event log", [this] { event_log_.Stop(); });
    process_.OnStop("streams", [this] { streams_->Stop(); });
    process_.OnStop("jobs", [this] { jobs_.Stop(); });
    process_.OnStop("consumer", [this] { referral_.Stop(); });
    process_.OnFlush("sealer", [this] { sealer_.Stop(); });
    process_.OnFlush("read audit", [this] { read_auditor_.Stop(); });
  }

  vardkedja::rpc::Process& process_;
  std::unique_ptr<vault::KeyRing> ring_;
  pg::Pool pool_;
  pg::Pool background_;
  storage::PostgresStore store_;
  audit::ReadAuditor read_auditor_;
  audit::PostgresTrail trail_;
  audit::Sealer sealer_;
  usecases::Disclosure disclosure_;
  eventlog::HeadWatch heads_;
  eventlog::Reader reader_;
  vardkedja::rpc::EventLogServer event_log_;
  storage::PostgresStore stream_store_;
  events::LoggedBedChanges bed_changes_;
  usecases::AvailabilityBoard board_;
  std::shared_ptr<eventlog::Dispatcher> streams_;
  eventlog::Sequencer sequencer_;
  eventlog::Consumer referral_;
  jobs::Runner jobs_;
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return MakeError(absl::StatusCode::kNotFound, "cannot read " + path, "FILE_MISSING");
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

std::vector<pg::MigrationSet> SchemaMigrations() {
  return {eventlog::Migrations(), commit::Migrations(), audit::Migrations(), jobs::Migrations(),
          Migrations()};
}

absl::Status Build(vardkedja::rpc::Process& process) {
  // The ring seals the audit trail; this service holds no personal data to encrypt.
  if (!process.config().vault) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "vault.key_ring: is missing; the audit trail is sealed with a key of it",
                     "CONFIGURATION_INVALID");
  }
  VK_ASSIGN_OR_RETURN(std::unique_ptr<vault::KeyRing> ring,
                      vault::KeyRing::Load(process.config().vault->key_ring));
  process.Own(std::make_unique<Service>(process, std::move(ring))).Start();
  return absl::OkStatus();
}

absl::Status Migrate(const config::ServiceConfig& config) {
  pg::MigrateOptions options;
  options.migrator_dsn = config.database.migrator_dsn;
  options.schema = kSchema;
  return pg::Migrate(options, SchemaMigrations());
}

absl::Status Seed(const config::ServiceConfig& config, const std::string& from) {
  VK_ASSIGN_OR_RETURN(const std::string facilities, ReadFile(from + "/facilities.yaml"));
  VK_ASSIGN_OR_RETURN(const std::string rules, ReadFile(from + "/queue-rules.yaml"));
  VK_ASSIGN_OR_RETURN(const std::string deadlines, ReadFile(from + "/deadlines.yaml"));
  VK_ASSIGN_OR_RETURN(const std::string members, ReadFile(from + "/organisations.yaml"));
  VK_ASSIGN_OR_RETURN(const usecases::ReferenceData data,
                      usecases::ParseReferenceData(facilities, rules, deadlines, members));
  pg::Pool pool(PoolOf(config.database, "seed"));
  const Instant now = config::MakeClock(config)->Now();
  int added = 0;
  VK_RETURN_IF_ERROR(pool.InTransaction({}, [&](pg::Transaction& tx) {
    return storage::RunInSession(tx, {now, "", ""}, [&](usecases::Session& session) {
      const auto seeded = usecases::SeedReferenceData(session, data);
      if (seeded.ok()) added = *seeded;
      return seeded.status();
    });
  }));
  std::printf("%d added\n", added);
  return absl::OkStatus();
}

}  // namespace vardkedja::placement
