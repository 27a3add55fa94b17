// Composition root of reporting-service.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "lib/config/service_config.h"
#include "lib/rpc/run_main.h"

namespace vardkedja::reporting {

// Wires consumers, stores and reports. Needs neither the database nor a peer to be up.
absl::Status Build(vardkedja::rpc::Process& process);

// Brings the schema `reporting` up to date.
absl::Status Migrate(const config::ServiceConfig& config);

// Adds the agreements, outcomes and follow-up rules of `from`/agreements.yaml that are absent.
absl::Status Seed(const config::ServiceConfig& config, const std::string& from);

// Empties the read model, so that the consumers fill it again from the logs.
absl::Status RebuildFacts(const config::ServiceConfig& config);

}  // namespace vardkedja::reporting
