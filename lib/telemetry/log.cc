#include "lib/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "lib/time/clock.h"

namespace vardkedja::telemetry {
namespace {

using Json = nlohmann::ordered_json;

struct Output {
  std::string service = "unknown";
  std::atomic<Level> least{Level::kInfo};
  std::shared_ptr<spdlog::logger> logger;
  std::mutex sink_mutex;
  std::function<void(std::string_view)> sink;
  std::atomic<bool> has_sink{false};

  Output() {
    logger =
        std::make_shared<spdlog::logger>("json", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
  }
};

// Never destroyed: threads may log while the process ends.
Output& TheOutput() {
  static Output& output = *new Output;
  return output;
}

const char* NameOf(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "error";
}

Json Begin(Level level, std::string_view message) {
  return {{"ts", FormatInstant(SystemClock().Now())},
          {"level", NameOf(level)},
          {"msg", message},
          {"service", TheOutput().service}};
}

void Write(const Json& line) {
  // Bytes that are not UTF-8 must not cost us the line.
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
  Output& output = TheOutput();
  if (output.has_sink.load()) {
    const std::lock_guard lock(output.sink_mutex);
    if (output.sink) return output.sink(text);
  }
  output.logger->log(spdlog::level::info, spdlog::string_view_t(text.data(), text.size()));
}

bool IsDefect(std::string_view code) {
  return code == "INTERNAL" || code == "UNKNOWN" || code == "DATA_LOSS";
}

}  // namespace

void InitLogging(std::string_view service, std::string_view level) {
  Output& output = TheOutput();
  output.service = service;
  for (const Level candidate : {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError}) {
    if (NameOf(candidate) == level) output.least.store(candidate);
  }
}

void SetLogSink(std::function<void(std::string_view line)> sink) {
  Output& output = TheOutput();
  const std::lock_guard lock(output.sink_mutex);
  output.sink = std::move(sink);
  output.has_sink.store(static_cast<bool>(output.sink));
}

void Log(Level level, std::string_view message, const Fields& fields) {
  if (level < TheOutput().least.load()) return;
  Json line = Begin(level, message);
  for (const auto& [key, value] : fields) line[key] = value;
  Write(line);
}

void LogCall(const CallRecord& call) {
  const Level level = IsDefect(call.code) ? Level::kError : Level::kInfo;
  if (level < TheOutput().least.load()) return;
  Json line = Begin(level, "call");
  line["request_id"] = call.request_id;
  line["trace_id"] = call.trace_id;
  line["method"] = call.method;
  line["org"] = call.organisation;
  line["unit"] = call.unit;
  line["code"] = call.code;
  line["reason"] = call.reason;
  line["ms"] = std::round(call.duration_ms * 1000) / 1000;
  Write(line);
}

void FlushLogs() { TheOutput().logger->flush(); }

}  // namespace vardkedja::telemetry
