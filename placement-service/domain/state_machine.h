// State machines as data: a table of (state, action, who may, next state) that code runs on. What
// the table does not name is not allowed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

template <class State, class Action>
struct Transition {
  State from;
  Action action;
  unsigned parties;  // any of these may; see Party
  State to;
};

// FAILED_PRECONDITION, ILLEGAL_STATE, with the state and the allowed actions (comma-separated).
absl::Status IllegalState(std::string_view resource, std::string_view state,
                          const std::vector<std::string>& allowed);
// PERMISSION_DENIED, UNIT_NOT_YOURS: the unit may see the resource but not do this.
absl::Status UnitNotYours();

template <class State, class Action>
std::vector<std::string> AllowedActions(std::span<const Transition<State, Action>> table,
                                        State state, unsigned parties) {
  std::vector<std::string> allowed;
  for (const auto& row : table) {
    if (row.from != state || (row.parties & parties) == 0) continue;
    const std::string name(Name(row.action));
    if (allowed.empty() || allowed.back() != name) allowed.push_back(name);
  }
  return allowed;
}

// The next state; UNIT_NOT_YOURS when the party may never do this, ILLEGAL_STATE when not now.
template <class State, class Action>
absl::StatusOr<State> Step(std::span<const Transition<State, Action>> table,
                           std::string_view resource, State state, Action action,
                           unsigned parties) {
  bool ever = false;
  for (const auto& row : table) {
    if (row.action != action || (row.parties & parties) == 0) continue;
    if (row.from == state) return row.to;
    ever = true;
  }
  if (!ever) return UnitNotYours();
  return IllegalState(resource, Name(state), AllowedActions(table, state, parties));
}

}  // namespace vardkedja::placement::domain
