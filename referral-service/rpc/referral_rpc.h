// vardkedja.referral.v1.ReferralService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/create_referral.h"
#include "referral-service/usecases/list_referrals.h"
#include "referral-service/usecases/read_referral.h"
#include "referral-service/usecases/take_step.h"
#include "vardkedja/referral/v1/referral_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `index` outlive it.
class ReferralRpc final : public v1::ReferralService::CallbackService {
 public:
  ReferralRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
              usecases::CaseIndex& index, usecases::DocumentStore& documents);

  grpc::ServerUnaryReactor* CreateReferral(grpc::CallbackServerContext* context,
                                           const v1::CreateReferralRequest* request,
                                           v1::Referral* response) override;
  grpc::ServerUnaryReactor* UpdateReferral(grpc::CallbackServerContext* context,
                                           const v1::UpdateReferralRequest* request,
                                           v1::Referral* response) override;
  grpc::ServerUnaryReactor* ChangeCriteria(grpc::CallbackServerContext* context,
                                           const v1::ChangeCriteriaRequest* request,
                                           v1::Referral* response) override;
  grpc::ServerUnaryReactor* SubmitReferral(grpc::CallbackServerContext* context,
                                           const v1::SubmitReferralRequest* request,
                                           v1::Referral* response) override;
  grpc::ServerUnaryReactor* AcknowledgeReferral(grpc::CallbackServerContext* context,
                                                const v1::AcknowledgeReferralRequest* request,
                                                v1::Referral* response) override;
  grpc::ServerUnaryReactor* RequestInformation(grpc::CallbackServerContext* context,
                                               const v1::RequestInformationRequest* request,
                                               v1::Referral* response) override;
  grpc::ServerUnaryReactor* ProvideInformation(grpc::CallbackServerContext* context,
                                               const v1::ProvideInformationRequest* request,
                                               v1::Referral* response) override;
  grpc::ServerUnaryReactor* ProposeAssessment(grpc::CallbackServerContext* context,
                                              const v1::ProposeAssessmentRequest* request,
                                              v1::Referral* response) override;
  grpc::ServerUnaryReactor* ConfirmAssessment(grpc::CallbackServerContext* context,
                                              const v1::ConfirmAssessmentRequest* request,
                                              v1::Referral* response) override;
  grpc::ServerUnaryReactor* DeclareNoSuitablePlace(grpc::CallbackServerContext* context,
                                                   const v1::DeclareNoSuitablePlaceRequest* request,
                                                   v1::Referral* response) override;
  grpc::ServerUnaryReactor* BookStudyVisit(grpc::CallbackServerContext* context,
                                           const v1::BookStudyVisitRequest* request,
                                           v1::Referral* response) override;
  grpc::ServerUnaryReactor* RecordStudyVisit(grpc::CallbackServerContext* context,
                                             const v1::RecordStudyVisitRequest* request,
                                             v1::Referral* response) override;
  grpc::ServerUnaryReactor* RecordAnswer(grpc::CallbackServerContext* context,
                                         const v1::RecordAnswerRequest* request,
                                         v1::Referral* response) override;
  grpc::ServerUnaryReactor* ProposeDecision(grpc::CallbackServerContext* context,
                                            const v1::ProposeDecisionRequest* request,
                                            v1::Referral* response) override;
  grpc::ServerUnaryReactor* MakeDecision(grpc::CallbackServerContext* context,
                                         const v1::MakeDecisionRequest* request,
                                         v1::Referral* response) override;
  grpc::ServerUnaryReactor* ExtendDecision(grpc::CallbackServerContext* context,
                                           const v1::ExtendDecisionRequest* request,
                                           v1::Referral* response) override;
  grpc::ServerUnaryReactor* CloseReferral(grpc::CallbackServerContext* context,
                                          const v1::CloseReferralRequest* request,
                                          v1::Referral* response) override;
  grpc::ServerUnaryReactor* WithdrawReferral(grpc::CallbackServerContext* context,
                                             const v1::WithdrawReferralRequest* request,
                                             v1::Referral* response) override;
  grpc::ServerUnaryReactor* GetReferral(grpc::CallbackServerContext* context,
                                        const v1::GetReferralRequest* request,
                                        v1::Referral* response) override;
  grpc::ServerUnaryReactor* ListReferrals(grpc::CallbackServerContext* context,
                                          const v1::ListReferralsRequest* request,
                                          v1::ListReferralsResponse* response) override;
  grpc::ServerUnaryReactor* GetAvailableActions(grpc::CallbackServerContext* context,
                                                const v1::GetAvailableActionsRequest* request,
                                                v1::GetAvailableActionsResponse* response) override;
  grpc::ServerUnaryReactor* GetTimeline(grpc::CallbackServerContext* context,
                                        const v1::GetTimelineRequest* request,
                                        v1::GetTimelineResponse* response) override;

 private:
  // One step: which case, and the pure function that decides.
  template <class Request, class Decide>
  grpc::ServerUnaryReactor* Step(grpc::CallbackServerContext* context, const Request* request,
                                 v1::Referral* response, std::string_view method, Decide decide);

  const vardkedja::rpc::Adapter adapter_;
  usecases::CreateReferral create_;
  usecases::TakeStep take_step_;
  usecases::GetReferral get_;
  usecases::GetAvailableActions actions_;
  usecases::GetTimeline timeline_;
  usecases::ListReferrals list_;
};

}  // namespace vardkedja::referral::rpc
