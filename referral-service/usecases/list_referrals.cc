#include "referral-service/usecases/list_referrals.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

using domain::State;

// Cases looked at for one page at most: the store's superset is close to what may be seen, so this
// is only reached when very many grounds have ended. The page then ends early, with a cursor.
constexpr int kMostRounds = 10;

bool WaitsForUnit(State state, domain::UnitKind kind) {
  const std::string_view who = domain::WaitsFor(state);
  switch (kind) {
    case domain::UnitKind::kBoard:
      return who == "board";
    case domain::UnitKind::kFacility:
      return who == "facility";
    case domain::UnitKind::kOther:
      break;
  }
  return who == "owner" || who == "decider";
}

bool Fits(Worklist worklist, State state, domain::UnitKind kind) {
  const bool finished = state == State::kDischarged || state == State::kClosed;
  switch (worklist) {
    case Worklist::kAll:
      return true;
    case Worklist::kWaitingForUs:
      return state != State::kClosed && WaitsForUnit(state, kind);
    case Worklist::kWaitingForOthers:
      return state != State::kClosed && !WaitsForUnit(state, kind);
    case Worklist::kPlaced:
      return domain::IsPlaced(state);
    case Worklist::kFinished:
      return finished;
  }
  return false;
}

}  // namespace

std::vector<State> StatesOf(Worklist worklist, domain::UnitKind kind,
                            const std::vector<State>& wanted) {
  std::vector<State> states;
  for (const State state : domain::AllStates()) {
    const bool asked =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), state) != wanted.end();
    if (asked && Fits(worklist, state, kind)) states.push_back(state);
  }
  return states;
}

std::string WriteCursor(const ListPosition& position) {
  return std::to_string(position.created_at.time_since_epoch().count()) + "." +
         position.referral_id;
}

std::optional<ListPosition> ReadCursor(std::string_view cursor) {
  const std::size_t dot = cursor.find('.');
  if (dot == std::string_view::npos || !IsUuid(cursor.substr(dot + 1))) return std::nullopt;
  std::int64_t micros = 0;
  const auto [stopped, error] = std::from_chars(cursor.data(), cursor.data() + dot, micros);
  if (error != std::errc() || stopped != cursor.data() + dot) return std::nullopt;
  // PostgreSQL's timestamptz ends earlier than 64 bits do.
  constexpr std::int64_t kLatest = 4'102'444'800'000'000;
  if (micros < 0 || micros > kLatest) return std::nullopt;
  return ListPosition{Instant(std::chrono::microseconds(micros)),
                      std::string(cursor.substr(dot + 1))};
}

absl::StatusOr<CaseList> ListReferrals::Run(const auth::CallContext& context,
                                            const ListRequest& request) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(request.page.limit));
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  const domain::AccessQuestion question = QuestionOf(context, *reference);
  ListQuery query;
  query.unit_id = context.acting_unit;
  query.today = question.today;
  query.states = StatesOf(request.worklist, question.unit_kind, request.states);
  query.limit = limit + 1;
  if (!request.page.cursor.empty()) {
    query.after = ReadCursor(request.page.cursor);
    if (!query.after) return BadCursor();
  }
  CaseList list;
  if (query.states.empty()) return list;

  std::vector<SeenCase> seen;
  bool more = true;
  for (int round = 0; round < kMostRounds && more && seen.size() <= std::size_t(limit); ++round) {
    VK_ASSIGN_OR_RETURN(std::vector<StoredCase> found, door_.cases().List(context, query));
    more = found.size() == static_cast<std::size_t>(query.limit);
    for (StoredCase& stored : found) {
      query.after = ListPosition{stored.referral.created_at, stored.referral.referral_id};
      domain::Access access = Decide(domain::FactsOf(stored.referral), question);
      if (!access.permitted || access.rule_id == "facility.own_stay_record") continue;
      const domain::Side side = access.side;
      seen.push_back({std::move(stored), std::move(access), ActorOf(context, side), reference});
    }
  }
  if (seen.size() > static_cast<std::size_t>(limit)) {
    seen.erase(seen.begin() + limit, seen.end());
    const domain::Referral& last = seen.back().stored.referral;
    list.next = WriteCursor({last.created_at, last.referral_id});
  } else if (more && query.after) {
    list.next = WriteCursor(*query.after);
  }

  std::vector<const StoredCase*> stored;
  std::vector<audit::Entry> entries;
  for (const SeenCase& one : seen) {
    stored.push_back(&one.stored);
    entries.push_back(CaseDoor::Entry(context, one, one.stored.referral.referral_id));
  }
  VK_ASSIGN_OR_RETURN(std::vector<std::string> names, door_.cases().OpenNames(stored));
  if (!entries.empty()) {
    VK_RETURN_IF_ERROR(door_.audit().Record(std::move(entries), context.deadline));
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    domain::Referral& referral = seen[i].stored.referral;
    const bool named =
        !referral.protected_identity && seen[i].access.categories.contains("identity");
    list.lines.push_back({std::move(referral), named ? std::move(names[i]) : std::string()});
  }
  return list;
}

}  // namespace vardkedja::referral::usecases
