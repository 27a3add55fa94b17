// The configuration of a process: one YAML file, overridden by VARDKEDJA__SECTION__KEY. The keys
// are documented in lib/config/README.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/config/reader.h"

namespace vardkedja {
class Clock;
}

namespace vardkedja::config {

enum class Environment { kDev, kTest, kProd };

// Where certificates lie; files are watched, so replacing them rotates without a restart.
// `insecure` (no TLS at all) is refused outside `environment: test`.
struct Tls {
  bool insecure = false;
  std::string ca;           // PEM, roots that peers must chain to
  std::string certificate;  // PEM chain; a DNS name of it is the process's service name
  std::string key;          // PEM
  std::chrono::milliseconds refresh{5'000};  // how often the files are looked at; whole seconds
};

// How tokens are verified.
struct Auth {
  std::string jwks;        // path or URL: lib/auth/jwks_file.h
  std::string jwks_cache;  // path; only of use with a URL
  std::string issuer;
  std::string audience;
  // auth.request_key: path of the secret (32 bytes or more) that keys request fingerprints, the
  // same for all replicas. Prod refuses to start without; else a fixed development key is used.
  std::optional<std::string> request_key;
};

struct ClockConfig {
  std::optional<std::string> offset_file;  // shared by all processes; refused in prod
};

struct Vault {
  std::string key_ring;  // path of the key-encryption keys
  // Files outside the database, so that a restored database can neither bring back who was erased
  // nor hide that the audit trail's end is gone. Optional: without them the tables alone know.
  std::string erasure_ledger;
  std::string audit_head;
};

// Bounds of one process; every one has a default, given here.
struct Limits {
  int workers = 8;                    // threads that run handlers, each with one connection; 1..64
  int queue = 256;                    // calls that wait for a worker; 1..10000
  int max_message_bytes = 1 << 20;    // received; 1 KiB..16 MiB
  int max_concurrent_streams = 1000;  // per connection; 1..100000
  std::chrono::milliseconds default_deadline{10'000};     // when the caller gives none; 100ms..60s
  std::chrono::milliseconds deadline_floor{50};           // less left is refused at once; 0..1s
  std::chrono::milliseconds max_connection_age{300'000};  // so that clients find new replicas
  std::chrono::milliseconds keepalive{30'000};            // ping an idle peer after
  int max_streams = 256;                                  // open at once; 1..10000
  std::chrono::milliseconds stream_life{600'000};         // then a stream ends; 1s..24h
  std::chrono::milliseconds drain{10'000};                // from SIGTERM to cancelling what runs
  std::chrono::milliseconds drain_pause{0};  // not ready but still serving; prod default 5s
};

// What every process has, the gateway included.
struct BaseConfig {
  Environment environment = Environment::kDev;
  std::string service;       // "referral", "placement", "notification", "reporting", "gateway"
  std::string listen;        // gRPC: "unix:/run/x.sock" or "127.0.0.1:7001"; services only
  std::string admin_listen;  // /metrics /healthz /readyz: "127.0.0.1:7101"
  // grpc.health.v1 alone, without TLS, for probes that have no certificate: "0.0.0.0:7002".
  std::optional<std::string> health_listen;
  Tls tls;
  Auth auth;
  ClockConfig clock;
  std::map<std::string, std::string, std::less<>> peers;  // service -> address, "dns:///host:port"
  Limits limits;
  bool reflection = false;         // default: true in dev and test, false in prod
  std::string log_level = "info";  // debug, info, warn, error
};

struct Database {
  std::string dsn;                                     // runtime role
  std::string migrator_dsn;                            // needed by `migrate` only
  int pool_size = 8;                                   // connections of the worker pool; 1..64
  std::chrono::milliseconds statement_timeout{5'000};  // 100ms..60s
};

struct ServiceConfig : BaseConfig {
  Database database;
  std::optional<Database> keystore;  // services that hold personal data
  std::optional<Vault> vault;
};

// Reads the base part; the gateway calls it and goes on with keys of its own.
BaseConfig ReadBase(Reader& reader);

// The whole file of a service. `service` is what the binary is; a file for another one is refused.
absl::StatusOr<ServiceConfig> LoadServiceConfig(const std::string& path, std::string_view service,
                                                const Variables& variables = ProcessVariables());
// The same from text, for tests.
absl::StatusOr<ServiceConfig> ParseServiceConfig(std::string_view yaml, std::string_view service,
                                                 const Variables& variables = {});

// The clock the configuration asks for: real time, or with the development offset.
std::unique_ptr<Clock> MakeClock(const BaseConfig& config);

}  // namespace vardkedja::config
