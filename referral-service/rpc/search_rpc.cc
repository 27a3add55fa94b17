#include "referral-service/rpc/search_rpc.h"

#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

SearchRpc::SearchRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                     usecases::CaseIndex& index)
    : adapter_(core, v1::SearchService::service_full_name()),
      search_(door, index),
      changes_(door, index) {}

ServerUnaryReactor* SearchRpc::SearchReferrals(CallbackServerContext* context,
                                               const v1::SearchReferralsRequest* request,
                                               v1::SearchReferralsResponse* response) {
  return adapter_.Unary(
      context, request, response, "SearchReferrals",
      [this](const CallContext& call,
             const v1::SearchReferralsRequest& in) -> absl::StatusOr<v1::SearchReferralsResponse> {
        std::vector<FieldViolation> violations;
        usecases::SearchRequest search;
        search.case_number = in.case_number();
        search.identity_number = in.identity_number();
        search.owner_unit_id = in.owner_unit_id();
        search.states = FromProto(in.states(), violations);
        if (!violations.empty()) return InvalidFields(std::move(violations));
        search.created_from = in.created_from();
        search.created_before = in.created_before();
        search.page = {in.limit(), in.cursor()};
        VK_ASSIGN_OR_RETURN(const usecases::CaseList found, search_.Run(call, search));
        v1::SearchReferralsResponse out;
        for (const usecases::CaseLine& line : found.lines) *out.add_referrals() = ToProto(line);
        out.set_next(found.next);
        return out;
      });
}

ServerUnaryReactor* SearchRpc::ListReferralChanges(CallbackServerContext* context,
                                                   const v1::ListReferralChangesRequest* request,
                                                   v1::ListReferralChangesResponse* response) {
  return adapter_.Unary(context, request, response, "ListReferralChanges",
                        [this](const CallContext& call, const v1::ListReferralChangesRequest& in)
                            -> absl::StatusOr<v1::ListReferralChangesResponse> {
                          VK_ASSIGN_OR_RETURN(const usecases::ChangeFeed feed,
                                              changes_.Run(call, {in.limit(), in.cursor()}));
                          v1::ListReferralChangesResponse out;
                          for (const usecases::ChangeRecord& change : feed.changes) {
                            *out.add_changes() = ToProto(change);
                          }
                          out.set_next(feed.next);
                          out.set_more(feed.more);
                          return out;
                        });
}

}  // namespace vardkedja::referral::rpc
