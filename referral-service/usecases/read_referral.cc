#include "referral-service/usecases/read_referral.h"

#include <charconv>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::usecases {

absl::StatusOr<int> CheckLimit(int limit) {
  constexpr int kDefault = 25;
  constexpr int kMost = 100;
  if (limit == 0) return kDefault;
  if (limit >= 1 && limit <= kMost) return limit;
  return InvalidFields({domain::Violation("limit", "OUT_OF_RANGE", "The limit is 1 to 100.",
                                          "Gränsen är 1 till 100.")});
}

absl::Status BadCursor() {
  return InvalidFields({domain::Violation("cursor", "CURSOR", "Not a cursor of this list.",
                                          "Inte en giltig markör för denna lista.")});
}

absl::StatusOr<std::int64_t> VersionIn(const std::string& cursor) {
  std::int64_t version = 0;
  if (cursor.empty()) return version;
  const char* end = cursor.data() + cursor.size();
  const auto [stopped, error] = std::from_chars(cursor.data(), end, version);
  if (error != std::errc() || stopped != end || version < 0) return BadCursor();
  return version;
}

absl::StatusOr<OpenActions> GetAvailableActions::Run(const auth::CallContext& context,
                                                     const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const domain::Referral& referral = seen.stored.referral;
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, referral.referral_id)},
                                          context.deadline));
  OpenActions open{referral.state, referral.version,
                   AvailableActions(referral.state, seen.actor.side, seen.actor.roles)};
  // A hand-over that waits for its receiver keeps the case where it is.
  if (referral.reroute_open) {
    std::erase_if(open.actions, [](domain::Action action) {
      return action == domain::Action::kHandOver || action == domain::Action::kClose ||
             action == domain::Action::kWithdraw;
    });
  }
  return open;
}

absl::StatusOr<Timeline> GetTimeline::Run(const auth::CallContext& context,
                                          const std::string& referral_id, const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  VK_ASSIGN_OR_RETURN(const std::int64_t after, VersionIn(page.cursor));
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(std::vector<StepRecord> steps,
                      door_.cases().Steps(context, id, after, limit + 1));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  for (StepRecord& step : steps) HideUnit(seen, step.unit_id);
  Timeline timeline{std::move(steps), ""};
  if (timeline.steps.size() > static_cast<std::size_t>(limit)) {
    timeline.steps.resize(static_cast<std::size_t>(limit));
    timeline.next = std::to_string(timeline.steps.back().version);
  }
  return timeline;
}

}  // namespace vardkedja::referral::usecases
