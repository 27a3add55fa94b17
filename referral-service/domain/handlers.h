// Who may be named handlers of a case: subjects of tokens, opaque.
#pragma once

#include <string>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::referral::domain {

// Each subject of field `handler_subjects`; how many there may be is the caller's to say.
void CheckSubjects(const std::vector<std::string>& subjects, std::vector<FieldViolation>& out);

}  // namespace vardkedja::referral::domain
