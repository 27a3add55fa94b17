// Overrides of the queue's order over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/override_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class OverrideRpc final : public v1::OverrideService::CallbackService {
 public:
  OverrideRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::OverrideService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* ProposeOverride(grpc::CallbackServerContext* context,
                                            const v1::ProposeOverrideRequest* request,
                                            v1::QueueOverride* response) override;
  grpc::ServerUnaryReactor* ConfirmOverride(grpc::CallbackServerContext* context,
                                            const v1::ConfirmOverrideRequest* request,
                                            v1::QueueOverride* response) override;
  grpc::ServerUnaryReactor* RejectOverride(grpc::CallbackServerContext* context,
                                           const v1::RejectOverrideRequest* request,
                                           v1::QueueOverride* response) override;
  grpc::ServerUnaryReactor* GetOverride(grpc::CallbackServerContext* context,
                                        const v1::GetOverrideRequest* request,
                                        v1::QueueOverride* response) override;
  grpc::ServerUnaryReactor* ListOverrides(grpc::CallbackServerContext* context,
                                          const v1::ListOverridesRequest* request,
                                          v1::ListOverridesResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
