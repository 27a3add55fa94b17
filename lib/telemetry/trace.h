// W3C trace context: who caused what, across hops and events. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vardkedja::telemetry {

struct Traceparent {
  std::string trace_id;   // 32 lower-case hex digits, not all zero
  std::string parent_id;  // 16 lower-case hex digits, not all zero
  bool sampled = true;

  bool operator==(const Traceparent&) const = default;
};

// Strict parsing of version 00; nothing for anything else.
std::optional<Traceparent> ParseTraceparent(std::string_view text);

// "00-<trace_id>-<parent_id>-01".
std::string Format(const Traceparent& trace);

// The same trace with a fresh span id, or a new trace when `text` does not parse.
Traceparent ChildOf(std::string_view text);

// A random UUIDv4, for call ids.
std::string NewCallId();

// True for the 36-character text form of any UUID, either case.
bool IsUuid(std::string_view text);

}  // namespace vardkedja::telemetry
