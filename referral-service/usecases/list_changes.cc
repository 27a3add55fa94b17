#include "referral-service/usecases/list_changes.h"

#include <charconv>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr int kDefaultLimit = 100;
constexpr int kMostLimit = 1000;

}  // namespace

absl::StatusOr<ChangeFeed> ListChanges::Run(const auth::CallContext& context, const Page& page) {
  if (page.limit < 0 || page.limit > kMostLimit) {
    return InvalidFields({domain::Violation("limit", "OUT_OF_RANGE", "The limit is 1 to 1000.",
                                            "Gränsen är 1 till 1000.")});
  }
  const int limit = page.limit == 0 ? kDefaultLimit : page.limit;
  std::int64_t after = 0;
  if (!page.cursor.empty()) {
    const char* end = page.cursor.data() + page.cursor.size();
    const auto [stopped, error] = std::from_chars(page.cursor.data(), end, after);
    if (error != std::errc() || stopped != end || after < 0) return BadCursor();
  }
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  if (!reference->purposes.contains(context.purpose)) {
    return door_.Refuse(context, "referral-changes", "deny.purpose");
  }
  ChangeFeed feed;
  VK_ASSIGN_OR_RETURN(feed.changes, index_.Changes(context, context.acting_unit, after, limit + 1));
  feed.more = feed.changes.size() > static_cast<std::size_t>(limit);
  if (feed.more) feed.changes.pop_back();
  if (!feed.changes.empty()) after = feed.changes.back().seq;
  if (after > 0) feed.next = std::to_string(after);
  audit::Entry entry = audit::MakeEntry(context, "referral-changes");
  entry.rule_id = "owner";
  entry.permitted = true;
  entry.details.push_back("rows=" + std::to_string(feed.changes.size()));
  VK_RETURN_IF_ERROR(door_.audit().Record({std::move(entry)}, context.deadline));
  return feed;
}

}  // namespace vardkedja::referral::usecases
