#include "referral-service/rpc/board_rpc.h"

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

BoardRpc::BoardRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                   usecases::CaseIndex& index)
    : adapter_(core, v1::BoardService::service_full_name()),
      duplicates_(door, index),
      resolve_(door) {}

ServerUnaryReactor* BoardRpc::ListDuplicates(CallbackServerContext* context,
                                             const v1::ListDuplicatesRequest* request,
                                             v1::ListDuplicatesResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListDuplicates",
      [this](const CallContext& call,
             const v1::ListDuplicatesRequest& in) -> absl::StatusOr<v1::ListDuplicatesResponse> {
        VK_ASSIGN_OR_RETURN(const auto lines, duplicates_.Run(call, in.referral_id()));
        v1::ListDuplicatesResponse out;
        for (const usecases::CaseLine& line : lines) *out.add_referrals() = ToProto(line);
        return out;
      });
}

ServerUnaryReactor* BoardRpc::ResolveDuplicate(CallbackServerContext* context,
                                               const v1::ResolveDuplicateRequest* request,
                                               v1::Referral* response) {
  return adapter_.Unary(
      context, request, response, "ResolveDuplicate",
      [this](const CallContext& call,
             const v1::ResolveDuplicateRequest& in) -> absl::StatusOr<v1::Referral> {
        VK_ASSIGN_OR_RETURN(
            const usecases::CaseView view,
            resolve_.Run(call, {in.referral_id(), in.etag()}, in.kept_referral_id(), in.text()));
        return ToProto(view);
      });
}

}  // namespace vardkedja::referral::rpc
