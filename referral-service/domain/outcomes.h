// How a person fares at the start, at the departure and later (domain.md, 4 step 10).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/referral.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.OutcomePoint; the other codes are kept by number alone.
enum class OutcomePoint { kUnspecified = 0, kStart = 1, kDeparture = 2, kLater = 3 };
// "start", "departure", "later"; "" for unspecified.
std::string_view Name(OutcomePoint point);

// Codes of vardkedja.referral.v1.OutcomeHousing and so on; 0 is not known.
struct OutcomeCodes {
  int housing = 0;
  int occupation = 0;
  int use = 0;
  int symptoms = 0;

  bool operator==(const OutcomeCodes&) const = default;
};

struct LifeOutcome {
  OutcomePoint point = OutcomePoint::kUnspecified;
  Date outcome_date{};
  OutcomeCodes codes;
  std::optional<int> inpatient_days;  // of the last 90
  std::string own_goals;
  std::optional<int> self_rated_life;  // 1 to 10
  Instant recorded_at{};

  bool operator==(const LifeOutcome&) const = default;
};

struct IndividualFollowUp {
  Date done_date{};
  std::string text;
  Instant recorded_at{};

  bool operator==(const IndividualFollowUp&) const = default;
};

struct Outcomes {
  std::vector<LifeOutcome> outcomes;
  std::vector<IndividualFollowUp> individual_follow_ups;

  bool operator==(const Outcomes&) const = default;
};

struct OutcomeRequest {
  OutcomePoint point = OutcomePoint::kUnspecified;
  std::string outcome_date;
  OutcomeCodes codes;
  bool codes_known = true;  // all four are numbers of the contract
  std::optional<int> inpatient_days;
  std::string own_goals;
  std::optional<int> self_rated_life;
};
// ILLEGAL_STATE with state "not_placed", "not_departed", "recorded" or "full".
absl::StatusOr<Outcomes> RecordOutcome(const Outcomes& outcomes, const OutcomeRequest& request,
                                       const Whereabouts& whereabouts, Instant now);

// ILLEGAL_STATE "not_at_both" unless the person has been placed at more than one facility.
absl::StatusOr<Outcomes> RecordFollowUp(const Outcomes& outcomes, const std::string& done_date,
                                        const std::string& text, const Whereabouts& whereabouts,
                                        Instant now);

}  // namespace vardkedja::referral::domain
