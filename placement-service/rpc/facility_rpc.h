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
  grpc::ServerUnaryReactor* CancelClosure(grpc::CallbackServerContext* context,
                                          const v1::CancelClosureRequest* request,
                                          v1::Bed* response) override;
  grpc::ServerUnaryReactor* GetFacility(grpc::CallbackServerContext* context,
                                        const v1::GetFacilityRequest* request,
                                        v1::Facility* response) override;
  grpc::ServerUnaryReactor* ChangeFacility(grpc::CallbackServerContext* context,
                                           const v1::ChangeFacilityRequest* request,
                                           v1::Facility* response) override;
  grpc::ServerUnaryReactor* AddBed(grpc::CallbackServerContext* context,
                                   const v1::AddBedRequest* request, v1::Bed* response) override;
  grpc::ServerUnaryReactor* RetireBed(grpc::CallbackServerContext* context,
                                      const v1::RetireBedRequest* request,
                                      v1::Bed* response) override;
  grpc::ServerUnaryReactor* CloseIntake(grpc::CallbackServerContext* context,
                                        const v1::CloseIntakeRequest* request,
                                        v1::Facility* response) override;
  grpc::ServerUnaryReactor* OpenIntake(grpc::CallbackServerContext* context,
                                       const v1::OpenIntakeRequest* request,
                                       v1::Facility* response) override;
  grpc::ServerUnaryReactor* SetPrice(grpc::CallbackServerContext* context,
                                     const v1::SetPriceRequest* request,
                                     v1::Facility* response) override;
  grpc::ServerUnaryReactor* ListFacilityHistory(grpc::CallbackServerContext* context,
                                                const v1::ListFacilityHistoryRequest* request,
                                                v1::ListFacilityHistoryResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
