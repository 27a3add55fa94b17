// The port through which every service asks referral-service whether a unit may see a case, and
// how the case is shown in a list (architecture.md, 2). Both questions are asked at each
// disclosure and never cached, so that no read that starts after a revocation discloses.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"

namespace vardkedja::auth {

// The answer for one case.
struct AccessDecision {
  std::string case_id;
  bool permitted = false;
  std::string rule_id;  // "owner", "board.ground_live", "deny"; goes into the audit row
  std::set<std::string> categories;  // "identity", "needs", "children", "plan", "placement",
                                     // "messages"
  // Nobody may move in yet: no written cost split, and not declared acute (domain.md, 8).
  bool awaits_cost_split = false;

  bool operator==(const AccessDecision&) const = default;
};

// What a list shows of a person; empty name when the identity is protected.
struct CaseDescription {
  std::string case_id;
  std::string case_number;
  std::string display_name;
  bool protected_identity = false;

  bool operator==(const CaseDescription&) const = default;
};

// Implementations are thread-safe, take 1 to 1000 cases a call, and fail closed: an error or a
// missing answer is a denial. They keep to the context's deadline.
class CaseAccess {
 public:
  virtual ~CaseAccess() = default;

  // One decision per case asked, in the same order. Acting unit, roles and purpose are the
  // context's. UNAVAILABLE when referral-service does not answer.
  virtual absl::StatusOr<std::vector<AccessDecision>> Authorize(
      const CallContext& context, const std::vector<std::string>& case_ids) = 0;

  // Only the cases that may be described; audited on referral's side.
  virtual absl::StatusOr<std::vector<CaseDescription>> Describe(
      const CallContext& context, const std::vector<std::string>& case_ids) = 0;
};

// Asks for one case. Denied is NotFound(), the same as missing; so is a case without `category`
// unless that is empty. An answer about another case than the one asked is INTERNAL.
absl::StatusOr<AccessDecision> RequireAccess(CaseAccess& access, const CallContext& context,
                                             const std::string& case_id, std::string_view category);

}  // namespace vardkedja::auth
