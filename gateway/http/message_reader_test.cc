#include "gateway/http/message_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "gateway/http/strict_json.h"
#include "gateway/testing/contract.h"

namespace vardkedja::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The message as text, or the violations as "field RULE".
std::string Read(const std::string& type, const std::string& json) {
  const auto message = NewTestMessage(type);
  MessageReader reader;
  reader.ReadObject(ParseStrictJson(json, {}).value(), "", *message);
  const absl::Status status = reader.status();
  if (status.ok()) return message->ShortDebugString();
  std::string text;
  const auto detail = GetErrorDetail(status);
  for (const FieldViolation& violation : detail->violations) {
    text += violation.field + " " + violation.rule + "\n";
  }
  return text;
}

TEST(MessageReaderTest, ReadsEveryKindOfField) {
  EXPECT_EQ(
      Read("Thing",
           R"({"thingId":"1","kind":"KIND_LARGE","itemCount":-3,"totalOre":"9007199254740993",
               "isOpen":true,"ratio":0.5,"blob":"AQI=","createdAt":"2026-11-21T10:00:00Z",
               "waited":"1.5s","labels":["a","b"],"parts":[{"partName":"p"}],"counts":{"k":2},
               "maybe":0,"right":{"inner":{"partName":"q"}},"kinds":["KIND_SMALL"],
               "smallCount":4294967295,"weight":1.5,"display_name":"n"})"),
      "thing_id: \"1\" display_name: \"n\" kind: KIND_LARGE item_count: -3 "
      "total_ore: 9007199254740993 is_open: true ratio: 0.5 blob: \"\\001\\002\" "
      "created_at { seconds: 1795255200 } waited { seconds: 1 nanos: 500000000 } "
      "labels: \"a\" labels: \"b\" parts { part_name: \"p\" } counts { key: \"k\" value: 2 } "
      "maybe: 0 right { inner { part_name: \"q\" } } kinds: KIND_SMALL small_count: 4294967295 "
      "weight: 1.5");
  EXPECT_EQ(Read("UpdateThingRequest", R"({"updateMask":"displayName,right.partName"})"),
            "update_mask { paths: \"display_name\" paths: \"right.part_name\" }");
  EXPECT_EQ(Read("Thing", R"({"thingId":null,"parts":null})"), "");
}

TEST(MessageReaderTest, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"nosuch":1})", "nosuch UNKNOWN_FIELD\n"},
      {R"({"parts":[{"partName":"a"},{"x":1}]})", "parts[1].x UNKNOWN_FIELD\n"},
      {R"({"thingId":1})", "thingId WRONG_TYPE\n"},
      {R"({"kind":"KIND_HUGE"})", "kind UNKNOWN_ENUM_VALUE\n"},
      {R"({"kind":2})", "kind WRONG_TYPE\n"},
      {R"({"itemCount":2147483648})", "itemCount WRONG_TYPE\n"},
      {R"({"itemCount":1.0})", "itemCount WRONG_TYPE\n"},
      {R"({"itemCount":"1x"})", "itemCount WRONG_TYPE\n"},
      {R"({"smallCount":-1})", "smallCount WRONG_TYPE\n"},
      {R"({"totalOre":9223372036854775808})", "totalOre WRONG_TYPE\n"},
      {R"({"isOpen":"true"})", "isOpen WRONG_TYPE\n"},
      {R"({"ratio":"0.5"})", "ratio WRONG_TYPE\n"},
      {R"({"weight":1e300})", "weight WRONG_TYPE\n"},
      {R"({"blob":"***"})", "blob WRONG_TYPE\n"},
      {R"({"createdAt":"2026-13-01T00:00:00Z"})", "createdAt WRONG_TYPE\n"},
      {R"({"createdAt":{"seconds":1}})", "createdAt WRONG_TYPE\n"},
      {R"({"labels":"a"})", "labels WRONG_TYPE\n"},
      {R"({"labels":["a",null]})", "labels[1] NULL_ELEMENT\n"},
      {R"({"parts":{}})", "parts WRONG_TYPE\n"},
      {R"({"right":[]})", "right WRONG_TYPE\n"},
      {R"({"counts":{"a":null}})", "counts NULL_ELEMENT\n"},
      {R"({"left":"a","right":{}})", "right ONE_OF\n"},
      {R"({"thingId":"a","thing_id":"b"})", "thingId DUPLICATE_FIELD\n"},
  };
  for (const auto& [json, expected] : cases) EXPECT_EQ(Read("Thing", json), expected) << json;
  EXPECT_EQ(Read("Thing", R"({"thingId":1,"kind":"x","nosuch":{}})"),
            "kind UNKNOWN_ENUM_VALUE\nnosuch UNKNOWN_FIELD\nthingId WRONG_TYPE\n");
}

