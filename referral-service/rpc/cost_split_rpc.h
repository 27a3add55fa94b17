// vardkedja.referral.v1.CostSplitService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/documents.h"
#include "vardkedja/referral/v1/cost_split_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `documents` outlive it.
class CostSplitRpc final : public v1::CostSplitService::CallbackService {
 public:
  CostSplitRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents);

  grpc::ServerUnaryReactor* RecordCostSplit(grpc::CallbackServerContext* context,
                                            const v1::RecordCostSplitRequest* request,
                                            v1::CostSplit* response) override;
  grpc::ServerUnaryReactor* DeclareAcutePlacement(grpc::CallbackServerContext* context,
                                                  const v1::DeclareAcutePlacementRequest* request,
                                                  v1::CostSplit* response) override;
  grpc::ServerUnaryReactor* GetCostSplit(grpc::CallbackServerContext* context,
                                         const v1::GetCostSplitRequest* request,
                                         v1::CostSplit* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Documents& documents_;
};

}  // namespace vardkedja::referral::rpc
