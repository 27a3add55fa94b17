#include "placement-service/domain/retirement.h"

#include "lib/status/status.h"
#include "placement-service/domain/state_machine.h"

namespace vardkedja::placement::domain {

absl::StatusOr<Bed> Retire(Bed bed, const BedCalendar& calendar, std::optional<Date> to,
                           Date today) {
  const std::optional<Date> planned = bed.operational.to;
  if (planned && *planned <= today) return IllegalState("bed", "retired", {});
  if (!to && !planned) return IllegalState("bed", "in_use", {"RetireBed"});
  if (to && (*to < today || *to <= bed.operational.from)) {
    return InvalidFields({{"operational_to_date", "RANGE",
                           "Must be today or later and after the date the bed came into use.",
                           "Måste vara i dag eller senare och efter att platsen togs i bruk."}});
  }
  if (to) VK_RETURN_IF_ERROR(CheckUnused(calendar, *to));
  bed.operational.to = to;
  ++bed.version;
  return bed;
}

}  // namespace vardkedja::placement::domain
