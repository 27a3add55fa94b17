// vardkedja.referral.v1.AuthorizationService: for the other services only.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/authorize.h"
#include "vardkedja/referral/v1/authorization_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `door` outlive it.
class AuthorizationRpc final : public v1::AuthorizationService::CallbackService {
 public:
  AuthorizationRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door);

  grpc::ServerUnaryReactor* Authorize(grpc::CallbackServerContext* context,
                                      const v1::AuthorizeRequest* request,
                                      v1::AuthorizeResponse* response) override;
  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context,
                                     const v1::DescribeRequest* request,
                                     v1::DescribeResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Authorize authorize_;
  usecases::Describe describe_;
};

}  // namespace vardkedja::referral::rpc
