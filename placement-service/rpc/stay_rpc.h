// Stays and transfers over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/stay_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class StayRpc final : public v1::StayService::CallbackService {
 public:
  StayRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::StayService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* Enrol(grpc::CallbackServerContext* context,
                                  const v1::EnrolRequest* request, v1::Stay* response) override;
  grpc::ServerUnaryReactor* GetStay(grpc::CallbackServerContext* context,
                                    const v1::GetStayRequest* request, v1::Stay* response) override;
  grpc::ServerUnaryReactor* ListStays(grpc::CallbackServerContext* context,
                                      const v1::ListStaysRequest* request,
                                      v1::ListStaysResponse* response) override;
  grpc::ServerUnaryReactor* PlanTransfer(grpc::CallbackServerContext* context,
                                         const v1::PlanTransferRequest* request,
                                         v1::Transfer* response) override;
  grpc::ServerUnaryReactor* ConfirmTransfer(grpc::CallbackServerContext* context,
                                            const v1::ConfirmTransferRequest* request,
                                            v1::Transfer* response) override;
  grpc::ServerUnaryReactor* CompleteTransfer(grpc::CallbackServerContext* context,
                                             const v1::CompleteTransferRequest* request,
                                             v1::Transfer* response) override;
  grpc::ServerUnaryReactor* GetTransfer(grpc::CallbackServerContext* context,
                                        const v1::GetTransferRequest* request,
                                        v1::Transfer* response) override;
  grpc::ServerUnaryReactor* PlanDischarge(grpc::CallbackServerContext* context,
                                          const v1::PlanDischargeRequest* request,
                                          v1::Stay* response) override;
  grpc::ServerUnaryReactor* Discharge(grpc::CallbackServerContext* context,
                                      const v1::DischargeRequest* request,
                                      v1::Stay* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
