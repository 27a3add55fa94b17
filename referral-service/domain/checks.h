// Refusals that several rules share.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace vardkedja::referral::domain {

// FAILED_PRECONDITION, reason ILLEGAL_STATE.
absl::Status IllegalState(std::string_view state, std::string_view message);

}  // namespace vardkedja::referral::domain
