// vardkedja.referral.v1.SearchService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/list_changes.h"
#include "referral-service/usecases/search_referrals.h"
#include "vardkedja/referral/v1/search_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `index` outlive it.
class SearchRpc final : public v1::SearchService::CallbackService {
 public:
  SearchRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
            usecases::CaseIndex& index);

  grpc::ServerUnaryReactor* SearchReferrals(grpc::CallbackServerContext* context,
                                            const v1::SearchReferralsRequest* request,
                                            v1::SearchReferralsResponse* response) override;
  grpc::ServerUnaryReactor* ListReferralChanges(grpc::CallbackServerContext* context,
                                                const v1::ListReferralChangesRequest* request,
                                                v1::ListReferralChangesResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::SearchReferrals search_;
  usecases::ListChanges changes_;
};

}  // namespace vardkedja::referral::rpc
