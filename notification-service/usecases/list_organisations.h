// Lists organisations; no personal data, so nothing to gate or to audit.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class ListOrganisations {
 public:
  struct Command {
    int limit = 0;
    std::string cursor;
  };
  struct Page {
    std::vector<domain::Organisation> organisations;
    std::string next;
  };

  explicit ListOrganisations(DirectoryReader& directory) : directory_(directory) {}
  absl::StatusOr<Page> Run(const auth::CallContext& context, const Command& command) const;

 private:
  DirectoryReader& directory_;
};

}  // namespace vardkedja::notification::usecases
