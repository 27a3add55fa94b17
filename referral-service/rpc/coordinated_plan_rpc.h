// vardkedja.referral.v1.CoordinatedPlanService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/documents.h"
#include "vardkedja/referral/v1/coordinated_plan_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `documents` outlive it.
class CoordinatedPlanRpc final : public v1::CoordinatedPlanService::CallbackService {
 public:
  CoordinatedPlanRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents);

  grpc::ServerUnaryReactor* AssessCoordinatedPlanNeed(
      grpc::CallbackServerContext* context, const v1::AssessCoordinatedPlanNeedRequest* request,
      v1::CoordinatedPlan* response) override;
  grpc::ServerUnaryReactor* RecordCoordinatedPlanAgreement(
      grpc::CallbackServerContext* context,
      const v1::RecordCoordinatedPlanAgreementRequest* request,
      v1::CoordinatedPlan* response) override;
  grpc::ServerUnaryReactor* CallCoordinatedPlanMeeting(
      grpc::CallbackServerContext* context, const v1::CallCoordinatedPlanMeetingRequest* request,
      v1::CoordinatedPlan* response) override;
  grpc::ServerUnaryReactor* RecordCoordinatedPlan(grpc::CallbackServerContext* context,
                                                  const v1::RecordCoordinatedPlanRequest* request,
                                                  v1::CoordinatedPlan* response) override;
  grpc::ServerUnaryReactor* FollowUpCoordinatedPlan(
      grpc::CallbackServerContext* context, const v1::FollowUpCoordinatedPlanRequest* request,
      v1::CoordinatedPlan* response) override;
  grpc::ServerUnaryReactor* GetCoordinatedPlan(grpc::CallbackServerContext* context,
                                               const v1::GetCoordinatedPlanRequest* request,
                                               v1::CoordinatedPlan* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Documents& documents_;
};

}  // namespace vardkedja::referral::rpc
