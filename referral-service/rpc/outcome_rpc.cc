#include "referral-service/rpc/outcome_rpc.h"

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

constexpr auto kKind = usecases::DocumentKind::kOutcomes;

v1::Outcomes Answer(const std::string& referral_id, const usecases::StoredDocument& document) {
  v1::Outcomes answer = storage::ToProto(std::get<domain::Outcomes>(document.content));
  answer.set_referral_id(referral_id);
  answer.set_etag(std::to_string(document.version));
  return answer;
}

domain::OutcomeRequest FromProto(const v1::Outcome& in) {
  domain::OutcomeRequest request;
  if (v1::OutcomePoint_IsValid(in.point())) {
    request.point = static_cast<domain::OutcomePoint>(in.point());
  }
  request.outcome_date = in.outcome_date();
  request.codes = {in.housing(), in.occupation(), in.use(), in.symptoms()};
  request.codes_known =
      v1::OutcomeHousing_IsValid(in.housing()) && v1::OutcomeOccupation_IsValid(in.occupation()) &&
      v1::OutcomeUse_IsValid(in.use()) && v1::OutcomeSymptoms_IsValid(in.symptoms());
  if (in.has_inpatient_days()) request.inpatient_days = in.inpatient_days();
  request.own_goals = in.own_goals();
  if (in.has_self_rated_life()) request.self_rated_life = in.self_rated_life();
  return request;
}

}  // namespace

OutcomeRpc::OutcomeRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents)
    : adapter_(core, v1::OutcomeService::service_full_name()), documents_(documents) {}

ServerUnaryReactor* OutcomeRpc::RecordOutcome(CallbackServerContext* context,
                                              const v1::RecordOutcomeRequest* request,
                                              v1::Outcomes* response) {
  return adapter_.Unary(
      context, request, response, "RecordOutcome",
      [this](const CallContext& call,
             const v1::RecordOutcomeRequest& in) -> absl::StatusOr<v1::Outcomes> {
        VK_ASSIGN_OR_RETURN(
            const usecases::StoredDocument document,
            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                             usecases::RecordOutcome(FromProto(in.outcome()), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* OutcomeRpc::RecordIndividualFollowUp(
    CallbackServerContext* context, const v1::RecordIndividualFollowUpRequest* request,
    v1::Outcomes* response) {
  return adapter_.Unary(
      context, request, response, "RecordIndividualFollowUp",
      [this](const CallContext& call,
             const v1::RecordIndividualFollowUpRequest& in) -> absl::StatusOr<v1::Outcomes> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                                             usecases::RecordIndividualFollowUp(
                                                 in.done_date(), in.text(), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* OutcomeRpc::GetOutcomes(CallbackServerContext* context,
                                            const v1::GetOutcomesRequest* request,
                                            v1::Outcomes* response) {
  return adapter_.Unary(context, request, response, "GetOutcomes",
                        [this](const CallContext& call,
                               const v1::GetOutcomesRequest& in) -> absl::StatusOr<v1::Outcomes> {
                          VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                                              documents_.Read(call, in.referral_id(), kKind));
                          return Answer(in.referral_id(), document);
                        });
}

}  // namespace vardkedja::referral::rpc
