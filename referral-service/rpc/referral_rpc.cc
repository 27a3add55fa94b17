#include "referral-service/rpc/referral_rpc.h"

#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/storage/form_codec.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

ReferralRpc::ReferralRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                         usecases::CaseIndex& index, usecases::DocumentStore& documents)
    : adapter_(core, v1::ReferralService::service_full_name()),
      create_(door),
      take_step_(door),
      get_(door),
      actions_(door),
      timeline_(door, documents),
      list_(door, index) {}

template <class Request, class Decide>
ServerUnaryReactor* ReferralRpc::Step(CallbackServerContext* context, const Request* request,
                                      v1::Referral* response, std::string_view method,
                                      Decide decide) {
  return adapter_.Unary(
      context, request, response, method,
      [this, decide](const CallContext& call, const Request& in) -> absl::StatusOr<v1::Referral> {
        VK_ASSIGN_OR_RETURN(
            const usecases::CaseView view,
            take_step_.Run(call, {in.referral_id(), in.etag()},
                           [&](const domain::Step& step) { return decide(step, in); }));
        return ToProto(view);
      });
}

ServerUnaryReactor* ReferralRpc::CreateReferral(CallbackServerContext* context,
                                                const v1::CreateReferralRequest* request,
                                                v1::Referral* response) {
  return adapter_.Unary(
      context, request, response, "CreateReferral",
      [this](const CallContext& call,
             const v1::CreateReferralRequest& in) -> absl::StatusOr<v1::Referral> {
        VK_ASSIGN_OR_RETURN(
            const usecases::CaseView view,
            create_.Run(call, {storage::FromProto(in.form()),
                               {in.handler_subjects().begin(), in.handler_subjects().end()}}));
        return ToProto(view);
      });
}

ServerUnaryReactor* ReferralRpc::UpdateReferral(CallbackServerContext* context,
                                                const v1::UpdateReferralRequest* request,
                                                v1::Referral* response) {
  return Step(context, request, response, "UpdateReferral",
              [](const domain::Step& step, const v1::UpdateReferralRequest& in) {
                return domain::Update(
                    step, {storage::FromProto(in.form()),
                           {in.update_mask().paths().begin(), in.update_mask().paths().end()}});
              });
}

ServerUnaryReactor* ReferralRpc::ChangeCriteria(CallbackServerContext* context,
                                                const v1::ChangeCriteriaRequest* request,
                                                v1::Referral* response) {
  return Step(context, request, response, "ChangeCriteria",
              [](const domain::Step& step, const v1::ChangeCriteriaRequest& in) {
                const auto& criteria = in.criteria();
                return domain::ChangeCriteria(
                    step, {{criteria.lvm_investigation(), criteria.child_perspective(),
                            criteria.lvm_section_27(), criteria.external_placement()},
                           in.reason()});
              });
}

ServerUnaryReactor* ReferralRpc::SubmitReferral(CallbackServerContext* context,
                                                const v1::SubmitReferralRequest* request,
                                                v1::Referral* response) {
  return Step(
      context, request, response, "SubmitReferral",
      [](const domain::Step& step, const v1::SubmitReferralRequest& in) {
        return domain::Submit(step, {in.prior_decision_date(), in.order_exception_reason()});
      });
}

ServerUnaryReactor* ReferralRpc::AcknowledgeReferral(CallbackServerContext* context,
                                                     const v1::AcknowledgeReferralRequest* request,
                                                     v1::Referral* response) {
  return Step(context, request, response, "AcknowledgeReferral",
              [](const domain::Step& step, const v1::AcknowledgeReferralRequest&) {
                return domain::Acknowledge(step);
              });
}

ServerUnaryReactor* ReferralRpc::RequestInformation(CallbackServerContext* context,
                                                    const v1::RequestInformationRequest* request,
                                                    v1::Referral* response) {
  return Step(context, request, response, "RequestInformation",
              [](const domain::Step& step, const v1::RequestInformationRequest& in) {
                return domain::RequestInformation(step, in.question());
              });
}

ServerUnaryReactor* ReferralRpc::ProvideInformation(CallbackServerContext* context,
                                                    const v1::ProvideInformationRequest* request,
                                                    v1::Referral* response) {
  return Step(context, request, response, "ProvideInformation",
              [](const domain::Step& step, const v1::ProvideInformationRequest& in) {
                return domain::ProvideInformation(step, in.answer());
              });
}

