// Reads one unit; no personal data, so nothing to gate or to audit.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class GetUnit {
 public:
  struct Command {
    std::string unit_id;
  };

  explicit GetUnit(DirectoryReader& directory) : directory_(directory) {}
  absl::StatusOr<UnitEntry> Run(const auth::CallContext& context, const Command& command) const;

 private:
  DirectoryReader& directory_;
};

}  // namespace vardkedja::notification::usecases
