#include "placement-service/usecases/timeline.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::placement::usecases {
namespace {

// Rule of referral-service's access policy.
constexpr std::string_view kOwnerRule = "owner";

constexpr char kSeparator = '_';

std::string Cursor(const TimelinePosition& position) {
  return FormatInstant(position.at) + kSeparator + std::to_string(position.source) + kSeparator +
         position.row_id + kSeparator + std::to_string(position.ordinal);
}

std::string_view TakePart(std::string_view& text) {
  const std::string_view part = text.substr(0, text.find(kSeparator));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

std::optional<int> Number(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

absl::StatusOr<TimelinePosition> PositionOf(const std::string& cursor) {
  std::string_view left = cursor;
  const std::string_view time = TakePart(left);
  const std::optional<Instant> at = ParseInstant(time);
  const std::optional<int> source = Number(TakePart(left));
  const std::string_view row_id = TakePart(left);
  const std::optional<int> ordinal = Number(left);
  if (at && *at >= Instant{} && FormatInstant(*at) == time && source && IsUuid(row_id) && ordinal) {
    return TimelinePosition{*at, *source, std::string(row_id), *ordinal};
  }
  return InvalidFields({{"cursor", "UNKNOWN_VALUE", "Must be `next` of the page before.",
                         "Måste vara `next` från föregående sida."}});
}

}  // namespace

absl::StatusOr<ReadTimeline::Page> ReadTimeline::Run(const auth::CallContext& ctx,
                                                     const domain::CaseId& case_id, int limit,
                                                     const std::string& cursor) const {
  TimelineQuery query;
  query.case_id = case_id;
  query.unit = ctx.acting_unit;
  query.limit = limit + 1;
  if (!cursor.empty()) {
    VK_ASSIGN_OR_RETURN(query.after, PositionOf(cursor));
  }
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id.value, case_id.value));
  const bool owner = decision.rule_id == kOwnerRule;
  query.all_incidents = owner;
  query.overrides = owner || ctx.acting_unit == domain::kBoardUnit;
  query.own_stays_only = decision.rule_id == kOwnStayRecordRule;
  Page page;
  VK_ASSIGN_OR_RETURN(page.rows, store_.Timeline(ctx, query));
  VK_RETURN_IF_ERROR(disclosure_.RecordRead(ctx, case_id.value, decision));
  if (page.rows.size() > static_cast<std::size_t>(limit)) {
    page.rows.resize(static_cast<std::size_t>(limit));
    page.next = Cursor(page.rows.back().position);
  }
  return page;
}

}  // namespace vardkedja::placement::usecases
