// What can be done now about everything that a case has here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {

struct ResourceActions {
  // "entry", "override", "offer", "agreement", "contact_plan", "stay", "care_period", "transfer" or
  // "alternation"
  std::string resource;
  std::string id;                  // of an agreement or contact plan the offer's
  domain::FacilityId facility_id;  // of a transfer the one that is left
  std::string state;
  std::int64_t version = 0;          // 0 of what does not exist yet
  std::vector<std::string> actions;  // at least one
};

class ReadAvailableActions {
 public:
  explicit ReadAvailableActions(StayPorts ports) : ports_(ports) {}
  // In the order of the names above, each newest first, of each the 100 newest; agreement and plan
  // directly after the offer or stay that they are about. NOT_FOUND. A facility that is let in for
  // its own record alone is told about that alone.
  absl::StatusOr<std::vector<ResourceActions>> Run(const auth::CallContext& ctx,
                                                   const domain::CaseId& case_id) const;

 private:
  StayPorts ports_;
};

}  // namespace vardkedja::placement::usecases
