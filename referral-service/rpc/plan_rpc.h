// vardkedja.referral.v1.PlanService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/plans.h"
#include "vardkedja/referral/v1/plan_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `plans` outlive it.
class PlanRpc final : public v1::PlanService::CallbackService {
 public:
  PlanRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door, usecases::PlanStore& plans);

  grpc::ServerUnaryReactor* RecordImplementationPlan(
      grpc::CallbackServerContext* context, const v1::RecordImplementationPlanRequest* request,
      v1::Plans* response) override;
  grpc::ServerUnaryReactor* RecordHomeSupport(grpc::CallbackServerContext* context,
                                              const v1::RecordHomeSupportRequest* request,
                                              v1::Plans* response) override;
  grpc::ServerUnaryReactor* StartHomeSupportPart(grpc::CallbackServerContext* context,
                                                 const v1::StartHomeSupportPartRequest* request,
                                                 v1::Plans* response) override;
  grpc::ServerUnaryReactor* GetPlans(grpc::CallbackServerContext* context,
                                     const v1::GetPlansRequest* request,
                                     v1::Plans* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::WritePlans write_;
  usecases::GetPlans get_;
};

}  // namespace vardkedja::referral::rpc
