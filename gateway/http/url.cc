#include "gateway/http/url.h"

#include <algorithm>
#include <cstdint>

namespace vardkedja::gateway {
namespace {

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::optional<std::string> Decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto high = HexDigit(text[i + 1]);
      const auto low = HexDigit(text[i + 2]);
      if (!high.has_value() || !low.has_value()) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (IsControl(c)) return std::nullopt;
    out += c;
  }
  if (!IsValidUtf8(out)) return std::nullopt;
  return out;
}

bool ParsePath(std::string_view path, std::vector<std::string>& segments) {
  if (path.empty() || path.front() != '/') return false;
  if (path == "/") return true;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    auto segment = Decode(path.substr(0, end), false);
    if (!segment.has_value() || segment->empty() || *segment == "." || *segment == ".." ||
        segment->find('/') != std::string::npos) {
      return false;
    }
    segments.push_back(*std::move(segment));
    path.remove_prefix(end);
  }
  return true;
}

bool ParseQuery(std::string_view query, std::vector<std::pair<std::string, std::string>>& out) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = Decode(pair.substr(0, equals), true);
    auto value = Decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name.has_value() || name->empty() || !value.has_value()) return false;
    if (out.size() == kMaxQueryParameters) return false;
    out.emplace_back(*std::move(name), *std::move(value));
  }
  return true;
}

// The length of the sequence that `lead` begins, or 0.
int SequenceLength(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

// Overlong forms, surrogates and values beyond U+10FFFF show in the second byte.
bool IsValidSecond(std::uint8_t lead, std::uint8_t second) {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0;
    case 0xed:
      return second <= 0x9f;
    case 0xf0:
      return second >= 0x90;
    case 0xf4:
      return second <= 0x8f;
    default:
      return true;
  }
}

}  // namespace

std::optional<Target> ParseTarget(std::string_view target) {
  if (target.find('#') != std::string_view::npos) return std::nullopt;
  const std::size_t question = std::min(target.find('?'), target.size());
  Target result;
  if (!ParsePath(target.substr(0, question), result.segments)) return std::nullopt;
  const std::string_view query = target.substr(std::min(question + 1, target.size()));
  if (!ParseQuery(query, result.query)) return std::nullopt;
  return result;
}

bool IsValidUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const int length = SequenceLength(lead);
    if (length == 0 || i + static_cast<std::size_t>(length) > text.size()) return false;
    for (int k = 1; k < length; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + static_cast<std::size_t>(k)]);
      if ((next & 0xc0) != 0x80 || (k == 1 && !IsValidSecond(lead, next))) return false;
    }
    i += static_cast<std::size_t>(length);
  }
  return true;
}

bool LooksLikeIdentityNumber(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separator = (text[i] == '-' || text[i] == '+') && i + 5 == text.size();
    if (separator) continue;
    if (text[i] < '0' || text[i] > '9') return false;
    digits += text[i];
  }
  if (digits.size() != 10 && digits.size() != 12) return false;
  if (digits.size() == 12) digits.erase(0, 2);
  const int month = std::stoi(digits.substr(2, 2));
  const int day = std::stoi(digits.substr(4, 2));
  const int coordination_day = day - 60;  // samordningsnummer: the day plus 60
  const auto is_day = [](int value) { return value >= 1 && value <= 31; };
  return month >= 1 && month <= 12 && (is_day(day) || is_day(coordination_day));
}

}  // namespace vardkedja::gateway
