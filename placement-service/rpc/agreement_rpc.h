// Placement agreements and contact plans over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/agreement_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class AgreementRpc final : public v1::AgreementService::CallbackService {
 public:
  AgreementRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::AgreementService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* ProposeAgreement(grpc::CallbackServerContext* context,
                                             const v1::ProposeAgreementRequest* request,
                                             v1::PlacementAgreement* response) override;
  grpc::ServerUnaryReactor* AgreeToPlacement(grpc::CallbackServerContext* context,
                                             const v1::AgreeToPlacementRequest* request,
                                             v1::PlacementAgreement* response) override;
  grpc::ServerUnaryReactor* GetAgreement(grpc::CallbackServerContext* context,
                                         const v1::GetAgreementRequest* request,
                                         v1::PlacementAgreement* response) override;
  grpc::ServerUnaryReactor* SetContactPlan(grpc::CallbackServerContext* context,
                                           const v1::SetContactPlanRequest* request,
                                           v1::ContactPlan* response) override;
  grpc::ServerUnaryReactor* GetContactPlan(grpc::CallbackServerContext* context,
                                           const v1::GetContactPlanRequest* request,
                                           v1::ContactPlan* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
