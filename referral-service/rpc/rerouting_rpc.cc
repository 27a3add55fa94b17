#include "referral-service/rpc/rerouting_rpc.h"

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

v1::Reroute ToProto(const domain::Reroute& from) {
  v1::Reroute out;
  out.set_reroute_id(from.reroute_id);
  out.set_referral_id(from.referral_id);
  out.set_case_number(from.case_number);
  out.set_etag(std::to_string(from.version));
  out.set_state(static_cast<v1::RerouteState>(from.state));
  out.set_from_unit_id(from.from_unit_id);
  out.set_to_unit_id(from.to_unit_id);
  out.set_reason_code(from.reason_code);
  out.set_decline_reason_code(from.decline_reason_code);
  out.set_respond_by_date(FormatDate(from.respond_by));
  Set(from.handed_over_at, out.mutable_hand_over_time());
  if (from.ended_at) Set(*from.ended_at, out.mutable_end_time());
  return out;
}

absl::StatusOr<v1::Reroute> ToProto(const absl::StatusOr<domain::Reroute>& from) {
  if (!from.ok()) return from.status();
  return ToProto(*from);
}

}  // namespace

ReroutingRpc::ReroutingRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                           usecases::RerouteStore& reroutes)
    : adapter_(core, v1::ReroutingService::service_full_name()), rerouting_(door, reroutes) {}

ServerUnaryReactor* ReroutingRpc::HandOver(CallbackServerContext* context,
                                           const v1::HandOverRequest* request,
                                           v1::Reroute* response) {
  return adapter_.Unary(context, request, response, "HandOver",
                        [this](const CallContext& call, const v1::HandOverRequest& in) {
                          return ToProto(rerouting_.HandOver(call, {in.referral_id(), in.etag()},
                                                             {in.to_unit_id(), in.reason_code()}));
                        });
}

ServerUnaryReactor* ReroutingRpc::WithdrawHandOver(CallbackServerContext* context,
                                                   const v1::WithdrawHandOverRequest* request,
                                                   v1::Reroute* response) {
  return adapter_.Unary(context, request, response, "WithdrawHandOver",
                        [this](const CallContext& call, const v1::WithdrawHandOverRequest& in) {
                          return ToProto(rerouting_.Withdraw(call, in.reroute_id(), in.etag()));
                        });
}

ServerUnaryReactor* ReroutingRpc::TakeOver(CallbackServerContext* context,
                                           const v1::TakeOverRequest* request,
                                           v1::Reroute* response) {
  return adapter_.Unary(context, request, response, "TakeOver",
                        [this](const CallContext& call, const v1::TakeOverRequest& in) {
                          return ToProto(rerouting_.TakeOver(call, in.reroute_id(), in.etag()));
                        });
}

ServerUnaryReactor* ReroutingRpc::DeclineHandOver(CallbackServerContext* context,
                                                  const v1::DeclineHandOverRequest* request,
                                                  v1::Reroute* response) {
  return adapter_.Unary(
      context, request, response, "DeclineHandOver",
      [this](const CallContext& call, const v1::DeclineHandOverRequest& in) {
        return ToProto(rerouting_.Decline(call, in.reroute_id(), in.etag(), in.reason_code()));
      });
}

ServerUnaryReactor* ReroutingRpc::GetReroute(CallbackServerContext* context,
                                             const v1::GetRerouteRequest* request,
                                             v1::Reroute* response) {
  return adapter_.Unary(context, request, response, "GetReroute",
                        [this](const CallContext& call, const v1::GetRerouteRequest& in) {
                          return ToProto(rerouting_.Get(call, in.reroute_id()));
                        });
}

ServerUnaryReactor* ReroutingRpc::ListReroutes(CallbackServerContext* context,
                                               const v1::ListReroutesRequest* request,
                                               v1::ListReroutesResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListReroutes",
      [this](const CallContext& call,
             const v1::ListReroutesRequest& in) -> absl::StatusOr<v1::ListReroutesResponse> {
        usecases::RerouteQuery query;
        query.sent = in.sent();
        query.open_only = in.open_only();
        VK_ASSIGN_OR_RETURN(const usecases::ReroutePage page,
                            rerouting_.List(call, query, {in.limit(), in.cursor()}));
        v1::ListReroutesResponse out;
        for (const domain::Reroute& reroute : page.reroutes) *out.add_reroutes() = ToProto(reroute);
        out.set_next(page.next);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
