// vardkedja.referral.v1.ReroutingService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/rerouting.h"
#include "vardkedja/referral/v1/rerouting_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `reroutes` outlive it.
class ReroutingRpc final : public v1::ReroutingService::CallbackService {
 public:
  ReroutingRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
               usecases::RerouteStore& reroutes);

  grpc::ServerUnaryReactor* HandOver(grpc::CallbackServerContext* context,
                                     const v1::HandOverRequest* request,
                                     v1::Reroute* response) override;
  grpc::ServerUnaryReactor* WithdrawHandOver(grpc::CallbackServerContext* context,
                                             const v1::WithdrawHandOverRequest* request,
                                             v1::Reroute* response) override;
  grpc::ServerUnaryReactor* TakeOver(grpc::CallbackServerContext* context,
                                     const v1::TakeOverRequest* request,
                                     v1::Reroute* response) override;
  grpc::ServerUnaryReactor* DeclineHandOver(grpc::CallbackServerContext* context,
                                            const v1::DeclineHandOverRequest* request,
                                            v1::Reroute* response) override;
  grpc::ServerUnaryReactor* GetReroute(grpc::CallbackServerContext* context,
                                       const v1::GetRerouteRequest* request,
                                       v1::Reroute* response) override;
  grpc::ServerUnaryReactor* ListReroutes(grpc::CallbackServerContext* context,
                                         const v1::ListReroutesRequest* request,
                                         v1::ListReroutesResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Rerouting rerouting_;
};

}  // namespace vardkedja::referral::rpc
