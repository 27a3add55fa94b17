#include "referral-service/domain/checks.h"

#include <string>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::domain {

absl::Status IllegalState(std::string_view state, std::string_view message) {
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", std::string(state)}, {"allowed_actions", ""}};
  return MakeError(absl::StatusCode::kFailedPrecondition, message, std::move(detail));
}

}  // namespace vardkedja::referral::domain
