// The queue over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/queue_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class QueueRpc final : public v1::QueueService::CallbackService {
 public:
  QueueRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::QueueService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* ListQueue(grpc::CallbackServerContext* context,
                                      const v1::ListQueueRequest* request,
                                      v1::ListQueueResponse* response) override;
  grpc::ServerUnaryReactor* ExplainPosition(grpc::CallbackServerContext* context,
                                            const v1::ExplainPositionRequest* request,
                                            v1::PositionExplanation* response) override;
  grpc::ServerUnaryReactor* CheckEligibility(grpc::CallbackServerContext* context,
                                             const v1::CheckEligibilityRequest* request,
                                             v1::Eligibility* response) override;
  grpc::ServerUnaryReactor* ParkEntry(grpc::CallbackServerContext* context,
                                      const v1::ParkEntryRequest* request,
                                      v1::QueueEntry* response) override;
  grpc::ServerUnaryReactor* ResumeEntry(grpc::CallbackServerContext* context,
                                        const v1::ResumeEntryRequest* request,
                                        v1::QueueEntry* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
