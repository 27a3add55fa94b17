// What placement-service tells: who is where, and which steps that opens or ends.
#include <algorithm>
#include <utility>

#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {
namespace {

void MoveIn(const PlacementFact& fact, Whereabouts& where) {
  if (!where.unit_id.empty() && where.unit_id != fact.facility_unit_id) {
    where.former_unit_ids.insert(where.unit_id);
  }
  where.facility_id = fact.facility_id;
  where.unit_id = fact.facility_unit_id;
  where.move_in_date = fact.move_in_date;
  where.transfer_to_facility_id.clear();
}

void LiveNowhere(Whereabouts& where) {
  where.facility_id.clear();
  where.unit_id.clear();
  where.move_in_date.reset();
  where.transfer_to_facility_id.clear();
}

void MoveOut(Whereabouts& where) {
  if (!where.unit_id.empty()) where.former_unit_ids.insert(where.unit_id);
  LiveNowhere(where);
}

// Of the stay that the person has now. One that was moved out of, or whose beginning is not that of
// the whole stay (a bed changed within the facility), says nothing about where the person is.
void CorrectMoveIn(const PlacementFact& fact, Whereabouts& where) {
  if (where.facility_id != fact.facility_id || !where.move_in_date) return;
  if (where.move_in_date == fact.former_move_in_date) where.move_in_date = fact.move_in_date;
}

// What ended was followed by a new decision that was made before this was told.
bool IsCoveredAnew(const Referral& referral, const PlacementFact& fact, Instant now) {
  return std::any_of(
      referral.decisions.begin(), referral.decisions.end(), [&](const Decision& decision) {
        return decision.status == DecisionStatus::kGranted &&
               decision.facility_id == fact.facility_id && decision.to_date > StockholmDate(now);
      });
}

}  // namespace

Change ApplyPlacement(const Referral& referral, const PlacementFact& fact, Instant now) {
  Change change;
  change.after = referral;
  change.from = referral.state;
  change.action = fact.action;
  // Without a row in the table the case stays where it is: it was closed, say, while a bed was
  // being taken. Where the person is remains a fact that access depends on.
  auto next = Next(referral.state, fact.action, Outcome::kNone);
  if (fact.action == Action::kDecisionEnded && IsCoveredAnew(referral, fact, now)) next.reset();
  if (next) change.after.state = *next;
  Whereabouts& where = change.after.whereabouts;
  switch (fact.action) {
    case Action::kEnrolled:
    case Action::kTransferDone:
      MoveIn(fact, where);
      break;
    case Action::kTransferPlanned:
      where.transfer_to_facility_id = fact.facility_id;
      break;
    case Action::kTransferCancelled:
      where.transfer_to_facility_id.clear();
      break;
    case Action::kStayUndone:
      // While a decision about the next facility is under way the person stays where they were
      // recorded until that decision is settled.
      if (next) LiveNowhere(where);
      break;
    case Action::kStayCorrected:
      CorrectMoveIn(fact, where);
      break;
    case Action::kDischarged:
      MoveOut(where);
      break;
    default:
      break;
  }
  MoveTo(change, now);
  return change;
}

}  // namespace vardkedja::referral::domain
