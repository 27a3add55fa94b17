#include "referral-service/usecases/person.h"

#include "lib/status/status.h"
#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::usecases {

absl::Status FillPerson(CaseStore& cases, const auth::CallContext& context,
                        domain::Change& change) {
  const std::string& written = change.after.content.form.person.identity_number;
  const auto number = domain::IdentityNumber::Parse(written, StockholmDate(context.now));
  if (!number) {
    // Only a draft can be without one: what is submitted was checked.
    change.after.person_id.clear();
    return absl::OkStatus();
  }
  VK_ASSIGN_OR_RETURN(change.after.person_id, cases.ResolvePerson(context, number->normalised()));
  return absl::OkStatus();
}

}  // namespace vardkedja::referral::usecases
