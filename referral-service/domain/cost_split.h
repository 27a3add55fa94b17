// Who pays for a placement (domain.md, 5 and 8): written before one that is not acute, within two
// months of one that is. For the principals alone.
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

inline constexpr int kWholeBasisPoints = 10'000;

struct CostShare {
  std::string unit_id;
  int basis_points = 0;  // hundredths of a percent

  bool operator==(const CostShare&) const = default;
};

struct AcuteDeclaration {
  Date placement_date{};
  std::string reason;
  Instant declared_at{};

  bool operator==(const AcuteDeclaration&) const = default;
};

struct WrittenSplit {
  std::vector<CostShare> shares;
  std::int64_t price_per_day_ore = 0;
  Date agreed_date{};
  std::string text;
  int revision = 0;
  Instant recorded_at{};

  bool operator==(const WrittenSplit&) const = default;
};

// The annex of one case. A case with neither part waits: its placement is blocked.
struct CostSplit {
  std::optional<AcuteDeclaration> acute;
  std::optional<WrittenSplit> written;

  bool operator==(const CostSplit&) const = default;
};

// Whether the unit carries a share, or answers for one that does: it may read the annex, as the
// owner may.
bool CarriesShare(const CostSplit& split, std::string_view unit_id, const Reference& reference);

// The units that the shares name.
std::set<std::string> UnitsOf(const CostSplit& split);

struct CostSplitRequest {
  std::vector<CostShare> shares;
  std::int64_t price_per_day_ore = 0;
  std::string agreed_date;
  std::string text;
};
// A new revision, or all violations at once.
absl::StatusOr<CostSplit> WriteCostSplit(const CostSplit& split, const CostSplitRequest& request,
                                         const Reference& reference, Instant now);

// ILLEGAL_STATE when it was declared before or the split is written already.
absl::StatusOr<CostSplit> DeclareAcute(const CostSplit& split, const std::string& placement_date,
                                       const std::string& reason, Instant now);

}  // namespace vardkedja::referral::domain
