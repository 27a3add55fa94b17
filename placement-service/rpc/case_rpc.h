// A case across queue, offers, stays and transfers over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/case_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class CaseRpc final : public v1::CaseService::CallbackService {
 public:
  CaseRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::CaseService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* GetPlacementTimeline(
      grpc::CallbackServerContext* context, const v1::GetPlacementTimelineRequest* request,
      v1::GetPlacementTimelineResponse* response) override;

  grpc::ServerUnaryReactor* GetAvailableActions(grpc::CallbackServerContext* context,
                                                const v1::GetAvailableActionsRequest* request,
                                                v1::GetAvailableActionsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
