// Composition root: what placement-service is made of, in which order it starts and stops.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "lib/config/service_config.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/run_main.h"

namespace vardkedja::placement {

// Everything the schema `placement` is made of, in order.
std::vector<pg::MigrationSet> SchemaMigrations();

// Wires everything and starts the background work; needs neither database nor peers to be up.
absl::Status Build(vardkedja::rpc::Process& process);

// Brings the schema `placement` up to date.
absl::Status Migrate(const config::ServiceConfig& config);

// Adds what is absent of `from`/facilities.yaml, `from`/queue-rules.yaml, `from`/deadlines.yaml
// and `from`/organisations.yaml.
absl::Status Seed(const config::ServiceConfig& config, const std::string& from);

}  // namespace vardkedja::placement
