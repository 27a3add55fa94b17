#include "referral-service/rpc/ground_rpc.h"

#include <vector>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

GroundRpc::GroundRpc(vardkedja::rpc::AdapterCore& core, usecases::GroundDoor& door)
    : adapter_(core, v1::GroundService::service_full_name()),
      record_(door),
      revoke_(door),
      list_(door) {}

ServerUnaryReactor* GroundRpc::RecordGround(CallbackServerContext* context,
                                            const v1::RecordGroundRequest* request,
                                            v1::DisclosureGround* response) {
  return adapter_.Unary(
      context, request, response, "RecordGround",
      [this](const CallContext& call,
             const v1::RecordGroundRequest& in) -> absl::StatusOr<v1::DisclosureGround> {
        VK_ASSIGN_OR_RETURN(const usecases::GroundView view,
                            record_.Run(call, in.referral_id(), FromProto(in)));
        return ToProto(view);
      });
}

ServerUnaryReactor* GroundRpc::RevokeGround(CallbackServerContext* context,
                                            const v1::RevokeGroundRequest* request,
                                            v1::DisclosureGround* response) {
  return adapter_.Unary(
      context, request, response, "RevokeGround",
      [this](const CallContext& call,
             const v1::RevokeGroundRequest& in) -> absl::StatusOr<v1::DisclosureGround> {
        VK_ASSIGN_OR_RETURN(const usecases::GroundView view,
                            revoke_.Run(call, in.ground_id(), in.etag()));
        return ToProto(view);
      });
}

ServerUnaryReactor* GroundRpc::ListGrounds(CallbackServerContext* context,
                                           const v1::ListGroundsRequest* request,
                                           v1::ListGroundsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListGrounds",
      [this](const CallContext& call,
             const v1::ListGroundsRequest& in) -> absl::StatusOr<v1::ListGroundsResponse> {
        VK_ASSIGN_OR_RETURN(const std::vector<usecases::GroundView> views,
                            list_.Run(call, in.referral_id()));
        v1::ListGroundsResponse out;
        for (const auto& view : views) *out.add_grounds() = ToProto(view);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
