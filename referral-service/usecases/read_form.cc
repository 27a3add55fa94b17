#include "referral-service/usecases/read_form.h"

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {

absl::StatusOr<domain::FormVersion> ReadForm::Run(const auth::CallContext& context, int version) {
  VK_ASSIGN_OR_RETURN(const auto reference, reference_.Current(context));
  const domain::FormVersion* found =
      version == 0 ? reference->FormOn(StockholmDate(context.now)) : reference->Form(version);
  if (found == nullptr) return NotFound();
  return *found;
}

}  // namespace vardkedja::referral::usecases
