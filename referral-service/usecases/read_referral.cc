#include "referral-service/usecases/read_referral.h"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "lib/audit/desk.h"
#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/usecases/documents.h"
#include "referral-service/usecases/form_history.h"
#include "referral-service/usecases/history.h"
#include "referral-service/usecases/written.h"

namespace vardkedja::referral::usecases {
namespace {

// "<microseconds>.<0 for a step, 1 for another write>.<number>".
std::string CursorOf(const StepRecord& step) {
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(step.at.time_since_epoch()).count();
  const bool is_step = step.audit_row == 0;
  return std::to_string(micros) + (is_step ? ".0." : ".1.") +
         std::to_string(is_step ? step.version : step.audit_row);
}

// The beginning for an empty cursor; nothing for one that is none of ours.
std::optional<TimelinePosition> PositionIn(std::string_view cursor) {
  TimelinePosition position;
  if (cursor.empty()) return position;
  std::array<std::int64_t, 3> numbers{};
  for (std::int64_t& number : numbers) {
    const char* end = cursor.data() + cursor.size();
    const auto [stopped, error] = std::from_chars(cursor.data(), end, number);
    if (error != std::errc() || number < 0) return std::nullopt;
    cursor.remove_prefix(static_cast<std::size_t>(stopped - cursor.data()));
    const bool last = &number == &numbers.back();
    if (last != cursor.empty() || (!last && cursor.front() != '.')) return std::nullopt;
    if (!last) cursor.remove_prefix(1);
  }
  constexpr std::int64_t kYear9999 = 253'402'300'799'000'000;
  if (numbers[0] > kYear9999 || numbers[1] > 1) return std::nullopt;
  position = {Instant(std::chrono::microseconds(numbers[0])), numbers[1] == 0, numbers[2]};
  return position;
}

// What the reader may know of it: of another unit's draft only that it was written, and of who did
// it the unit and its roles.
StepRecord Shown(const SeenCase& seen, StepRecord step) {
  const domain::Referral& referral = seen.stored.referral;
  if (step.resource.empty()) step.resource = "referrals/" + referral.referral_id;
  // The board's members have several employers.
  const bool own = seen.actor.side != domain::Side::kBoard;
  if (!audit::MayKnowSubject(step.unit_id, step.subject, own ? seen.actor.unit_id : "")) {
    step.subject.clear();
  }
  HideUnit(seen, step.unit_id);
  if (step.audit_row > 0) return step;  // found by what the reader sees
  const bool draft = step.to == domain::State::kDraft || step.to == domain::State::kSentBack;
  if (draft && seen.actor.side != domain::Side::kOwner) {
    step.changed_fields.clear();
    step.changes_known = false;
  }
  step.changed_fields = FieldsToTell(seen, std::move(step.changed_fields));
  return step;
}

// As whom the reader is told of what is no category of information.
absl::StatusOr<std::vector<std::string>> ToldAs(DocumentStore& documents,
                                                const auth::CallContext& context,
                                                const SeenCase& seen) {
  const std::set<std::string>& categories = seen.access.categories;
  std::vector<std::string> told(categories.begin(), categories.end());
  const bool owner = seen.actor.side == domain::Side::kOwner;
  const bool board = seen.actor.side == domain::Side::kBoard && categories.contains("needs");
  if (owner) told.emplace_back(kOwnerAlone);
  if (owner || board) told.emplace_back(kBoardAndOwner);
  VK_ASSIGN_OR_RETURN(const bool principal, IsPrincipal(documents, context, seen));
  if (principal) told.emplace_back(kPrincipals);
  return told;
}

}  // namespace

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
  const std::optional<TimelinePosition> after = PositionIn(page.cursor);
  if (!after) return BadCursor();
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  TimelineQuery query{id, {}, *after, limit + 1};
  VK_ASSIGN_OR_RETURN(query.categories, ToldAs(documents_, context, seen));
  Timeline timeline;
  VK_ASSIGN_OR_RETURN(timeline.steps, door_.cases().Timeline(context, query));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  if (timeline.steps.size() > static_cast<std::size_t>(limit)) {
    timeline.steps.resize(static_cast<std::size_t>(limit));
    timeline.next = CursorOf(timeline.steps.back());
  }
  for (StepRecord& step : timeline.steps) step = Shown(seen, std::move(step));
  return timeline;
}

}  // namespace vardkedja::referral::usecases
