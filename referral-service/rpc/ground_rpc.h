// vardkedja.referral.v1.GroundService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/grounds.h"
#include "vardkedja/referral/v1/ground_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `door` outlive it.
class GroundRpc final : public v1::GroundService::CallbackService {
 public:
  GroundRpc(vardkedja::rpc::AdapterCore& core, usecases::GroundDoor& door);

  grpc::ServerUnaryReactor* RecordGround(grpc::CallbackServerContext* context,
                                         const v1::RecordGroundRequest* request,
                                         v1::DisclosureGround* response) override;
  grpc::ServerUnaryReactor* RevokeGround(grpc::CallbackServerContext* context,
                                         const v1::RevokeGroundRequest* request,
                                         v1::DisclosureGround* response) override;
  grpc::ServerUnaryReactor* ListGrounds(grpc::CallbackServerContext* context,
                                        const v1::ListGroundsRequest* request,
                                        v1::ListGroundsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::RecordGround record_;
  usecases::RevokeGround revoke_;
  usecases::ListGrounds list_;
};

}  // namespace vardkedja::referral::rpc
