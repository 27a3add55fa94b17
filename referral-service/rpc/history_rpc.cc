#include "referral-service/rpc/history_rpc.h"

#include "lib/rpc/audit_messages.h"
#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

HistoryRpc::HistoryRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                       usecases::HistoryStore& history, audit::Trail& trail)
    : adapter_(core, v1::HistoryService::service_full_name()),
      reads_(door, trail),
      disclosures_(door, history) {}

ServerUnaryReactor* HistoryRpc::ListReads(CallbackServerContext* context,
                                          const v1::ListReadsRequest* request,
                                          common::v1::ListReadsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListReads",
      [this](const CallContext& call,
             const v1::ListReadsRequest& in) -> absl::StatusOr<common::v1::ListReadsResponse> {
        VK_ASSIGN_OR_RETURN(const audit::TrailPage page,
                            reads_.Run(call, in.referral_id(), {in.limit(), in.cursor()}));
        return vardkedja::rpc::ToReads(page);
      });
}

ServerUnaryReactor* HistoryRpc::ListDisclosures(CallbackServerContext* context,
                                                const v1::ListDisclosuresRequest* request,
                                                v1::ListDisclosuresResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListDisclosures",
      [this](const CallContext& call,
             const v1::ListDisclosuresRequest& in) -> absl::StatusOr<v1::ListDisclosuresResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::DisclosurePage page,
                            disclosures_.Run(call, in.referral_id(), {in.limit(), in.cursor()}));
        v1::ListDisclosuresResponse out;
        for (const usecases::DisclosureRecord& disclosure : page.disclosures) {
          *out.add_disclosures() = ToProto(disclosure);
        }
        out.set_next(page.next);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
