// A time at home between two parts of a stay (växelvis boende; domain.md 4.9). Leave keeps the bed;
// here it is free, and a bed is reserved for the return.
//
//   at_home --change return--> at_home     at_home --return--> returned
//   at_home --discharge--> ended
//   at_home, returned, ended --correct--> corrected     (with a wrong person's stays)
//
// Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/state_machine.h"
#include "placement-service/domain/stay.h"

namespace vardkedja::placement::domain {

enum class AlternationState { kAtHome = 1, kReturned = 2, kEnded = 3, kCorrected = 4 };
enum class AlternationAction { kChangeReturn, kReturn, kDischarge, kCorrect };
std::string_view Name(AlternationState state);
std::string_view Name(AlternationAction action);
std::span<const Transition<AlternationState, AlternationAction>> AlternationTable();

inline constexpr int kLongestAtHomeDays = 92;

struct Alternation {
  AlternationId id;
  StayId from_stay;
  std::optional<StayId> to_stay;
  BedId bed_id;  // reserved for the return
  AlternationState state = AlternationState::kAtHome;
  Date home_from{};              // first night at home
  Date return_date{};            // as planned
  std::optional<Date> ended_on;  // back, or discharged
  std::int64_t version = 1;
};

// The stay that ends and the time at home that begins. `entry` is the stay's; `to` the bed to
// return to. Errors: those of ending a stay, TRANSFER_PLANNED; FIELD_VIOLATIONS for a return that
// is not after the departure, has passed, is later than 92 days or a planned move-out, or is to a
// bed of another facility or kind; NO_DECISION when the decision does not cover the return.
struct AtHome {
  Stay stay;
  Alternation alternation;
};
absl::StatusOr<AtHome> GoHome(AlternationId id, const Stay& stay, bool transfer_planned,
                              unsigned parties, const QueueEntry& entry, const Bed& to,
                              Date home_from, Date return_date, Date today);

// Another day or another bed; the same errors about the return.
absl::StatusOr<Alternation> ChangeReturn(Alternation alternation, const Stay& from,
                                         unsigned parties, const QueueEntry& entry, const Bed& to,
                                         Date return_date, Date today);

// The return: the stay goes on in `bed`, the reserved one, as `stay`. ILLEGAL_STATE,
// UNIT_NOT_YOURS, NO_DECISION; FIELD_VIOLATIONS for a date ahead or without a night at home.
struct Back {
  Alternation alternation;
  Stay stay;
};
absl::StatusOr<Back> ReturnFromHome(StayId id, const Alternation& alternation, const Stay& from,
                                    const Bed& bed, unsigned parties, const QueueEntry& entry,
                                    Date date, Date today);

// The person does not come back: the stay has ended on the day of the departure, with this reason.
struct GivenUp {
  Alternation alternation;
  Stay stay;
};
absl::StatusOr<GivenUp> DischargeFromHome(const Alternation& alternation, const Stay& from,
                                          unsigned parties, Date date, Date today,
                                          DischargeReason reason,
                                          std::vector<ChecklistItem> unmet_items);

// Nobody was at home: the stay that it interrupts was a wrong person's.
absl::StatusOr<Alternation> CorrectWithStay(Alternation alternation);

bool IsOverdue(const Alternation& alternation, Date today);

}  // namespace vardkedja::placement::domain
