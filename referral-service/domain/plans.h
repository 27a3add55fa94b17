// The implementation plan (genomförandeplan) and the home support leg (domain.md, 4 steps 7, 9).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/reference.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.HomeSupportKind.
enum class HomeSupportKind {
  kUnspecified = 0,
  kHousing = 1,
  kHousingSupport = 2,
  kOccupation = 3,
  kOpenCare = 4,
  kRelativesSupport = 5,
};
std::string_view Name(HomeSupportKind kind);
std::optional<HomeSupportKind> ParseHomeSupportKind(std::string_view name);

struct HomeSupportPart {
  std::string part_id;
  HomeSupportKind kind = HomeSupportKind::kUnspecified;
  std::string unit_id;
  std::string law_section;
  Date start_date{};
  bool started = false;

  bool operator==(const HomeSupportPart&) const = default;
};

// Goals and activities are encrypted at rest.
struct ImplementationPlan {
  std::string facility_id;
  std::string goals;
  std::string activities;
  Date follow_up_date{};
  int revision = 0;
  Instant recorded_at{};

  bool operator==(const ImplementationPlan&) const = default;
};

// The plans of one case; version 0 before anything is written.
struct Plans {
  std::string case_id;
  std::int64_t version = 0;
  std::optional<ImplementationPlan> implementation_plan;
  std::vector<HomeSupportPart> home_support;
  std::vector<MergedUnit> merged_units;  // of those named, as known now; not kept

  bool operator==(const Plans&) const = default;
};

// The units that answer for parts.
std::set<std::string> UnitsOf(const Plans& plans);

struct PlanRequest {
  std::string facility_id;
  std::string goals;
  std::string activities;
  std::string follow_up_date;
};
// A new revision. Each function returns the plans after the change, or all violations at once.
absl::StatusOr<Plans> RevisePlan(const Plans& plans, const PlanRequest& request,
                                 const Reference& reference, Instant now);

struct PartRequest {
  std::string part_id;  // empty when new
  HomeSupportKind kind = HomeSupportKind::kUnspecified;
  std::string unit_id;
  std::string law_section;
  std::string start_date;
};
// `new_ids` has one id per part asked for. A part that has started cannot be left out.
absl::StatusOr<Plans> ReplaceHomeSupport(const Plans& plans, const std::vector<PartRequest>& parts,
                                         const std::vector<std::string>& new_ids,
                                         const Reference& reference, Date today);

// NOT_FOUND without such a part; ILLEGAL_STATE when it has started already.
absl::StatusOr<Plans> StartPart(const Plans& plans, const std::string& part_id,
                                const std::string& start_date, Date today);

}  // namespace vardkedja::referral::domain
