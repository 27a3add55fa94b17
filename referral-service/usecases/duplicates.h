// Several open cases about one person: the board, which may be entitled to all of them, lists them
// and says which goes on.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {

class ListDuplicates {
 public:
  ListDuplicates(CaseDoor& door, CaseIndex& index) : door_(door), lister_(door), index_(index) {}
  // The other open cases that the board may see, oldest first, at most 100. NotFound() unless the
  // caller is the board and sees the case. One audit row for each case.
  absl::StatusOr<std::vector<CaseLine>> Run(const auth::CallContext& context,
                                            const std::string& referral_id);

 private:
  CaseDoor& door_;
  const CaseLister lister_;
  CaseIndex& index_;
};

class ResolveDuplicate {
 public:
  explicit ResolveDuplicate(CaseDoor& door) : door_(door), take_step_(door) {}
  // NotFound() also when the kept case may not be seen.
  absl::StatusOr<CaseView> Run(const auth::CallContext& context, const StepTarget& target,
                               const std::string& kept_referral_id, const std::string& text);

 private:
  CaseDoor& door_;
  TakeStep take_step_;
};

}  // namespace vardkedja::referral::usecases
