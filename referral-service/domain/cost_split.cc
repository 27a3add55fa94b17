#include "referral-service/domain/cost_split.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxShares = 10;
constexpr std::int64_t kMaxPriceOre = 10'000'000;
constexpr std::chrono::days kAcuteWindow{7};

void CheckShares(const CostSplitRequest& request, const Reference& reference,
                 std::vector<FieldViolation>& out) {
  if (request.shares.empty()) {
    out.push_back(Required("shares"));
    return;
  }
  if (request.shares.size() > kMaxShares) {
    out.push_back(Violation("shares", "TOO_MANY", "At most 10 shares.", "Högst 10 andelar."));
    return;
  }
  std::set<std::string> units;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < request.shares.size(); ++i) {
    const CostShare& share = request.shares[i];
    const std::string path = "shares[" + std::to_string(i) + "]";
    CheckUnit(path + ".unit_id", share.unit_id, reference, out);
    if (!units.insert(share.unit_id).second) {
      out.push_back(Violation(path + ".unit_id", "TWICE", "The unit has a share already.",
                              "Enheten har redan en andel."));
    }
    if (share.basis_points < 0 || share.basis_points > kWholeBasisPoints) {
      out.push_back(
          Violation(path + ".basis_points", "OUT_OF_RANGE", "0 to 10000.", "0 till 10000."));
    }
    sum += share.basis_points;
  }
  if (sum != kWholeBasisPoints) {
    out.push_back(Violation("shares", "SUM", "The shares must add up to 10000.",
                            "Andelarna ska tillsammans bli 10000."));
  }
}

}  // namespace

bool CarriesShare(const CostSplit& split, std::string_view unit_id, const Reference& reference) {
  if (!split.written) return false;
  const std::vector<CostShare>& shares = split.written->shares;
  return std::any_of(shares.begin(), shares.end(), [&](const CostShare& share) {
    return reference.AnswersFor(share.unit_id) == unit_id;
  });
}

std::set<std::string> UnitsOf(const CostSplit& split) {
  std::set<std::string> units;
  if (!split.written) return units;
  for (const CostShare& share : split.written->shares) units.insert(share.unit_id);
  return units;
}

absl::StatusOr<CostSplit> WriteCostSplit(const CostSplit& split, const CostSplitRequest& request,
                                         const Reference& reference, Instant now) {
  std::vector<FieldViolation> violations;
  CheckShares(request, reference, violations);
  if (request.price_per_day_ore < 0 || request.price_per_day_ore > kMaxPriceOre) {
    violations.push_back(
        Violation("price_per_day_ore", "OUT_OF_RANGE", "0 to 10 000 000.", "0 till 10 000 000."));
  }
  if (request.agreed_date.empty()) violations.push_back(Required("agreed_date"));
  const auto agreed =
      CheckPastDay("agreed_date", request.agreed_date, StockholmDate(now), violations);
  CheckText("text", request.text, false, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CostSplit after = split;
  WrittenSplit written;
  written.shares = request.shares;
  written.price_per_day_ore = request.price_per_day_ore;
  written.agreed_date = *agreed;
  written.text = request.text;
  written.revision = split.written ? split.written->revision + 1 : 1;
  written.recorded_at = now;
  after.written = std::move(written);
  return after;
}

absl::StatusOr<CostSplit> DeclareAcute(const CostSplit& split, const std::string& placement_date,
                                       const std::string& reason, Instant now) {
  if (split.written) return IllegalState("written", "The written cost split is there already.");
  if (split.acute) return IllegalState("acute", "The placement was declared acute before.");
  std::vector<FieldViolation> violations;
  const Date today = StockholmDate(now);
  const auto date = placement_date.empty()
                        ? std::optional<Date>(today)
                        : CheckDay("placement_date", placement_date, true, violations);
  if (date && (*date < today - kAcuteWindow || *date > today + kAcuteWindow)) {
    violations.push_back(Violation("placement_date", "NOT_NEAR",
                                   "An acute placement is within seven days of today.",
                                   "En akut placering ligger inom sju dagar från i dag."));
  }
  CheckText("reason", reason, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CostSplit after = split;
  after.acute = AcuteDeclaration{*date, reason, now};
  return after;
}

}  // namespace vardkedja::referral::domain
