#include "placement-service/domain/queue_entry.h"

#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<EntryState, EntryAction>;
constexpr std::array<Row, 9> kTable = {{
    {EntryState::kWaiting, EntryAction::kReserve, kOwner, EntryState::kReserved},
    {EntryState::kWaiting, EntryAction::kLeave, kConsequence, EntryState::kLeft},
    {EntryState::kWaiting, EntryAction::kPark, kOwner | kBoard, EntryState::kWaiting},
    {EntryState::kWaiting, EntryAction::kResume, kOwner | kBoard | kTimer, EntryState::kWaiting},
    {EntryState::kReserved, EntryAction::kPlace, kFacility | kNextFacility, EntryState::kPlaced},
    {EntryState::kReserved, EntryAction::kLeave, kConsequence, EntryState::kLeft},
    {EntryState::kReserved, EntryAction::kGiveBack, kConsequence, EntryState::kWaiting},
    {EntryState::kPlaced, EntryAction::kRestore, kConsequence, EntryState::kReserved},
    {EntryState::kLeft, EntryAction::kReturn, kConsequence, EntryState::kWaiting},
}};

}  // namespace

Instant DecisionEndsAt(const EntryId& id, Date decision_to) {
  constexpr std::uint64_t kHour = 3'600'000'000;  // microseconds
  // FNV-1a.
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : id.value) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return StartOfDay(decision_to) +
         std::chrono::microseconds(static_cast<std::int64_t>(hash % kHour));
}

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
    case EntryAction::kPark:
      return "ParkEntry";
    case EntryAction::kResume:
      return "ResumeEntry";
    case EntryAction::kGiveBack:
      return "GiveBack";
    case EntryAction::kRestore:
      return "Restore";
  }
  return "";
}

std::span<const Row> EntryTable() { return kTable; }

std::string_view Code(ParkReason reason) {
  switch (reason) {
    case ParkReason::kUnspecified:
      return "";
    case ParkReason::kInHospital:
      return "in_hospital";
    case ParkReason::kDetained:
      return "detained";
    case ParkReason::kOtherCare:
      return "other_care";
    case ParkReason::kPersonsWish:
      return "persons_wish";
    case ParkReason::kNotReached:
      return "not_reached";
    case ParkReason::kOther:
      return "other";
  }
  return "";
}

std::string_view StandingOf(const QueueEntry& entry) {
  if (entry.parking) return "parked";
  return entry.open_offer ? "offered" : Name(entry.state);
}

absl::Status CheckCanBeOffered(const QueueEntry& entry) {
  if (entry.state == EntryState::kWaiting && !entry.open_offer && !entry.parking) {
    return absl::OkStatus();
  }
  return IllegalState("queue entry", StandingOf(entry), {});
}

std::vector<std::string> AvailableActions(const QueueEntry& entry, unsigned parties) {
  if (entry.state != EntryState::kWaiting || entry.open_offer) return {};
  std::vector<std::string> actions;
  const EntryAction action = entry.parking ? EntryAction::kResume : EntryAction::kPark;
  if (Step(EntryTable(), "queue entry", entry.state, action, parties).ok()) {
    actions.emplace_back(Name(action));
  }
  if (!entry.parking && (parties & kBoard) != 0) actions.emplace_back("ProposeOverride");
  if (!entry.parking && (parties & (kBoard | kFacility)) != 0) actions.emplace_back("OfferPlace");
  return actions;
}

absl::StatusOr<QueueEntry> Park(QueueEntry entry, unsigned parties, ParkReason reason,
                                std::optional<Date> until, Date today) {
  VK_ASSIGN_OR_RETURN(entry.state,
                      Step(EntryTable(), "queue entry", entry.state, EntryAction::kPark, parties));
  if (entry.parking || entry.open_offer) {
    return IllegalState("queue entry", StandingOf(entry), AvailableActions(entry, parties));
  }
  if (until && *until <= today) {
    return InvalidFields(
        {{"until_date", "IN_THE_PAST", "Must be after today.", "Måste vara efter i dag."}});
  }
  entry.parking = Parking{reason, today, until};
  ++entry.version;
  return entry;
}

absl::StatusOr<QueueEntry> Resume(QueueEntry entry, unsigned parties) {
  VK_ASSIGN_OR_RETURN(
      entry.state, Step(EntryTable(), "queue entry", entry.state, EntryAction::kResume, parties));
  if (!entry.parking) {
    return IllegalState("queue entry", StandingOf(entry), AvailableActions(entry, parties));
  }
  entry.parking.reset();
  ++entry.version;
  return entry;
}

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
