// vardkedja.referral.v1.ChildrenService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/child_concerns.h"
#include "referral-service/usecases/documents.h"
#include "vardkedja/referral/v1/children_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

v1::ChildConcern ToProto(const usecases::ConcernView& view);

// Thread-safe; what it is given outlives it.
class ChildrenRpc final : public v1::ChildrenService::CallbackService {
 public:
  ChildrenRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents,
              usecases::CaseDoor& door, usecases::ConcernStore& concerns);

  grpc::ServerUnaryReactor* RecordChildrenInquiry(grpc::CallbackServerContext* context,
                                                  const v1::RecordChildrenInquiryRequest* request,
                                                  v1::ChildrenAsRelatives* response) override;
  grpc::ServerUnaryReactor* PlanChildContact(grpc::CallbackServerContext* context,
                                             const v1::PlanChildContactRequest* request,
                                             v1::ChildrenAsRelatives* response) override;
  grpc::ServerUnaryReactor* GetChildren(grpc::CallbackServerContext* context,
                                        const v1::GetChildrenRequest* request,
                                        v1::ChildrenAsRelatives* response) override;
  grpc::ServerUnaryReactor* ReportChildConcern(grpc::CallbackServerContext* context,
                                               const v1::ReportChildConcernRequest* request,
                                               v1::ChildConcern* response) override;
  grpc::ServerUnaryReactor* GetChildConcern(grpc::CallbackServerContext* context,
                                            const v1::GetChildConcernRequest* request,
                                            v1::ChildConcern* response) override;
  grpc::ServerUnaryReactor* ListChildConcerns(grpc::CallbackServerContext* context,
                                              const v1::ListChildConcernsRequest* request,
                                              v1::ListChildConcernsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Documents& documents_;
  usecases::ReportChildConcern report_;
  usecases::GetChildConcern get_;
  usecases::ListChildConcerns list_;
};

}  // namespace vardkedja::referral::rpc
