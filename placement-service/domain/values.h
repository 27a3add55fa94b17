// Values that several parts of the domain speak of. Numbers are those of the protos and of the
// database, so that no table of translation is needed.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "lib/time/time.h"
#include "placement-service/domain/ids.h"

namespace vardkedja::placement::domain {

enum class BedKind { kUnspecified = 0, kRegular = 1, kIntake = 2, kStepOut = 3 };
inline constexpr std::array kBedKinds = {BedKind::kRegular, BedKind::kIntake, BedKind::kStepOut};

enum class ClosureReason {
  kUnspecified = 0,
  kRepair = 1,
  kStaffing = 2,
  kInfection = 3,
  kSeasonal = 4,
  kOther = 5,
};

enum class DeclinedBy { kUnspecified = 0, kPerson = 1, kOwner = 2, kFacility = 3 };

enum class DeclineReason {
  kUnspecified = 0,
  kNotSuitable = 1,
  kDate = 2,
  kPersonDeclinesCare = 3,
  kTemporarilyAway = 4,
  kBedNotUsable = 5,
  kOther = 6,
};

// Why a routine gate was passed. "Guidelines yield to the individual assessment" (R2 6.4).
enum class ExceptionReason {
  kNone = 0,
  kPersonsWish = 1,
  kAcuteNeed = 2,
  kPlaceAtShortNotice = 3,
  kNoContact = 4,
  kIndividualAssessment = 5,
};

enum class DischargeReason {
  kUnspecified = 0,
  kCompleted = 1,
  kOwnWish = 2,
  kOtherCare = 3,
  kDeceased = 4,
  kOther = 5,
  kTransfer = 6,
  kMoved = 7,
  kAlternating = 8,
};

enum class ChecklistItem {
  kUnspecified = 0,
  kHousing = 1,
  kOccupation = 2,
  kHomeSupport = 3,
  kFollowUp = 4,
  kMedication = 5,
};

// Codes as events carry them; "" for kUnspecified.
std::string_view Code(ClosureReason reason);
std::string_view Code(DeclinedBy by);
std::string_view Code(DeclineReason reason);
std::string_view Code(DischargeReason reason);

// Half-open: `to` is the first date outside; open-ended without it.
struct Period {
  Date from{};
  std::optional<Date> to;

  bool Contains(Date date) const { return from <= date && (!to || date < *to); }
  // Whether any date from `date` on lies inside.
  bool ReachesBeyond(Date date) const { return !to || *to > date; }
  bool operator==(const Period&) const = default;
};

// The queue criteria of domain.md 6, as they are now.
struct Criteria {
  bool lvm_investigation = false;   // a: under investigation for LVM and agrees to treatment
  bool child_perspective = false;   // b: the child's perspective must be considered
  bool lvm_section_27 = false;      // c: to be placed under LVM section 27
  bool external_placement = false;  // c: from an external placement

  bool operator==(const Criteria&) const = default;
};

// As which party a unit acts on one offer, stay or transfer. A unit can be several.
enum Party : unsigned {
  kNobody = 0,
  kOwner = 1,         // the municipal unit that owns the case
  kBoard = 2,         // the placement board
  kFacility = 4,      // the unit of the facility concerned; of a transfer, the one that is left
  kNextFacility = 8,  // of a transfer, the unit of the facility moved to
  kTimer = 16,        // a job
  kConsequence = 32,  // what follows from something else in the same commit
};

}  // namespace vardkedja::placement::domain
