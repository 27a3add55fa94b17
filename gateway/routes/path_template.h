// Path templates of google.api.http: literals and whole-segment variables, which is all that the
// house's REST style uses ("/referral/v1/referrals/{referral_id}/submit"). Other forms of the
// template grammar are refused when the contract is loaded, not when a request arrives.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace vardkedja::gateway {

// Immutable and so thread-safe.
class PathTemplate {
 public:
  // One segment: a literal, or a variable that names a field path of the request.
  struct Segment {
    bool is_variable = false;
    std::string text;  // the literal, or the field path "thing.thing_id"

    bool operator==(const Segment&) const = default;
  };

  // INVALID_ARGUMENT for anything but "/literal/{field.path}/...".
  static absl::StatusOr<PathTemplate> Parse(std::string_view text);

  // The values of the variables in the order of Variables(), or nothing when the path is another.
  // `segments` are percent-decoded already. A variable never matches an empty segment.
  std::optional<std::vector<std::string>> Match(const std::vector<std::string>& segments) const;

  const std::vector<Segment>& segments() const { return segments_; }
  std::vector<std::string> Variables() const;

  // "/test/v1/things/{thing.thing_id}": what logs and metrics show in place of the path.
  const std::string& text() const { return text_; }

  // True when some path could match both with the same precedence.
  bool SameShape(const PathTemplate& other) const;

  // Literals come before variables, leftmost first: the order in which to try templates.
  bool Precedes(const PathTemplate& other) const;

 private:
  std::string text_;
  std::vector<Segment> segments_;
};

}  // namespace vardkedja::gateway
