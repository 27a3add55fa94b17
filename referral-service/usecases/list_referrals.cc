#include "referral-service/usecases/list_referrals.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

using domain::Role;
using domain::State;
using domain::UnitKind;

bool WaitsForUnit(State state, UnitKind kind) {
  const std::string_view who = domain::WaitsFor(state);
  switch (kind) {
    case UnitKind::kBoard:
      return who == "board";
    case UnitKind::kFacility:
      return who == "facility";
    case UnitKind::kOther:
      break;
  }
  return who == "owner" || who == "decider";
}

// Whether the next step is one that somebody with these roles takes.
bool WaitsForRole(State state, const std::set<Role>& roles) {
  const std::string_view who = domain::WaitsFor(state);
  const auto any = [&](std::initializer_list<Role> of) {
    return std::any_of(of.begin(), of.end(), [&](Role role) { return roles.contains(role); });
  };
  if (who == "decider") return any({Role::kDecider});
  if (who == "board") return any({Role::kBoardMember, Role::kBoardDeputy});
  if (who == "facility") return any({Role::kFacilityStaff, Role::kContactPerson, Role::kSystem});
  return who == "owner" && any({Role::kSocialWorker, Role::kSystem});
}

// What this kind of unit asked of another and has no answer to.
bool Unanswered(State state, UnitKind kind) {
  switch (kind) {
    case UnitKind::kBoard:
      return state == State::kInformationRequested;
    case UnitKind::kFacility:
      return state == State::kOffered;
    case UnitKind::kOther:
      break;
  }
  return state == State::kSubmitted || state == State::kAcknowledged ||
         state == State::kAssessmentProposed;
}

bool Fits(Worklist worklist, State state, const WorklistReader& reader) {
  const bool open = state != State::kClosed;
  switch (worklist) {
    case Worklist::kAll:
    case Worklist::kOverdue:
      return true;
    case Worklist::kWaitingForUs:
      return open && WaitsForUnit(state, reader.kind);
    case Worklist::kWaitingForMe:
      return open && WaitsForUnit(state, reader.kind) && WaitsForRole(state, reader.roles);
    case Worklist::kWaitingForOthers:
      return open && !WaitsForUnit(state, reader.kind);
    case Worklist::kPlaced:
      return domain::IsPlaced(state);
    case Worklist::kFinished:
      return state == State::kDischarged || state == State::kClosed;
    case Worklist::kToSubmit:
      return state == State::kDraft || state == State::kSentBack;
    case Worklist::kUnanswered:
      return Unanswered(state, reader.kind);
    case Worklist::kDecidedNotPlaced:
      return state == State::kDecided || state == State::kOffered || state == State::kDecisionEnded;
  }
  return false;
}

}  // namespace

std::vector<State> StatesOf(Worklist worklist, const WorklistReader& reader,
                            const std::vector<State>& wanted) {
  std::vector<State> states;
  for (const State state : domain::AllStates()) {
    const bool asked =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), state) != wanted.end();
    if (asked && Fits(worklist, state, reader)) states.push_back(state);
  }
  return states;
}

std::optional<Instant> OverdueBefore(const domain::ResponseTime* time, Date today) {
  if (time == nullptr) return std::nullopt;
  constexpr int kLongestMonth = 31;
  // Months differ in length: begin where it is surely overdue and go up to the first day that is
  // not. A few steps per month of the time.
  Date day = today - std::chrono::days(time->days + time->months * kLongestMonth + 1);
  while (DueDate(*time, day) < today) day += std::chrono::days(1);
  return StartOfDay(day);
}

absl::StatusOr<CaseList> ListReferrals::Run(const auth::CallContext& context,
                                            const ListRequest& request) {
  ListQuery query;
  VK_ASSIGN_OR_RETURN(query.limit, CheckLimit(request.page.limit));
  VK_ASSIGN_OR_RETURN(const CaseLister::Reader reader, lister_.ReaderOf(context));
  query.unit_id = context.acting_unit;
  if (!request.page.cursor.empty()) {
    const auto position = ReadCursor(request.page.cursor);
    if (!position) return BadCursor();
    query.after = *position;
  }
  const bool overdue = request.worklist == Worklist::kOverdue;
  if (overdue) query.order = ListOrder::kStateSince;
  const WorklistReader who{reader.question.unit_kind, reader.question.roles};
  for (const State state : StatesOf(request.worklist, who, request.states)) {
    if (!overdue) {
      query.states.push_back({state, EndOfTime()});
      continue;
    }
    const Date today = reader.question.today;
    const auto before = OverdueBefore(reader.reference->ResponseTimeOf(state, today), today);
    if (before) query.states.push_back({state, *before});
  }
  return lister_.Page(context, reader, index_, std::move(query),
                      [](const SeenCase&) { return true; });
}

}  // namespace vardkedja::referral::usecases
