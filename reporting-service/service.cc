#include "reporting-service/service.h"

#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include "lib/audit/metrics.h"
#include "lib/audit/postgres_trail.h"
#include "lib/audit/read_auditor.h"
#include "lib/audit/sealer.h"
#include "lib/eventlog/consumer.h"
#include "lib/eventlog/metrics.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/adapter.h"
#include "lib/rpc/audit_rpc.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "lib/time/clock.h"
#include "lib/vault/key_ring.h"
#include "reporting-service/events/consume_notification.h"
#include "reporting-service/events/consume_placement.h"
#include "reporting-service/events/consume_referral.h"
#include "reporting-service/rpc/report_rpc.h"
#include "reporting-service/schema.h"
#include "reporting-service/storage/postgres_agreement_store.h"
#include "reporting-service/storage/postgres_fact_store.h"
#include "vardkedja/reporting/v1/audit_service.grpc.pb.h"

namespace vardkedja::reporting {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kBackgroundConnections = 5;  // three consumers, the audit, the probes
constexpr milliseconds kProbeTimeout{500};
constexpr seconds kCommandTimeout{60};

std::unique_ptr<pg::Pool> MakePool(const config::ServiceConfig& config, int size,
                                   std::string_view name) {
  pg::PoolOptions options;
  options.dsn = config.database.dsn;
  options.size = size;
  options.statement_timeout = config.database.statement_timeout;
  options.application_name = "reporting-" + std::string(name);
  return std::make_unique<pg::Pool>(std::move(options));
}

void Consume(vardkedja::rpc::Process& process, pg::Pool& pool, std::string_view source,
             eventlog::Handler handler) {
  eventlog::ConsumerOptions options;
  options.name = source;
  eventlog::Consumer& consumer = process.Own(std::make_unique<eventlog::Consumer>(
      pool, std::move(options), process.event_source(source), std::move(handler)));
  eventlog::ExposeMetrics(process.metrics(), source, consumer);
  process.OnStop("consumer of " + std::string(source), [&consumer] { consumer.Stop(); });
  consumer.Start();
}

// The trail: sealed in the background, asked for by calls.
absl::Status Audit(vardkedja::rpc::Process& process, pg::Pool& calls, pg::Pool& background,
                   audit::ReadAudit& auditor) {
  const config::ServiceConfig& config = process.config();
  if (!config.vault) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "vault.key_ring: is missing; the audit trail is sealed with a key of it",
                     "CONFIGURATION_INVALID");
  }
  VK_ASSIGN_OR_RETURN(auto ring, vault::KeyRing::Load(config.vault->key_ring));
  vault::KeyRing& keys = process.Own(std::move(ring));
  audit::SealerOptions options;
  options.head_file = config.vault->audit_head;
  audit::Sealer& sealer = process.Own(std::make_unique<audit::Sealer>(background, keys, options));
  process.OnFlush("audit sealer", [&sealer] { sealer.Stop(); });
  audit::ExposeMetrics(process.metrics(), sealer);
  sealer.Start();
  auto& trail =
      process.Own(std::make_unique<audit::PostgresTrail>(calls, keys, config.vault->audit_head));
  process.Serve(std::make_shared<vardkedja::rpc::AuditRpc<v1::AuditService>>(process.adapters(),
                                                                             trail, auditor));
  return absl::OkStatus();
}

}  // namespace

absl::Status Build(vardkedja::rpc::Process& process) {
  const config::ServiceConfig& config = process.config();
  pg::Pool& pool = process.Own(MakePool(config, config.database.pool_size, "calls"));
  pg::Pool& background = process.Own(MakePool(config, kBackgroundConnections, "background"));

  auto& auditor = process.Own(std::make_unique<audit::ReadAuditor>(background));
  VK_RETURN_IF_ERROR(Audit(process, pool, background, auditor));
  process.OnFlush("read audit", [&auditor] { auditor.Stop(); });

  Consume(process, background, "referral", events::ConsumeReferral);
  Consume(process, background, "placement", events::ConsumePlacement);
  Consume(process, background, "notification", events::ConsumeNotification);

  auto& facts = process.Own(std::make_unique<storage::PostgresFactStore>(pool));
  auto& agreements = process.Own(std::make_unique<storage::PostgresAgreementStore>(pool));
  process.Serve(std::make_shared<rpc::ReportRpc>(process.adapters(),
                                                 rpc::ReportPorts{facts, agreements, auditor}));

  process.AddReadiness(
      "database", [&background] { return background.Ping(steady_clock::now() + kProbeTimeout); });
  process.AddReadiness("schema", [&background] {
    return pg::CheckSchema(background, SchemaMigrations(), steady_clock::now() + kProbeTimeout);
  });
  return absl::OkStatus();
}

absl::Status Migrate(const config::ServiceConfig& config) {
  pg::MigrateOptions options;
  options.migrator_dsn = config.database.migrator_dsn;
  options.schema = "reporting";
  return pg::Migrate(options, SchemaMigrations());
}

absl::Status Seed(const config::ServiceConfig& config, const std::string& from) {
  VK_ASSIGN_OR_RETURN(const storage::AgreementsFile file,
                      storage::ReadAgreements(from + "/agreements.yaml"));
  const std::unique_ptr<pg::Pool> pool = MakePool(config, 1, "seed");
  return storage::PostgresAgreementStore(*pool).Seed(file, config::MakeClock(config)->Now(),
                                                     steady_clock::now() + kCommandTimeout);
}

absl::Status RebuildFacts(const config::ServiceConfig& config) {
  const std::unique_ptr<pg::Pool> pool = MakePool(config, 1, "rebuild");
  return storage::Rebuild(*pool, steady_clock::now() + kCommandTimeout);
}

}  // namespace vardkedja::reporting
