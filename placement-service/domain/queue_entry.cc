#include "placement-service/domain/queue_entry.h"

#include <array>

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<EntryState, EntryAction>;
constexpr std::array<Row, 5> kTable = {{
    {EntryState::kWaiting, EntryAction::kReserve, kOwner, EntryState::kReserved},
    {EntryState::kWaiting, EntryAction::kLeave, kConsequence, EntryState::kLeft},
    {EntryState::kReserved, EntryAction::kPlace, kFacility | kNextFacility, EntryState::kPlaced},
    {EntryState::kReserved, EntryAction::kLeave, kConsequence, EntryState::kLeft},
    {EntryState::kLeft, EntryAction::kReturn, kConsequence, EntryState::kWaiting},
}};

}  // namespace

std::string_view Name(EntryState state) {
  switch (state) {
    case EntryState::kWaiting:
      return "waiting";
    case EntryState::kReserved:
      return "reserved";
    case EntryState::kPlaced:
      return "placed";
    case EntryState::kLeft:
      return "left";
  }
  return "";
}

std::string_view Name(EntryAction action) {
  switch (action) {
    case EntryAction::kReserve:
      return "Reserve";
    case EntryAction::kPlace:
      return "Place";
    case EntryAction::kLeave:
      return "Leave";
    case EntryAction::kReturn:
      return "Return";
  }
  return "";
}

std::span<const Row> EntryTable() { return kTable; }

void Rank(const QueueRule& rule, QueueEntry& entry) {
  entry.facts.entry_id = entry.id;
  entry.rule_version = rule.version;
  entry.sort_key = SortKey(rule, entry.facts);
}

GroundEffect GroundEnded(QueueEntry& entry, const UnitId& facility_unit,
                         const std::vector<std::string>& units) {
  for (const std::string& unit : units) {
    if (unit == kBoardUnit || unit == facility_unit.value) entry.units_without_ground.insert(unit);
  }
  // A reserved place stays reserved: the owner is told and acts; nobody can read the case anyway.
  const bool leaves = entry.state == EntryState::kWaiting && !entry.units_without_ground.empty();
  return leaves ? GroundEffect::kLeave : GroundEffect::kNone;
}

GroundEffect GroundRecorded(QueueEntry& entry, const std::vector<std::string>& units) {
  for (const std::string& unit : units) entry.units_without_ground.erase(unit);
  const bool returns = entry.state == EntryState::kLeft && entry.left_reason == kLeftGroundEnded &&
                       entry.units_without_ground.empty();
  return returns ? GroundEffect::kReturn : GroundEffect::kNone;
}

}  // namespace vardkedja::placement::domain
