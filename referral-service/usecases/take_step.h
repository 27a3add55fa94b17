// Takes one step of the chain. All steps are alike but for the pure function that decides: load,
// access, etag, decide, commit; and when that fails, a look for an earlier call of the same
// request.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/steps.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

// Which case, and which version of it the caller has seen.
struct StepTarget {
  std::string referral_id;
  std::string etag;
};

using DecideStep = std::function<absl::StatusOr<domain::Change>(const domain::Step&)>;

class TakeStep {
 public:
  explicit TakeStep(CaseDoor& door) : door_(door) {}

  // Answers with what the caller could see when it took the step. STALE_ETAG when the case is not
  // at `target.etag`.
  absl::StatusOr<CaseView> Run(const auth::CallContext& context, const StepTarget& target,
                               const DecideStep& decide);

 private:
  absl::StatusOr<CaseView> Attempt(const auth::CallContext& context, const StepTarget& target,
                                   const DecideStep& decide);
  CaseDoor& door_;
};

// ABORTED reason STALE_ETAG; FIELD_VIOLATIONS when the etag is missing.
absl::Status CheckEtag(const std::string& etag, std::int64_t version);

}  // namespace vardkedja::referral::usecases
