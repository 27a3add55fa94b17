#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

std::string_view Code(ClosureReason reason) {
  switch (reason) {
    case ClosureReason::kUnspecified:
      return "";
    case ClosureReason::kRepair:
      return "repair";
    case ClosureReason::kStaffing:
      return "staffing";
    case ClosureReason::kInfection:
      return "infection";
    case ClosureReason::kSeasonal:
      return "seasonal";
    case ClosureReason::kOther:
      return "other";
  }
  return "";
}

std::string_view Code(DeclinedBy by) {
  switch (by) {
    case DeclinedBy::kUnspecified:
      return "";
    case DeclinedBy::kPerson:
      return "person";
    case DeclinedBy::kOwner:
      return "owner";
    case DeclinedBy::kFacility:
      return "facility";
  }
  return "";
}

std::string_view Code(DeclineReason reason) {
  switch (reason) {
    case DeclineReason::kUnspecified:
      return "";
    case DeclineReason::kNotSuitable:
      return "not_suitable";
    case DeclineReason::kDate:
      return "date";
    case DeclineReason::kPersonDeclinesCare:
      return "person_declines_care";
    case DeclineReason::kTemporarilyAway:
      return "temporarily_away";
    case DeclineReason::kBedNotUsable:
      return "bed_not_usable";
    case DeclineReason::kOther:
      return "other";
  }
  return "";
}

std::string_view Code(DischargeReason reason) {
  switch (reason) {
    case DischargeReason::kUnspecified:
      return "";
    case DischargeReason::kCompleted:
      return "completed";
    case DischargeReason::kOwnWish:
      return "own_wish";
    case DischargeReason::kOtherCare:
      return "other_care";
    case DischargeReason::kDeceased:
      return "deceased";
    case DischargeReason::kOther:
      return "other";
    case DischargeReason::kTransfer:
      return "transfer";
    case DischargeReason::kAlternating:
      return "alternating";
    case DischargeReason::kMoved:
      return "moved";
  }
  return "";
}

}  // namespace vardkedja::placement::domain
