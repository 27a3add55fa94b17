// Facilities and beds as reference data, and the rules for changing them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class OperatorType {
  kUnspecified = 0,
  kMunicipality = 1,
  kRegion = 2,
  kState = 3,
  kCompany = 4,
  kNonProfit = 5,
};
// How the inspectorate (IVO) knows a facility.
enum class IvoStanding { kUnspecified = 0, kPermit = 1, kNotification = 2 };

// Codes as history and events carry them; "" for kUnspecified.
std::string_view Code(OperatorType type);
std::string_view Code(IvoStanding standing);
std::string_view Code(BedKind kind);  // "regular", "intake", "step_out"

// What can be changed about a facility.
struct FacilityDetails {
  std::string name;
  std::string care_level;
  OperatorType operator_type = OperatorType::kUnspecified;
  IvoStanding ivo_standing = IvoStanding::kUnspecified;
  std::string ivo_reference;
  bool in_house_health_care = false;
  bool framework_contract = false;
  OfferTerms terms;

  bool operator==(const FacilityDetails&) const = default;
};

// A season: planned intake is closed, acute intake is open.
struct IntakeClosure {
  IntakeClosureId id;
  Period period;  // equal dates: taken back before it began

  bool operator==(const IntakeClosure&) const = default;
};

struct Facility {
  FacilityId id;
  std::string organisation;
  UnitId unit;
  FacilityDetails details;
  std::vector<IntakeClosure> intake_closures;  // by date
  std::int64_t version = 1;

  bool operator==(const Facility&) const = default;
};

// Planned intake is closed on the date: only who is acute is offered a place by the rule.
bool IntakeClosedOn(const Facility& facility, Date date);
// For whom intake is never closed: under LVM investigation or section 27.
bool IsAcute(const Criteria& criteria);

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

// What a place costs a day, from a date until the next price of its kind.
struct Price {
  BedKind kind = BedKind::kUnspecified;
  Date from{};
  std::int64_t ore_per_day = 0;
};

// A dated fact about a facility or a bed, for its history.
struct FacilityFact {
  std::string id{};  // UUIDv7
  Instant at{};
  std::string kind;  // see FacilityHistory in facility_service.proto
  std::string field{};
  std::string before{};
  std::string after{};
  std::optional<BedId> bed_id{};
  std::optional<Period> period{};
  std::string unit{};  // who recorded it; filled by storage
};

FacilityFact BedAddedFact(const Bed& bed, Instant now);

// FIELD_VIOLATIONS, all of them.
absl::Status CheckDetails(const FacilityDetails& details);
// Replaces the details; the facts name every field that changed. FIELD_VIOLATIONS.
struct FacilityChange {
  Facility facility;
  std::vector<FacilityFact> facts;
};
absl::StatusOr<FacilityChange> ChangeFacility(Facility facility, const FacilityDetails& details,
                                              Instant now);

// FIELD_VIOLATIONS for an end that is not after the beginning.
absl::Status CheckClosure(const Period& period);

// FIELD_VIOLATIONS for an id that is no slug, a beginning over 366 days ago or an end before it.
absl::Status CheckNewBed(const Bed& bed, Date today);

// FIELD_VIOLATIONS for a beginning in the past or an end before it.
absl::Status CheckIntakeClosure(const Period& period, Date today);
// Ends it. FIELD_VIOLATIONS for a date in the past or after its end.
absl::StatusOr<IntakeClosure> OpenIntake(IntakeClosure closure, Date open, Date today);

// `known` are the facility's prices. FIELD_VIOLATIONS for an amount that is none, and for a date in
// the past unless it is the first price of the kind: what was paid stays what it was.
absl::Status CheckPrice(const Price& price, const std::vector<Price>& known, Date today);

}  // namespace vardkedja::placement::domain
