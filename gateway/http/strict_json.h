// JSON as RFC 8259 writes it and no laxer. protobuf 3.21's own parser takes single quotes, bare
// keys and trailing commas, and quotes the offending text (personal data) in its errors; so bodies
// are read here instead.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "absl/status/statusor.h"

namespace vardkedja::gateway {

// Bounds on what is read; the body's size is bounded before.
struct JsonLimits {
  std::size_t max_depth = 32;
  std::size_t max_values = 100'000;
};

// The value, or INVALID_ARGUMENT with reason JSON_SYNTAX, JSON_DUPLICATE_KEY, JSON_TOO_DEEP or
// JSON_TOO_LARGE. Messages name a byte position, never the text. Thread-safe.
absl::StatusOr<nlohmann::json> ParseStrictJson(std::string_view text, const JsonLimits& limits);

}  // namespace vardkedja::gateway
