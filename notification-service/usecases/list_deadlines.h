// Lists the deadlines that the acting unit is reminded of. They carry a case number and dates only,
// and belong to the unit; each list is audited.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/read_audit.h"
#include "lib/auth/call_context.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class ListDeadlines {
 public:
  struct Command {
    std::string case_id;  // empty: all
    bool include_closed = false;
    int limit = 0;
    std::string cursor;
  };
  struct Page {
    std::vector<domain::Deadline> deadlines;
    std::string next;
  };

  ListDeadlines(DeadlineReader& deadlines, audit::ReadAudit& read_audit)
      : deadlines_(deadlines), read_audit_(read_audit) {}
  absl::StatusOr<Page> Run(const auth::CallContext& context, const Command& command) const;

 private:
  DeadlineReader& deadlines_;
  audit::ReadAudit& read_audit_;
};

}  // namespace vardkedja::notification::usecases
