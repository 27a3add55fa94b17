// Facilities, beds and availability over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/facility_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class FacilityRpc final : public v1::FacilityService::CallbackService {
 public:
  FacilityRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::FacilityService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* ListFacilities(grpc::CallbackServerContext* context,
                                           const v1::ListFacilitiesRequest* request,
                                           v1::ListFacilitiesResponse* response) override;
  grpc::ServerUnaryReactor* ListBeds(grpc::CallbackServerContext* context,
                                     const v1::ListBedsRequest* request,
                                     v1::ListBedsResponse* response) override;
  grpc::ServerUnaryReactor* GetAvailability(grpc::CallbackServerContext* context,
                                            const v1::GetAvailabilityRequest* request,
                                            v1::GetAvailabilityResponse* response) override;
  grpc::ServerUnaryReactor* CloseBed(grpc::CallbackServerContext* context,
                                     const v1::CloseBedRequest* request,
                                     v1::Bed* response) override;
  grpc::ServerUnaryReactor* ReopenBed(grpc::CallbackServerContext* context,
                                      const v1::ReopenBedRequest* request,
                                      v1::Bed* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
