#include "lib/auth/case_access.h"

#include <gtest/gtest.h>

#include "lib/status/status.h"

namespace vardkedja::auth {
namespace {

class Answers final : public CaseAccess {
 public:
  absl::StatusOr<std::vector<AccessDecision>> answer;
  absl::StatusOr<std::vector<AccessDecision>> Authorize(const CallContext&,
                                                        const std::vector<std::string>&) override {
    return answer;
  }
  absl::StatusOr<std::vector<CaseDescription>> Describe(const CallContext&,
                                                        const std::vector<std::string>&) override {
    return std::vector<CaseDescription>{};
  }
};

absl::StatusOr<AccessDecision> Ask(absl::StatusOr<std::vector<AccessDecision>> answer,
                                   std::string_view category = "") {
  Answers access;
  access.answer = std::move(answer);
  return RequireAccess(access, CallContext{}, "c-1", category);
}

TEST(RequireAccess, PermittedPasses) {
  const auto decision = Ask({{AccessDecision{"c-1", true, "owner", {"identity"}}}}, "identity");
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->rule_id, "owner");
}

TEST(RequireAccess, DeniedIsTheSameAsMissing) {
  EXPECT_EQ(Ask({{AccessDecision{"c-1", false, "deny", {}}}}).status(), NotFound());
}

TEST(RequireAccess, AnotherCategoryIsDenied) {
  const AccessDecision placement{"c-1", true, "board.placed", {"placement"}};
  EXPECT_EQ(Ask({{placement}}, "needs").status(), NotFound());
  EXPECT_TRUE(Ask({{placement}}, "placement").ok());
}

TEST(RequireAccess, FailsClosed) {
  EXPECT_EQ(Ask(absl::UnavailableError("down")).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Ask(std::vector<AccessDecision>{}).status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Ask({{AccessDecision{"c-2", true, "owner", {}}}}).status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace vardkedja::auth
