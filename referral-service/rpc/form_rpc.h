// vardkedja.referral.v1.FormService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/form_history.h"
#include "referral-service/usecases/read_form.h"
#include "vardkedja/referral/v1/form_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; what it is given outlives it.
class FormRpc final : public v1::FormService::CallbackService {
 public:
  FormRpc(vardkedja::rpc::AdapterCore& core, usecases::ReferenceSource& reference,
          usecases::CaseDoor& door, usecases::FormHistoryStore& forms);

  grpc::ServerUnaryReactor* GetFormVersion(grpc::CallbackServerContext* context,
                                           const v1::GetFormVersionRequest* request,
                                           v1::FormVersion* response) override;
  grpc::ServerUnaryReactor* ListForms(grpc::CallbackServerContext* context,
                                      const v1::ListFormsRequest* request,
                                      v1::ListFormsResponse* response) override;
  grpc::ServerUnaryReactor* GetForm(grpc::CallbackServerContext* context,
                                    const v1::GetFormRequest* request,
                                    v1::WrittenForm* response) override;
  grpc::ServerUnaryReactor* ListInformationRequests(
      grpc::CallbackServerContext* context, const v1::ListInformationRequestsRequest* request,
      v1::ListInformationRequestsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::ReadForm read_;
  usecases::FormHistory history_;
};

}  // namespace vardkedja::referral::rpc
