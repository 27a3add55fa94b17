#include "placement-service/domain/facility.h"

#include <algorithm>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestCode = 64;
constexpr int kMostDeadlineHours = 720;
constexpr int kMostMoveInDays = 366;
constexpr std::chrono::days kLatestRegistration(366);
constexpr std::int64_t kMostOrePerDay = 100'000'000;

bool AllOf(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ./-";

absl::Status Check(std::vector<FieldViolation> violations) {
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

std::vector<FieldViolation> BrokenRules(const FacilityDetails& details) {
  std::vector<FieldViolation> broken;
  if (details.name.empty() || details.name.size() > kLongestName) {
    broken.push_back({"name", "LENGTH", "Must have 1 to 100 bytes.", "Måste ha 1 till 100 byte."});
  }
  if (details.care_level.empty() || details.care_level.size() > kLongestCode ||
      !AllOf(details.care_level, "_")) {
    broken.push_back({"care_level", "FORMAT",
                      "Must be 1 to 64 lower-case letters, digits and underscores.",
                      "Måste vara 1 till 64 gemener, siffror och understreck."});
  }
  if (details.ivo_reference.size() > kLongestCode || !AllOf(details.ivo_reference, kCapitals)) {
    broken.push_back({"ivo_reference", "FORMAT",
                      "Must be at most 64 letters, digits, spaces and . / -.",
                      "Får vara högst 64 bokstäver, siffror, mellanslag och . / -."});
  }
  const OfferTerms& terms = details.terms;
  if (terms.deadline_hours < 1 || terms.deadline_hours > kMostDeadlineHours) {
    broken.push_back(
        {"offer_deadline_hours", "RANGE", "Must be 1 to 720.", "Måste vara 1 till 720."});
  }
  if (terms.reminder_hours < 0 || terms.reminder_hours >= terms.deadline_hours) {
    broken.push_back({"offer_reminder_hours", "RANGE",
                      "Must be 0 or more and less than offer_deadline_hours.",
                      "Måste vara 0 eller mer och mindre än offer_deadline_hours."});
  }
  if (terms.move_in_within_days < 1 || terms.move_in_within_days > kMostMoveInDays) {
    broken.push_back({"move_in_within_days", "RANGE", "Must be 1 to 366, or 0 for 31.",
                      "Måste vara 1 till 366, eller 0 för 31."});
  }
  return broken;
}

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

// The details as texts, in the order of the contract.
std::vector<std::pair<std::string, std::string>> Texts(const FacilityDetails& details) {
  return {{"name", details.name},
          {"care_level", details.care_level},
          {"operator_type", std::string(Code(details.operator_type))},
          {"ivo_standing", std::string(Code(details.ivo_standing))},
          {"ivo_reference", details.ivo_reference},
          {"in_house_health_care", YesNo(details.in_house_health_care)},
          {"framework_contract", YesNo(details.framework_contract)},
          {"offer_deadline_hours", std::to_string(details.terms.deadline_hours)},
          {"offer_reminder_hours", std::to_string(details.terms.reminder_hours)},
          {"move_in_within_days", std::to_string(details.terms.move_in_within_days)}};
}

void CheckAmount(std::int64_t ore_per_day, std::vector<FieldViolation>& broken) {
  if (ore_per_day >= 1 && ore_per_day <= kMostOrePerDay) return;
  broken.push_back(
      {"ore_per_day", "RANGE", "Must be 1 to 100000000.", "Måste vara 1 till 100000000."});
}

FieldViolation EndBeforeBeginning(std::string_view end, std::string_view begin) {
  const std::string from(begin);
  return {std::string(end), "RANGE", "Must be after " + from + ".",
          "Måste vara efter " + from + "."};
}

}  // namespace

std::string_view Code(OperatorType type) {
  switch (type) {
    case OperatorType::kUnspecified:
      return "";
    case OperatorType::kMunicipality:
      return "municipality";
    case OperatorType::kRegion:
      return "region";
    case OperatorType::kState:
      return "state";
    case OperatorType::kCompany:
      return "company";
    case OperatorType::kNonProfit:
      return "non_profit";
  }
  return "";
}

std::string_view Code(IvoStanding standing) {
  switch (standing) {
    case IvoStanding::kUnspecified:
      return "";
    case IvoStanding::kPermit:
      return "permit";
    case IvoStanding::kNotification:
      return "notification";
  }
  return "";
}

std::string_view Code(BedKind kind) {
  switch (kind) {
    case BedKind::kUnspecified:
      return "";
    case BedKind::kRegular:
      return "regular";
    case BedKind::kIntake:
      return "intake";
    case BedKind::kStepOut:
      return "step_out";
  }
  return "";
}

bool IntakeClosedOn(const Facility& facility, Date date) {
  return std::any_of(facility.intake_closures.begin(), facility.intake_closures.end(),
                     [date](const IntakeClosure& one) { return one.period.Contains(date); });
}

bool IsAcute(const Criteria& criteria) {
  return criteria.lvm_investigation || criteria.lvm_section_27;
}

FacilityFact BedAddedFact(const Bed& bed, Instant now) {
  FacilityFact fact{.at = now, .kind = "bed_added"};
  fact.field = bed.extra ? "extra_place" : "place";
  fact.after = Code(bed.kind);
  fact.bed_id = bed.id;
  fact.period = bed.operational;
  return fact;
}

absl::Status CheckDetails(const FacilityDetails& details) { return Check(BrokenRules(details)); }

absl::StatusOr<FacilityChange> ChangeFacility(Facility facility, const FacilityDetails& details,
                                              Instant now) {
  VK_RETURN_IF_ERROR(CheckDetails(details));
  FacilityChange change;
  const auto before = Texts(facility.details);
  const auto after = Texts(details);
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    FacilityFact fact{.at = now, .kind = "changed"};
    fact.field = after[i].first;
    fact.before = before[i].second;
    fact.after = after[i].second;
    change.facts.push_back(std::move(fact));
  }
  facility.details = details;
  ++facility.version;
  change.facility = std::move(facility);
  return change;
}

