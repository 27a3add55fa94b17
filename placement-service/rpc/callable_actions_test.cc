// What is offered is what the access rules let the caller do: each role with each method.
#include "placement-service/rpc/callable_actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "lib/auth/role_names.h"
#include "placement-service/domain/hold.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/transfer.h"
#include "placement-service/rpc/ports.h"
#include "placement-service/storage/test_fixture.h"
#include "vardkedja/placement/v1/board_service.pb.h"
#include "vardkedja/placement/v1/case_service.pb.h"
#include "vardkedja/placement/v1/offer_service.pb.h"

namespace vardkedja::placement::rpc {
namespace {

using auth::Role;

constexpr std::string_view kPackage = "/vardkedja.placement.v1.";

auth::CallContext By(Role role, auth::Assurance assurance = auth::Assurance::kHigh) {
  auth::CallContext call;
  call.principal.roles = {role};
  call.principal.units = {"alvesta-authority"};
  call.principal.assurance = assurance;
  call.acting_unit = "alvesta-authority";
  return call;
}

// The methods of this service, by their simple name.
std::map<std::string, std::string> Methods() {
  std::map<std::string, std::string> methods;
  for (const auto& [method, rule] : ContractPolicy().rules()) {
    if (method.starts_with(kPackage)) {
      EXPECT_TRUE(methods.emplace(method.substr(method.rfind('/') + 1), method).second)
          << method << ": an action would have two meanings";
    }
  }
  return methods;
}

TEST(CallableActionsTest, EachRoleIsOfferedWhatItMayCallAndNothingElse) {
  const auto methods = Methods();
  ASSERT_GT(methods.size(), 80u);
  for (int number = 1; number <= static_cast<int>(Role::kSystem); ++number) {
    for (const auto assurance : {auth::Assurance::kLow, auth::Assurance::kHigh}) {
      const auth::CallContext call = By(static_cast<Role>(number), assurance);
      v1::ListOffersResponse answer;
      for (const auto& [name, method] : methods) {
        answer.add_offers()->add_available_actions(name);
      }
      KeepCallable(ContractPolicy(), call, answer);
      int at = 0;
      for (const auto& [name, method] : methods) {
        const bool offered = answer.offers(at++).available_actions_size() == 1;
        const bool may = ContractPolicy().Check(method, call.principal, call.acting_unit).ok();
        EXPECT_EQ(offered, may) << auth::RoleName(static_cast<Role>(number)) << " " << name;
      }
    }
  }
}

TEST(CallableActionsTest, ARoleWithoutActionsIsOfferedNone) {
  for (const Role role : {Role::kChildRepresentative, Role::kAuditor, Role::kStatistician}) {
    v1::Offer offer;
    offer.add_available_actions("AcceptOffer");
    offer.add_available_actions("DeclineOffer");
    KeepCallable(ContractPolicy(), By(role), offer);
    EXPECT_EQ(offer.available_actions_size(), 0);
  }
  v1::Offer offer;
  offer.add_available_actions("AcceptOffer");
  offer.add_available_actions("Expire");
  KeepCallable(ContractPolicy(), By(Role::kSocialWorker), offer);
  EXPECT_THAT(offer.available_actions(), ::testing::ElementsAre("AcceptOffer"))
      << "a timer's is nobody's to call";
}

// What the tables let a unit do is a method, or the filter would hide it from everybody.
template <class Table>
void ExpectMethods(const Table& table) {
  const auto methods = Methods();
  constexpr unsigned kUnits =
      domain::kOwner | domain::kBoard | domain::kFacility | domain::kNextFacility;
  for (const auto& row : table) {
    if ((row.parties & kUnits) == 0) continue;
    EXPECT_TRUE(methods.contains(std::string(Name(row.action)))) << Name(row.action);
  }
}

TEST(CallableActionsTest, EveryActionOfAUnitIsAMethod) {
  ExpectMethods(domain::HoldTable());
  ExpectMethods(domain::OfferTable());
  ExpectMethods(domain::StayTable());
  ExpectMethods(domain::TransferTable());
}

class CallableAnswerTest : public PlacementFixture {};

TEST_F(CallableAnswerTest, AHandlersAnswerIsFilteredAtAnyDepth) {
  EXPECT_TRUE(NamesActions(*v1::Offer::descriptor()));
  EXPECT_TRUE(NamesActions(*v1::WeeklyView::descriptor()));
  EXPECT_FALSE(NamesActions(*v1::GetPlacementTimelineResponse::descriptor()));
  const Ports ports{stays_.store, stays_.disclosure};
  const auto handler = With<v1::GetAvailableActionsRequest, v1::GetAvailableActionsResponse>(
      ports,
      [](const Ports&, const auth::CallContext&,
         const v1::GetAvailableActionsRequest&) -> absl::StatusOr<v1::GetAvailableActionsResponse> {
        v1::GetAvailableActionsResponse answer;
        answer.add_resources()->add_available_actions("AcceptOffer");
        return answer;
      });
  EXPECT_EQ(handler(By(Role::kSocialWorker), {})->resources(0).available_actions_size(), 1);
  EXPECT_EQ(handler(By(Role::kFacilityStaff), {})->resources(0).available_actions_size(), 0);
}

}  // namespace
}  // namespace vardkedja::placement::rpc
