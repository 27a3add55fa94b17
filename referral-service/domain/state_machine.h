// The chain of steps of a case as data (domain.md, 4). One table says which action leads from which
// state to which; another says who may do it. Everything else asks these two tables.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "referral-service/domain/role.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.ReferralState.
enum class State {
  kDraft = 1,
  kSubmitted = 2,
  kAcknowledged = 3,
  kInformationRequested = 4,
  kAssessmentProposed = 5,
  kAssessed = 6,
  kVisitBooked = 7,
  kVisited = 8,
  kAnsweredYes = 9,
  kAnsweredNo = 10,
  kAnsweredNeedsTime = 11,
  kDecisionProposed = 12,
  kDecided = 13,
  kOffered = 14,
  kPlaced = 15,
  kTransferDecisionProposed = 16,
  kTransferDecided = 17,
  kTransferPlanned = 18,
  kDischarged = 19,
  kSentBack = 20,
  kClosed = 21,
  kDecisionEnded = 22,
};

enum class Action {
  kCreate,
  kUpdate,
  kChangeCriteria,
  kSubmit,
  kAcknowledge,
  kRequestInformation,
  kProvideInformation,
  kProposeAssessment,
  kConfirmAssessment,
  kDeclareNoSuitablePlace,
  kResolveDuplicate,
  kBookStudyVisit,
  kRecordStudyVisit,
  kRecordAnswer,
  kProposeDecision,
  kMakeDecision,
  kExtendDecision,
  kClose,
  kWithdraw,
  kHandOver,
  kWithdrawHandOver,
  kTakeOver,
  kDeclineHandOver,
  kHandOverExpired,  // by a timer
  // Told by placement-service; nobody calls them.
  kOfferMade,
  kOfferAccepted,
  kOfferEnded,
  kEnrolled,
  kTransferPlanned,
  kTransferCancelled,
  kTransferDone,
  kStayUndone,
  kStayCorrected,
  kDischarged,
  kDecisionEnded,
};

// What an action came to, where that decides the next state.
enum class Outcome {
  kNone,
  kNeedsMet,
  kNeedsNotMet,
  kNoShow,
  kWaived,
  kYes,
  kNo,
  kNeedsTime,
  kGrant,
  kRefuse,
};

// As whom a unit meets a case.
enum class Side {
  kNone,
  kOwner,
  kBoard,
  kFacility,
  kPlacementService,
  kReceiver,  // of an open hand-over; sees nothing of the case by that
};

struct Transition {
  State from;
  Action action;
  Outcome outcome;
  State to;
};

// Where a hand-over of a case stands. Numbered as vardkedja.referral.v1.RerouteState.
enum class RerouteState {
  kOpen = 1,
  kTakenOver = 2,
  kDeclined = 3,
  kWithdrawn = 4,
  kExpired = 5,
};

// What ends an open hand-over. The case itself stays in its state.
struct RerouteEnding {
  Action action;
  RerouteState to;
};

struct ActionRule {
  Action action;
  std::set<Role> roles;  // any of them; empty for what placement-service tells
  std::set<Side> sides;  // any of them
};

// The tables. kCreate has a rule and no transition.
std::span<const Transition> Transitions();
std::span<const ActionRule> ActionRules();
std::span<const RerouteEnding> RerouteEndings();

// Lower snake case, as stored, logged and answered: "answered_yes", "propose_decision".
std::string_view Name(State state);
std::string_view Name(Action action);
std::string_view Name(Outcome outcome);
std::string_view Name(Side side);
std::string_view Name(RerouteState state);
std::optional<RerouteState> ParseRerouteState(std::string_view name);
std::string_view RoleName(Role role);
std::optional<State> ParseState(std::string_view name);
std::optional<Action> ParseAction(std::string_view name);
std::span<const State> AllStates();
std::span<const Action> AllActions();

const ActionRule& RuleOf(Action action);

// The next state, or nothing when the table has no such row.
std::optional<State> Next(State from, Action action, Outcome outcome);

// Whether any outcome of the action is possible in the state.
bool IsLegal(State from, Action action);

// Whether someone on this side with one of these roles may do the action in some state.
bool MayDo(Action action, Side side, const std::set<Role>& roles);

// Everything that is legal in the state and that this actor may do, in table order.
std::vector<Action> AvailableActions(State state, Side side, const std::set<Role>& roles);

// PERMISSION_DENIED reason ROLE_NOT_ALLOWED when the actor may not do it in any state; else
// FAILED_PRECONDITION reason ILLEGAL_STATE with metadata `state` and `allowed_actions` (the
// actor's, comma-separated) when the state does not allow it; else OK.
absl::Status CheckAction(State state, Action action, Side side, const std::set<Role>& roles);

// Is the person living at a facility in this state?
bool IsPlaced(State state);

// Is the next facility decided for somebody who lives at one?
bool IsTransferDecided(State state);

// Who is to act next: "owner", "board", "facility", "decider", "placement" or "nobody".
std::string_view WaitsFor(State state);

// The tables as Markdown; docs/state-machine.md holds exactly this.
std::string StateMachineMarkdown();

}  // namespace vardkedja::referral::domain
