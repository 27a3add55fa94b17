#include "referral-service/domain/state_machine.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "lib/status/status.h"

namespace vardkedja::referral::domain {
namespace {

using S = State;
using A = Action;
using O = Outcome;

constexpr auto kTransitions = std::to_array<Transition>({
    {S::kDraft, A::kUpdate, O::kNone, S::kDraft},
    {S::kDraft, A::kSubmit, O::kNone, S::kSubmitted},
    {S::kDraft, A::kWithdraw, O::kNone, S::kClosed},

    {S::kSubmitted, A::kAcknowledge, O::kNone, S::kAcknowledged},
    {S::kSubmitted, A::kResolveDuplicate, O::kNone, S::kSentBack},
    {S::kSubmitted, A::kChangeCriteria, O::kNone, S::kSubmitted},
    {S::kSubmitted, A::kClose, O::kNone, S::kClosed},
    {S::kSubmitted, A::kWithdraw, O::kNone, S::kClosed},

    {S::kAcknowledged, A::kRequestInformation, O::kNone, S::kInformationRequested},
    {S::kAcknowledged, A::kProposeAssessment, O::kNone, S::kAssessmentProposed},
    {S::kAcknowledged, A::kResolveDuplicate, O::kNone, S::kSentBack},
    {S::kAcknowledged, A::kChangeCriteria, O::kNone, S::kAcknowledged},
    {S::kAcknowledged, A::kClose, O::kNone, S::kClosed},
    {S::kAcknowledged, A::kWithdraw, O::kNone, S::kClosed},

    {S::kInformationRequested, A::kUpdate, O::kNone, S::kInformationRequested},
    {S::kInformationRequested, A::kProvideInformation, O::kNone, S::kAcknowledged},
    {S::kInformationRequested, A::kResolveDuplicate, O::kNone, S::kSentBack},
    {S::kInformationRequested, A::kChangeCriteria, O::kNone, S::kInformationRequested},
    {S::kInformationRequested, A::kClose, O::kNone, S::kClosed},
    {S::kInformationRequested, A::kWithdraw, O::kNone, S::kClosed},

    {S::kAssessmentProposed, A::kProposeAssessment, O::kNone, S::kAssessmentProposed},
    {S::kAssessmentProposed, A::kConfirmAssessment, O::kNone, S::kAssessed},
    {S::kAssessmentProposed, A::kDeclareNoSuitablePlace, O::kNone, S::kSentBack},
    {S::kAssessmentProposed, A::kRequestInformation, O::kNone, S::kInformationRequested},
    {S::kAssessmentProposed, A::kResolveDuplicate, O::kNone, S::kSentBack},
    {S::kAssessmentProposed, A::kChangeCriteria, O::kNone, S::kAssessmentProposed},
    {S::kAssessmentProposed, A::kClose, O::kNone, S::kClosed},
    {S::kAssessmentProposed, A::kWithdraw, O::kNone, S::kClosed},

    {S::kAssessed, A::kBookStudyVisit, O::kNone, S::kVisitBooked},
    {S::kAssessed, A::kRecordStudyVisit, O::kWaived, S::kVisited},
    {S::kAssessed, A::kChangeCriteria, O::kNone, S::kAssessed},
    {S::kAssessed, A::kClose, O::kNone, S::kClosed},
    {S::kAssessed, A::kWithdraw, O::kNone, S::kClosed},

    {S::kVisitBooked, A::kBookStudyVisit, O::kNone, S::kVisitBooked},
    {S::kVisitBooked, A::kRecordStudyVisit, O::kNeedsMet, S::kVisited},
    {S::kVisitBooked, A::kRecordStudyVisit, O::kNeedsNotMet, S::kAcknowledged},
    {S::kVisitBooked, A::kRecordStudyVisit, O::kNoShow, S::kAssessed},
    {S::kVisitBooked, A::kRecordStudyVisit, O::kWaived, S::kVisited},
    {S::kVisitBooked, A::kChangeCriteria, O::kNone, S::kVisitBooked},
    {S::kVisitBooked, A::kClose, O::kNone, S::kClosed},
    {S::kVisitBooked, A::kWithdraw, O::kNone, S::kClosed},

    {S::kVisited, A::kRecordAnswer, O::kYes, S::kAnsweredYes},
    {S::kVisited, A::kRecordAnswer, O::kNo, S::kAnsweredNo},
    {S::kVisited, A::kRecordAnswer, O::kNeedsTime, S::kAnsweredNeedsTime},
    {S::kVisited, A::kChangeCriteria, O::kNone, S::kVisited},
    {S::kVisited, A::kClose, O::kNone, S::kClosed},
    {S::kVisited, A::kWithdraw, O::kNone, S::kClosed},

    {S::kAnsweredYes, A::kRecordAnswer, O::kYes, S::kAnsweredYes},
    {S::kAnsweredYes, A::kRecordAnswer, O::kNo, S::kAnsweredNo},
    {S::kAnsweredYes, A::kRecordAnswer, O::kNeedsTime, S::kAnsweredNeedsTime},
    {S::kAnsweredYes, A::kProposeDecision, O::kNone, S::kDecisionProposed},
    {S::kAnsweredYes, A::kChangeCriteria, O::kNone, S::kAnsweredYes},
    {S::kAnsweredYes, A::kClose, O::kNone, S::kClosed},
    {S::kAnsweredYes, A::kWithdraw, O::kNone, S::kClosed},

    {S::kAnsweredNo, A::kRecordAnswer, O::kYes, S::kAnsweredYes},
    {S::kAnsweredNo, A::kRecordAnswer, O::kNo, S::kAnsweredNo},
    {S::kAnsweredNo, A::kRecordAnswer, O::kNeedsTime, S::kAnsweredNeedsTime},
    {S::kAnsweredNo, A::kChangeCriteria, O::kNone, S::kAnsweredNo},
    {S::kAnsweredNo, A::kClose, O::kNone, S::kClosed},
    {S::kAnsweredNo, A::kWithdraw, O::kNone, S::kClosed},

    {S::kAnsweredNeedsTime, A::kRecordAnswer, O::kYes, S::kAnsweredYes},
    {S::kAnsweredNeedsTime, A::kRecordAnswer, O::kNo, S::kAnsweredNo},
    {S::kAnsweredNeedsTime, A::kRecordAnswer, O::kNeedsTime, S::kAnsweredNeedsTime},
    {S::kAnsweredNeedsTime, A::kChangeCriteria, O::kNone, S::kAnsweredNeedsTime},
    {S::kAnsweredNeedsTime, A::kClose, O::kNone, S::kClosed},
    {S::kAnsweredNeedsTime, A::kWithdraw, O::kNone, S::kClosed},

    {S::kDecisionProposed, A::kProposeDecision, O::kNone, S::kDecisionProposed},
    {S::kDecisionProposed, A::kMakeDecision, O::kGrant, S::kDecided},
    {S::kDecisionProposed, A::kMakeDecision, O::kRefuse, S::kClosed},
    {S::kDecisionProposed, A::kChangeCriteria, O::kNone, S::kDecisionProposed},
    {S::kDecisionProposed, A::kClose, O::kNone, S::kClosed},
    {S::kDecisionProposed, A::kWithdraw, O::kNone, S::kClosed},

    {S::kDecided, A::kExtendDecision, O::kNone, S::kDecided},
    {S::kDecided, A::kChangeCriteria, O::kNone, S::kDecided},
    {S::kDecided, A::kClose, O::kNone, S::kClosed},
    {S::kDecided, A::kWithdraw, O::kNone, S::kClosed},
    {S::kDecided, A::kOfferMade, O::kNone, S::kOffered},
    {S::kDecided, A::kEnrolled, O::kNone, S::kPlaced},
    {S::kDecided, A::kDecisionEnded, O::kNone, S::kDecisionEnded},

    {S::kOffered, A::kExtendDecision, O::kNone, S::kOffered},
    {S::kOffered, A::kChangeCriteria, O::kNone, S::kOffered},
    {S::kOffered, A::kClose, O::kNone, S::kClosed},
    {S::kOffered, A::kWithdraw, O::kNone, S::kClosed},
    {S::kOffered, A::kOfferMade, O::kNone, S::kOffered},
    {S::kOffered, A::kOfferAccepted, O::kNone, S::kOffered},
    {S::kOffered, A::kOfferEnded, O::kNone, S::kDecided},
    {S::kOffered, A::kEnrolled, O::kNone, S::kPlaced},
    {S::kOffered, A::kDecisionEnded, O::kNone, S::kDecisionEnded},

    // Nobody moved in while the decision held: it is out of the queue until there is a new one.
    {S::kDecisionEnded, A::kExtendDecision, O::kNone, S::kDecided},
    {S::kDecisionEnded, A::kChangeCriteria, O::kNone, S::kDecisionEnded},
    {S::kDecisionEnded, A::kClose, O::kNone, S::kClosed},
    {S::kDecisionEnded, A::kWithdraw, O::kNone, S::kClosed},

    // The form is revised for a transfer.
    {S::kPlaced, A::kUpdate, O::kNone, S::kPlaced},
    {S::kPlaced, A::kProposeDecision, O::kNone, S::kTransferDecisionProposed},
    {S::kPlaced, A::kExtendDecision, O::kNone, S::kPlaced},
    {S::kPlaced, A::kEnrolled, O::kNone, S::kPlaced},
    {S::kPlaced, A::kTransferDone, O::kNone, S::kPlaced},
    // Another person had moved in: the accepted offer stands again.
    {S::kPlaced, A::kStayUndone, O::kNone, S::kOffered},
    {S::kPlaced, A::kStayCorrected, O::kNone, S::kPlaced},
    {S::kPlaced, A::kDischarged, O::kNone, S::kDischarged},

    {S::kTransferDecisionProposed, A::kUpdate, O::kNone, S::kTransferDecisionProposed},
    {S::kTransferDecisionProposed, A::kProposeDecision, O::kNone, S::kTransferDecisionProposed},
    {S::kTransferDecisionProposed, A::kMakeDecision, O::kGrant, S::kTransferDecided},
    {S::kTransferDecisionProposed, A::kMakeDecision, O::kRefuse, S::kPlaced},
    {S::kTransferDecisionProposed, A::kStayCorrected, O::kNone, S::kTransferDecisionProposed},
    {S::kTransferDecisionProposed, A::kDischarged, O::kNone, S::kDischarged},

    {S::kTransferDecided, A::kUpdate, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kChangeCriteria, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kExtendDecision, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kOfferMade, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kOfferAccepted, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kOfferEnded, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kTransferPlanned, O::kNone, S::kTransferPlanned},
    {S::kTransferDecided, A::kTransferDone, O::kNone, S::kPlaced},
    {S::kTransferDecided, A::kEnrolled, O::kNone, S::kPlaced},
    // The next facility is proposed anew.
    {S::kTransferDecided, A::kDecisionEnded, O::kNone, S::kPlaced},
    {S::kTransferDecided, A::kStayCorrected, O::kNone, S::kTransferDecided},
    {S::kTransferDecided, A::kDischarged, O::kNone, S::kDischarged},

    {S::kTransferPlanned, A::kExtendDecision, O::kNone, S::kTransferPlanned},
    {S::kTransferPlanned, A::kOfferMade, O::kNone, S::kTransferPlanned},
    {S::kTransferPlanned, A::kOfferAccepted, O::kNone, S::kTransferPlanned},
    {S::kTransferPlanned, A::kOfferEnded, O::kNone, S::kTransferPlanned},
    {S::kTransferPlanned, A::kTransferPlanned, O::kNone, S::kTransferPlanned},
    {S::kTransferPlanned, A::kTransferCancelled, O::kNone, S::kTransferDecided},
    {S::kTransferPlanned, A::kTransferDone, O::kNone, S::kPlaced},
    {S::kTransferPlanned, A::kEnrolled, O::kNone, S::kPlaced},
    {S::kTransferPlanned, A::kStayCorrected, O::kNone, S::kTransferPlanned},
    {S::kTransferPlanned, A::kDischarged, O::kNone, S::kDischarged},

    {S::kDischarged, A::kClose, O::kNone, S::kClosed},
    {S::kDischarged, A::kEnrolled, O::kNone, S::kPlaced},
    {S::kDischarged, A::kStayUndone, O::kNone, S::kOffered},

    {S::kSentBack, A::kUpdate, O::kNone, S::kSentBack},
    {S::kSentBack, A::kSubmit, O::kNone, S::kSubmitted},
    {S::kSentBack, A::kClose, O::kNone, S::kClosed},
    {S::kSentBack, A::kWithdraw, O::kNone, S::kClosed},

    // A misdirected case goes to another unit before it is assessed; what was handed over in time
    // is taken over until a decision is proposed, since a decision is its owner's.
    {S::kDraft, A::kHandOver, O::kNone, S::kDraft},
    {S::kSubmitted, A::kHandOver, O::kNone, S::kSubmitted},
    {S::kAcknowledged, A::kHandOver, O::kNone, S::kAcknowledged},
    {S::kInformationRequested, A::kHandOver, O::kNone, S::kInformationRequested},
    {S::kAssessmentProposed, A::kHandOver, O::kNone, S::kAssessmentProposed},
    {S::kSentBack, A::kHandOver, O::kNone, S::kSentBack},
    {S::kDraft, A::kTakeOver, O::kNone, S::kDraft},
    {S::kSubmitted, A::kTakeOver, O::kNone, S::kSubmitted},
    {S::kAcknowledged, A::kTakeOver, O::kNone, S::kAcknowledged},
    {S::kInformationRequested, A::kTakeOver, O::kNone, S::kInformationRequested},
    {S::kAssessmentProposed, A::kTakeOver, O::kNone, S::kAssessmentProposed},
    {S::kSentBack, A::kTakeOver, O::kNone, S::kSentBack},
    {S::kAssessed, A::kTakeOver, O::kNone, S::kAssessed},
    {S::kVisitBooked, A::kTakeOver, O::kNone, S::kVisitBooked},
    {S::kVisited, A::kTakeOver, O::kNone, S::kVisited},
    {S::kAnsweredYes, A::kTakeOver, O::kNone, S::kAnsweredYes},
    {S::kAnsweredNo, A::kTakeOver, O::kNone, S::kAnsweredNo},
    {S::kAnsweredNeedsTime, A::kTakeOver, O::kNone, S::kAnsweredNeedsTime},
});

constexpr auto kRerouteEndings = std::to_array<RerouteEnding>({
    {A::kTakeOver, RerouteState::kTakenOver},
    {A::kDeclineHandOver, RerouteState::kDeclined},
    {A::kWithdrawHandOver, RerouteState::kWithdrawn},
    {A::kHandOverExpired, RerouteState::kExpired},
});

// Placement events that may find the case closed change nothing but where the person is; the
// handler applies facts without a transition then, so the table does not need those rows.

const std::vector<ActionRule>& Rules() {
  static const auto& rules = *new std::vector<ActionRule>([] {
    const std::set<Role> writer = {Role::kSocialWorker, Role::kSystem};
    const std::set<Role> owner = {Role::kSocialWorker, Role::kDecider, Role::kSystem};
    const std::set<Role> board = {Role::kBoardMember, Role::kBoardDeputy};
    const std::set<Role> visit = {Role::kSocialWorker, Role::kContactPerson, Role::kFacilityStaff,
                                  Role::kSystem};
    const std::set<Side> by_owner = {Side::kOwner};
    const std::set<Side> by_board = {Side::kBoard};
    const std::set<Side> by_both = {Side::kOwner, Side::kFacility};
    const std::set<Side> by_receiver = {Side::kReceiver};
    const std::set<Side> told = {Side::kPlacementService};
    return std::vector<ActionRule>{
        {A::kCreate, writer, by_owner},
        {A::kUpdate, writer, by_owner},
        {A::kChangeCriteria, writer, by_owner},
        {A::kSubmit, writer, by_owner},
        {A::kAcknowledge, board, by_board},
        {A::kRequestInformation, board, by_board},
        {A::kProvideInformation, writer, by_owner},
        {A::kProposeAssessment, board, by_board},
        {A::kConfirmAssessment, board, by_board},
        {A::kDeclareNoSuitablePlace, board, by_board},
        {A::kResolveDuplicate, board, by_board},
        {A::kBookStudyVisit, visit, by_both},
        {A::kRecordStudyVisit, visit, by_both},
        {A::kRecordAnswer, writer, by_owner},
        {A::kProposeDecision, owner, by_owner},
        {A::kMakeDecision, {Role::kDecider}, by_owner},
        {A::kExtendDecision, {Role::kDecider}, by_owner},
        {A::kClose, owner, by_owner},
        {A::kWithdraw, owner, by_owner},
        {A::kHandOver, writer, by_owner},
        {A::kWithdrawHandOver, writer, by_owner},
        {A::kTakeOver, writer, by_receiver},
        {A::kDeclineHandOver, writer, by_receiver},
        {A::kHandOverExpired, {}, {Side::kNone}},
        {A::kOfferMade, {}, told},
        {A::kOfferAccepted, {}, told},
        {A::kOfferEnded, {}, told},
        {A::kEnrolled, {}, told},
        {A::kTransferPlanned, {}, told},
        {A::kTransferCancelled, {}, told},
        {A::kTransferDone, {}, told},
        {A::kStayUndone, {}, told},
        {A::kStayCorrected, {}, told},
        {A::kDischarged, {}, told},
        {A::kDecisionEnded, {}, told},
    };
  }());
  return rules;
}

struct StateInfo {
  State state;
  std::string_view name;
  std::string_view waits_for;
};

constexpr auto kStates = std::to_array<StateInfo>({
    {S::kDraft, "draft", "owner"},
    {S::kSubmitted, "submitted", "board"},
    {S::kAcknowledged, "acknowledged", "board"},
    {S::kInformationRequested, "information_requested", "owner"},
    {S::kAssessmentProposed, "assessment_proposed", "board"},
    {S::kAssessed, "assessed", "owner"},
    {S::kVisitBooked, "visit_booked", "facility"},
    {S::kVisited, "visited", "owner"},
    {S::kAnsweredYes, "answered_yes", "owner"},
    {S::kAnsweredNo, "answered_no", "owner"},
    {S::kAnsweredNeedsTime, "answered_needs_time", "owner"},
    {S::kDecisionProposed, "decision_proposed", "decider"},
    {S::kDecided, "decided", "placement"},
    {S::kOffered, "offered", "owner"},
    {S::kPlaced, "placed", "facility"},
    {S::kTransferDecisionProposed, "transfer_decision_proposed", "decider"},
    {S::kTransferDecided, "transfer_decided", "placement"},
    {S::kTransferPlanned, "transfer_planned", "facility"},
    {S::kDischarged, "discharged", "owner"},
    {S::kSentBack, "sent_back", "owner"},
    {S::kClosed, "closed", "nobody"},
    {S::kDecisionEnded, "decision_ended", "decider"},
});

struct ActionInfo {
  Action action;
  std::string_view name;
};

constexpr auto kActions = std::to_array<ActionInfo>({
    {A::kCreate, "create"},
    {A::kUpdate, "update"},
    {A::kChangeCriteria, "change_criteria"},
    {A::kSubmit, "submit"},
    {A::kAcknowledge, "acknowledge"},
    {A::kRequestInformation, "request_information"},
    {A::kProvideInformation, "provide_information"},
    {A::kProposeAssessment, "propose_assessment"},
    {A::kConfirmAssessment, "confirm_assessment"},
    {A::kDeclareNoSuitablePlace, "declare_no_suitable_place"},
    {A::kResolveDuplicate, "resolve_duplicate"},
    {A::kBookStudyVisit, "book_study_visit"},
    {A::kRecordStudyVisit, "record_study_visit"},
    {A::kRecordAnswer, "record_answer"},
    {A::kProposeDecision, "propose_decision"},
    {A::kMakeDecision, "make_decision"},
    {A::kExtendDecision, "extend_decision"},
    {A::kClose, "close"},
    {A::kWithdraw, "withdraw"},
    {A::kHandOver, "hand_over"},
    {A::kWithdrawHandOver, "withdraw_hand_over"},
    {A::kTakeOver, "take_over"},
    {A::kDeclineHandOver, "decline_hand_over"},
    {A::kHandOverExpired, "hand_over_expired"},
    {A::kOfferMade, "offer_made"},
    {A::kOfferAccepted, "offer_accepted"},
    {A::kOfferEnded, "offer_ended"},
    {A::kEnrolled, "enrolled"},
    {A::kTransferPlanned, "transfer_planned"},
    {A::kTransferCancelled, "transfer_cancelled"},
    {A::kTransferDone, "transfer_done"},
    {A::kStayUndone, "stay_undone"},
    {A::kStayCorrected, "stay_corrected"},
    {A::kDischarged, "discharged"},
    {A::kDecisionEnded, "decision_ended"},
});

constexpr auto kOutcomeNames =
    std::to_array<std::string_view>({"", "needs_met", "needs_not_met", "no_show", "waived", "yes",
                                     "no", "needs_time", "grant", "refuse"});
constexpr auto kSideNames = std::to_array<std::string_view>(
    {"none", "owner", "board", "facility", "placement-service", "receiver"});
constexpr auto kRerouteStateNames =
    std::to_array<std::string_view>({"open", "taken_over", "declined", "withdrawn", "expired"});

constexpr auto kRoleNames = std::to_array<std::string_view>(
    {"unspecified", "social_worker", "decider", "board_member", "board_deputy", "contact_person",
     "clinician", "facility_staff", "child_representative", "statistician", "auditor", "operator",
     "system"});

template <class Info, class Value, std::size_t N>
std::array<Value, N> Column(const std::array<Info, N>& rows, Value Info::*member) {
  std::array<Value, N> column;
  std::transform(rows.begin(), rows.end(), column.begin(),
                 [member](const Info& row) { return row.*member; });
  return column;
}

bool Overlap(const std::set<Role>& some, const std::set<Role>& others) {
  return std::any_of(some.begin(), some.end(), [&](Role role) { return others.contains(role); });
}

template <class Range, class Format>
std::string Join(const Range& range, std::string_view separator, Format format) {
  std::string text;
  for (const auto& item : range) {
    if (!text.empty()) text += separator;
    text += format(item);
  }
  return text;
}

}  // namespace

std::span<const Transition> Transitions() { return kTransitions; }
std::span<const ActionRule> ActionRules() { return Rules(); }
std::span<const RerouteEnding> RerouteEndings() { return kRerouteEndings; }

std::string_view Name(State state) { return kStates[static_cast<std::size_t>(state) - 1].name; }
std::string_view Name(Action action) { return kActions[static_cast<std::size_t>(action)].name; }
std::string_view Name(Outcome outcome) { return kOutcomeNames[static_cast<std::size_t>(outcome)]; }
std::string_view RoleName(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }
std::string_view Name(Side side) { return kSideNames[static_cast<std::size_t>(side)]; }

std::string_view Name(RerouteState state) {
  return kRerouteStateNames[static_cast<std::size_t>(state) - 1];
}

std::optional<RerouteState> ParseRerouteState(std::string_view name) {
  const auto* found = std::find(kRerouteStateNames.begin(), kRerouteStateNames.end(), name);
  if (found == kRerouteStateNames.end()) return std::nullopt;
  return static_cast<RerouteState>(found - kRerouteStateNames.begin() + 1);
}

std::optional<State> ParseState(std::string_view name) {
  for (const StateInfo& info : kStates) {
    if (info.name == name) return info.state;
  }
  return std::nullopt;
}

std::optional<Action> ParseAction(std::string_view name) {
  for (const ActionInfo& info : kActions) {
    if (info.name == name) return info.action;
  }
  return std::nullopt;
}

std::span<const State> AllStates() {
  static const auto states = Column(kStates, &StateInfo::state);
  return states;
}

std::span<const Action> AllActions() {
  static const auto actions = Column(kActions, &ActionInfo::action);
  return actions;
}

const ActionRule& RuleOf(Action action) { return Rules()[static_cast<std::size_t>(action)]; }

std::optional<State> Next(State from, Action action, Outcome outcome) {
  for (const Transition& row : kTransitions) {
    if (row.from == from && row.action == action && row.outcome == outcome) return row.to;
  }
  return std::nullopt;
}

bool IsLegal(State from, Action action) {
  return std::any_of(kTransitions.begin(), kTransitions.end(), [&](const Transition& row) {
    return row.from == from && row.action == action;
  });
}

bool MayDo(Action action, Side side, const std::set<Role>& roles) {
  const ActionRule& rule = RuleOf(action);
  if (!rule.sides.contains(side)) return false;
  return side == Side::kPlacementService || Overlap(rule.roles, roles);
}

std::vector<Action> AvailableActions(State state, Side side, const std::set<Role>& roles) {
  std::vector<Action> available;
  for (const Action action : AllActions()) {
    if (IsLegal(state, action) && MayDo(action, side, roles)) available.push_back(action);
  }
  return available;
}

absl::Status CheckAction(State state, Action action, Side side, const std::set<Role>& roles) {
  if (!MayDo(action, side, roles)) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "This unit and role may not take this step in any state.", "ROLE_NOT_ALLOWED");
  }
  if (IsLegal(state, action)) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata["state"] = std::string(Name(state));
  detail.metadata["allowed_actions"] =
      Join(AvailableActions(state, side, roles), ",", [](Action open) { return Name(open); });
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The step is not possible in the state '" + std::string(Name(state)) + "'.",
                   std::move(detail));
}

