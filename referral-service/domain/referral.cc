#include "referral-service/domain/referral.h"

namespace vardkedja::referral::domain {
namespace {

// First of the confirmed path before anyone moves in; the open transfer's target afterwards.
std::string NextUnit(const Referral& referral) {
  if (!referral.decisions.empty()) {
    const Decision& latest = referral.decisions.back();
    if (latest.transfer) return latest.facility_unit_id;
  }
  if (referral.whereabouts.unit_id.empty() && !referral.assessment.confirmed_by_seat.empty() &&
      !referral.assessment.path_unit_ids.empty()) {
    return referral.assessment.path_unit_ids.front();
  }
  return {};
}

}  // namespace

CaseFacts FactsOf(const Referral& referral) {
  CaseFacts facts;
  facts.state = referral.state;
  facts.owner_unit_id = referral.owner_unit_id;
  facts.protected_identity = referral.protected_identity;
  facts.handler_subjects = referral.handler_subjects;
  facts.next_unit_id = NextUnit(referral);
  facts.present_unit_id = referral.whereabouts.unit_id;
  facts.former_unit_ids = referral.whereabouts.former_unit_ids;
  facts.grounds = referral.grounds;
  return facts;
}

}  // namespace vardkedja::referral::domain
