#include "notification-service/usecases/list_units.h"

#include "lib/status/status.h"
#include "notification-service/usecases/paging.h"

namespace vardkedja::notification::usecases {

absl::StatusOr<ListUnits::Page> ListUnits::Run(const auth::CallContext& context,
                                               const Command& command) const {
  std::vector<FieldViolation> violations;
  const int limit = CheckLimit(command.limit, violations);
  const std::string after = ParseIdCursor(command.cursor, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Page page;
  VK_ASSIGN_OR_RETURN(page.units, directory_.ListUnits(command.organisation_id, after, limit + 1,
                                                       context.deadline));
  if (page.units.size() > static_cast<size_t>(limit)) {
    page.units.resize(static_cast<size_t>(limit));
    page.next = page.units.back().unit.unit_id;
  }
  return page;
}

}  // namespace vardkedja::notification::usecases
