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
  // "entry", "override", "offer", "stay", "care_period", "transfer" or "alternation"
  std::string resource;
  std::string id;
  domain::FacilityId facility_id;  // of a transfer the one that is left
  std::string state;
  std::int64_t version = 0;
  std::vector<std::string> actions;  // at least one
};

class ReadAvailableActions {
 public:
  explicit ReadAvailableActions(StayPorts ports) : ports_(ports) {}
  // In the order of the names above, each newest first, of each the 100 newest. NOT_FOUND. A
  // facility that is let in for its own record alone is told about that alone.
  absl::StatusOr<std::vector<ResourceActions>> Run(const auth::CallContext& ctx,
                                                   const domain::CaseId& case_id) const;

 private:
  StayPorts ports_;
};

}  // namespace vardkedja::placement::usecases
