#include "notification-service/usecases/list_organisations.h"

#include "lib/status/status.h"
#include "notification-service/usecases/paging.h"

namespace vardkedja::notification::usecases {

absl::StatusOr<ListOrganisations::Page> ListOrganisations::Run(const auth::CallContext& context,
                                                               const Command& command) const {
  std::vector<FieldViolation> violations;
  const int limit = CheckLimit(command.limit, violations);
  const std::string after = ParseIdCursor(command.cursor, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Page page;
  VK_ASSIGN_OR_RETURN(page.organisations,
                      directory_.ListOrganisations(after, limit + 1, context.deadline));
  if (page.organisations.size() > static_cast<size_t>(limit)) {
    page.organisations.resize(static_cast<size_t>(limit));
    page.next = page.organisations.back().organisation_id;
  }
  return page;
}

}  // namespace vardkedja::notification::usecases
