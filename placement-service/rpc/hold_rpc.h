// Held beds over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/hold_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class HoldRpc final : public v1::HoldService::CallbackService {
 public:
  HoldRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::HoldService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* HoldBed(grpc::CallbackServerContext* context,
                                    const v1::HoldBedRequest* request, v1::Hold* response) override;
  grpc::ServerUnaryReactor* ReleaseHold(grpc::CallbackServerContext* context,
                                        const v1::ReleaseHoldRequest* request,
                                        v1::Hold* response) override;
  grpc::ServerUnaryReactor* GetHold(grpc::CallbackServerContext* context,
                                    const v1::GetHoldRequest* request, v1::Hold* response) override;
  grpc::ServerUnaryReactor* ListHolds(grpc::CallbackServerContext* context,
                                      const v1::ListHoldsRequest* request,
                                      v1::ListHoldsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
