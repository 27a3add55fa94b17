#include "referral-service/rpc/plan_rpc.h"

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using What = usecases::PlanStore::What;

PlanRpc::PlanRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                 usecases::PlanStore& plans)
    : adapter_(core, v1::PlanService::service_full_name()),
      write_(door, plans),
      get_(door, plans) {}

ServerUnaryReactor* PlanRpc::RecordImplementationPlan(
    CallbackServerContext* context, const v1::RecordImplementationPlanRequest* request,
    v1::Plans* response) {
  return adapter_.Unary(
      context, request, response, "RecordImplementationPlan",
      [this](const CallContext& call,
             const v1::RecordImplementationPlanRequest& in) -> absl::StatusOr<v1::Plans> {
        const v1::ImplementationPlan& plan = in.implementation_plan();
        VK_ASSIGN_OR_RETURN(
            const domain::Plans plans,
            write_.Run(call, {in.referral_id(), in.etag()}, What::kImplementationPlan,
                       usecases::RevisePlan({plan.facility_id(), plan.goals(), plan.activities(),
                                             plan.follow_up_date()},
                                            call.now)));
        return ToProto(plans);
      });
}

ServerUnaryReactor* PlanRpc::RecordHomeSupport(CallbackServerContext* context,
                                               const v1::RecordHomeSupportRequest* request,
                                               v1::Plans* response) {
  return adapter_.Unary(
      context, request, response, "RecordHomeSupport",
      [this](const CallContext& call,
             const v1::RecordHomeSupportRequest& in) -> absl::StatusOr<v1::Plans> {
        VK_ASSIGN_OR_RETURN(const domain::Plans plans,
                            write_.Run(call, {in.referral_id(), in.etag()}, What::kHomeSupport,
                                       usecases::ReplaceHomeSupport(FromProto(in), call.now)));
        return ToProto(plans);
      });
}

ServerUnaryReactor* PlanRpc::StartHomeSupportPart(CallbackServerContext* context,
                                                  const v1::StartHomeSupportPartRequest* request,
                                                  v1::Plans* response) {
  return adapter_.Unary(
      context, request, response, "StartHomeSupportPart",
      [this](const CallContext& call,
             const v1::StartHomeSupportPartRequest& in) -> absl::StatusOr<v1::Plans> {
        VK_ASSIGN_OR_RETURN(
            const domain::Plans plans,
            write_.Run(call, {in.referral_id(), in.etag()}, What::kHomeSupport,
                       usecases::StartPart(in.part_id(), in.start_date(), call.now)));
        return ToProto(plans);
      });
}

ServerUnaryReactor* PlanRpc::GetPlans(CallbackServerContext* context,
                                      const v1::GetPlansRequest* request, v1::Plans* response) {
  return adapter_.Unary(
      context, request, response, "GetPlans",
      [this](const CallContext& call, const v1::GetPlansRequest& in) -> absl::StatusOr<v1::Plans> {
        VK_ASSIGN_OR_RETURN(const domain::Plans plans, get_.Run(call, in.referral_id()));
        return ToProto(plans);
      });
}

}  // namespace vardkedja::referral::rpc
