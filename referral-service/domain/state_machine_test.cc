#include "referral-service/domain/state_machine.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::domain {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What a role is worth on a side, told anew: the table must agree with it in every state.
bool Expected(State state, Action action, Side side, Role role) {
  if (RuleOf(action).roles.empty()) return false;
  const bool writer = role == Role::kSocialWorker || role == Role::kSystem;
  const bool decider = role == Role::kDecider;
  const bool owner = side == Side::kOwner;
  const bool board =
      side == Side::kBoard && (role == Role::kBoardMember || role == Role::kBoardDeputy);
  const bool waiting =
      state == State::kDecided || state == State::kOffered || state == State::kDecisionEnded;
  const bool before_placing = (state >= State::kSubmitted && state <= State::kOffered) || waiting;
  const bool open = before_placing || state == State::kSentBack;
  switch (action) {
    case Action::kCreate:
      return false;
    case Action::kUpdate:
      return owner && writer &&
             (state == State::kDraft || state == State::kSentBack ||
              state == State::kInformationRequested || state == State::kPlaced ||
              state == State::kTransferDecisionProposed || state == State::kTransferDecided);
    case Action::kSubmit:
      return owner && writer && (state == State::kDraft || state == State::kSentBack);
    case Action::kChangeCriteria:
      return owner && writer && (before_placing || state == State::kTransferDecided);
    case Action::kProvideInformation:
      return owner && writer && state == State::kInformationRequested;
    case Action::kAcknowledge:
      return board && state == State::kSubmitted;
    case Action::kRequestInformation:
    case Action::kProposeAssessment:
      return board && (state == State::kAcknowledged || state == State::kAssessmentProposed);
    case Action::kConfirmAssessment:
    case Action::kDeclareNoSuitablePlace:
      return board && state == State::kAssessmentProposed;
    case Action::kResolveDuplicate:
      return board && state >= State::kSubmitted && state <= State::kAssessmentProposed;
    case Action::kBookStudyVisit:
    case Action::kRecordStudyVisit:
      return (owner || side == Side::kFacility) &&
             (writer || role == Role::kContactPerson || role == Role::kFacilityStaff) &&
             (state == State::kAssessed || state == State::kVisitBooked);
    case Action::kRecordAnswer:
      return owner && writer && state >= State::kVisited && state <= State::kAnsweredNeedsTime;
    case Action::kProposeDecision:
      return owner && (writer || decider) &&
             (state == State::kAnsweredYes || state == State::kDecisionProposed ||
              state == State::kPlaced || state == State::kTransferDecisionProposed);
    case Action::kMakeDecision:
      return owner && decider &&
             (state == State::kDecisionProposed || state == State::kTransferDecisionProposed);
    case Action::kExtendDecision:
      return owner && decider &&
             (waiting || state == State::kPlaced || state == State::kTransferDecided ||
              state == State::kTransferPlanned);
    case Action::kClose:
      return owner && (writer || decider) && (open || state == State::kDischarged);
    case Action::kWithdraw:
      return owner && (writer || decider) && (open || state == State::kDraft);
    case Action::kHandOver:
      return owner && writer && (state <= State::kAssessmentProposed || state == State::kSentBack);
    case Action::kTakeOver:
      return side == Side::kReceiver && writer &&
             (state <= State::kAnsweredNeedsTime || state == State::kSentBack);
    default:
      return false;
  }
}

TEST(StateMachineTest, EveryStateActionSideAndRole) {
  int cases = 0;
  for (const State state : AllStates()) {
    for (const Action action : AllActions()) {
      for (const Side side :
           {Side::kNone, Side::kOwner, Side::kBoard, Side::kFacility, Side::kReceiver}) {
        for (int role = 1; role <= static_cast<int>(Role::kSystem); ++role) {
          const auto as = static_cast<Role>(role);
          EXPECT_EQ(CheckAction(state, action, side, {as}).ok(), Expected(state, action, side, as))
              << Name(state) << " " << Name(action) << " " << Name(side) << " " << RoleName(as);
          ++cases;
        }
      }
    }
  }
  EXPECT_EQ(cases, 22 * 35 * 5 * 12);
}

TEST(StateMachineTest, AvailableActionsAreExactlyThoseThatPassTheCheck) {
  for (const State state : AllStates()) {
    for (const Side side : {Side::kOwner, Side::kBoard, Side::kFacility}) {
      const std::set<Role> roles = {Role::kSocialWorker, Role::kBoardMember, Role::kFacilityStaff};
      const std::vector<Action> open = AvailableActions(state, side, roles);
      for (const Action action : AllActions()) {
        const bool listed = std::find(open.begin(), open.end(), action) != open.end();
        EXPECT_EQ(listed, CheckAction(state, action, side, roles).ok())
            << Name(state) << " " << Name(action);
      }
    }
  }
}

