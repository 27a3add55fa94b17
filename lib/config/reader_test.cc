#include "lib/config/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/status/status.h"

namespace vardkedja::config {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

Reader Open(std::string_view yaml, const Variables& variables = {}) {
  absl::StatusOr<Reader> reader = Reader::FromText("f.yaml", yaml, variables);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return *std::move(reader);
}

std::string Message(const absl::Status& status) { return std::string(ToStd(status.message())); }

TEST(ReaderTest, ReadsEveryKindOfValue) {
  Reader reader = Open(
      "a: {text: x, number: 7, flag: true, wait: 250ms}\n"
      "list: [p, q]\npeers: {referral: 'dns:///r:1', placement: 'dns:///p:1'}\n");
  EXPECT_EQ(reader.Text("a.text"), "x");
  EXPECT_EQ(reader.Integer("a.number", 1, 0, 10), 7);
  EXPECT_TRUE(reader.Flag("a.flag", false));
  EXPECT_EQ(reader.Duration("a.wait", milliseconds(1), milliseconds(0), milliseconds(1000)),
            milliseconds(250));
  EXPECT_THAT(reader.List("list"), ElementsAre("p", "q"));
  EXPECT_THAT(reader.Map("peers"),
              ElementsAre(Pair("placement", "dns:///p:1"), Pair("referral", "dns:///r:1")));
  EXPECT_TRUE(reader.Finish().ok());
}

TEST(ReaderTest, NamesEveryUnknownKeyAtOnce) {
  Reader reader = Open("known: 1\ndatabase: {poolsize: 3}\nextra: [1]\n");
  reader.Integer("known", 0, 0, 9);
  const absl::Status status = reader.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(status), HasSubstr("database.poolsize: unknown key"));
  EXPECT_THAT(Message(status), HasSubstr("extra: unknown key"));
  EXPECT_THAT(Message(status), Not(HasSubstr("known: unknown key; ")));
}

TEST(ReaderTest, NamesTheKeyOfAWrongValue) {
  Reader reader = Open("n: 12x\nbig: 99\nflag: yes\nwait: 5\nlevel: loud\nlist: one\none: [1]\n");
  reader.Integer("n", 1, 0, 10);
  reader.Integer("big", 1, 0, 10);
  reader.Flag("flag", false);
  reader.Duration("wait", milliseconds(1), milliseconds(0), milliseconds(10));
  reader.Choice("level", "info", {"info", "warn"});
  reader.List("list");
  reader.Text("one");
  reader.Text("absent");
  const std::string message = Message(reader.Finish());
  EXPECT_THAT(message, HasSubstr("n: '12x' is not a whole number"));
  EXPECT_THAT(message, HasSubstr("big: 99 is not between 0 and 10"));
  EXPECT_THAT(message, HasSubstr("flag: 'yes' is not true or false"));
  EXPECT_THAT(message, HasSubstr("wait: '5' is not a duration"));
  EXPECT_THAT(message, HasSubstr("level: 'loud' is none of info, warn"));
  EXPECT_THAT(message, HasSubstr("list: a list is expected"));
  EXPECT_THAT(message, HasSubstr("one: one value is expected, not a list"));
  EXPECT_THAT(message, HasSubstr("absent: is missing"));
}

TEST(ReaderTest, RefusesDurationsThatOverflowOrAreOutOfRange) {
  Reader reader = Open("a: 99999999999999999999s\nb: 1000000001h\nc: 2s\nd: -1s\n");
  for (const std::string_view key : {"a", "b", "c", "d"}) {
    EXPECT_EQ(reader.Duration(key, milliseconds(5), milliseconds(0), milliseconds(1000)),
              milliseconds(5))
        << key;
  }
  const std::string message = Message(reader.Finish());
  EXPECT_THAT(message, HasSubstr("a: "));
  EXPECT_THAT(message, HasSubstr("b: "));
  EXPECT_THAT(message, HasSubstr("c: 2s is not between 0ms and 1000ms"));
  EXPECT_THAT(message, HasSubstr("d: "));
}

TEST(ReaderTest, TheEnvironmentOverridesAndAddsKeys) {
  Reader reader =
      Open("database: {dsn: file, pool_size: 3}\n", {{"VARDKEDJA__DATABASE__POOL_SIZE", "5"},
                                                     {"VARDKEDJA__PEERS__REFERRAL", "unix:/r"},
                                                     {"PATH", "/bin"}});
  EXPECT_EQ(reader.Text("database.dsn"), "file");
  EXPECT_EQ(reader.Integer("database.pool_size", 1, 1, 9), 5);
  EXPECT_THAT(reader.Map("peers"), ElementsAre(Pair("referral", "unix:/r")));
  EXPECT_TRUE(reader.Finish().ok());
}

TEST(ReaderTest, AnUnknownVariableIsAnUnknownKey) {
  Reader reader = Open("{}", {{"VARDKEDJA__DATABSE__DSN", "x"}});
  EXPECT_THAT(Message(reader.Finish()), HasSubstr("databse.dsn: unknown key"));
}

TEST(ReaderTest, RefusesAKeyGivenTwice) {
  Reader reader = Open("a: 1\na: 2\n");
  reader.Integer("a", 0, 0, 9);
  EXPECT_THAT(Message(reader.Finish()), HasSubstr("a: given twice"));
}

TEST(ReaderTest, RefusesWhatIsNoMappingOfPlainValues) {
  EXPECT_THAT(Message(Open("just text").Finish()), HasSubstr("a mapping of keys is expected"));
  EXPECT_THAT(Message(Open("a: [{b: 1}]").Finish()), HasSubstr("a: a list of plain values"));
  EXPECT_THAT(Message(Open("a:\n").Finish()), HasSubstr("a: has no value"));
  EXPECT_FALSE(Reader::FromText("f.yaml", "a: [", {}).ok());
  EXPECT_EQ(Reader::FromFile("no/such/file.yaml", {}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace vardkedja::config