TEST(MessageReaderTest, NeverQuotesValues) {
  const auto message = NewTestMessage("Thing");
  MessageReader reader;
  reader.ReadObject({{"kind", "Hemlig"}, {"createdAt", "Hemlig"}, {"itemCount", "Hemlig"}}, "",
                    *message);
  const auto detail = GetErrorDetail(reader.status());
  ASSERT_EQ(detail->violations.size(), 3U);
  for (const FieldViolation& violation : detail->violations) {
    EXPECT_THAT(violation.en + violation.sv, Not(HasSubstr("Hemlig")));
  }
}

TEST(MessageReaderTest, BoundsTheNumberOfViolations) {
  nlohmann::json object = nlohmann::json::object();
  for (int i = 0; i < 200; ++i) object["x" + std::to_string(i)] = 1;
  const auto message = NewTestMessage("Thing");
  MessageReader reader;
  reader.ReadObject(object, "", *message);
  EXPECT_EQ(GetErrorDetail(reader.status())->violations.size(), MessageReader::kMaxViolations);
}

std::string Query(const std::vector<std::pair<std::string, std::string>>& parameters) {
  const auto message = NewTestMessage("ListThingsRequest");
  MessageReader reader;
  for (const auto& [name, value] : parameters) reader.ReadQueryParameter(name, value, *message);
  const absl::Status status = reader.status();
  if (status.ok()) return message->ShortDebugString();
  const FieldViolation first = GetErrorDetail(status)->violations.front();
  return first.field + " " + first.rule;
}

TEST(MessageReaderTest, ReadsQueryParameters) {
  EXPECT_EQ(Query({{"limit", "10"},
                   {"labels", "a"},
                   {"labels", "b"},
                   {"filter.kinds", "KIND_SMALL"},
                   {"filter.createdAfter", "2026-11-21T10:00:00Z"},
                   {"isOpen", "false"}}),
            "limit: 10 filter { kinds: KIND_SMALL created_after { seconds: 1795255200 } } "
            "labels: \"a\" labels: \"b\" is_open: false");
  EXPECT_EQ(Query({{"nosuch", "1"}}), "nosuch UNKNOWN_PARAMETER");
  EXPECT_EQ(Query({{"filter", "1"}}), "filter UNKNOWN_PARAMETER");
  EXPECT_EQ(Query({{"filter.", "1"}}), "filter. UNKNOWN_PARAMETER");
  EXPECT_EQ(Query({{"limit.x", "1"}}), "limit.x UNKNOWN_PARAMETER");
  EXPECT_EQ(Query({{"limit", "ten"}}), "limit WRONG_TYPE");
  EXPECT_EQ(Query({{"limit", "1"}, {"limit", "2"}}), "limit DUPLICATE_FIELD");
  EXPECT_EQ(Query({{"isOpen", "1"}}), "isOpen WRONG_TYPE");
  EXPECT_EQ(Query({{"filter.kinds", "KIND_HUGE"}}), "filter.kinds UNKNOWN_ENUM_VALUE");
}

}  // namespace
}  // namespace vardkedja::gateway
