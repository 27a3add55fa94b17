#include "lib/auth/case_access.h"

#include "lib/status/status.h"

namespace vardkedja::auth {

absl::StatusOr<AccessDecision> RequireAccess(CaseAccess& access, const CallContext& context,
                                             const std::string& case_id,
                                             std::string_view category) {
  VK_ASSIGN_OR_RETURN(std::vector<AccessDecision> decisions, access.Authorize(context, {case_id}));
  if (decisions.size() != 1 || decisions.front().case_id != case_id) {
    return MakeError(absl::StatusCode::kInternal, "access was answered for another case",
                     "ACCESS_ANSWER_MISMATCH");
  }
  AccessDecision decision = std::move(decisions.front());
  if (!decision.permitted) return NotFound();
  if (!category.empty() && !decision.categories.contains(std::string(category))) return NotFound();
  return decision;
}

}  // namespace vardkedja::auth
