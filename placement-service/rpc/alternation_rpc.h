// Alternating stays over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/alternation_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class AlternationRpc final : public v1::AlternationService::CallbackService {
 public:
  AlternationRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::AlternationService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* GoHome(grpc::CallbackServerContext* context,
                                   const v1::GoHomeRequest* request,
                                   v1::Alternation* response) override;
  grpc::ServerUnaryReactor* ChangeReturn(grpc::CallbackServerContext* context,
                                         const v1::ChangeReturnRequest* request,
                                         v1::Alternation* response) override;
  grpc::ServerUnaryReactor* ReturnFromHome(grpc::CallbackServerContext* context,
                                           const v1::ReturnFromHomeRequest* request,
                                           v1::Alternation* response) override;
  grpc::ServerUnaryReactor* DischargeFromHome(grpc::CallbackServerContext* context,
                                              const v1::DischargeFromHomeRequest* request,
                                              v1::Alternation* response) override;
  grpc::ServerUnaryReactor* GetAlternation(grpc::CallbackServerContext* context,
                                           const v1::GetAlternationRequest* request,
                                           v1::Alternation* response) override;
  grpc::ServerUnaryReactor* ListAlternations(grpc::CallbackServerContext* context,
                                             const v1::ListAlternationsRequest* request,
                                             v1::ListAlternationsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
