// Request targets, read strictly: what is not a well-formed URL path and query is refused rather
// than repaired, so that the gateway and whatever stands in front of it can not read it
// differently.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardkedja::gateway {

// A request target in parts, percent-decoded.
struct Target {
  std::vector<std::string> segments;                       // "/a/b" -> {"a", "b"}
  std::vector<std::pair<std::string, std::string>> query;  // in order, repeats kept
};

// At most this many query parameters.
inline constexpr std::size_t kMaxQueryParameters = 100;

// The target in origin form ("/path?query"), or nothing when it is malformed: a broken escape,
// invalid UTF-8, a control character, an encoded '/', an empty or dot segment, a fragment, or too
// many parameters. "/" has no segments.
std::optional<Target> ParseTarget(std::string_view target);

// True for well-formed UTF-8 (no surrogates, no overlong forms).
bool IsValidUtf8(std::string_view text);

// True for text of the shape of a Swedish personal or coordination number, with or without century
// and separator. Such a number must never stand in a URL (domain.md, 5), so a request that has one
// there is refused.
bool LooksLikeIdentityNumber(std::string_view text);

}  // namespace vardkedja::gateway
