#include "gateway/routes/path_template.h"

#include <algorithm>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

bool IsLiteralChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool IsFieldChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

absl::StatusOr<PathTemplate::Segment> ParseSegment(std::string_view text) {
  PathTemplate::Segment segment;
  segment.is_variable = text.size() > 2 && text.front() == '{' && text.back() == '}';
  if (segment.is_variable) text = text.substr(1, text.size() - 2);
  const auto allowed = segment.is_variable ? IsFieldChar : IsLiteralChar;
  if (text.empty() || !std::all_of(text.begin(), text.end(), allowed)) {
    return absl::InvalidArgumentError("a segment is neither lower-case-text nor {field}");
  }
  segment.text = text;
  return segment;
}

}  // namespace

absl::StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) {
  PathTemplate result;
  result.text_ = text;
  if (text.empty() || text.front() != '/') {
    return absl::InvalidArgumentError("a path template begins with '/'");
  }
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find('/'), text.size());
    VK_ASSIGN_OR_RETURN(Segment segment, ParseSegment(text.substr(0, end)));
    result.segments_.push_back(std::move(segment));
    text.remove_prefix(end);
  }
  return result;
}

std::optional<std::vector<std::string>> PathTemplate::Match(
    const std::vector<std::string>& segments) const {
  if (segments.size() != segments_.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments_[i].is_variable) {
      if (segments[i].empty()) return std::nullopt;
      values.push_back(segments[i]);
    } else if (segments_[i].text != segments[i]) {
      return std::nullopt;
    }
  }
  return values;
}

std::vector<std::string> PathTemplate::Variables() const {
  std::vector<std::string> names;
  for (const Segment& segment : segments_) {
    if (segment.is_variable) names.push_back(segment.text);
  }
  return names;
}

bool PathTemplate::SameShape(const PathTemplate& other) const {
  return std::equal(
      segments_.begin(), segments_.end(), other.segments_.begin(), other.segments_.end(),
      [](const Segment& a, const Segment& b) { return a.is_variable ? b.is_variable : a == b; });
}

bool PathTemplate::Precedes(const PathTemplate& other) const {
  return std::lexicographical_compare(segments_.begin(), segments_.end(), other.segments_.begin(),
                                      other.segments_.end(),
                                      [](const Segment& a, const Segment& b) {
                                        if (a.is_variable != b.is_variable) return b.is_variable;
                                        return !a.is_variable && a.text < b.text;
                                      });
}

}  // namespace vardkedja::gateway
