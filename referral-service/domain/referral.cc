#include "referral-service/domain/referral.h"

#include <algorithm>

namespace vardkedja::referral::domain {
namespace {

// First of the confirmed path before anyone moves in; the open transfer's target afterwards. Who
// was discharged before the move still waits for the place that was granted.
std::string NextUnit(const Referral& referral) {
  const bool left = referral.state == State::kDischarged;
  // An extension of the present stay may be newer than the transfer's decision.
  const auto transfer = std::find_if(
      referral.decisions.rbegin(), referral.decisions.rend(), [left](const Decision& decision) {
        return decision.transfer && (!left || decision.status == DecisionStatus::kGranted);
      });
  if (transfer != referral.decisions.rend()) return transfer->facility_unit_id;
  if (left) return {};
  if (referral.whereabouts.unit_id.empty() && !referral.assessment.confirmed_by_seat.empty() &&
      !referral.assessment.path_unit_ids.empty()) {
    return referral.assessment.path_unit_ids.front();
  }
  return {};
}

}  // namespace

bool IsOpen(State state) { return state != State::kDischarged && state != State::kClosed; }

CaseFacts FactsOf(const Referral& referral) {
  CaseFacts facts;
  facts.state = referral.state;
  facts.owner_unit_id = referral.owner_unit_id;
  facts.protected_identity = referral.protected_identity;
  facts.erased = referral.erased_at.has_value();
  facts.handler_subjects = referral.handler_subjects;
  facts.next_unit_id = NextUnit(referral);
  facts.present_unit_id = referral.whereabouts.unit_id;
  facts.former_unit_ids = referral.whereabouts.former_unit_ids;
  facts.grounds = referral.grounds;
  return facts;
}

}  // namespace vardkedja::referral::domain
