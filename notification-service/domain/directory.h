// The directory as values: organisations, units with functional addresses, the board's seats
// (domain.md, section 2). Roles, never names of people. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardkedja::notification::domain {

// The unit id of the placement board (remissgrupp), whose inbox is joint.
inline constexpr std::string_view kPlacementBoardUnit = "placement-board";

struct Organisation {
  std::string organisation_id;    // slug
  std::string name;               // display name, Swedish
  std::string kind;               // "region", "municipality", "state" or "joint"
  std::string municipality_code;  // four digits; empty unless a municipality
  bool participating = false;

  bool operator==(const Organisation&) const = default;
};

// A seat of the board: one per facility, held by a role.
struct Seat {
  std::string seat;
  std::string facility_id;
  std::string holder_role;  // "unit_head" (enhetschef)
  std::string deputy_role;  // "coordinator" (samordnare); empty when the seat has none

  bool operator==(const Seat&) const = default;
};

struct Unit {
  std::string unit_id;  // slug
  std::string organisation_id;
  std::string name;  // display name, Swedish
  std::string kind;  // see kUnitKinds in directory.cc
  std::string functional_address;
  std::string facility_id;           // empty unless the unit answers for a facility
  std::string host_organisation_id;  // empty unless another organisation keeps the inbox
  std::vector<Seat> seats;           // only a board has any

  bool operator==(const Unit&) const = default;
};

struct Directory {
  std::vector<Organisation> organisations;
  std::vector<Unit> units;
};

// One broken rule of a directory file. `key` is a path, for example
// "organisations[2].units[0].functional_address".
struct DirectoryProblem {
  std::string key;
  std::string rule;  // stable code, for example "DUPLICATE_ID"
  std::string text;  // English, for the engineer who edits the file

  bool operator==(const DirectoryProblem&) const = default;
};

// Every broken rule at once; empty when the directory may be used. Units are numbered inside their
// organisation, in file order, so that `key` finds the line.
std::vector<DirectoryProblem> CheckDirectory(const Directory& directory);

// Lower-case letters, digits and single hyphens, 2 to 64 characters, starting with a letter.
bool IsSlug(std::string_view text);

}  // namespace vardkedja::notification::domain
