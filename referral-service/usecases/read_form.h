// A version of the form's field list. Nothing personal: no case is entered and nothing audited.
#pragma once

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/form.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::usecases {

class ReadForm {
 public:
  explicit ReadForm(ReferenceSource& reference) : reference_(reference) {}

  // 0 for the version in force today. NotFound() for one that there is not.
  absl::StatusOr<domain::FormVersion> Run(const auth::CallContext& context, int version);

 private:
  ReferenceSource& reference_;
};

}  // namespace vardkedja::referral::usecases
