// The gateway's configuration: the base that every process has, and a section `gateway`. Keys,
// defaults and bounds stand in README.md.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/auth/admission.h"
#include "gateway/http/server.h"
#include "lib/config/service_config.h"

namespace vardkedja::gateway {

struct PublicTls {
  std::string certificate;  // PEM chain; watched, so replacing it rotates without a restart
  std::string key;
};

struct GatewayConfig : config::BaseConfig {
  HttpOptions http;
  AdmissionLimits admission;
  std::string grpc_listen;
  std::optional<PublicTls>
      public_tls;  // of the gRPC port; without it `allow_plaintext` must be set
  int grpc_threads = 1;
  int max_calls = 1000;
  int max_message_bytes = 4 << 20;
  int max_concurrent_streams = 200;
  double rate_per_second = 200;
  double rate_burst = 400;
};

// INVALID_ARGUMENT naming every fault at once.
absl::StatusOr<GatewayConfig> LoadGatewayConfig(
    const std::string& path, const config::Variables& variables = config::ProcessVariables());
// The same from text, for tests.
absl::StatusOr<GatewayConfig> ParseGatewayConfig(std::string_view yaml,
                                                 const config::Variables& variables = {});

}  // namespace vardkedja::gateway
