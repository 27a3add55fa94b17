#include "tests/e2e/bad_input.h"

#include <utility>

namespace vardkedja::e2e {

Suite* BadInput::suite_ = nullptr;
Stage* BadInput::stage_ = nullptr;

void BadInput::SetUpTestSuite() {
  suite_ = new Suite(Suite::Fresh());
  stage_ = new Stage(*suite_);
}

void BadInput::TearDownTestSuite() {
  delete stage_;
  suite_->Erase();
  delete suite_;
}

RestReply BadInput::Call(const std::string& token, RestRequest request) {
  if (!token.empty()) request.headers["Authorization"] = "Bearer " + token;
  return CallRest(suite_->addresses().http, request);
}

RestReply BadInput::Post(const std::string& target, const std::string& body) {
  return Call(worker_token_, {.method = "POST", .target = target, .body = body});
}

RestReply BadInput::Get(const Actor& actor, const std::string& target) {
  return Call(suite_->Token(actor), {.target = target});
}

Case BadInput::Draft(int number) {
  Case c;
  c.person = {
      "X",           "Xerxes",
      "Exempelfält", TestIdentityNumber(MakeDate(1980, 1, 1) + std::chrono::days(number), 239),
      false,         "0764"};
  c.worker = cast::AlvestaWorker();
  c.decider = cast::AlvestaDecider();
  Play(*stage_).Refer(c, {});
  return c;
}

void ExpectProblem(const RestReply& reply, int status, std::string_view reason) {
  EXPECT_EQ(reply.status, status) << reply.body;
  ASSERT_TRUE(reply.headers.contains("content-type")) << reply.body;
  EXPECT_EQ(reply.headers.at("content-type").substr(0, 24), "application/problem+json");
  EXPECT_EQ(reply.Json().value("reason", ""), reason) << reply.body;
}

}  // namespace vardkedja::e2e
