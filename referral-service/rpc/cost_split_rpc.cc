#include "referral-service/rpc/cost_split_rpc.h"

#include <string>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/storage/document_codec.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

constexpr auto kKind = usecases::DocumentKind::kCostSplit;

v1::CostSplit Answer(const std::string& referral_id, const usecases::StoredDocument& document) {
  v1::CostSplit answer = storage::ToProto(std::get<domain::CostSplit>(document.content));
  answer.set_referral_id(referral_id);
  answer.set_etag(std::to_string(document.version));
  SetMerged(document.merged_units, answer.mutable_merged_units());
  return answer;
}

domain::CostSplitRequest FromProto(const v1::RecordCostSplitRequest& in) {
  domain::CostSplitRequest request;
  for (const v1::CostShare& share : in.shares()) {
    request.shares.push_back({share.unit_id(), share.basis_points()});
  }
  request.price_per_day_ore = in.price_per_day_ore();
  request.agreed_date = in.agreed_date();
  request.text = in.text();
  return request;
}

}  // namespace

CostSplitRpc::CostSplitRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents)
    : adapter_(core, v1::CostSplitService::service_full_name()), documents_(documents) {}

ServerUnaryReactor* CostSplitRpc::RecordCostSplit(CallbackServerContext* context,
                                                  const v1::RecordCostSplitRequest* request,
                                                  v1::CostSplit* response) {
  return adapter_.Unary(
      context, request, response, "RecordCostSplit",
      [this](const CallContext& call,
             const v1::RecordCostSplitRequest& in) -> absl::StatusOr<v1::CostSplit> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                                             usecases::WriteCostSplit(FromProto(in), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CostSplitRpc::DeclareAcutePlacement(
    CallbackServerContext* context, const v1::DeclareAcutePlacementRequest* request,
    v1::CostSplit* response) {
  return adapter_.Unary(
      context, request, response, "DeclareAcutePlacement",
      [this](const CallContext& call,
             const v1::DeclareAcutePlacementRequest& in) -> absl::StatusOr<v1::CostSplit> {
        VK_ASSIGN_OR_RETURN(
            const usecases::StoredDocument document,
            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                             usecases::DeclareAcute(in.placement_date(), in.reason(), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CostSplitRpc::GetCostSplit(CallbackServerContext* context,
                                               const v1::GetCostSplitRequest* request,
                                               v1::CostSplit* response) {
  return adapter_.Unary(context, request, response, "GetCostSplit",
                        [this](const CallContext& call,
                               const v1::GetCostSplitRequest& in) -> absl::StatusOr<v1::CostSplit> {
                          VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                                              documents_.Read(call, in.referral_id(), kKind));
                          return Answer(in.referral_id(), document);
                        });
}

}  // namespace vardkedja::referral::rpc