ServerUnaryReactor* ReferralRpc::ProposeAssessment(CallbackServerContext* context,
                                                   const v1::ProposeAssessmentRequest* request,
                                                   v1::Referral* response) {
  return Step(context, request, response, "ProposeAssessment",
              [](const domain::Step& step, const v1::ProposeAssessmentRequest& in) {
                return domain::ProposeAssessment(
                    step, {{in.path_facility_ids().begin(), in.path_facility_ids().end()},
                           FromProto(in.bed_kind()),
                           in.text(),
                           in.no_suitable_place_reason_code()});
              });
}

ServerUnaryReactor* ReferralRpc::ConfirmAssessment(CallbackServerContext* context,
                                                   const v1::ConfirmAssessmentRequest* request,
                                                   v1::Referral* response) {
  return Step(context, request, response, "ConfirmAssessment",
              [](const domain::Step& step, const v1::ConfirmAssessmentRequest&) {
                return domain::ConfirmAssessment(step);
              });
}

ServerUnaryReactor* ReferralRpc::DeclareNoSuitablePlace(
    CallbackServerContext* context, const v1::DeclareNoSuitablePlaceRequest* request,
    v1::Referral* response) {
  return Step(context, request, response, "DeclareNoSuitablePlace",
              [](const domain::Step& step, const v1::DeclareNoSuitablePlaceRequest& in) {
                return domain::DeclareNoSuitablePlace(step, {in.reason_code(), in.alternatives()});
              });
}

ServerUnaryReactor* ReferralRpc::BookStudyVisit(CallbackServerContext* context,
                                                const v1::BookStudyVisitRequest* request,
                                                v1::Referral* response) {
  return Step(context, request, response, "BookStudyVisit",
              [](const domain::Step& step, const v1::BookStudyVisitRequest& in) {
                return domain::BookStudyVisit(
                    step, {in.facility_id(), FromProto(in.has_visit_time(), in.visit_time())});
              });
}

ServerUnaryReactor* ReferralRpc::RecordStudyVisit(CallbackServerContext* context,
                                                  const v1::RecordStudyVisitRequest* request,
                                                  v1::Referral* response) {
  return Step(context, request, response, "RecordStudyVisit",
              [](const domain::Step& step, const v1::RecordStudyVisitRequest& in) {
                return domain::RecordStudyVisit(
                    step, {FromProto(in.outcome()), in.needs_can_be_met(), in.reason()});
              });
}

ServerUnaryReactor* ReferralRpc::RecordAnswer(CallbackServerContext* context,
                                              const v1::RecordAnswerRequest* request,
                                              v1::Referral* response) {
  return Step(context, request, response, "RecordAnswer",
              [](const domain::Step& step, const v1::RecordAnswerRequest& in) {
                return domain::RecordAnswer(step, {FromProto(in.kind()), in.alternatives_shown()});
              });
}

ServerUnaryReactor* ReferralRpc::ProposeDecision(CallbackServerContext* context,
                                                 const v1::ProposeDecisionRequest* request,
                                                 v1::Referral* response) {
  return Step(context, request, response, "ProposeDecision",
              [](const domain::Step& step, const v1::ProposeDecisionRequest& in) {
                return domain::ProposeDecision(
                    step, {in.facility_id(), FromProto(in.bed_kind()), in.law_section(),
                           in.to_date(), in.planned_move_in_date(), in.motivation()});
              });
}

ServerUnaryReactor* ReferralRpc::MakeDecision(CallbackServerContext* context,
                                              const v1::MakeDecisionRequest* request,
                                              v1::Referral* response) {
  return Step(context, request, response, "MakeDecision",
              [](const domain::Step& step, const v1::MakeDecisionRequest& in) {
                return domain::MakeDecision(
                    step, {FromProto(in.outcome()), in.delegation_point(), in.refusal_reason_code(),
                           in.motivation(), in.deciding_reference(), in.decision_date()});
              });
}

ServerUnaryReactor* ReferralRpc::ExtendDecision(CallbackServerContext* context,
                                                const v1::ExtendDecisionRequest* request,
                                                v1::Referral* response) {
  return Step(context, request, response, "ExtendDecision",
              [](const domain::Step& step, const v1::ExtendDecisionRequest& in) {
                return domain::ExtendDecision(
                    step, {in.facility_id(), in.to_date(), in.law_section(), in.delegation_point(),
                           in.proposer_subject(), in.motivation(), in.deciding_reference(),
                           in.decision_date()});
              });
}

