#include "placement-service/domain/state_machine.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {

absl::Status IllegalState(std::string_view resource, std::string_view state,
                          const std::vector<std::string>& allowed) {
  std::string actions;
  for (const std::string& action : allowed) {
    if (!actions.empty()) actions += ',';
    actions += action;
  }
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"resource", std::string(resource)},
                     {"state", std::string(state)},
                     {"allowed_actions", actions}};
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The " + std::string(resource) + " is " + std::string(state) +
                       "; allowed now: " + (actions.empty() ? "nothing" : actions) + ".",
                   std::move(detail));
}

absl::Status UnitNotYours() {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "The acting unit may not do this; another party of the case does.",
                   "UNIT_NOT_YOURS");
}

}  // namespace vardkedja::placement::domain