absl::Status CheckClosure(const Period& period) {
  if (!period.to || *period.to > period.from) return absl::OkStatus();
  return InvalidFields({EndBeforeBeginning("to_date", "from_date")});
}

absl::Status CheckNewBed(const Bed& bed, Date today) {
  std::vector<FieldViolation> broken;
  if (bed.id.value.size() > kLongestCode || !AllOf(bed.id.value, "-")) {
    broken.push_back({"bed_id", "FORMAT",
                      "Must be at most 64 lower-case letters, digits and hyphens.",
                      "Får vara högst 64 gemener, siffror och bindestreck."});
  }
  if (bed.operational.from < today - kLatestRegistration) {
    broken.push_back({"operational_from_date", "IN_THE_PAST", "Must be at most 366 days ago.",
                      "Får vara högst 366 dagar tillbaka."});
  }
  if (bed.operational.to && *bed.operational.to <= bed.operational.from) {
    broken.push_back(EndBeforeBeginning("operational_to_date", "operational_from_date"));
  }
  return Check(std::move(broken));
}

absl::Status CheckIntakeClosure(const Period& period, Date today) {
  std::vector<FieldViolation> broken;
  if (period.from < today) {
    broken.push_back(
        {"from_date", "IN_THE_PAST", "Must be today or later.", "Måste vara i dag eller senare."});
  }
  if (period.to && *period.to <= period.from) {
    broken.push_back(EndBeforeBeginning("to_date", "from_date"));
  }
  return Check(std::move(broken));
}

absl::StatusOr<IntakeClosure> OpenIntake(IntakeClosure closure, Date open, Date today) {
  if (open < today || (closure.period.to && open > *closure.period.to)) {
    return InvalidFields(
        {{"open_date", "RANGE", "Must be today or later and not after the end of the closure.",
          "Måste vara i dag eller senare och inte efter stängningens slut."}});
  }
  closure.period.to = std::max(open, closure.period.from);
  return closure;
}

absl::Status CheckPrice(const Price& price, const std::vector<Price>& known, Date today) {
  std::vector<FieldViolation> broken;
  CheckAmount(price.ore_per_day, broken);
  const bool has_price = std::any_of(known.begin(), known.end(),
                                     [&](const Price& one) { return one.kind == price.kind; });
  if (has_price && price.from < today) {
    broken.push_back(
        {"from_date", "IN_THE_PAST", "Must be today or later.", "Måste vara i dag eller senare."});
  }
  return Check(std::move(broken));
}

}  // namespace vardkedja::placement::domain
