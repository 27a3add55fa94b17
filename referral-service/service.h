// The composition root: wires referral-service into a process.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "lib/config/service_config.h"
#include "lib/rpc/run_main.h"

namespace vardkedja::referral {

// Needs neither the database nor a peer to be up.
absl::Status Build(vardkedja::rpc::Process& process);

// Schemas `keystore` and `referral`.
absl::Status Migrate(const config::ServiceConfig& config);

// Law versions, purposes and form versions of a directory, added where absent.
absl::Status Seed(const config::ServiceConfig& config, const std::string& from);

}  // namespace vardkedja::referral
