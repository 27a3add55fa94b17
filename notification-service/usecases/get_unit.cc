#include "notification-service/usecases/get_unit.h"

#include "lib/status/status.h"

namespace vardkedja::notification::usecases {

absl::StatusOr<UnitEntry> GetUnit::Run(const auth::CallContext& context,
                                       const Command& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<UnitEntry> entry,
                      directory_.FindUnit(command.unit_id, context.deadline));
  if (!entry) return NotFound();
  return *std::move(entry);
}

}  // namespace vardkedja::notification::usecases
