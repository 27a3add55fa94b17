// vardkedja.referral.v1.FormService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/read_form.h"
#include "vardkedja/referral/v1/form_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `reference` outlive it.
class FormRpc final : public v1::FormService::CallbackService {
 public:
  FormRpc(vardkedja::rpc::AdapterCore& core, usecases::ReferenceSource& reference);

  grpc::ServerUnaryReactor* GetFormVersion(grpc::CallbackServerContext* context,
                                           const v1::GetFormVersionRequest* request,
                                           v1::FormVersion* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::ReadForm read_;
};

}  // namespace vardkedja::referral::rpc
