// The gateway put together: contract, door, two edges, admin port. Stops in the reverse order.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/config.h"

namespace vardkedja::gateway {

class GatewayService {
 public:
  // Serves when it returns. No upstream needs to be up. Errors are one sentence naming a key, a
  // file or an address. `contract` is a serialised FileDescriptorSet.
  static absl::StatusOr<std::unique_ptr<GatewayService>> Start(const GatewayConfig& config,
                                                               std::string_view contract);
  ~GatewayService();  // Drain
  GatewayService(const GatewayService&) = delete;
  GatewayService& operator=(const GatewayService&) = delete;

  // Not ready, pause, no new calls, those running until the limit. Idempotent.
  void Drain();

  int grpc_port() const;
  int http_port() const;
  int admin_port() const;

 private:
  class Impl;
  explicit GatewayService(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::gateway
