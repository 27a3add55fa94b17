#include "lib/telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/time/time.h"

namespace vardkedja::telemetry {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

class LogTest : public testing::Test {
 protected:
  LogTest() {
    InitLogging("placement", "info");
    SetLogSink([this](std::string_view line) { lines_.emplace_back(line); });
  }
  ~LogTest() override { SetLogSink({}); }

  std::vector<std::string> lines_;
};

std::vector<std::string> KeysOf(const Json& line) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : line.items()) keys.push_back(key);
  return keys;
}

CallRecord Call(std::string_view code) {
  return {.request_id = "r",
          .trace_id = "t",
          .method = "/a.B/C",
          .organisation = "alvesta",
          .unit = "alvesta-authority",
          .code = code,
          .reason = "",
          .duration_ms = 1.23456};
}

// The golden test of the log line: whoever changes it changes what operators have built on it.
TEST_F(LogTest, ACallIsOneLineWithExactlyTheseFields) {
  LogCall(Call("OK"));
  ASSERT_EQ(lines_.size(), 1U);
  const Json line = Json::parse(lines_[0]);
  EXPECT_THAT(KeysOf(line), ElementsAre("ts", "level", "msg", "service", "request_id", "trace_id",
                                        "method", "org", "unit", "code", "reason", "ms"));
  EXPECT_TRUE(ParseInstant(line["ts"].get<std::string>()).has_value());
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["msg"], "call");
  EXPECT_EQ(line["service"], "placement");
  EXPECT_EQ(line["method"], "/a.B/C");
  EXPECT_EQ(line["org"], "alvesta");
  EXPECT_EQ(line["ms"], 1.235);
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
}

TEST_F(LogTest, ADefectIsAnErrorAndARefusalIsNot) {
  for (const char* code : {"INTERNAL", "UNKNOWN", "DATA_LOSS", "NOT_FOUND"}) LogCall(Call(code));
  ASSERT_EQ(lines_.size(), 4U);
  EXPECT_EQ(Json::parse(lines_[0])["level"], "error");
  EXPECT_EQ(Json::parse(lines_[1])["level"], "error");
  EXPECT_EQ(Json::parse(lines_[2])["level"], "error");
  EXPECT_EQ(Json::parse(lines_[3])["level"], "info");
}

TEST_F(LogTest, HoldsBackWhatIsBelowTheLevel) {
  Log(Level::kDebug, "hidden");
  InitLogging("placement", "debug");
  Log(Level::kDebug, "seen");
  InitLogging("placement", "error");
  Log(Level::kWarn, "hidden");
  LogCall(Call("OK"));
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(Json::parse(lines_[0])["msg"], "seen");
}

TEST_F(LogTest, AnyBytesMakeOneValidLine) {
  Log(Level::kInfo, "a\n\"b\"", {{"k", std::string("\xff\x00 x", 4)}});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
  EXPECT_EQ(Json::parse(lines_[0])["msg"], "a\n\"b\"");
}

}  // namespace
}  // namespace vardkedja::telemetry
