// The access options of the contract say the same as the state machine's table.
#include <gtest/gtest.h>

#include <map>

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

// The method that takes each step that somebody calls.
std::vector<std::pair<std::string, Action>> Methods() {
  return {{"CreateReferral", Action::kCreate},
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
}

// "/package.Service/Method"
std::string WireName(const std::string& method) {
  const bool elsewhere = method.find('/') != std::string::npos;
  return "/vardkedja.referral.v1." + (elsewhere ? "" : std::string("ReferralService/")) + method;
}

auth::Policy ContractPolicy() {
  static_cast<void>(v1::SubmitReferralRequest::descriptor());
  static_cast<void>(v1::ResolveDuplicateRequest::descriptor());
  static_cast<void>(v1::HandOverRequest::descriptor());
  return auth::Policy::FromDescriptors();
}

TEST(AccessTest, EachStepsRolesAreThoseOfTheTable) {
  for (int role = 1; role <= static_cast<int>(auth::Role::kSystem); ++role) {
    EXPECT_EQ(auth::RoleName(static_cast<auth::Role>(role)),
              domain::RoleName(static_cast<domain::Role>(role)));
  }
  const auth::Policy policy = ContractPolicy();
  for (const auto& [method, action] : Methods()) {
    const auth::AccessRule* rule = policy.Find(WireName(method));
    ASSERT_NE(rule, nullptr) << method;
    EXPECT_EQ(usecases::RolesOf(rule->roles), domain::RuleOf(action).roles) << method;
    EXPECT_TRUE(rule->write) << method;
    EXPECT_EQ(rule->minimum_assurance, auth::Assurance::kSubstantial) << method;
  }
}

// In every state, to every role on every side: nothing is offered that the call would be denied
// for.
TEST(AccessTest, NoRoleIsOfferedWhatTheAccessRulesDeny) {
  const auth::Policy policy = ContractPolicy();
  std::map<Action, std::string> method_of;
  for (const auto& [method, action] : Methods()) method_of[action] = WireName(method);
  std::size_t offered = 0;
  for (int number = 1; number <= static_cast<int>(auth::Role::kSystem); ++number) {
    auth::Principal caller;
    caller.roles = {static_cast<auth::Role>(number)};
    caller.units = {"unit"};
    caller.assurance = auth::Assurance::kSubstantial;
    for (const domain::State state : domain::AllStates()) {
      for (const domain::Side side :
           {domain::Side::kNone, domain::Side::kOwner, domain::Side::kBoard,
            domain::Side::kFacility, domain::Side::kReceiver}) {
        for (const Action action :
             domain::AvailableActions(state, side, usecases::RolesOf(caller.roles))) {
          ASSERT_TRUE(method_of.contains(action)) << domain::Name(action);
          EXPECT_TRUE(policy.Check(method_of[action], caller, "unit").ok())
              << method_of[action] << " " << auth::RoleName(static_cast<auth::Role>(number));
          ++offered;
        }
      }
    }
  }
  EXPECT_GT(offered, 100U);
}

}  // namespace
}  // namespace vardkedja::referral
