// What a case has beside its form and plans: documents that are kept version by version, whole. One
// list of them, so that they are stored, guarded and published in one way.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>

#include "lib/time/time.h"
#include "referral-service/domain/children.h"
#include "referral-service/domain/coordinated_plan.h"
#include "referral-service/domain/cost_split.h"
#include "referral-service/domain/outcomes.h"

namespace vardkedja::referral::domain {

using CaseDocument = std::variant<CoordinatedPlan, CostSplit, Outcomes, ChildrenAsRelatives>;

// Facts that other services learn of a document; the names are those of ReferralEvent.
struct CoordinatedPlanNeededEvent {
  std::set<std::string> party_unit_ids;
};
struct CoordinatedPlanCalledEvent {
  PlanMeeting meeting;
};
struct CoordinatedPlanRecordedEvent {
  std::set<std::string> party_unit_ids;
};
struct CostSplitRecordedEvent {
  std::set<std::string> unit_ids;
};
struct AcutePlacementDeclaredEvent {
  Date placement_date{};
};
struct OutcomeRecordedEvent {
  LifeOutcome outcome;
};

using DocumentEvent = std::variant<CoordinatedPlanNeededEvent, CoordinatedPlanCalledEvent,
                                   CoordinatedPlanRecordedEvent, CostSplitRecordedEvent,
                                   AcutePlacementDeclaredEvent, OutcomeRecordedEvent>;

// A decided change of one document, to be committed whole.
struct DocumentChange {
  CaseDocument after;
  std::optional<DocumentEvent> event;
};

}  // namespace vardkedja::referral::domain
