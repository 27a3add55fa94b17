#include "reporting-service/events/time.h"

#include <chrono>

#include "lib/status/status.h"

namespace vardkedja::reporting::events {

Instant ToInstant(const google::protobuf::Timestamp& timestamp) {
  return Instant(std::chrono::seconds(timestamp.seconds()) +
                 std::chrono::microseconds(timestamp.nanos() / 1000));
}

absl::StatusOr<Date> RequiredDate(std::string_view field, const std::string& text) {
  const std::optional<Date> date = ParseDate(text);
  if (date) return *date;
  return MakeError(absl::StatusCode::kInvalidArgument,
                   std::string(field) + " of an event is not a date", "EVENT_MALFORMED");
}

absl::StatusOr<std::optional<Date>> OptionalDate(std::string_view field, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  VK_ASSIGN_OR_RETURN(const Date date, RequiredDate(field, text));
  return std::optional<Date>(date);
}

}  // namespace vardkedja::reporting::events
