// Lists units with their functional addresses; no personal data, so nothing to gate or to audit.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class ListUnits {
 public:
  struct Command {
    std::string organisation_id;  // empty: all
    int limit = 0;
    std::string cursor;
  };
  struct Page {
    std::vector<UnitEntry> units;
    std::string next;
  };

  explicit ListUnits(DirectoryReader& directory) : directory_(directory) {}
  absl::StatusOr<Page> Run(const auth::CallContext& context, const Command& command) const;

 private:
  DirectoryReader& directory_;
};

}  // namespace vardkedja::notification::usecases
