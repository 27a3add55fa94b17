#include "referral-service/domain/access_policy.h"

#include <gtest/gtest.h>

namespace vardkedja::referral::domain {
namespace {

const Date kToday = MakeDate(2026, 11, 23);

DisclosureGround Consent(std::set<std::string> units,
                         std::set<std::string> categories = {"identity", "needs"}) {
  DisclosureGround ground;
  ground.kind = GroundKind::kConsent;
  ground.recipient_unit_ids = std::move(units);
  ground.categories = std::move(categories);
  ground.purpose = "case_work";
  ground.from_date = kToday;
  ground.to_date = kToday + std::chrono::days(365);
  return ground;
}

CaseFacts Facts(State state) {
  CaseFacts facts;
  facts.state = state;
  facts.owner_unit_id = "alvesta-authority";
  facts.next_unit_id = "ekeliden";
  facts.grounds = {Consent({"placement-board", "ekeliden", "novus", "clinic-region-vaxjo"})};
  return facts;
}

AccessQuestion Question(const std::string& unit, Role role) {
  AccessQuestion question;
  question.unit_id = unit;
  question.unit_kind = unit == "placement-board"               ? UnitKind::kBoard
                       : unit == "ekeliden" || unit == "novus" ? UnitKind::kFacility
                                                               : UnitKind::kOther;
  question.roles = {role};
  question.purpose = "case_work";
  question.purpose_known = true;
  question.subject = "someone";
  question.today = kToday;
  return question;
}

std::string RuleFor(const CaseFacts& facts, const std::string& unit, Role role) {
  return Decide(facts, Question(unit, role)).rule_id;
}

TEST(AccessPolicyTest, TheOwnerSeesEverythingInEveryState) {
  for (const State state : AllStates()) {
    const Access access = Decide(Facts(state), Question("alvesta-authority", Role::kSocialWorker));
    EXPECT_EQ(access.rule_id, "owner");
    EXPECT_EQ(access.categories, AllCategories());
  }
}

TEST(AccessPolicyTest, AnErasedCaseIsThereForNobodyButTheStayOfAFacility) {
  CaseFacts facts = Facts(State::kClosed);
  facts.former_unit_ids = {"novus"};
  facts.erased = true;
  EXPECT_EQ(RuleFor(facts, "alvesta-authority", Role::kSocialWorker), "deny.erased");
  EXPECT_EQ(RuleFor(facts, "placement-board", Role::kBoardMember), "deny.erased");
  EXPECT_EQ(RuleFor(facts, "ekeliden", Role::kFacilityStaff), "deny.erased");
  EXPECT_EQ(RuleFor(facts, "novus", Role::kFacilityStaff), "facility.own_stay_record");
}

TEST(AccessPolicyTest, AnotherUnitOfTheSameMunicipalityIsAnotherUnit) {
  EXPECT_FALSE(
      Decide(Facts(State::kSubmitted), Question("alvesta-family", Role::kSocialWorker)).permitted);
}

TEST(AccessPolicyTest, TheBoardSeesTheCaseWhileItIsBeforeItAndAGroundIsLive) {
  for (const State state : AllStates()) {
    CaseFacts facts = Facts(state);
    const bool placed = IsPlaced(state);
    if (placed) facts.present_unit_id = "ekeliden";
    if (state == State::kDischarged) facts.former_unit_ids = {"ekeliden"};
    const std::string rule = RuleFor(facts, "placement-board", Role::kBoardMember);
    const bool outside = state == State::kDraft || state == State::kClosed;
    const bool placement_only =
        state == State::kPlaced || state == State::kDischarged || state == State::kSentBack;
    EXPECT_EQ(rule, state == State::kDraft ? "deny.draft"
                    : outside              ? "deny"
                    : placement_only       ? "board.placement"
                                           : "board.ground_live")
        << Name(state);
    facts.grounds.clear();
    EXPECT_FALSE(Decide(facts, Question("placement-board", Role::kBoardMember)).permitted);
  }
}

TEST(AccessPolicyTest, TheFacilitySeesTheCaseFromTheAssessmentOn) {
  for (const State state : AllStates()) {
    const std::string rule = RuleFor(Facts(state), "ekeliden", Role::kFacilityStaff);
    const bool seen =
        (state >= State::kAssessed && state <= State::kOffered) || state == State::kDecisionEnded;
    const bool transfer = state == State::kTransferDecided || state == State::kTransferPlanned ||
                          state == State::kDischarged;
    EXPECT_EQ(rule, state == State::kDraft ? "deny.draft"
                    : seen                 ? "facility.assessed"
                    : transfer             ? "facility.transfer"
                                           : "deny")
        << Name(state);
  }
}

TEST(AccessPolicyTest, TheNextFacilityKnowsNothingUntilTheTransferOpens) {
  CaseFacts facts = Facts(State::kPlaced);
  facts.present_unit_id = "ekeliden";
  facts.next_unit_id = "novus";
  EXPECT_EQ(RuleFor(facts, "novus", Role::kFacilityStaff), "deny");
  facts.state = State::kTransferDecided;
  EXPECT_EQ(RuleFor(facts, "novus", Role::kFacilityStaff), "facility.transfer");
}

TEST(AccessPolicyTest, WhoWasDischargedBeforeTheMoveIsStillToCome) {
  CaseFacts facts = Facts(State::kDischarged);
  facts.former_unit_ids = {"ekeliden"};
  facts.next_unit_id = "novus";
  EXPECT_EQ(RuleFor(facts, "novus", Role::kFacilityStaff), "facility.transfer");
  EXPECT_EQ(RuleFor(facts, "ekeliden", Role::kFacilityStaff), "facility.own_stay_record");
  facts.grounds.clear();
  EXPECT_EQ(RuleFor(facts, "novus", Role::kFacilityStaff), "deny");
  facts = Facts(State::kDischarged);
  facts.former_unit_ids = {"ekeliden", "novus"};
  facts.next_unit_id = "novus";
  EXPECT_EQ(RuleFor(facts, "novus", Role::kFacilityStaff), "facility.own_stay_record")
      << "the person has been there and left";
}

TEST(AccessPolicyTest, AFacilityKeepsItsOwnStayRecordAndNoMoreWithoutAGround) {
  CaseFacts facts = Facts(State::kPlaced);
  facts.present_unit_id = "ekeliden";
  EXPECT_EQ(RuleFor(facts, "ekeliden", Role::kFacilityStaff), "facility.placed");
  facts.grounds.clear();
  const Access access = Decide(facts, Question("ekeliden", Role::kFacilityStaff));
  EXPECT_EQ(access.rule_id, "facility.own_stay_record");
  EXPECT_EQ(access.categories, (std::set<std::string>{"placement"}));
}

TEST(AccessPolicyTest, RolesWithoutCaseAccessAreDeniedEverywhere) {
  for (const Role role :
       {Role::kStatistician, Role::kChildRepresentative, Role::kAuditor, Role::kOperator}) {
    EXPECT_EQ(RuleFor(Facts(State::kSubmitted), "alvesta-authority", role), "deny.role");
  }
}

TEST(AccessPolicyTest, AnUnknownPurposeIsDenied) {
  AccessQuestion question = Question("alvesta-authority", Role::kSocialWorker);
  question.purpose_known = false;
  EXPECT_EQ(Decide(Facts(State::kSubmitted), question).rule_id, "deny.purpose");
}

TEST(AccessPolicyTest, AGroundForAnotherPurposeDoesNotCount) {
  CaseFacts facts = Facts(State::kSubmitted);
  facts.grounds[0].purpose = "follow_up";
  EXPECT_FALSE(Decide(facts, Question("placement-board", Role::kBoardMember)).permitted);
}

TEST(AccessPolicyTest, AProtectedIdentityIsForNamedHandlersOnly) {
  CaseFacts facts = Facts(State::kSubmitted);
  facts.protected_identity = true;
  facts.handler_subjects = {"someone"};
  const auto sees = [&](const AccessQuestion& question) {
    return Decide(facts, question).categories.contains("identity");
  };
  AccessQuestion owner = Question("alvesta-authority", Role::kSocialWorker);
  EXPECT_TRUE(sees(owner));
  owner.subject = "another";
  EXPECT_FALSE(sees(owner));
  EXPECT_FALSE(sees(Question("placement-board", Role::kBoardMember)));
}

TEST(AccessPolicyTest, AConsentEndsOnItsDateToTheDay) {
  DisclosureGround ground = Consent({"placement-board"});
  EXPECT_TRUE(IsLive(ground, ground.to_date - std::chrono::days(1)));
  EXPECT_FALSE(IsLive(ground, ground.to_date));
  EXPECT_FALSE(IsLive(ground, ground.from_date - std::chrono::days(1)));
}

TEST(AccessPolicyTest, ExclusionsBindConsentsAndNotTheLaw) {
  DisclosureGround exclusion = Consent({"ekeliden"});
  exclusion.excluded_unit_ids = {"clinic-region-vaxjo"};
  exclusion.excluded_categories = {"needs"};
  std::vector<DisclosureGround> grounds = {Consent({"clinic-region-vaxjo", "placement-board"}),
                                           exclusion};
  const auto categories = [&](const std::string& unit) {
    return CategoriesFor(grounds, unit, "case_work", kToday);
  };
  EXPECT_TRUE(categories("clinic-region-vaxjo").empty());
  EXPECT_EQ(categories("placement-board"), (std::set<std::string>{"identity"}));
  DisclosureGround law = Consent({"clinic-region-vaxjo"});
  law.kind = GroundKind::kDutyToInform;
  grounds.push_back(law);
  EXPECT_EQ(categories("clinic-region-vaxjo"), (std::set<std::string>{"identity", "needs"}));
}

}  // namespace
}  // namespace vardkedja::referral::domain
