#include "lib/pg/value.h"

#include <array>
#include <charconv>
#include <pqxx/result>
#include <stdexcept>
#include <utility>

namespace vardkedja::pg {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

[[noreturn]] void Defect(std::string_view what, std::string_view column) {
  throw std::logic_error(std::string(what) + ": column " + std::string(column));
}

void AppendElement(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

template <typename T, typename F>
std::string ArrayText(const std::vector<T>& items, F append) {
  std::string out = "{";
  for (const T& item : items) {
    if (out.size() > 1) out += ',';
    append(out, item);
  }
  out += '}';
  return out;
}

void AppendHex(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// "\x0a1b", bytea_output's default.
std::optional<std::string> DecodeHex(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const int high = HexValue(text[i]);
    const int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "2026-11-21 22:11:33.5+00": what the server prints with DateStyle ISO and TimeZone UTC, which
// every connection sets. Years outside 1900 to 2199 are refused, as everywhere.
std::optional<Instant> ParseTimestamp(std::string_view text) {
  if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) return std::nullopt;
  const auto date = ParseDate(text.substr(0, 10));
  const auto hour = ParseNumber<int>(text.substr(11, 2));
  const auto minute = ParseNumber<int>(text.substr(14, 2));
  const auto second = ParseNumber<int>(text.substr(17, 2));
  if (!date || !hour || !minute || !second) return std::nullopt;
  std::string_view fraction = text.substr(19, text.size() - 22);
  std::int64_t micros = 0;
  if (!fraction.empty()) {
    fraction.remove_prefix(1);
    const auto number = ParseNumber<std::int64_t>(fraction);
    if (!number || fraction.size() > 6) return std::nullopt;
    micros = *number;
    for (std::size_t i = fraction.size(); i < 6; ++i) micros *= 10;
  }
  return Instant(date->time_since_epoch() + std::chrono::hours(*hour) +
                 std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                 std::chrono::microseconds(micros));
}

// "{a,"b c",NULL}" without NULLs and of one dimension.
std::optional<std::vector<std::string>> ParseArray(std::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> items;
  std::size_t i = 0;
  while (i < text.size()) {
    std::string item;
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        item += text[i];
      }
      ++i;
    } else {
      while (i < text.size() && text[i] != ',') item += text[i++];
      if (item == "NULL") return std::nullopt;
    }
    items.push_back(std::move(item));
    ++i;  // the comma
  }
  return items;
}

}  // namespace

Param::Param(const pg::Bytes& bytes) : text_("\\x") { AppendHex(*text_, bytes.data); }

Param::Param(const std::vector<std::string>& texts)
    : text_(ArrayText(
          texts, [](std::string& out, const std::string& item) { AppendElement(out, item); })) {}

Param::Param(const std::vector<std::optional<std::string>>& texts)
    : text_(ArrayText(texts, [](std::string& out, const std::optional<std::string>& item) {
        item ? AppendElement(out, *item) : static_cast<void>(out += "NULL");
      })) {}

Param::Param(const std::vector<std::int64_t>& numbers)
    : text_(ArrayText(numbers,
                      [](std::string& out, std::int64_t item) { out += std::to_string(item); })) {}

Param::Param(const std::vector<Instant>& instants)
    : text_(ArrayText(instants, [](std::string& out, Instant item) {
        AppendElement(out, FormatInstant(item));
      })) {}

Param::Param(const std::vector<Bytes>& blobs)
    : text_(ArrayText(blobs, [](std::string& out, const Bytes& item) {
        out += "\"\\\\x";
        AppendHex(out, item.data);
        out += '"';
      })) {}

int Row::Column(std::string_view name) const {
  const int columns = static_cast<int>(rows_->columns());
  for (int i = 0; i < columns; ++i) {
    const int column = (last_ + i) % columns;
    if (name == rows_->column_name(column)) return last_ = column;
  }
  Defect("no such column in the result", name);
}

std::optional<std::string_view> Row::Raw(std::string_view column) const {
  const pqxx::field field = (*rows_)[row_][Column(column)];
  if (field.is_null()) return std::nullopt;
  return std::string_view(field.c_str(), field.size());
}

std::string_view Row::NotNull(std::string_view column) const {
  const auto raw = Raw(column);
  if (!raw) Defect("NULL where a value is expected", column);
  return *raw;
}

bool Row::IsNull(std::string_view column) const { return !Raw(column).has_value(); }

std::string Row::Text(std::string_view column) const { return std::string(NotNull(column)); }

std::int64_t Row::Int(std::string_view column) const {
  const auto number = ParseNumber<std::int64_t>(NotNull(column));
  if (!number) Defect("not an integer", column);
  return *number;
}

double Row::Real(std::string_view column) const {
  const auto number = ParseNumber<double>(NotNull(column));
  if (!number) Defect("not a number", column);
  return *number;
}

bool Row::Bool(std::string_view column) const {
  const std::string_view text = NotNull(column);
  if (text != "t" && text != "f") Defect("not a boolean", column);
  return text == "t";
}

std::string Row::Bytes(std::string_view column) const {
  auto bytes = DecodeHex(NotNull(column));
  if (!bytes) Defect("not a bytea", column);
  return *std::move(bytes);
}

Instant Row::Instant(std::string_view column) const {
  const auto instant = ParseTimestamp(NotNull(column));
  if (!instant) Defect("not a timestamptz", column);
  return *instant;
}

Date Row::Date(std::string_view column) const {
  const auto date = ParseDate(NotNull(column));
  if (!date) Defect("not a date", column);
  return *date;
}

std::vector<std::string> Row::Texts(std::string_view column) const {
  auto texts = ParseArray(NotNull(column));
  if (!texts) Defect("not an array without NULLs", column);
  return *std::move(texts);
}

std::optional<std::string> Row::OptionalText(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

std::optional<std::int64_t> Row::OptionalInt(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Int(column);
}

std::optional<bool> Row::OptionalBool(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Bool(column);
}

std::optional<std::string> Row::OptionalBytes(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Bytes(column);
}

std::optional<Instant> Row::OptionalInstant(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Instant(column);
}

std::optional<Date> Row::OptionalDate(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Date(column);
}

int Result::size() const { return rows_ ? static_cast<int>(rows_->size()) : 0; }

std::int64_t Result::affected() const {
  return rows_ ? static_cast<std::int64_t>(rows_->affected_rows()) : 0;
}

}  // namespace vardkedja::pg
