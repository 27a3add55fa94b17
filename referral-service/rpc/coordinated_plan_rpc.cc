#include "referral-service/rpc/coordinated_plan_rpc.h"

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

constexpr auto kKind = usecases::DocumentKind::kCoordinatedPlan;

v1::CoordinatedPlan Answer(const std::string& referral_id,
                           const usecases::StoredDocument& document) {
  v1::CoordinatedPlan answer =
      storage::ToProto(std::get<domain::CoordinatedPlan>(document.content));
  answer.set_referral_id(referral_id);
  answer.set_etag(std::to_string(document.version));
  SetMerged(document.merged_units, answer.mutable_merged_units());
  return answer;
}

// Values that this program does not know count as not given.
domain::NeedRequest FromProto(const v1::AssessCoordinatedPlanNeedRequest& in) {
  domain::NeedRequest request;
  if (v1::PlanAskedBy_IsValid(in.asked_by())) {
    request.asked_by = static_cast<domain::PlanAskedBy>(in.asked_by());
  }
  request.reason = in.reason();
  request.party_unit_ids = {in.party_unit_ids().begin(), in.party_unit_ids().end()};
  return request;
}

domain::MeetingRequest FromProto(const v1::CallCoordinatedPlanMeetingRequest& in) {
  domain::MeetingRequest request;
  request.meeting_time = rpc::FromProto(in.has_meeting_time(), in.meeting_time());
  if (v1::PlanMeetingForm_IsValid(in.form())) {
    request.form = static_cast<domain::PlanMeetingForm>(in.form());
  }
  request.place = in.place();
  request.video_link = in.video_link();
  request.invited_unit_ids = {in.invited_unit_ids().begin(), in.invited_unit_ids().end()};
  request.relatives_invited = in.relatives_invited();
  return request;
}

domain::PlanContentRequest FromProto(const v1::PlanContent& in) {
  domain::PlanContentRequest request;
  request.goals = in.goals();
  for (const v1::PlanIntervention& one : in.interventions()) {
    request.interventions.push_back({one.what(), one.unit_id(), one.start_date()});
  }
  request.measures_by_others = in.measures_by_others();
  request.responsible_unit_id = in.responsible_unit_id();
  request.follow_up_date = in.follow_up_date();
  return request;
}

}  // namespace

CoordinatedPlanRpc::CoordinatedPlanRpc(vardkedja::rpc::AdapterCore& core,
                                       usecases::Documents& documents)
    : adapter_(core, v1::CoordinatedPlanService::service_full_name()), documents_(documents) {}

ServerUnaryReactor* CoordinatedPlanRpc::AssessCoordinatedPlanNeed(
    CallbackServerContext* context, const v1::AssessCoordinatedPlanNeedRequest* request,
    v1::CoordinatedPlan* response) {
  return adapter_.Unary(
      context, request, response, "AssessCoordinatedPlanNeed",
      [this](const CallContext& call, const v1::AssessCoordinatedPlanNeedRequest& in)
          -> absl::StatusOr<v1::CoordinatedPlan> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                                             usecases::AssessPlanNeed(FromProto(in), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CoordinatedPlanRpc::RecordCoordinatedPlanAgreement(
    CallbackServerContext* context, const v1::RecordCoordinatedPlanAgreementRequest* request,
    v1::CoordinatedPlan* response) {
  return adapter_.Unary(
      context, request, response, "RecordCoordinatedPlanAgreement",
      [this](const CallContext& call, const v1::RecordCoordinatedPlanAgreementRequest& in)
          -> absl::StatusOr<v1::CoordinatedPlan> {
        VK_ASSIGN_OR_RETURN(
            const usecases::StoredDocument document,
            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                             usecases::RecordPlanAgreement(in.agreed(), in.text(), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CoordinatedPlanRpc::CallCoordinatedPlanMeeting(
    CallbackServerContext* context, const v1::CallCoordinatedPlanMeetingRequest* request,
    v1::CoordinatedPlan* response) {
  return adapter_.Unary(
      context, request, response, "CallCoordinatedPlanMeeting",
      [this](const CallContext& call, const v1::CallCoordinatedPlanMeetingRequest& in)
          -> absl::StatusOr<v1::CoordinatedPlan> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                                             usecases::CallPlanMeeting(FromProto(in), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CoordinatedPlanRpc::RecordCoordinatedPlan(
    CallbackServerContext* context, const v1::RecordCoordinatedPlanRequest* request,
    v1::CoordinatedPlan* response) {
  return adapter_.Unary(
      context, request, response, "RecordCoordinatedPlan",
      [this](const CallContext& call,
             const v1::RecordCoordinatedPlanRequest& in) -> absl::StatusOr<v1::CoordinatedPlan> {
        VK_ASSIGN_OR_RETURN(
            const usecases::StoredDocument document,
            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                             usecases::WritePlanContent(FromProto(in.content()), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CoordinatedPlanRpc::FollowUpCoordinatedPlan(
    CallbackServerContext* context, const v1::FollowUpCoordinatedPlanRequest* request,
    v1::CoordinatedPlan* response) {
  return adapter_.Unary(
      context, request, response, "FollowUpCoordinatedPlan",
      [this](const CallContext& call,
             const v1::FollowUpCoordinatedPlanRequest& in) -> absl::StatusOr<v1::CoordinatedPlan> {
        VK_ASSIGN_OR_RETURN(
            const usecases::StoredDocument document,
            documents_.Write(
                call, {in.referral_id(), in.etag()}, kKind,
                usecases::FollowUpPlan({in.done_date(), in.text(), in.next_date()}, call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* CoordinatedPlanRpc::GetCoordinatedPlan(
    CallbackServerContext* context, const v1::GetCoordinatedPlanRequest* request,
    v1::CoordinatedPlan* response) {
  return adapter_.Unary(
      context, request, response, "GetCoordinatedPlan",
      [this](const CallContext& call,
             const v1::GetCoordinatedPlanRequest& in) -> absl::StatusOr<v1::CoordinatedPlan> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Read(call, in.referral_id(), kKind));
        return Answer(in.referral_id(), document);
      });
}

}  // namespace vardkedja::referral::rpc
