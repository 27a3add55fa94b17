// Care periods over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/care_period_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class CarePeriodRpc final : public v1::CarePeriodService::CallbackService {
 public:
  CarePeriodRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::CarePeriodService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* RecordReconsideration(grpc::CallbackServerContext* context,
                                                  const v1::RecordReconsiderationRequest* request,
                                                  v1::CarePeriod* response) override;
  grpc::ServerUnaryReactor* ListCarePeriods(grpc::CallbackServerContext* context,
                                            const v1::ListCarePeriodsRequest* request,
                                            v1::ListCarePeriodsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
