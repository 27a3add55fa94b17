// JSON lines on stderr. Never personal data: no names, identity numbers, free text, tokens, request
// or response bodies. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vardkedja::telemetry {

enum class Level { kDebug, kInfo, kWarn, kError };

// Extra fields of a line, in the order given.
using Fields = std::vector<std::pair<std::string, std::string>>;

// Names the process and sets the least level written. Call once, before threads start.
void InitLogging(std::string_view service, std::string_view level);

// Sends lines elsewhere (tests); an empty function restores stderr.
void SetLogSink(std::function<void(std::string_view line)> sink);

// {"ts","level","msg","service", fields...}
void Log(Level level, std::string_view message, const Fields& fields = {});

// The one line of one call.
struct CallRecord {
  std::string_view request_id;  // the call id of the hop chain
  std::string_view trace_id;
  std::string_view method;
  std::string_view organisation;  // of the caller; empty when unknown
  std::string_view unit;
  std::string_view code;    // "OK", "NOT_FOUND", ...
  std::string_view reason;  // empty when OK
  double duration_ms = 0;
};
// Level: error for INTERNAL, UNKNOWN and DATA_LOSS, else info.
void LogCall(const CallRecord& call);

// Writes out what is buffered.
void FlushLogs();

}  // namespace vardkedja::telemetry
