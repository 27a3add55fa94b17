// Taking a bed out of use. Pure.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/facility.h"

namespace vardkedja::placement::domain {

// Retires the bed from `to` on, or takes back a retirement that has not begun when there is no
// date. Errors: ILLEGAL_STATE for a bed that is retired already, or of which nothing can be taken
// back; FIELD_VIOLATIONS for a date in the past or not after its beginning; BED_OCCUPIED,
// BED_RESERVED, BED_HELD, BED_OFFERED when something stands on it from that date on.
absl::StatusOr<Bed> Retire(Bed bed, const BedCalendar& calendar, std::optional<Date> to,
                           Date today);

}  // namespace vardkedja::placement::domain
