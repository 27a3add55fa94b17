#include "lib/auth/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lib/status/status.h"

namespace vardkedja::auth {
namespace {

constexpr std::string_view kMethod = "/vardkedja.test.v1.Test/Do";
constexpr std::string_view kInternal = "/vardkedja.test.v1.Test/Ask";

Policy TestPolicy() {
  return Policy({{std::string(kMethod),
                  {{Role::kDecider, Role::kSystem}, Assurance::kSubstantial, false, true}},
                 {std::string(kInternal), {{Role::kDecider}, Assurance::kLow, true, false}}});
}

Principal Decider() {
  Principal principal;
  principal.organisation = "alvesta";
  principal.units = {"alvesta-authority"};
  principal.default_unit = "alvesta-authority";
  principal.roles = {Role::kDecider};
  principal.subject = "s-1";
  principal.assurance = Assurance::kSubstantial;
  return principal;
}

std::string Reason(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  const auto detail = GetErrorDetail(status);
  return detail ? detail->reason : "";
}

TEST(Policy, PermitsRoleUnitAndLevel) {
  EXPECT_TRUE(TestPolicy().Check(kMethod, Decider(), "alvesta-authority").ok());
}

TEST(Policy, DeniesByDefault) {
  EXPECT_EQ(
      Reason(TestPolicy().Check("/vardkedja.test.v1.Test/New", Decider(), "alvesta-authority")),
      "ROLE_NOT_ALLOWED");
  EXPECT_EQ(Reason(Policy({}).Check(kMethod, Decider(), "alvesta-authority")), "ROLE_NOT_ALLOWED");
}

TEST(Policy, NamesWhatIsMissing) {
  Principal clinician = Decider();
  clinician.roles = {Role::kClinician};
  EXPECT_EQ(Reason(TestPolicy().Check(kMethod, clinician, "alvesta-authority")),
            "ROLE_NOT_ALLOWED");
  EXPECT_EQ(Reason(TestPolicy().Check(kMethod, Decider(), "vaxjo-ifo1")), "UNIT_NOT_YOURS");
  EXPECT_EQ(Reason(TestPolicy().Check(kMethod, Decider(), "")), "UNIT_NOT_YOURS");
  Principal weak = Decider();
  weak.assurance = Assurance::kLow;
  EXPECT_EQ(Reason(TestPolicy().Check(kMethod, weak, "alvesta-authority")), "ASSURANCE_TOO_LOW");
}

TEST(Policy, InternalMethodsAreForServicesOnly) {
  EXPECT_EQ(Reason(TestPolicy().Check(kInternal, Decider(), "alvesta-authority")),
            "ROLE_NOT_ALLOWED");
  EXPECT_TRUE(TestPolicy().CheckPeer(kInternal).ok());
  EXPECT_EQ(Reason(TestPolicy().CheckPeer(kMethod)), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(Reason(TestPolicy().CheckPeer("/x/Y")), "ROLE_NOT_ALLOWED");
}

// Services that hold facts about organisations, beds and the form, never about people.
bool AboutNoPerson(std::string_view method) {
  for (const std::string_view service :
       {"/vardkedja.notification.v1.DirectoryService/",
        "/vardkedja.placement.v1.AvailabilityService/", "/vardkedja.placement.v1.FacilityService/",
        "/vardkedja.referral.v1.FormService/"}) {
    if (method.substr(0, service.size()) == service) return true;
  }
  return false;
}

// What keeps a new method from being reachable, or unreachable, by oversight.
TEST(Policy, EveryMethodOfTheSuiteHasARule) {
  const Policy policy = Policy::FromDescriptors();
  const std::vector<std::string> methods = LinkedMethods();
  ASSERT_FALSE(methods.empty());
  for (const std::string& method : methods) {
    const AccessRule* rule = policy.Find(method);
    ASSERT_NE(rule, nullptr) << method << " has no (vardkedja.common.v1.access)";
    if (rule->internal) {
      EXPECT_TRUE(rule->roles.empty()) << method << " is internal: roles mean nothing";
      continue;
    }
    EXPECT_FALSE(rule->roles.empty()) << method << " can be called by nobody";
    const Assurance least = AboutNoPerson(method) ? Assurance::kLow : Assurance::kSubstantial;
    EXPECT_GE(rule->minimum_assurance, least)
        << method << ": personal data needs two factors (domain.md, 2)";
  }
}

// domain.md, 2: a sounding board for colleagues, without access to any case.
TEST(Policy, ChildRepresentativeWritesNothing) {
  const Policy policy = Policy::FromDescriptors();
  for (const auto& [method, rule] : policy.rules()) {
    EXPECT_FALSE(rule.write && rule.roles.contains(Role::kChildRepresentative)) << method;
  }
}

TEST(Policy, MatrixHasARowPerMethod) {
  const std::string matrix = AccessMatrix(TestPolicy());
  EXPECT_NE(matrix.find("| /vardkedja.test.v1.Test/Do | substantial | x |  |  | x |"),
            std::string::npos)
      << matrix;
  EXPECT_EQ(std::count(matrix.begin(), matrix.end(), '\n'), 4);
}

}  // namespace
}  // namespace vardkedja::auth
