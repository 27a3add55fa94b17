#include "referral-service/domain/plans.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxParts = 20;

constexpr auto kKindNames = std::to_array<std::string_view>(
    {"", "housing", "housing_support", "occupation", "open_care", "relatives_support"});

const HomeSupportPart* FindPart(const Plans& plans, std::string_view part_id) {
  const auto found =
      std::find_if(plans.home_support.begin(), plans.home_support.end(),
                   [&](const HomeSupportPart& part) { return part.part_id == part_id; });
  return found == plans.home_support.end() ? nullptr : &*found;
}

std::optional<Date> CheckDate(const std::string& field, const std::string& text,
                              std::vector<FieldViolation>& out) {
  if (text.empty()) {
    out.push_back(Required(field));
    return std::nullopt;
  }
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(
        Violation(field, "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

HomeSupportPart CheckPart(const std::string& path, const PartRequest& request,
                          const Reference& reference, Date today,
                          std::vector<FieldViolation>& out) {
  HomeSupportPart part;
  part.kind = request.kind;
  part.unit_id = request.unit_id;
  part.law_section = request.law_section;
  if (request.kind == HomeSupportKind::kUnspecified) out.push_back(Required(path + ".kind"));
  CheckUnit(path + ".unit_id", request.unit_id, reference, out);
  const auto start = CheckDate(path + ".start_date", request.start_date, out);
  part.start_date = start.value_or(Date{});
  const LawSection* law = reference.Law(request.law_section, std::max(today, part.start_date));
  if (law == nullptr || !law->home_support) {
    const std::string codes = reference.LawCodes(&LawSection::home_support, today);
    out.push_back(
        Violation(path + ".law_section", "NOT_IN_FORCE",
                  "No such section for home support is in force; in force are: " + codes + ".",
                  "Lagrummet gäller inte för stöd på hemmaplan; gällande är: " + codes + "."));
  }
  return part;
}

}  // namespace

std::string_view Name(HomeSupportKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::optional<HomeSupportKind> ParseHomeSupportKind(std::string_view name) {
  const auto* found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<HomeSupportKind>(std::distance(kKindNames.begin(), found));
}

std::set<std::string> UnitsOf(const Plans& plans) {
  std::set<std::string> units;
  for (const HomeSupportPart& part : plans.home_support) units.insert(part.unit_id);
  return units;
}

absl::StatusOr<Plans> RevisePlan(const Plans& plans, const PlanRequest& request,
                                 const Reference& reference, Instant now) {
  std::vector<FieldViolation> violations;
  if (!reference.UnitOfFacility(request.facility_id)) {
    violations.push_back(Violation("implementation_plan.facility_id", "UNKNOWN_FACILITY",
                                   "There is no such facility.",
                                   "Det finns ingen sådan verksamhet."));
  }
  CheckText("implementation_plan.goals", request.goals, true, kLongText, violations);
  CheckText("implementation_plan.activities", request.activities, true, kLongText, violations);
  const auto follow_up =
      CheckDate("implementation_plan.follow_up_date", request.follow_up_date, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Plans after = plans;
  after.version += 1;
  ImplementationPlan plan;
  plan.facility_id = request.facility_id;
  plan.goals = request.goals;
  plan.activities = request.activities;
  plan.follow_up_date = *follow_up;
  plan.revision = plans.implementation_plan ? plans.implementation_plan->revision + 1 : 1;
  plan.recorded_at = now;
  after.implementation_plan = std::move(plan);
  return after;
}

absl::StatusOr<Plans> ReplaceHomeSupport(const Plans& plans, const std::vector<PartRequest>& parts,
                                         const std::vector<std::string>& new_ids,
                                         const Reference& reference, Date today) {
  std::vector<FieldViolation> violations;
  if (parts.empty()) violations.push_back(Required("parts"));
  if (parts.size() > kMaxParts) {
    violations.push_back(Violation("parts", "TOO_MANY", "At most 20 parts.", "Högst 20 delar."));
    return InvalidFields(std::move(violations));
  }
  Plans after = plans;
  after.version += 1;
  after.home_support.clear();
  std::set<std::string> kept;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const PartRequest& request = parts[i];
    const std::string path = "parts[" + std::to_string(i) + "]";
    HomeSupportPart part = CheckPart(path, request, reference, today, violations);
    part.part_id = new_ids[i];
    if (!request.part_id.empty()) {
      const HomeSupportPart* before = FindPart(plans, request.part_id);
      if (before == nullptr || !kept.insert(request.part_id).second) {
        violations.push_back(Violation(path + ".part_id", "UNKNOWN_PART",
                                       "There is no such part, or it is named twice.",
                                       "Delen finns inte eller är angiven två gånger."));
      } else {
        part.part_id = before->part_id;
        part.started = before->started;
        if (before->started) part.start_date = before->start_date;
      }
    }
    after.home_support.push_back(std::move(part));
  }
  for (const HomeSupportPart& before : plans.home_support) {
    if (before.started && !kept.contains(before.part_id)) {
      violations.push_back(Violation("parts", "STARTED_PART_LEFT_OUT",
                                     "A part that has started must be kept.",
                                     "En påbörjad del måste finnas kvar."));
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return after;
}

absl::StatusOr<Plans> StartPart(const Plans& plans, const std::string& part_id,
                                const std::string& start_date, Date today) {
  Plans after = plans;
  const auto part =
      std::find_if(after.home_support.begin(), after.home_support.end(),
                   [&](const HomeSupportPart& known) { return known.part_id == part_id; });
  if (part == after.home_support.end()) return NotFound();
  if (part->started) {
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata = {{"state", "started"}, {"allowed_actions", ""}};
    return MakeError(absl::StatusCode::kFailedPrecondition, "The part has already started.",
                     std::move(detail));
  }
  std::vector<FieldViolation> violations;
  const auto date = start_date.empty() ? std::optional<Date>(today)
                                       : CheckDate("start_date", start_date, violations);
  if (date && *date > today) {
    violations.push_back(Violation("start_date", "IN_THE_FUTURE",
                                   "A start that has happened is not in the future.",
                                   "Ett påbörjat stöd kan inte ha startdatum i framtiden."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  part->started = true;
  part->start_date = *date;
  after.version += 1;
  return after;
}

}  // namespace vardkedja::referral::domain
