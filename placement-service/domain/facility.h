// Facilities and beds as reference data.
#pragma once

#include <optional>
#include <string>

#include "placement-service/domain/ids.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

struct Facility {
  FacilityId id;
  std::string name;
  std::string organisation;
  UnitId unit;
  std::string care_level;
  OfferTerms terms;
  std::int64_t version = 1;

  bool operator==(const Facility&) const = default;
};

struct Bed {
  BedId id;
  FacilityId facility_id;
  BedKind kind = BedKind::kRegular;
  bool extra = false;
  Period operational;
  std::int64_t version = 1;
};

struct Closure {
  ClosureId id;
  BedId bed_id;
  Period period;  // equal dates: taken back before it began
  ClosureReason reason = ClosureReason::kUnspecified;
};

}  // namespace vardkedja::placement::domain