TEST(StateMachineTest, ARoleThatNeverMayIsToldSoAndNotTheState) {
  const auto detail = GetErrorDetail(
      CheckAction(State::kDraft, Action::kMakeDecision, Side::kOwner, {Role::kSocialWorker}));
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "ROLE_NOT_ALLOWED");
  EXPECT_TRUE(detail->metadata.empty());
}

TEST(StateMachineTest, EveryStateIsReachedAndCanEnd) {
  std::set<State> reached = {State::kDraft};
  for (std::size_t round = 0; round < AllStates().size(); ++round) {
    for (const Transition& row : Transitions()) {
      if (reached.contains(row.from)) reached.insert(row.to);
    }
  }
  EXPECT_EQ(reached.size(), AllStates().size());
  std::set<State> ends = {State::kClosed};
  for (std::size_t round = 0; round < AllStates().size(); ++round) {
    for (const Transition& row : Transitions()) {
      if (ends.contains(row.to)) ends.insert(row.from);
    }
  }
  EXPECT_EQ(ends.size(), AllStates().size());
  for (const Transition& row : Transitions()) EXPECT_NE(row.from, State::kClosed);
}

TEST(StateMachineTest, NoRowTwice) {
  std::set<std::tuple<State, Action, Outcome>> rows;
  for (const Transition& row : Transitions()) {
    EXPECT_TRUE(rows.emplace(row.from, row.action, row.outcome).second)
        << Name(row.from) << " " << Name(row.action);
  }
}

TEST(StateMachineTest, EveryHandOverEndsAndTheWritesThatEndItHaveRoles) {
  std::set<RerouteState> ends;
  for (const RerouteEnding& row : RerouteEndings()) {
    EXPECT_TRUE(ends.insert(row.to).second);
    EXPECT_NE(row.to, RerouteState::kOpen);
    EXPECT_EQ(RuleOf(row.action).roles.empty(), row.action == Action::kHandOverExpired);
    EXPECT_EQ(ParseRerouteState(Name(row.to)), row.to);
  }
  EXPECT_EQ(ends.size(), 4U);
  EXPECT_FALSE(ParseRerouteState("nonsense").has_value());
}

TEST(StateMachineTest, NamesRoundTripAndFollowTheEnums) {
  for (const State state : AllStates()) EXPECT_EQ(ParseState(Name(state)), state);
  for (const Action action : AllActions()) {
    EXPECT_EQ(ParseAction(Name(action)), action);
    EXPECT_EQ(RuleOf(action).action, action);
  }
  EXPECT_FALSE(ParseState("").has_value());
  EXPECT_FALSE(ParseAction("nonsense").has_value());
}

// The newest migration that says which moves there are.
std::string MovesSql() {
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator("referral-service/migrations")) {
    files.insert(file.path());
  }
  std::string newest;
  for (const auto& file : files) {
    std::string sql = ReadFile(file);
    if (sql.find("FUNCTION referral_step_known") != std::string::npos) newest = sql;
  }
  return newest;
}

// The CHECK constraint's function lists each move that changes the state, and no other.
TEST(StateMachineTest, TheMigrationKnowsTheSameMoves) {
  const std::string sql = MovesSql();
  std::set<std::string> in_sql;
  for (std::size_t at = sql.find('>'); at != std::string::npos; at = sql.find('>', at + 1)) {
    const std::size_t begin = sql.rfind('\'', at);
    const std::size_t end = sql.find('\'', at);
    const std::string move = sql.substr(begin + 1, end - begin - 1);
    const std::size_t arrow = move.find('>');
    if (ParseState(move.substr(0, arrow)) && ParseState(move.substr(arrow + 1))) {
      in_sql.insert(move);
    }
  }
  std::set<std::string> in_table;
  for (const Transition& row : Transitions()) {
    if (row.from == row.to) continue;
    in_table.insert(std::string(Name(row.from)) + ">" + std::string(Name(row.to)));
  }
  EXPECT_EQ(in_sql, in_table);
}

TEST(StateMachineTest, TheDocumentIsTheTable) {
  const std::string path = "referral-service/docs/state-machine.md";
  const std::string table = StateMachineMarkdown();
  if (std::getenv("VARDKEDJA_WRITE_DOCS") != nullptr) std::ofstream(path) << table;
  EXPECT_EQ(ReadFile(path), table);
}

}  // namespace
}  // namespace vardkedja::referral::domain
