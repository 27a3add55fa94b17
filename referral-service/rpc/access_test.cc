// The access options of the contract say the same as the state machine's table.
#include <gtest/gtest.h>

#include "lib/auth/policy.h"
#include "lib/auth/role_names.h"
#include "referral-service/domain/state_machine.h"
#include "referral-service/usecases/case_access.h"
#include "vardkedja/referral/v1/authorization_service.pb.h"
#include "vardkedja/referral/v1/board_service.pb.h"
#include "vardkedja/referral/v1/ground_service.pb.h"
#include "vardkedja/referral/v1/plan_service.pb.h"
#include "vardkedja/referral/v1/referral_service.pb.h"
#include "vardkedja/referral/v1/rerouting_service.pb.h"

namespace vardkedja::referral {
namespace {

using domain::Action;

TEST(AccessTest, EachStepsRolesAreThoseOfTheTable) {
  static_cast<void>(v1::SubmitReferralRequest::descriptor());
  static_cast<void>(v1::ResolveDuplicateRequest::descriptor());
  static_cast<void>(v1::HandOverRequest::descriptor());
  for (int role = 1; role <= static_cast<int>(auth::Role::kSystem); ++role) {
    EXPECT_EQ(auth::RoleName(static_cast<auth::Role>(role)),
              domain::RoleName(static_cast<domain::Role>(role)));
  }
  const auth::Policy policy = auth::Policy::FromDescriptors();
  const std::vector<std::pair<std::string, Action>> methods = {
      {"CreateReferral", Action::kCreate},
      {"UpdateReferral", Action::kUpdate},
      {"ChangeCriteria", Action::kChangeCriteria},
      {"SubmitReferral", Action::kSubmit},
      {"AcknowledgeReferral", Action::kAcknowledge},
      {"RequestInformation", Action::kRequestInformation},
      {"ProvideInformation", Action::kProvideInformation},
      {"ProposeAssessment", Action::kProposeAssessment},
      {"ConfirmAssessment", Action::kConfirmAssessment},
      {"DeclareNoSuitablePlace", Action::kDeclareNoSuitablePlace},
      {"BoardService/ResolveDuplicate", Action::kResolveDuplicate},
      {"BookStudyVisit", Action::kBookStudyVisit},
      {"RecordStudyVisit", Action::kRecordStudyVisit},
      {"RecordAnswer", Action::kRecordAnswer},
      {"ProposeDecision", Action::kProposeDecision},
      {"MakeDecision", Action::kMakeDecision},
      {"ExtendDecision", Action::kExtendDecision},
      {"CloseReferral", Action::kClose},
      {"WithdrawReferral", Action::kWithdraw},
      {"ReroutingService/HandOver", Action::kHandOver},
      {"ReroutingService/WithdrawHandOver", Action::kWithdrawHandOver},
      {"ReroutingService/TakeOver", Action::kTakeOver},
      {"ReroutingService/DeclineHandOver", Action::kDeclineHandOver}};
  for (const auto& [method, action] : methods) {
    const bool elsewhere = method.find('/') != std::string::npos;
    const auth::AccessRule* rule = policy.Find(
        "/vardkedja.referral.v1." + (elsewhere ? "" : std::string("ReferralService/")) + method);
    ASSERT_NE(rule, nullptr) << method;
    EXPECT_EQ(usecases::RolesOf(rule->roles), domain::RuleOf(action).roles) << method;
    EXPECT_TRUE(rule->write) << method;
    EXPECT_EQ(rule->minimum_assurance, auth::Assurance::kSubstantial) << method;
  }
}

}  // namespace
}  // namespace vardkedja::referral
