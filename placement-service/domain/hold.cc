#include "placement-service/domain/hold.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<HoldState, HoldAction>;
constexpr std::array<Row, 3> kTable = {{
    {HoldState::kHeld, HoldAction::kRelease, kBoard, HoldState::kReleased},
    {HoldState::kHeld, HoldAction::kExpire, kTimer, HoldState::kExpired},
    {HoldState::kHeld, HoldAction::kUse, kConsequence, HoldState::kUsed},
}};

absl::Status CheckPlan(const HoldPlan& plan, Date today) {
  std::vector<FieldViolation> violations;
  if (plan.from < today) {
    violations.push_back(
        {"from_date", "IN_THE_PAST", "Must be today or later.", "Måste vara i dag eller senare."});
  }
  if (plan.to <= plan.from || (plan.to - plan.from).count() > kLongestHoldDays) {
    violations.push_back({"to_date", "RANGE", "Must be 1 to 92 days after from_date.",
                          "Måste vara 1 till 92 dagar efter from_date."});
  }
  if (plan.expected < plan.from || plan.expected >= plan.to) {
    violations.push_back({"expected_date", "RANGE", "Must be a day on which the bed is held.",
                          "Måste vara en dag då platsen hålls."});
  }
  if (violations.empty()) return absl::OkStatus();
  return InvalidFields(std::move(violations));
}

absl::StatusOr<Hold> End(Hold hold, HoldAction action, unsigned parties, Instant now) {
  VK_ASSIGN_OR_RETURN(hold.state, Step(HoldTable(), "hold", hold.state, action, parties));
  hold.to = std::clamp(StockholmDate(now), hold.from, hold.to);
  ++hold.version;
  return hold;
}

}  // namespace

std::string_view Name(HoldState state) {
  switch (state) {
    case HoldState::kHeld:
      return "held";
    case HoldState::kReleased:
      return "released";
    case HoldState::kExpired:
      return "expired";
    case HoldState::kUsed:
      return "used";
  }
  return "";
}

std::string_view Name(HoldAction action) {
  switch (action) {
    case HoldAction::kRelease:
      return "ReleaseHold";
    case HoldAction::kExpire:
      return "Expire";
    case HoldAction::kUse:
      return "Use";
  }
  return "";
}

std::span<const Row> HoldTable() { return kTable; }

absl::StatusOr<Hold> MakeHold(HoldId id, const BedCalendar& bed, const HoldPlan& plan,
                              const Seat& seat, Instant now) {
  VK_RETURN_IF_ERROR(RequireSeat(seat));
  VK_RETURN_IF_ERROR(CheckPlan(plan, StockholmDate(now)));
  VK_RETURN_IF_ERROR(CheckFreeIn(bed, {plan.from, plan.to}));
  Hold hold;
  hold.id = std::move(id);
  hold.bed_id = bed.bed_id;
  hold.from = plan.from;
  hold.to = plan.to;
  hold.expected = plan.expected;
  hold.reason = plan.reason;
  hold.decided_by = seat;
  hold.decided_at = now;
  return hold;
}

absl::StatusOr<Hold> Release(Hold hold, unsigned parties, Instant now) {
  return End(std::move(hold), HoldAction::kRelease, parties, now);
}

absl::StatusOr<Hold> Use(Hold hold, Instant now) {
  return End(std::move(hold), HoldAction::kUse, kConsequence, now);
}

absl::StatusOr<Hold> Expire(Hold hold, Instant now) {
  if (hold.state == HoldState::kHeld && StockholmDate(now) < hold.to) {
    return IllegalState("hold", Name(hold.state), {"ReleaseHold"});
  }
  return End(std::move(hold), HoldAction::kExpire, kTimer, now);
}

int EmptyDays(const Hold& hold, Date today) {
  return static_cast<int>((std::clamp(today, hold.from, hold.to) - hold.from).count());
}

}  // namespace vardkedja::placement::domain
