#include "lib/config/service_config.h"

#include <utility>

#include "lib/status/status.h"
#include "lib/time/clock.h"

namespace vardkedja::config {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

int Int(Reader& reader, std::string_view key, int otherwise, int least, int most) {
  return static_cast<int>(reader.Integer(key, otherwise, least, most));
}

std::optional<std::string> Optional(Reader& reader, std::string_view key) {
  std::string text = reader.Text(key, "");
  if (text.empty()) return std::nullopt;
  return text;
}

Environment ReadEnvironment(Reader& reader) {
  if (!reader.Has("environment")) reader.Fault("environment", "is missing");
  const std::string name = reader.Choice("environment", "prod", {"dev", "test", "prod"});
  if (name == "dev") return Environment::kDev;
  return name == "test" ? Environment::kTest : Environment::kProd;
}

Tls ReadTls(Reader& reader, Environment environment) {
  Tls tls;
  tls.insecure = reader.Flag("tls.insecure", false);
  if (tls.insecure) {
    if (environment != Environment::kTest) {
      reader.Fault("tls.insecure", "is for environment test only");
    }
    return tls;
  }
  tls.ca = reader.Text("tls.ca");
  tls.certificate = reader.Text("tls.certificate");
  tls.key = reader.Text("tls.key");
  tls.refresh = reader.Duration("tls.refresh", tls.refresh, 1s, 1h);
  return tls;
}

Auth ReadAuth(Reader& reader, Environment environment) {
  Auth auth;
  auth.jwks = reader.Text("auth.jwks");
  auth.jwks_cache = Optional(reader, "auth.jwks_cache").value_or("");
  auth.issuer = reader.Text("auth.issuer");
  auth.audience = reader.Text("auth.audience");
  auth.request_key = Optional(reader, "auth.request_key");
  if (!auth.request_key && environment == Environment::kProd) {
    reader.Fault("auth.request_key", "is required in prod");
  }
  return auth;
}

Limits ReadLimits(Reader& reader, Environment environment) {
  Limits limits;
  limits.workers = Int(reader, "limits.workers", limits.workers, 1, 64);
  limits.queue = Int(reader, "limits.queue", limits.queue, 1, 10'000);
  limits.max_message_bytes =
      Int(reader, "limits.max_message_bytes", limits.max_message_bytes, 1024, 16 << 20);
  limits.max_concurrent_streams =
      Int(reader, "limits.max_concurrent_streams", limits.max_concurrent_streams, 1, 100'000);
  limits.default_deadline =
      reader.Duration("limits.default_deadline", limits.default_deadline, 100ms, 60s);
  limits.deadline_floor = reader.Duration("limits.deadline_floor", limits.deadline_floor, 0ms, 1s);
  limits.max_connection_age =
      reader.Duration("limits.max_connection_age", limits.max_connection_age, 1s, 24h);
  limits.keepalive = reader.Duration("limits.keepalive", limits.keepalive, 10s, 2h);
  limits.max_streams = Int(reader, "limits.max_streams", limits.max_streams, 1, 10'000);
  limits.stream_life = reader.Duration("limits.stream_life", limits.stream_life, 1s, 24h);
  limits.drain = reader.Duration("limits.drain", limits.drain, 0ms, 120s);
  const milliseconds pause = environment == Environment::kProd ? 5s : 0s;
  limits.drain_pause = reader.Duration("limits.drain_pause", pause, 0ms, 60s);
  return limits;
}

// `workers` is the least number of connections that keeps every worker busy.
Database ReadDatabase(Reader& reader, const std::string& section, int workers) {
  Database database;
  database.dsn = reader.Text(section + ".dsn");
  database.migrator_dsn = reader.Text(section + ".migrator_dsn", "");
  database.pool_size = Int(reader, section + ".pool_size", workers, 1, 64);
  database.statement_timeout =
      reader.Duration(section + ".statement_timeout", database.statement_timeout, 100ms, 60s);
  return database;
}

absl::StatusOr<ServiceConfig> Read(absl::StatusOr<Reader> opened, std::string_view service) {
  VK_ASSIGN_OR_RETURN(Reader reader, std::move(opened));
  ServiceConfig config;
  static_cast<BaseConfig&>(config) = ReadBase(reader);
  if (!config.service.empty() && config.service != service) {
    reader.Fault("service", "is '" + config.service + "', but this is " + std::string(service));
  }
  if (config.listen.empty()) reader.Fault("listen", "is missing");
  config.database = ReadDatabase(reader, "database", config.limits.workers);
  if (reader.Has("keystore")) {
    config.keystore = ReadDatabase(reader, "keystore", config.limits.workers);
  }
  if (reader.Has("vault")) {
    config.vault = Vault{reader.Text("vault.key_ring"), reader.Text("vault.erasure_ledger", ""),
                         reader.Text("vault.audit_head", "")};
  }
  VK_RETURN_IF_ERROR(reader.Finish());
  return config;
}

}  // namespace

BaseConfig ReadBase(Reader& reader) {
  BaseConfig config;
  config.environment = ReadEnvironment(reader);
  config.service = reader.Text("service");
  config.listen = reader.Text("listen", "");
  config.admin_listen = reader.Text("admin_listen");
  config.health_listen = Optional(reader, "health_listen");
  config.tls = ReadTls(reader, config.environment);
  config.auth = ReadAuth(reader, config.environment);
  config.clock.offset_file = Optional(reader, "clock.offset_file");
  if (config.clock.offset_file && config.environment == Environment::kProd) {
    reader.Fault("clock.offset_file", "is refused in prod: time must be real");
  }
  config.peers = reader.Map("peers");
  config.limits = ReadLimits(reader, config.environment);
  config.reflection = reader.Flag("reflection", config.environment != Environment::kProd);
  config.log_level = reader.Choice("log_level", "info", {"debug", "info", "warn", "error"});
  return config;
}

absl::StatusOr<ServiceConfig> LoadServiceConfig(const std::string& path, std::string_view service,
                                                const Variables& variables) {
  return Read(Reader::FromFile(path, variables), service);
}

absl::StatusOr<ServiceConfig> ParseServiceConfig(std::string_view yaml, std::string_view service,
                                                 const Variables& variables) {
  return Read(Reader::FromText("configuration", yaml, variables), service);
}

std::unique_ptr<Clock> MakeClock(const BaseConfig& config) {
  if (config.clock.offset_file) {
    return std::make_unique<OffsetFileClock>(*config.clock.offset_file);
  }
  return std::make_unique<SystemClock>();
}

}  // namespace vardkedja::config
