// Which person a case is about.
#pragma once

#include "absl/status/status.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/referral.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::usecases {

// Sets the person's id from the identity number on the form, one person per number; none while the
// form has no number. Made before the case's commit: a person row without a case says nothing.
absl::Status FillPerson(CaseStore& cases, const auth::CallContext& context, domain::Change& change);

}  // namespace vardkedja::referral::usecases
