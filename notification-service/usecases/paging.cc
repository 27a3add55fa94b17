#include "notification-service/usecases/paging.h"

#include "lib/id/uuid.h"
#include "lib/time/time.h"

namespace vardkedja::notification::usecases {
namespace {

constexpr char kSeparator = '_';

void AddBadCursor(std::vector<FieldViolation>& violations) {
  violations.push_back({"cursor", "CURSOR", "is not a cursor of this list",
                        "är inte en markör från den här listan"});
}

}  // namespace

int CheckLimit(int limit, std::vector<FieldViolation>& violations) {
  if (limit == 0) return kDefaultLimit;
  if (limit < 0 || limit > kMaxLimit) {
    violations.push_back({"limit", "RANGE", "is 1 to 100", "ska vara 1 till 100"});
    return kDefaultLimit;
  }
  return limit;
}

std::string FormatCursor(const MessagePosition& position) {
  return FormatInstant(position.sent_at) + kSeparator + position.message_id;
}

std::string FormatCursor(const DeadlinePosition& position) {
  return FormatDate(position.due) + kSeparator + position.deadline_id;
}

std::optional<MessagePosition> ParseMessageCursor(std::string_view cursor,
                                                  std::vector<FieldViolation>& violations) {
  if (cursor.empty()) return std::nullopt;
  const size_t at = cursor.find(kSeparator);
  if (at != std::string_view::npos) {
    const std::optional<Instant> sent_at = ParseInstant(cursor.substr(0, at));
    const std::string_view id = cursor.substr(at + 1);
    if (sent_at && IsUuid(id)) return MessagePosition{*sent_at, std::string(id)};
  }
  AddBadCursor(violations);
  return std::nullopt;
}

std::optional<DeadlinePosition> ParseDeadlineCursor(std::string_view cursor,
                                                    std::vector<FieldViolation>& violations) {
  if (cursor.empty()) return std::nullopt;
  const size_t at = cursor.find(kSeparator);
  if (at != std::string_view::npos) {
    const std::optional<Date> due = ParseDate(cursor.substr(0, at));
    const std::string_view id = cursor.substr(at + 1);
    if (due && IsUuid(id)) return DeadlinePosition{*due, std::string(id)};
  }
  AddBadCursor(violations);
  return std::nullopt;
}

std::string ParseIdCursor(std::string_view cursor, std::vector<FieldViolation>& violations) {
  if (!cursor.empty() && !domain::IsSlug(cursor)) AddBadCursor(violations);
  return std::string(cursor);
}

void CheckUuid(std::string_view field, std::string_view value, bool required,
               std::vector<FieldViolation>& violations) {
  if (value.empty() && !required) return;
  if (value.empty()) {
    violations.push_back({std::string(field), "REQUIRED", "is required", "måste anges"});
  } else if (!IsUuid(value)) {
    violations.push_back({std::string(field), "NOT_A_UUID", "is not a UUID in lower case",
                          "är inte ett UUID med små bokstäver"});
  }
}

}  // namespace vardkedja::notification::usecases
