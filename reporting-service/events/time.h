// Times and dates of events.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/time/time.h"

namespace vardkedja::reporting::events {

Instant ToInstant(const google::protobuf::Timestamp& timestamp);

// INVALID_ARGUMENT, naming the field, when it is no date. The event is then parked and alarmed.
absl::StatusOr<Date> RequiredDate(std::string_view field, const std::string& text);

// Empty is nothing.
absl::StatusOr<std::optional<Date>> OptionalDate(std::string_view field, const std::string& text);

}  // namespace vardkedja::reporting::events
