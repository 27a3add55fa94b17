// Composition root: what notification-service is made of, in which order it starts and stops.
#pragma once

#include "absl/status/status.h"
#include "lib/config/service_config.h"
#include "lib/rpc/run_main.h"

namespace vardkedja::notification {

// Wires everything and starts the background work; needs neither database nor peers to be up.
absl::Status Build(vardkedja::rpc::Process& process);

// Brings the schemas `notification` and `keystore` up to date.
absl::Status Migrate(const config::ServiceConfig& config);

// Adds what is absent of `from`/organisations.yaml and `from`/deadlines.yaml, and prints what it
// did and what is registered otherwise than the files say.
absl::Status Seed(const config::ServiceConfig& config, const std::string& from);

}  // namespace vardkedja::notification
