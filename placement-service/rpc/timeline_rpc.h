// The history of a case over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/timeline_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class TimelineRpc final : public v1::TimelineService::CallbackService {
 public:
  TimelineRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::TimelineService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* GetPlacementTimeline(
      grpc::CallbackServerContext* context, const v1::GetPlacementTimelineRequest* request,
      v1::GetPlacementTimelineResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
