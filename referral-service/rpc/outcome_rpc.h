// vardkedja.referral.v1.OutcomeService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/documents.h"
#include "vardkedja/referral/v1/outcome_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `documents` outlive it.
class OutcomeRpc final : public v1::OutcomeService::CallbackService {
 public:
  OutcomeRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents);

  grpc::ServerUnaryReactor* RecordOutcome(grpc::CallbackServerContext* context,
                                          const v1::RecordOutcomeRequest* request,
                                          v1::Outcomes* response) override;
  grpc::ServerUnaryReactor* RecordIndividualFollowUp(
      grpc::CallbackServerContext* context, const v1::RecordIndividualFollowUpRequest* request,
      v1::Outcomes* response) override;
  grpc::ServerUnaryReactor* GetOutcomes(grpc::CallbackServerContext* context,
                                        const v1::GetOutcomesRequest* request,
                                        v1::Outcomes* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Documents& documents_;
};

}  // namespace vardkedja::referral::rpc
