// Instants are UTC, dates are local to Europe/Stockholm (domain.md, 9). No function here reads a
// clock; see lib/time/clock.h. All functions are thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vardkedja {

// A point in time, UTC, microseconds since 1970: what PostgreSQL's timestamptz holds.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// A calendar day in Europe/Stockholm. Differences are whole days.
using Date = std::chrono::local_days;

// The local date at an instant, and the instant a local date begins.
Date StockholmDate(Instant instant);
Instant StartOfDay(Date date);

// Same day `months` later, or that month's last day: 30 Nov + 3 is 28 or 29 Feb (domain.md, 9).
Date AddMonths(Date date, int months);

// "2026-11-21". Parsing refuses anything that is not a real date of the years 1900 to 2199.
std::string FormatDate(Date date);
std::optional<Date> ParseDate(std::string_view text);

// RFC 3339 in UTC, "2026-11-21T22:11:33.000000Z". Parsing: any offset, years 1900 to 2199 only.
std::string FormatInstant(Instant instant);
std::optional<Instant> ParseInstant(std::string_view text);

// Shorthand for tests and tables: MakeDate(2026, 11, 21). Precondition: a real date.
Date MakeDate(int year, unsigned month, unsigned day);

}  // namespace vardkedja
