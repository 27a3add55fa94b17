// Starts a draft owned by the acting unit.
#pragma once

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/steps.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

class CreateReferral {
 public:
  explicit CreateReferral(CaseDoor& door) : door_(door) {}
  absl::StatusOr<CaseView> Run(const auth::CallContext& context,
                               const domain::CreateRequest& request);

 private:
  absl::StatusOr<CaseView> Attempt(const auth::CallContext& context,
                                   const domain::CreateRequest& request);
  CaseDoor& door_;
};

}  // namespace vardkedja::referral::usecases
