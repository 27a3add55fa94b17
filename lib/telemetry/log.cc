#include "lib/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "lib/time/clock.h"

namespace vardkedja::telemetry {
namespace {

using Json = nlohmann::json;

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

// One line as it is written, field by field: a document in between would cost as much as the rest
// of a call's log.
class Line {
 public:
  Line(Level level, std::string_view message) {
    text_.reserve(512);
    Add("ts", FormatInstant(SystemClock().Now()));
    Add("level", NameOf(level));
    Add("msg", message);
    Add("service", TheOutput().service);
  }

  void Add(std::string_view key, std::string_view value) {
    Key(key);
    if (std::all_of(value.begin(), value.end(), IsPlain)) {
      ((text_ += '"') += value) += '"';
      return;
    }
    // Bytes that are not UTF-8 must not cost us the line.
    text_ += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  void Add(std::string_view key, double value) {
    Key(key);
    text_ += Json(value).dump();
  }

  void Write() {
    text_ += '}';
    Output& output = TheOutput();
    if (output.has_sink.load()) {
      const std::lock_guard lock(output.sink_mutex);
      if (output.sink) return output.sink(text_);
    }
    output.logger->log(spdlog::level::info, spdlog::string_view_t(text_.data(), text_.size()));
  }

 private:
  static bool IsPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

  // Keys are names in our own code.
  void Key(std::string_view key) {
    text_ += text_.empty() ? '{' : ',';
    ((text_ += '"') += key) += "\":";
  }

  std::string text_;
};

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
  Line line(level, message);
  for (const auto& [key, value] : fields) line.Add(key, value);
  line.Write();
}

void LogCall(const CallRecord& call) {
  const Level level = IsDefect(call.code) ? Level::kError : Level::kInfo;
  if (level < TheOutput().least.load()) return;
  Line line(level, "call");
  line.Add("request_id", call.request_id);
  line.Add("trace_id", call.trace_id);
  line.Add("method", call.method);
  line.Add("org", call.organisation);
  line.Add("unit", call.unit);
  line.Add("code", call.code);
  line.Add("reason", call.reason);
  line.Add("ms", std::round(call.duration_ms * 1000) / 1000);
  line.Write();
}

void FlushLogs() { TheOutput().logger->flush(); }

}  // namespace vardkedja::telemetry
