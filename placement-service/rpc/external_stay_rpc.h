// External stays over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/external_stay_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class ExternalStayRpc final : public v1::ExternalStayService::CallbackService {
 public:
  ExternalStayRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::ExternalStayService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* BeginExternalStay(grpc::CallbackServerContext* context,
                                              const v1::BeginExternalStayRequest* request,
                                              v1::ExternalStay* response) override;
  grpc::ServerUnaryReactor* EndExternalStay(grpc::CallbackServerContext* context,
                                            const v1::EndExternalStayRequest* request,
                                            v1::ExternalStay* response) override;
  grpc::ServerUnaryReactor* CorrectExternalStay(grpc::CallbackServerContext* context,
                                                const v1::CorrectExternalStayRequest* request,
                                                v1::ExternalStay* response) override;
  grpc::ServerUnaryReactor* GetExternalStay(grpc::CallbackServerContext* context,
                                            const v1::GetExternalStayRequest* request,
                                            v1::ExternalStay* response) override;
  grpc::ServerUnaryReactor* ListExternalStays(grpc::CallbackServerContext* context,
                                              const v1::ListExternalStaysRequest* request,
                                              v1::ListExternalStaysResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
