#include "referral-service/domain/checks.h"

#include <utility>

#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {

std::optional<Date> CheckDay(std::string_view field, const std::string& text, bool required,
                             std::vector<FieldViolation>& out) {
  if (text.empty()) {
    if (required) out.push_back(Required(field));
    return std::nullopt;
  }
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(
        Violation(field, "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

std::optional<Date> CheckPastDay(std::string_view field, const std::string& text, Date today,
                                 std::vector<FieldViolation>& out) {
  if (text.empty()) return today;
  const auto date = CheckDay(field, text, true, out);
  if (date && *date > today) {
    out.push_back(Violation(field, "IN_THE_FUTURE", "What has happened is not in the future.",
                            "Det som har hänt kan inte ha ett datum i framtiden."));
  }
  return date;
}

void CheckUnit(std::string_view field, const std::string& unit_id, const Reference& reference,
               std::vector<FieldViolation>& out) {
  if (!reference.unit_ids.contains(unit_id)) {
    out.push_back(
        Violation(field, "UNKNOWN_UNIT", "There is no such unit.", "Det finns ingen sådan enhet."));
  }
  CheckNotMerged(field, unit_id, reference, out);
}

void CheckNotMerged(std::string_view field, const std::string& unit_id, const Reference& reference,
                    std::vector<FieldViolation>& out) {
  if (!reference.merged_into.contains(unit_id)) return;
  const std::string now = "'" + reference.AnswersFor(unit_id) + "'";
  out.push_back(Violation(field, "UNIT_MERGED",
                          "The unit '" + unit_id + "' was merged: name " + now + ".",
                          "Enheten '" + unit_id + "' har slagits samman: ange " + now + "."));
}

std::string_view Name(BedKind kind) {
  switch (kind) {
    case BedKind::kRegular:
      return "regular";
    case BedKind::kIntake:
      return "intake";
    case BedKind::kStepOut:
      return "step_out";
    case BedKind::kUnspecified:
      break;
  }
  return "";
}

void CheckBedKind(BedKind kind, const std::string& facility_id, const Reference& reference,
                  Date today, std::vector<FieldViolation>& out) {
  const std::set<BedKind> kinds = reference.KindsOf(facility_id, today);
  if (kinds.empty() || kinds.contains(kind)) return;
  std::string names;
  for (const BedKind known : kinds) {
    if (!names.empty()) names += ", ";
    names += Name(known);
  }
  out.push_back(Violation("bed_kind", "NOT_AT_FACILITY",
                          "'" + facility_id + "' has places of the kinds: " + names + ".",
                          "'" + facility_id + "' har platser av slagen: " + names + "."));
}

absl::Status IllegalState(std::string_view state, std::string_view message) {
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", std::string(state)}, {"allowed_actions", ""}};
  return MakeError(absl::StatusCode::kFailedPrecondition, message, std::move(detail));
}

}  // namespace vardkedja::referral::domain
