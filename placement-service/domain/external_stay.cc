#include "placement-service/domain/external_stay.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<StayState, ExternalAction>;
constexpr std::array<Row, 3> kTable = {{
    {StayState::kActive, ExternalAction::kEnd, kFacility, StayState::kEnded},
    {StayState::kActive, ExternalAction::kCorrect, kFacility, StayState::kCorrected},
    {StayState::kEnded, ExternalAction::kCorrect, kFacility, StayState::kCorrected},
}};

constexpr std::size_t kLongest = 64;
constexpr std::int64_t kMostOrePerDay = 100'000'000;
constexpr std::int64_t kMostDigits = 9;
constexpr std::chrono::days kLatest(366);

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsReference(char c) {
  return IsDigit(c) || IsLower(c) || (c >= 'A' && c <= 'Z') || c == ' ' || c == '.' || c == '/' ||
         c == '-';
}

void CheckTerms(const ExternalTerms& terms, std::vector<FieldViolation>& broken) {
  const bool slug = !terms.purchaser.empty() && terms.purchaser.size() <= kLongest &&
                    std::all_of(terms.purchaser.begin(), terms.purchaser.end(),
                                [](char c) { return IsDigit(c) || IsLower(c) || c == '-'; });
  if (!slug) {
    broken.push_back({"purchaser", "FORMAT",
                      "Must be 1 to 64 lower-case letters, digits and hyphens.",
                      "Måste vara 1 till 64 gemener, siffror och bindestreck."});
  }
  const std::string& reference = terms.reference;
  // A personal identity number has ten digits or more.
  const bool fits = reference.size() <= kLongest &&
                    std::all_of(reference.begin(), reference.end(), IsReference) &&
                    std::count_if(reference.begin(), reference.end(), IsDigit) <= kMostDigits;
  if (!fits) {
    broken.push_back({"purchaser_reference", "FORMAT",
                      "Must be at most 64 letters, digits, spaces and . / -, with at most nine"
                      " digits: never an identity number.",
                      "Får vara högst 64 bokstäver, siffror, mellanslag och . / -, med högst nio"
                      " siffror: aldrig ett personnummer."});
  }
  if (terms.ore_per_day < 1 || terms.ore_per_day > kMostOrePerDay) {
    broken.push_back(
        {"ore_per_day", "RANGE", "Must be 1 to 100000000.", "Måste vara 1 till 100000000."});
  }
}

void CheckOutside(bool member, std::vector<FieldViolation>& broken) {
  if (!member) return;
  broken.push_back({"purchaser", "CHAIN_MEMBER",
                    "Must be outside the chain: a member places by the queue.",
                    "Måste vara utanför kedjan: den som deltar placerar genom kön."});
}

void CheckMoveIn(Date move_in, Date today, std::vector<FieldViolation>& broken) {
  if (move_in <= today && move_in >= today - kLatest) return;
  broken.push_back({"move_in_date", "RANGE", "Must be today or at most 366 days ago.",
                    "Måste vara i dag eller högst 366 dagar tillbaka."});
}

void CheckDeparture(Date departure, Date move_in, Date today, std::vector<FieldViolation>& broken) {
  if (departure >= move_in && departure <= today) return;
  broken.push_back({"departure_date", "RANGE",
                    "Must be on or after the move-in, and today or earlier.",
                    "Måste vara tidigast inskrivningsdagen och senast i dag."});
}

void Unwanted(std::string_view field, bool given, std::vector<FieldViolation>& broken) {
  if (!given) return;
  broken.push_back({std::string(field), "CONTRADICTION", "Does not go with the reason.",
                    "Hör inte ihop med skälet."});
}

// Something of what the reason speaks of must be given.
void Wanted(std::string_view field, bool given, std::vector<FieldViolation>& broken) {
  if (given) return;
  broken.push_back(
      {std::string(field), "REQUIRED", "Give what was wrong.", "Ange det som var fel."});
}

void CheckFields(const ExternalCorrection& correction, std::vector<FieldViolation>& broken) {
  using Reason = ExternalCorrectionReason;
  const bool dates = correction.move_in.has_value() || correction.departure.has_value();
  const bool terms = correction.terms != ExternalTerms();
  if (correction.reason != Reason::kWrongBed)
    Unwanted("bed_id", correction.bed.has_value(), broken);
  if (correction.reason != Reason::kWrongDate) Unwanted("move_in_date", dates, broken);
  if (correction.reason != Reason::kWrongTerms) Unwanted("purchaser", terms, broken);
  if (correction.reason == Reason::kWrongDate) Wanted("move_in_date", dates, broken);
  if (correction.reason == Reason::kWrongTerms) Wanted("purchaser", terms, broken);
}

