#include "referral-service/domain/outcomes.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxEntries = 50;
constexpr int kMaxInpatientDays = 90;
constexpr int kMaxRating = 10;
constexpr auto kPointNames = std::to_array<std::string_view>({"", "start", "departure", "later"});

// How many facilities the person has lived at.
std::size_t FacilitiesOf(const Whereabouts& whereabouts) {
  std::set<std::string> units = whereabouts.former_unit_ids;
  if (!whereabouts.unit_id.empty()) units.insert(whereabouts.unit_id);
  return units.size();
}

absl::Status CheckPoint(const Outcomes& outcomes, OutcomePoint point,
                        const Whereabouts& whereabouts) {
  if (FacilitiesOf(whereabouts) == 0) {
    return IllegalState("not_placed", "Outcomes are recorded from the move-in on.");
  }
  if (point != OutcomePoint::kStart && !whereabouts.unit_id.empty()) {
    return IllegalState("not_departed", "The person has not left the chain's facilities.");
  }
  const bool once = point == OutcomePoint::kStart || point == OutcomePoint::kDeparture;
  const bool recorded =
      std::any_of(outcomes.outcomes.begin(), outcomes.outcomes.end(),
                  [&](const LifeOutcome& outcome) { return outcome.point == point; });
  if (once && recorded) return IllegalState("recorded", "The outcome at this point is recorded.");
  if (outcomes.outcomes.size() >= kMaxEntries) return IllegalState("full", "At most 50 outcomes.");
  return absl::OkStatus();
}

void CheckRange(std::string_view field, const std::optional<int>& value, int least, int most,
                std::vector<FieldViolation>& out) {
  if (!value || (*value >= least && *value <= most)) return;
  const std::string bounds = std::to_string(least) + " to " + std::to_string(most) + ".";
  const std::string range = std::to_string(least) + " till " + std::to_string(most) + ".";
  out.push_back(Violation(field, "OUT_OF_RANGE", bounds, range));
}

}  // namespace

std::string_view Name(OutcomePoint point) { return kPointNames[static_cast<std::size_t>(point)]; }

absl::StatusOr<Outcomes> RecordOutcome(const Outcomes& outcomes, const OutcomeRequest& request,
                                       const Whereabouts& whereabouts, Instant now) {
  std::vector<FieldViolation> violations;
  if (request.point == OutcomePoint::kUnspecified) violations.push_back(Required("outcome.point"));
  if (request.outcome_date.empty()) violations.push_back(Required("outcome.outcome_date"));
  const auto date =
      CheckPastDay("outcome.outcome_date", request.outcome_date, StockholmDate(now), violations);
  if (!request.codes_known) {
    violations.push_back(Violation("outcome", "UNKNOWN_CODE", "A code is not of the contract.",
                                   "En kod finns inte i kontraktet."));
  }
  CheckRange("outcome.inpatient_days", request.inpatient_days, 0, kMaxInpatientDays, violations);
  CheckRange("outcome.self_rated_life", request.self_rated_life, 1, kMaxRating, violations);
  CheckText("outcome.own_goals", request.own_goals, false, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_RETURN_IF_ERROR(CheckPoint(outcomes, request.point, whereabouts));
  Outcomes after = outcomes;
  after.outcomes.push_back({request.point, *date, request.codes, request.inpatient_days,
                            request.own_goals, request.self_rated_life, now});
  return after;
}

absl::StatusOr<Outcomes> RecordFollowUp(const Outcomes& outcomes, const std::string& done_date,
                                        const std::string& text, const Whereabouts& whereabouts,
                                        Instant now) {
  if (FacilitiesOf(whereabouts) < 2) {
    return IllegalState("not_at_both", "The person has not been placed at both facilities.");
  }
  if (outcomes.individual_follow_ups.size() >= kMaxEntries) {
    return IllegalState("full", "At most 50 individual follow-ups.");
  }
  std::vector<FieldViolation> violations;
  const auto done = CheckPastDay("done_date", done_date, StockholmDate(now), violations);
  CheckText("text", text, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Outcomes after = outcomes;
  after.individual_follow_ups.push_back({*done, text, now});
  return after;
}

}  // namespace vardkedja::referral::domain
