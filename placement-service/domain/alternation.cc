#include "placement-service/domain/alternation.h"

#include <array>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/domain/stay_life.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<AlternationState, AlternationAction>;
using enum AlternationState;
constexpr std::array<Row, 6> kTable = {{
    {kAtHome, AlternationAction::kChangeReturn, kFacility, kAtHome},
    {kAtHome, AlternationAction::kReturn, kFacility, kReturned},
    {kAtHome, AlternationAction::kDischarge, kFacility, kEnded},
    {kAtHome, AlternationAction::kCorrect, kConsequence, kCorrected},
    {kReturned, AlternationAction::kCorrect, kConsequence, kCorrected},
    {kEnded, AlternationAction::kCorrect, kConsequence, kCorrected},
}};

absl::StatusOr<AlternationState> Next(const Alternation& alternation, AlternationAction action,
                                      unsigned parties) {
  return Step(AlternationTable(), "alternation", alternation.state, action, parties);
}

absl::Status CheckCovered(const QueueEntry& entry, Date date) {
  if (entry.Covers(date)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The decision does not cover the day of the return.", "NO_DECISION");
}

// What the plan of a return must keep to.
absl::Status CheckReturn(const Stay& stay, const QueueEntry& entry, const Bed& to, Date home_from,
                         Date return_date, Date today) {
  std::vector<FieldViolation> violations;
  if (return_date < today) {
    violations.push_back({"return_date", "IN_THE_PAST", "Must be today or later.",
                          "Måste vara i dag eller senare."});
  }
  if (return_date <= home_from || (return_date - home_from).count() > kLongestAtHomeDays) {
    violations.push_back({"return_date", "RANGE", "Must be 1 to 92 days after the departure.",
                          "Måste vara 1 till 92 dagar efter hemgången."});
  }
  if (stay.planned_departure && return_date >= *stay.planned_departure) {
    violations.push_back({"return_date", "AFTER_PLANNED_DEPARTURE",
                          "Must be before the planned move-out.",
                          "Måste vara före den planerade utskrivningen."});
  }
  if (to.facility_id != stay.facility_id || to.kind != stay.bed_kind) {
    violations.push_back({"return_bed_id", "OTHER_FACILITY",
                          "Must be a bed of the same facility and kind.",
                          "Måste vara en plats av samma slag på samma boende."});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return CheckCovered(entry, return_date);
}

// What was recorded has happened, and not before `first`.
absl::Status CheckDate(Date date, Date first, Date today) {
  std::vector<FieldViolation> violations;
  if (date > today) {
    violations.push_back({"date", "IN_THE_FUTURE",
                          "Must be today or earlier: what is recorded has happened.",
                          "Måste vara i dag eller tidigare: det som registreras har hänt."});
  }
  if (date < first) {
    violations.push_back({"date", "BEFORE_DEPARTURE", "Must not be before a night at home.",
                          "Får inte vara före en natt hemma."});
  }
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

}  // namespace

std::string_view Name(AlternationState state) {
  constexpr std::array<std::string_view, 5> kNames = {"", "at_home", "returned", "ended",
                                                      "corrected"};
  return kNames.at(static_cast<std::size_t>(state));
}

std::string_view Name(AlternationAction action) {
  constexpr std::array<std::string_view, 4> kNames = {"ChangeReturn", "ReturnFromHome",
                                                      "DischargeFromHome", "CorrectStay"};
  return kNames.at(static_cast<std::size_t>(action));
}

std::span<const Row> AlternationTable() { return kTable; }

absl::StatusOr<AtHome> GoHome(AlternationId id, const Stay& stay, bool transfer_planned,
                              unsigned parties, const QueueEntry& entry, const Bed& to,
                              Date home_from, Date return_date, Date today) {
  AtHome home;
  VK_ASSIGN_OR_RETURN(home.stay, EndByGoingHome(stay, transfer_planned, parties, home_from, today));
  VK_RETURN_IF_ERROR(CheckReturn(stay, entry, to, home_from, return_date, today));
  home.alternation.id = std::move(id);
  home.alternation.from_stay = stay.id;
  home.alternation.bed_id = to.id;
  home.alternation.home_from = home_from;
  home.alternation.return_date = return_date;
  return home;
}

absl::StatusOr<Alternation> ChangeReturn(Alternation alternation, const Stay& from,
                                         unsigned parties, const QueueEntry& entry, const Bed& to,
                                         Date return_date, Date today) {
  VK_ASSIGN_OR_RETURN(alternation.state,
                      Next(alternation, AlternationAction::kChangeReturn, parties));
  VK_RETURN_IF_ERROR(CheckReturn(from, entry, to, alternation.home_from, return_date, today));
  alternation.bed_id = to.id;
  alternation.return_date = return_date;
  ++alternation.version;
  return alternation;
}

absl::StatusOr<Back> ReturnFromHome(StayId id, const Alternation& alternation, const Stay& from,
                                    const Bed& bed, unsigned parties, const QueueEntry& entry,
                                    Date date, Date today) {
  Back back{alternation, from};
  VK_ASSIGN_OR_RETURN(back.alternation.state,
                      Next(alternation, AlternationAction::kReturn, parties));
  VK_RETURN_IF_ERROR(CheckDate(date, alternation.home_from + std::chrono::days(1), today));
  VK_RETURN_IF_ERROR(CheckCovered(entry, date));
  back.alternation.to_stay = id;
  back.alternation.ended_on = date;
  ++back.alternation.version;
  Stay& stay = back.stay;
  stay.id = std::move(id);
  stay.continues = from.id;
  stay.corrects.reset();
  stay.bed_id = bed.id;
  stay.bed_kind = bed.kind;
  stay.state = StayState::kActive;
  stay.move_in = date;
  stay.departure.reset();
  stay.discharge_reason = DischargeReason::kUnspecified;
  stay.version = 1;
  return back;
}

absl::StatusOr<GivenUp> DischargeFromHome(const Alternation& alternation, const Stay& from,
                                          unsigned parties, Date date, Date today,
                                          DischargeReason reason,
                                          std::vector<ChecklistItem> unmet_items) {
  GivenUp given_up{alternation, from};
  VK_ASSIGN_OR_RETURN(given_up.alternation.state,
                      Next(alternation, AlternationAction::kDischarge, parties));
  VK_RETURN_IF_ERROR(CheckDate(date, alternation.home_from, today));
  given_up.alternation.ended_on = date;
  ++given_up.alternation.version;
  given_up.stay.discharge_reason = reason;
  given_up.stay.unmet_items = std::move(unmet_items);
  ++given_up.stay.version;
  return given_up;
}

absl::StatusOr<Alternation> CorrectWithStay(Alternation alternation) {
  VK_ASSIGN_OR_RETURN(alternation.state,
                      Next(alternation, AlternationAction::kCorrect, kConsequence));
  ++alternation.version;
  return alternation;
}

bool IsOverdue(const Alternation& alternation, Date today) {
  return alternation.state == AlternationState::kAtHome && alternation.return_date < today;
}

}  // namespace vardkedja::placement::domain