ExternalStay Replaced(StayId id, ExternalStay stay, const ExternalCorrection& correction) {
  stay.corrects = stay.id;
  stay.id = std::move(id);
  stay.bed_id = correction.bed.value_or(stay.bed_id);
  stay.move_in = correction.move_in.value_or(stay.move_in);
  if (correction.departure) stay.departure = correction.departure;
  const ExternalTerms& terms = correction.terms;
  if (!terms.purchaser.empty()) stay.terms.purchaser = terms.purchaser;
  if (!terms.reference.empty()) stay.terms.reference = terms.reference;
  if (terms.ore_per_day != 0) stay.terms.ore_per_day = terms.ore_per_day;
  stay.version = 1;
  return stay;
}

}  // namespace

std::string_view Name(ExternalAction action) {
  return action == ExternalAction::kEnd ? "EndExternalStay" : "CorrectExternalStay";
}

std::span<const Row> ExternalStayTable() { return kTable; }

std::string_view Code(ExternalCorrectionReason reason) {
  constexpr std::array<std::string_view, 6> kCodes = {"", "wrong_bed",   "wrong_date",
                                                      "", "wrong_terms", "no_such_stay"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

int BedDays(const ExternalStay& stay, Date today) {
  Stay counted;
  counted.state = stay.state;
  counted.move_in = stay.move_in;
  counted.departure = stay.departure;
  return BedDays(counted, today);
}

std::int64_t Revenue(const ExternalStay& stay, Date today) {
  return BedDays(stay, today) * stay.terms.ore_per_day;
}

absl::StatusOr<ExternalStay> BeginExternalStay(StayId id, const Bed& bed,
                                               const BedCalendar& calendar, ExternalTerms terms,
                                               bool member, const Period& planned, Date today) {
  std::vector<FieldViolation> broken;
  CheckTerms(terms, broken);
  CheckOutside(member, broken);
  CheckMoveIn(planned.from, today, broken);
  if (planned.to && *planned.to <= planned.from) {
    broken.push_back({"planned_departure_date", "RANGE", "Must be after the move-in.",
                      "Måste vara efter inskrivningen."});
  }
  if (!broken.empty()) return InvalidFields(std::move(broken));
  VK_RETURN_IF_ERROR(CheckFreeIn(calendar, planned));
  ExternalStay stay;
  stay.id = std::move(id);
  stay.facility_id = bed.facility_id;
  stay.bed_id = bed.id;
  stay.bed_kind = bed.kind;
  stay.terms = std::move(terms);
  stay.move_in = planned.from;
  stay.planned_departure = planned.to;
  return stay;
}

absl::StatusOr<ExternalStay> EndExternalStay(ExternalStay stay, unsigned parties, Date departure,
                                             Date today) {
  VK_ASSIGN_OR_RETURN(stay.state, Step(ExternalStayTable(), "external stay", stay.state,
                                       ExternalAction::kEnd, parties));
  std::vector<FieldViolation> broken;
  CheckDeparture(departure, stay.move_in, today, broken);
  if (!broken.empty()) return InvalidFields(std::move(broken));
  stay.departure = departure;
  ++stay.version;
  return stay;
}

absl::StatusOr<CorrectedExternalStay> CorrectExternalStay(StayId id, const ExternalStay& stay,
                                                          unsigned parties,
                                                          const ExternalCorrection& correction,
                                                          const std::optional<Bed>& bed,
                                                          Date today) {
  CorrectedExternalStay corrected{stay, std::nullopt};
  VK_ASSIGN_OR_RETURN(corrected.wrong.state, Step(ExternalStayTable(), "external stay", stay.state,
                                                  ExternalAction::kCorrect, parties));
  std::vector<FieldViolation> broken;
  CheckFields(correction, broken);
  const ExternalStay right = Replaced(std::move(id), stay, correction);
  CheckTerms(right.terms, broken);
  CheckOutside(correction.member, broken);
  if (correction.move_in) CheckMoveIn(right.move_in, today, broken);
  if (stay.state == StayState::kEnded) {
    CheckDeparture(*right.departure, right.move_in, today, broken);
  } else if (correction.departure) {
    broken.push_back({"departure_date", "CONTRADICTION", "The stay has not ended.",
                      "Vistelsen har inte avslutats."});
  }
  if (correction.reason == ExternalCorrectionReason::kWrongBed &&
      !(bed && bed->id != stay.bed_id && bed->facility_id == stay.facility_id &&
        bed->kind == stay.bed_kind)) {
    broken.push_back({"bed_id", "OTHER_FACILITY",
                      "Must be another bed of the same facility and kind.",
                      "Måste vara en annan plats av samma slag på samma boende."});
  }
  if (!broken.empty()) return InvalidFields(std::move(broken));
  corrected.wrong.correction = correction.reason;
  ++corrected.wrong.version;
  if (correction.reason != ExternalCorrectionReason::kNoSuchStay) corrected.right = right;
  return corrected;
}

}  // namespace vardkedja::placement::domain