ServerUnaryReactor* ReferralRpc::CloseReferral(CallbackServerContext* context,
                                               const v1::CloseReferralRequest* request,
                                               v1::Referral* response) {
  return Step(context, request, response, "CloseReferral",
              [](const domain::Step& step, const v1::CloseReferralRequest& in) {
                return domain::Close(step, in.reason_code());
              });
}

ServerUnaryReactor* ReferralRpc::WithdrawReferral(CallbackServerContext* context,
                                                  const v1::WithdrawReferralRequest* request,
                                                  v1::Referral* response) {
  return Step(context, request, response, "WithdrawReferral",
              [](const domain::Step& step, const v1::WithdrawReferralRequest&) {
                return domain::Withdraw(step);
              });
}

ServerUnaryReactor* ReferralRpc::GetReferral(CallbackServerContext* context,
                                             const v1::GetReferralRequest* request,
                                             v1::Referral* response) {
  return adapter_.Unary(context, request, response, "GetReferral",
                        [this](const CallContext& call,
                               const v1::GetReferralRequest& in) -> absl::StatusOr<v1::Referral> {
                          VK_ASSIGN_OR_RETURN(const usecases::CaseView view,
                                              get_.Run(call, in.referral_id()));
                          return ToProto(view);
                        });
}

ServerUnaryReactor* ReferralRpc::ListReferrals(CallbackServerContext* context,
                                               const v1::ListReferralsRequest* request,
                                               v1::ListReferralsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListReferrals",
      [this](const CallContext& call,
             const v1::ListReferralsRequest& in) -> absl::StatusOr<v1::ListReferralsResponse> {
        usecases::ListRequest list;
        std::vector<FieldViolation> violations;
        if (!v1::Worklist_IsValid(in.worklist())) {
          violations.push_back(domain::Violation("worklist", "UNKNOWN_CODE",
                                                 "There is no such worklist.",
                                                 "Det finns ingen sådan arbetslista."));
        }
        list.worklist = static_cast<usecases::Worklist>(in.worklist());
        list.states = FromProto(in.states(), violations);
        if (!violations.empty()) return InvalidFields(std::move(violations));
        list.page = {in.limit(), in.cursor()};
        VK_ASSIGN_OR_RETURN(const usecases::CaseList found, list_.Run(call, list));
        v1::ListReferralsResponse out;
        for (const usecases::CaseLine& line : found.lines) *out.add_referrals() = ToProto(line);
        out.set_next(found.next);
        return out;
      });
}

ServerUnaryReactor* ReferralRpc::GetAvailableActions(CallbackServerContext* context,
                                                     const v1::GetAvailableActionsRequest* request,
                                                     v1::GetAvailableActionsResponse* response) {
  return adapter_.Unary(context, request, response, "GetAvailableActions",
                        [this](const CallContext& call, const v1::GetAvailableActionsRequest& in)
                            -> absl::StatusOr<v1::GetAvailableActionsResponse> {
                          VK_ASSIGN_OR_RETURN(const usecases::OpenActions open,
                                              actions_.Run(call, in.referral_id()));
                          v1::GetAvailableActionsResponse out;
                          out.set_state(static_cast<v1::ReferralState>(open.state));
                          for (const domain::Action action : open.actions)
                            *out.add_actions() = ToProto(action);
                          out.set_etag(std::to_string(open.version));
                          return out;
                        });
}

ServerUnaryReactor* ReferralRpc::GetTimeline(CallbackServerContext* context,
                                             const v1::GetTimelineRequest* request,
                                             v1::GetTimelineResponse* response) {
  return adapter_.Unary(
      context, request, response, "GetTimeline",
      [this](const CallContext& call,
             const v1::GetTimelineRequest& in) -> absl::StatusOr<v1::GetTimelineResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::Timeline found,
                            timeline_.Run(call, in.referral_id(), {in.limit(), in.cursor()}));
        v1::GetTimelineResponse out;
        for (const usecases::StepRecord& step : found.steps) *out.add_entries() = ToProto(step);
        out.set_next(found.next);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
