#include "gateway/routes/contract.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "gateway/routes/embedded_contract.h"
#include "gateway/routes/router.h"
#include "gateway/testing/contract.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kService[] = "/vardkedja.test.v1.EchoService/";

TEST(PathTemplateTest, ReadsLiteralsAndVariables) {
  const auto path = PathTemplate::Parse("/referral/v1/referrals/{referral_id}/submit");
  ASSERT_TRUE(path.ok());
  EXPECT_THAT(path->Variables(), ElementsAre("referral_id"));
  const auto values = path->Match({"referral", "v1", "referrals", "42", "submit"});
  ASSERT_TRUE(values.has_value());
  EXPECT_THAT(*values, ElementsAre("42"));
  EXPECT_FALSE(path->Match({"referral", "v1", "referrals", "", "submit"}).has_value());
  EXPECT_FALSE(path->Match({"referral", "v1", "referrals", "42"}).has_value());
  EXPECT_FALSE(path->Match({"referral", "v1", "referrals", "42", "Submit"}).has_value());
}

TEST(PathTemplateTest, RefusesWhatTheHouseDoesNotUse) {
  for (const char* text : {"", "a/b", "/", "/a/", "//a", "/{}", "/{a=**}", "/*", "/a:verb", "/A",
                           "/{a}{b}", "/a{b}"}) {
    EXPECT_FALSE(PathTemplate::Parse(text).ok()) << text;
  }
}

TEST(ContractTest, RoutesOnlyPublicMethods) {
  const Contract& contract = TestContract();
  ASSERT_NE(contract.FindMethod(std::string(kService) + "GetThing"), nullptr);
  EXPECT_EQ(contract.FindMethod(std::string(kService) + "GetThing")->part, "test");
  EXPECT_FALSE(contract.FindMethod(std::string(kService) + "GetThing")->streaming);
  EXPECT_TRUE(contract.FindMethod(std::string(kService) + "WatchThings")->streaming);
  for (const char* name : {"InternalThing", "RulelessThing", "UploadThings", "NoSuchThing", ""}) {
    EXPECT_EQ(contract.FindMethod(std::string(kService) + name), nullptr) << name;
  }
  EXPECT_EQ(contract.FindMethod("/vardkedja.eventlog.v1.EventLogService/Read"), nullptr);
}

TEST(ContractTest, FindsRoutesByVerb) {
  const Router router(TestContract());
  const auto found = router.Find("POST", {"test", "v1", "things", "7", "submit"});
  ASSERT_NE(found.binding, nullptr);
  EXPECT_EQ(found.binding->method->path, std::string(kService) + "SubmitThing");
  EXPECT_THAT(found.values, ElementsAre("7"));

  const auto wrong_verb = router.Find("DELETE", {"test", "v1", "things", "7"});
  EXPECT_EQ(wrong_verb.binding, nullptr);
  EXPECT_THAT(wrong_verb.allowed, ElementsAre("GET", "PATCH"));

  const auto internal = router.Find("GET", {"test", "v1", "internal-things", "7"});
  EXPECT_EQ(internal.binding, nullptr);
  EXPECT_TRUE(internal.allowed.empty());
}

// Loads a contract with one more method bound to `http`, as if a developer had added it.
absl::Status LoadWith(const std::string& verb, const std::string& path, const std::string& body,
                      bool streaming = false) {
  google::protobuf::FileDescriptorSet set;
  const auto embedded = EmbeddedContract();
  EXPECT_TRUE(set.ParseFromArray(embedded.data(), static_cast<int>(embedded.size())));
  for (auto& file : *set.mutable_file()) {
    if (file.name() != "echo.proto") continue;
    auto* method = file.mutable_service(0)->add_method();
    *method = file.service(0).method(0);
    method->set_name("Added");
    method->set_server_streaming(streaming);
    google::protobuf::DynamicMessageFactory factory;
    auto* options = method->mutable_options();
    // google.api.http = 72295728: {get = 2, post = 4, body = 7}
    const auto field = [](int number, const std::string& text) {
      return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(text.size()) +
             text;
    };
    const std::string rule = field(verb == "get" ? 2 : 4, path) + field(7, body);
    std::string serialised = options->SerializeAsString();
    serialised += std::string("\x82\xd3\xe4\x93\x02", 5) + static_cast<char>(rule.size()) + rule;
    EXPECT_TRUE(options->ParseFromString(serialised));
  }
  return Contract::Load(set.SerializeAsString()).status();
}

TEST(ContractTest, RefusesBindingsThatCanNotBeServed) {
  EXPECT_TRUE(LoadWith("post", "/test/v1/added", "*").ok());
  EXPECT_THAT(ToStd(LoadWith("post", "/test/v1/things", "*").message()), HasSubstr("collides"));
  EXPECT_THAT(ToStd(LoadWith("post", "/test/v1/{missing}", "*").message()),
              HasSubstr("path variable"));
  EXPECT_THAT(ToStd(LoadWith("post", "/test/v1/{thing}", "*").message()), HasSubstr("scalar"));
  EXPECT_THAT(ToStd(LoadWith("post", "/test/v1/added", "request_id").message()), HasSubstr("body"));
  EXPECT_THAT(ToStd(LoadWith("get", "/test/v1/added", "*").message()), HasSubstr("GET"));
  EXPECT_THAT(ToStd(LoadWith("get", "/test/v1/**", "").message()), HasSubstr("Added"));
  for (const char* verb : {"get", "post"}) {
    const absl::Status status = LoadWith(verb, "/test/v1/added", "", /*streaming=*/true);
    EXPECT_THAT(ToStd(status.message()), HasSubstr("after_sequence")) << verb;
  }
}

}  // namespace
}  // namespace vardkedja::gateway
