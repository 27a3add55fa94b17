// The answers that every other service asks for at each disclosure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

// Who asks, as the asking service tells; proven by its certificate, not by a token.
struct Asker {
  std::string unit_id;
  std::set<auth::Role> roles;
  std::string purpose;
  std::string subject;  // may be empty
};

struct CaseDecision {
  std::string case_id;
  domain::Access access;
  bool awaits_cost_split = false;  // never of a case that is not permitted
};

// One decision per case asked, in the same order; unknown cases are denied like all others. Reads
// the grounds as committed now: nothing here is cached, so that a revocation that was acknowledged
// is seen. INVALID_ARGUMENT for none or more than 1000 cases.
class Authorize {
 public:
  explicit Authorize(CaseDoor& door) : door_(door) {}
  absl::StatusOr<std::vector<CaseDecision>> Run(const auth::CallContext& context,
                                                const Asker& asker,
                                                const std::vector<std::string>& case_ids);

 private:
  CaseDoor& door_;
};

struct CaseName {
  std::string case_id;
  std::string case_number;
  std::string display_name;
  bool protected_identity = false;
};

// Only the cases the asker may see; one audit row for each, durable before it returns.
class Describe {
 public:
  explicit Describe(CaseDoor& door) : door_(door) {}
  absl::StatusOr<std::vector<CaseName>> Run(const auth::CallContext& context, const Asker& asker,
                                            const std::vector<std::string>& case_ids);

 private:
  CaseDoor& door_;
};

}  // namespace vardkedja::referral::usecases
