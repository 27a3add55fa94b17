// vardkedja.referral.v1.BoardService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/duplicates.h"
#include "vardkedja/referral/v1/board_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `index` outlive it.
class BoardRpc final : public v1::BoardService::CallbackService {
 public:
  BoardRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door, usecases::CaseIndex& index);

  grpc::ServerUnaryReactor* ListDuplicates(grpc::CallbackServerContext* context,
                                           const v1::ListDuplicatesRequest* request,
                                           v1::ListDuplicatesResponse* response) override;
  grpc::ServerUnaryReactor* ResolveDuplicate(grpc::CallbackServerContext* context,
                                             const v1::ResolveDuplicateRequest* request,
                                             v1::Referral* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::ListDuplicates duplicates_;
  usecases::ResolveDuplicate resolve_;
};

}  // namespace vardkedja::referral::rpc
