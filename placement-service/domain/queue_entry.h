// A decision that waits for its place.
//
//   waiting --accept--> reserved --place--> placed
//      ^ |                 |
//      | `------leave------+----> left
//      |                            |
//      `---------return-------------'   (only when a ground is live again)
//
//   reserved --give back--> waiting   (a transfer was given up)
//   placed --restore--> reserved      (the move-in was recorded wrongly)
//
// Parking changes no state: the entry waits and keeps its place, but is offered nothing.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/queue_rule.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class EntryState { kWaiting = 1, kReserved = 2, kPlaced = 3, kLeft = 4 };
enum class EntryAction { kReserve, kPlace, kLeave, kReturn, kPark, kResume, kGiveBack, kRestore };
std::string_view Name(EntryState state);  // "waiting", ...
std::string_view Name(EntryAction action);
std::span<const Transition<EntryState, EntryAction>> EntryTable();

// Why an entry left; codes of PlacementEvent.Dequeued.
inline constexpr char kLeftWithdrawn[] = "withdrawn";
inline constexpr char kLeftCaseClosed[] = "case_closed";
inline constexpr char kLeftGroundEnded[] = "ground_ended";
inline constexpr char kLeftDecisionEnded[] = "decision_ended";
inline constexpr char kLeftDeceased[] = "deceased";

// When an entry leaves because its decision ends: within the first hour of the first day that the
// decision does not cover, spread by id, so that what ends on one date does not end at one instant.
Instant DecisionEndsAt(const EntryId& id, Date decision_to);

enum class ParkReason {
  kUnspecified = 0,
  kInHospital = 1,
  kDetained = 2,
  kOtherCare = 3,
  kPersonsWish = 4,
  kNotReached = 5,
  kOther = 6,
};
std::string_view Code(ParkReason reason);  // "" for kUnspecified

// Cannot take a place for now.
struct Parking {
  ParkReason reason = ParkReason::kUnspecified;
  Date since{};
  std::optional<Date> until;  // ends by itself on that date

  bool operator==(const Parking&) const = default;
};

struct QueueEntry {
  EntryId id;
  CaseId case_id;
  std::string case_number;
  PersonId person_id;
  UnitId owner_unit;
  DecisionId decision_id;  // of the earliest decision that this entry executes
  FacilityId facility_id;
  BedKind bed_kind = BedKind::kRegular;
  bool transfer = false;
  RankedFacts facts;
  std::optional<Date> decision_to;  // first day no longer covered; none: open-ended
  std::optional<Date> planned_move_in;
  EntryState state = EntryState::kWaiting;
  std::optional<std::string> left_reason;
  // Units that need to read the case for a placement and have no ground any more.
  std::set<std::string> units_without_ground;
  std::optional<OfferId> open_offer;
  std::optional<Parking> parking;  // only while waiting, and never with an open offer
  bool passed = false;
  bool waiting_long = false;
  int rule_version = 0;
  std::string sort_key;
  std::int64_t version = 1;

  // The decision covers a move-in on this date.
  bool Covers(Date date) const {
    return facts.decision_date <= date && (!decision_to || date < *decision_to);
  }
};

// Ranks the entry by the rule: sets version and key.
void Rank(const QueueRule& rule, QueueEntry& entry);

// Parks an entry that waits and has no open offer. ILLEGAL_STATE, UNIT_NOT_YOURS; FIELD_VIOLATIONS
// for an end that is not after today.
absl::StatusOr<QueueEntry> Park(QueueEntry entry, unsigned parties, ParkReason reason,
                                std::optional<Date> until, Date today);
absl::StatusOr<QueueEntry> Resume(QueueEntry entry, unsigned parties);

// How an error names it: the state, or "offered" or "parked" while it waits.
std::string_view StandingOf(const QueueEntry& entry);
// ILLEGAL_STATE unless it waits, is not parked and has no open offer.
absl::Status CheckCanBeOffered(const QueueEntry& entry);
// What these parties may do to it by hand now.
std::vector<std::string> AvailableActions(const QueueEntry& entry, unsigned parties);

// What a referral event about grounds does to an entry.
enum class GroundEffect { kNone, kLeave, kReturn };
// A ground ended for `units`, or was recorded for them. Only the board's and the facility's own
// unit matter: without a ground they may not read the case, so nothing can be offered.
GroundEffect GroundEnded(QueueEntry& entry, const UnitId& facility_unit,
                         const std::vector<std::string>& units);
GroundEffect GroundRecorded(QueueEntry& entry, const std::vector<std::string>& units);

}  // namespace vardkedja::placement::domain
