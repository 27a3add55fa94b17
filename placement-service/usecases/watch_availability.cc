#include "placement-service/usecases/watch_availability.h"

#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"

namespace vardkedja::placement::usecases {
namespace {

constexpr std::chrono::seconds kHeartbeat{30};
// Those who are behind each other by little share what was counted.
constexpr std::size_t kCounted = 256;

absl::Status UnknownSequence() {
  return MakeError(absl::StatusCode::kOutOfRange,
                   "The log has no such place, or it lies too far back: begin anew with 0.",
                   "SEQUENCE_UNKNOWN");
}

}  // namespace

absl::StatusOr<std::vector<domain::Facility>> AvailabilityBoard::Facilities(
    const auth::CallContext& ctx) {
  return store_.Facilities(ctx);
}

absl::StatusOr<AvailabilityBoard::Days> AvailabilityBoard::Now(const auth::CallContext& ctx) {
  return Count(ctx, std::nullopt);
}

absl::StatusOr<AvailabilityBoard::Days> AvailabilityBoard::After(const auth::CallContext& ctx,
                                                                 const BedChange& change) {
  if (const auto known = counted_.find(change.sequence); known != counted_.end()) {
    return known->second;
  }
  VK_ASSIGN_OR_RETURN(Days days, Count(ctx, change.at));
  counted_.emplace(change.sequence, days);
  if (counted_.size() > kCounted) counted_.erase(counted_.begin());
  return days;
}

absl::StatusOr<AvailabilityBoard::Days> AvailabilityBoard::Count(const auth::CallContext& ctx,
                                                                 std::optional<Instant> as_of) {
  AvailabilityQuestion question;
  question.as_of = as_of;
  // A replica whose clock is ahead may have written what happens "later" than now.
  auth::CallContext then = ctx;
  then.now = std::max(ctx.now, as_of.value_or(ctx.now));
  VK_ASSIGN_OR_RETURN(AvailabilityAnswer answer, ReadBeds(store_).Availability(then, question));
  return std::make_shared<const std::vector<domain::DayCount>>(std::move(answer.days));
}

absl::StatusOr<WatchStep> AvailabilityWatch::Step(const auth::CallContext& ctx, bool grown) {
  WatchStep step;
  if (!begun_) {
    VK_RETURN_IF_ERROR(Begin(ctx, step));
    begun_ = true;
  } else if (grown) {
    VK_RETURN_IF_ERROR(CatchUp(ctx, step));
  }
  if (!step.more && StockholmDate(ctx.now) != day_) VK_RETURN_IF_ERROR(TellAll(ctx, step));
  const bool silent = told_at_ == Instant{} || ctx.now - told_at_ >= kHeartbeat;
  if (step.updates.empty() && silent && !step.more) {
    step.updates.push_back({position_, UpdateKind::kHeartbeat, {}, ctx.now});
  }
  if (!step.updates.empty()) told_at_ = ctx.now;
  return step;
}

absl::Status AvailabilityWatch::Begin(const auth::CallContext& ctx, WatchStep& step) {
  if (question_.facility) {
    VK_ASSIGN_OR_RETURN(const auto facilities, board_.Facilities(ctx));
    const bool known = std::any_of(
        facilities.begin(), facilities.end(),
        [&](const domain::Facility& facility) { return facility.id == *question_.facility; });
    if (!known) return NotFound();
  }
  if (question_.after > 0) return CatchUp(ctx, step);
  // The place first and the counts then: what is committed between is told twice rather than never.
  VK_ASSIGN_OR_RETURN(position_, board_.changes().Head(ctx.deadline));
  return TellAll(ctx, step);
}

absl::Status AvailabilityWatch::CatchUp(const auth::CallContext& ctx, WatchStep& step) {
  VK_ASSIGN_OR_RETURN(const ChangePage page, board_.changes().After(position_, ctx.deadline));
  if (!begun_) {
    if (position_ > page.head || page.head - position_ > kFarthestBack) return UnknownSequence();
    day_ = StockholmDate(page.at);
  }
  for (const BedChange& change : page.changes) {
    VK_ASSIGN_OR_RETURN(const AvailabilityBoard::Days days, board_.After(ctx, change));
    std::vector<domain::DayCount> wanted = Wanted(*days, change.facilities);
    day_ = StockholmDate(change.at);
    if (wanted.empty()) continue;
    step.updates.push_back({change.sequence, UpdateKind::kChange, std::move(wanted), change.at});
  }
  position_ = page.position;
  step.more = position_ < page.head;
  return absl::OkStatus();
}

absl::Status AvailabilityWatch::TellAll(const auth::CallContext& ctx, WatchStep& step) {
  VK_ASSIGN_OR_RETURN(const AvailabilityBoard::Days days, board_.Now(ctx));
  step.updates.push_back({position_, UpdateKind::kSnapshot, Wanted(*days, {}), ctx.now});
  day_ = StockholmDate(ctx.now);
  return absl::OkStatus();
}

std::vector<domain::DayCount> AvailabilityWatch::Wanted(
    const std::vector<domain::DayCount>& days, const std::set<domain::FacilityId>& touched) const {
  std::vector<domain::DayCount> wanted;
  for (const domain::DayCount& day : days) {
    const bool asked = (!question_.facility || *question_.facility == day.facility_id) &&
                       (!question_.kind || *question_.kind == day.bed_kind);
    if (asked && (touched.empty() || touched.contains(day.facility_id))) {
      wanted.push_back(day);
    }
  }
  return wanted;
}

}  // namespace vardkedja::placement::usecases
