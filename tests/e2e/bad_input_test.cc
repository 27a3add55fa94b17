// What callers do wrong, through the public REST door: each gets a clear answer that names the
// field or the rule, and nothing is changed.
#include "tests/e2e/bad_input.h"

namespace vardkedja::e2e {
namespace {

using nlohmann::json;

constexpr char kReferrals[] = "/referral/v1/referrals";

std::string Minimal(const std::string& request_id, const std::string& identity_number) {
  return json{{"requestId", request_id},
              {"form", {{"person", {{"identityNumber", identity_number}}}}}}
      .dump();
}

TEST_F(BadInput, UnknownAndForeignCasesGiveTheSameBytes) {
  const Case c = Draft(1);
  const std::string base = std::string(kReferrals) + "/";
  RestReply foreign = Get(cast::VaxjoWorker(1), base + c.referral_id);
  RestReply missing = Get(cast::VaxjoWorker(1), base + NewRequestId());
  ExpectProblem(foreign, 404, "NOT_FOUND");
  // The instance is the call's own id; everything else is the same.
  json foreign_body = foreign.Json();
  json missing_body = missing.Json();
  foreign_body.erase("instance");
  missing_body.erase("instance");
  EXPECT_EQ(foreign_body, missing_body);
  EXPECT_EQ(foreign.body.size(), missing.body.size());
}

TEST_F(BadInput, WrongTokens) {
  const std::string target = std::string(kReferrals) + "/" + NewRequestId();
  EXPECT_EQ(Call("", {.target = target}).status, 401);
  ExpectProblem(Call("not-a-token", {.target = target}), 401, "TOKEN_INVALID");
  std::string forged = worker_token_;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  ExpectProblem(Call(forged, {.target = target}), 401, "TOKEN_INVALID");
  const std::string expired = suite_->Token(cast::AlvestaWorker(), "high", "-1h");
  ExpectProblem(Call(expired, {.target = target}), 401, "TOKEN_EXPIRED");
  const std::string weak = suite_->Token(cast::AlvestaWorker(), "low");
  ExpectProblem(Call(weak, {.target = target}), 403, "ASSURANCE_TOO_LOW");
  ExpectProblem(Get(cast::Statistician(), target), 403, "ROLE_NOT_ALLOWED");
  RestRequest as_other{.target = target, .headers = {{"X-Acting-Unit", "vaxjo-ifo1"}}};
  ExpectProblem(Call(worker_token_, as_other), 403, "UNIT_NOT_YOURS");
}

TEST_F(BadInput, SubmitWithoutAGround) {
  const Case c = Draft(2);
  const json body = {{"requestId", NewRequestId()}, {"etag", c.etag}};
  ExpectProblem(Post(std::string(kReferrals) + "/" + c.referral_id + "/submit", body.dump()), 400,
                "NO_GROUND");
}

TEST_F(BadInput, IllegalStateNamesStateAndAllowedActions) {
  const Case c = Draft(3);
  const json body = {{"requestId", NewRequestId()}, {"etag", c.etag}, {"kind", "ANSWER_KIND_YES"}};
  const RestReply reply =
      Post(std::string(kReferrals) + "/" + c.referral_id + "/record-answer", body.dump());
  ExpectProblem(reply, 400, "ILLEGAL_STATE");
  EXPECT_NE(reply.body.find("draft"), std::string::npos) << reply.body;
  EXPECT_NE(reply.body.find("submit"), std::string::npos) << reply.body;
}

TEST_F(BadInput, StaleEtag) {
  const Case c = Draft(4);
  json body = {{"requestId", NewRequestId()}, {"etag", "999"}};
  ExpectProblem(Post(std::string(kReferrals) + "/" + c.referral_id + "/submit", body.dump()), 409,
                "STALE_ETAG");
}

TEST_F(BadInput, RepeatedRequestIsAnsweredAgainAndReusedIdIsRefused) {
  const std::string id = NewRequestId();
  const std::string number = TestIdentityNumber(MakeDate(1981, 2, 3), 238);
  const RestReply first = Post(kReferrals, Minimal(id, number));
  ASSERT_EQ(first.status, 200) << first.body;
  const RestReply again = Post(kReferrals, Minimal(id, number));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.Json().value("referralId", "a"), first.Json().value("referralId", "b"));
  const std::string other = TestIdentityNumber(MakeDate(1981, 2, 4), 238);
  ExpectProblem(Post(kReferrals, Minimal(id, other)), 400, "REQUEST_ID_REUSED");
}

TEST_F(BadInput, InvalidIdentityNumberNamesFieldAndRule) {
  const RestReply reply = Post(kReferrals, Minimal(NewRequestId(), "198413322388"));
  ExpectProblem(reply, 400, "FIELD_VIOLATIONS");
  EXPECT_NE(reply.body.find("form.person.identity"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.body.find("198413322388"), std::string::npos) << "the number is not echoed";
}

TEST_F(BadInput, LaxJsonAndUnknownFields) {
  for (const char* body : {"{'requestId': 'x'}", "{requestId: \"x\"}", "{\"requestId\": \"x\",}",
                           "{\"requestId\": \"x\", \"requestId\": \"y\"}", "{", ""}) {
    EXPECT_EQ(Post(kReferrals, body).status, 400) << body;
  }
  const RestReply unknown = Post(kReferrals, "{\"requestId\": \"x\", \"shoeSize\": 43}");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_NE(unknown.body.find("shoeSize"), std::string::npos) << unknown.body;
}

TEST_F(BadInput, OversizeBody) {
  const RestReply reply = Post(kReferrals, "{\"x\": \"" + std::string(6 << 20, 'a') + "\"}");
  EXPECT_TRUE(reply.status == 413 || reply.status == 0) << reply.status;
  EXPECT_EQ(Get(cast::AlvestaWorker(), kReferrals).status, 200) << "the door is still open";
}

TEST_F(BadInput, MissingRequestId) {
  ExpectProblem(Post(kReferrals, "{\"form\": {}}"), 400, "FIELD_VIOLATIONS");
}

}  // namespace
}  // namespace vardkedja::e2e