bool IsPlaced(State state) {
  switch (state) {
    case State::kPlaced:
    case State::kTransferDecisionProposed:
    case State::kTransferDecided:
    case State::kTransferPlanned:
      return true;
    default:
      return false;
  }
}

bool IsTransferDecided(State state) {
  return state == State::kTransferDecided || state == State::kTransferPlanned;
}

std::string_view WaitsFor(State state) {
  return kStates[static_cast<std::size_t>(state) - 1].waits_for;
}

std::string StateMachineMarkdown() {
  std::string text =
      "# The states of a case\n\n"
      "Written by `referral_service_test` from the tables the service runs on; the test fails "
      "when\n"
      "this file differs (set `VARDKEDJA_WRITE_DOCS=1` to write it anew).\n\n"
      "## Steps\n\n| from | action | outcome | to |\n|---|---|---|---|\n";
  for (const Transition& row : kTransitions) {
    text += "| " + std::string(Name(row.from)) + " | " + std::string(Name(row.action)) + " | " +
            std::string(Name(row.outcome)) + " | " + std::string(Name(row.to)) + " |\n";
  }
  text += "\n## Who may take them\n\n| action | as | roles |\n|---|---|---|\n";
  for (const ActionRule& rule : Rules()) {
    text += "| " + std::string(Name(rule.action)) + " | " +
            Join(rule.sides, ", ", [](Side side) { return std::string(Name(side)); }) + " | " +
            Join(rule.roles, ", ", [&](Role role) { return std::string(RoleName(role)); }) + " |\n";
  }
  text += "\n## How an open hand-over ends\n\n| action | the hand-over is |\n|---|---|\n";
  for (const RerouteEnding& row : kRerouteEndings) {
    text += "| " + std::string(Name(row.action)) + " | " + std::string(Name(row.to)) + " |\n";
  }
  text += "\n## Who is to act\n\n| state | waits for |\n|---|---|\n";
  for (const StateInfo& info : kStates) {
    text += "| " + std::string(info.name) + " | " + std::string(info.waits_for) + " |\n";
  }
  return text;
}

}  // namespace vardkedja::referral::domain
