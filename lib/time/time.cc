#include "lib/time/time.h"

#include <cassert>
#include <charconv>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "lib/status/status.h"

namespace vardkedja {
namespace {

using std::chrono::year_month_day;

const absl::TimeZone& Stockholm() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    const bool found = absl::LoadTimeZone("Europe/Stockholm", &loaded);
    assert(found && "tzdata is required");
    static_cast<void>(found);
    return loaded;
  }();
  return zone;
}

absl::Time ToAbslTime(Instant instant) {
  return absl::FromUnixMicros(instant.time_since_epoch().count());
}

Instant FromAbslTime(absl::Time time) {
  return Instant(std::chrono::microseconds(absl::ToUnixMicros(time)));
}

std::optional<int> ParseNumber(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text[0] == '-') {
    return std::nullopt;
  }
  return value;
}

}  // namespace

Date StockholmDate(Instant instant) {
  const absl::CivilDay day = absl::ToCivilDay(ToAbslTime(instant), Stockholm());
  return MakeDate(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()));
}

Instant StartOfDay(Date date) {
  const year_month_day ymd(date);
  const absl::CivilDay day(int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()));
  return FromAbslTime(absl::FromCivil(day, Stockholm()));
}

Date AddMonths(Date date, int months) {
  const year_month_day moved = year_month_day(date) + std::chrono::months(months);
  if (moved.ok()) return Date(moved);
  return Date(moved.year() / moved.month() / std::chrono::last);
}

std::string FormatDate(Date date) {
  const year_month_day ymd(date);
  const absl::CivilDay day(int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()));
  return absl::FormatCivilTime(day);
}

std::optional<Date> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = ParseNumber(text.substr(0, 4));
  const auto month = ParseNumber(text.substr(5, 2));
  const auto day = ParseNumber(text.substr(8, 2));
  if (!year || !month || !day || *year < 1900 || *year > 2199) return std::nullopt;
  const year_month_day ymd{std::chrono::year(*year),
                           std::chrono::month(static_cast<unsigned>(*month)),
                           std::chrono::day(static_cast<unsigned>(*day))};
  if (!ymd.ok()) return std::nullopt;
  return Date(ymd);
}

std::string FormatInstant(Instant instant) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", ToAbslTime(instant), absl::UTCTimeZone());
}

std::optional<Instant> ParseInstant(std::string_view text) {
  absl::Time time;
  if (text.size() > 40 || !absl::ParseTime(absl::RFC3339_full, ToAbsl(text), &time, nullptr)) {
    return std::nullopt;
  }
  static const absl::Time kFirst = absl::FromCivil(absl::CivilDay(1900, 1, 1), absl::UTCTimeZone());
  static const absl::Time kEnd = absl::FromCivil(absl::CivilDay(2200, 1, 1), absl::UTCTimeZone());
  if (time < kFirst || time >= kEnd) return std::nullopt;
  return FromAbslTime(time);
}

Date MakeDate(int year, unsigned month, unsigned day) {
  const year_month_day ymd{std::chrono::year(year), std::chrono::month(month),
                           std::chrono::day(day)};
  assert(ymd.ok());
  return Date(ymd);
}

}  // namespace vardkedja
