// Limits and cursors of the lists. A cursor is the position of the last row shown, as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/status/status.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

inline constexpr int kDefaultLimit = 25;
inline constexpr int kMaxLimit = 100;

// `limit` with 0 as the default; adds a violation when it is out of range.
int CheckLimit(int limit, std::vector<FieldViolation>& violations);

std::string FormatCursor(const MessagePosition& position);
std::string FormatCursor(const DeadlinePosition& position);

// Nothing for an empty cursor; adds a violation for one that no list has given.
std::optional<MessagePosition> ParseMessageCursor(std::string_view cursor,
                                                  std::vector<FieldViolation>& violations);
std::optional<DeadlinePosition> ParseDeadlineCursor(std::string_view cursor,
                                                    std::vector<FieldViolation>& violations);
// A cursor that is the last id shown.
std::string ParseIdCursor(std::string_view cursor, std::vector<FieldViolation>& violations);

// Adds a violation unless `value` is a UUID, or empty where that is allowed.
void CheckUuid(std::string_view field, std::string_view value, bool required,
               std::vector<FieldViolation>& violations);

}  // namespace vardkedja::notification::usecases
