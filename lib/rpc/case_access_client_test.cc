#include "lib/rpc/case_access_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "lib/rpc/adapter.h"
#include "lib/rpc/channel.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "vardkedja/referral/v1/authorization_service.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using referral::v1::AuthorizationService;
using referral::v1::AuthorizeRequest;
using referral::v1::AuthorizeResponse;
using referral::v1::DescribeRequest;
using referral::v1::DescribeResponse;
using testing::ElementsAre;

// Permits what begins with "mine".
AuthorizeResponse Decide(const AuthorizeRequest& request) {
  AuthorizeResponse response;
  for (const std::string& id : request.case_ids()) {
    referral::v1::AccessDecision& decision = *response.add_decisions();
    decision.set_case_id(id);
    decision.set_permitted(id.starts_with("mine"));
    decision.set_rule_id(decision.permitted() ? "owner" : "deny");
    if (decision.permitted()) decision.add_categories("identity");
  }
  return response;
}

class FakeReferral final : public AuthorizationService::CallbackService {
 public:
  explicit FakeReferral(AdapterCore& core)
      : adapter_(core, AuthorizationService::service_full_name()) {}
  grpc::ServerUnaryReactor* Authorize(grpc::CallbackServerContext* context,
                                      const AuthorizeRequest* request,
                                      AuthorizeResponse* response) override {
    return adapter_.Unary(context, request, response, "Authorize",
                          [this](const auth::CallContext&, const AuthorizeRequest& asked) {
                            ++questions;
                            last_unit = asked.unit_id();
                            last_role = asked.roles(0);
                            return authorize(asked);
                          });
  }
  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context,
                                     const DescribeRequest* request,
                                     DescribeResponse* response) override {
    return adapter_.Unary(
        context, request, response, "Describe",
        [this](const auth::CallContext&, const DescribeRequest& asked) { return describe(asked); });
  }

  std::function<absl::StatusOr<AuthorizeResponse>(const AuthorizeRequest&)> authorize = Decide;
  std::function<absl::StatusOr<DescribeResponse>(const DescribeRequest&)> describe;
  std::atomic<int> questions{0};
  std::string last_unit;
  int last_role = 0;

 private:
  const Adapter adapter_;
};

class CaseAccessClientTest : public testing::Test {
 protected:
  CaseAccessClientTest() : tokens_(directory_) {
    ServiceMain main;
    main.service = "referral";
    main.build = [this](Process& process) {
      referral_ = std::make_shared<FakeReferral>(process.adapters());
      process.Serve(referral_);
      return absl::OkStatus();
    };
    process_ = ProcessRunner::Start(TestConfig("referral", tokens_.auth()), main).value();
    config::ServiceConfig own = TestConfig("placement", tokens_.auth());
    own.peers["referral"] = "127.0.0.1:" + std::to_string(process_->port());
    channels_ = std::make_unique<Channels>(own);
    access_ = MakeCaseAccessClient(*channels_, 500ms);
    context_.acting_unit = "ekeliden";
    context_.purpose = "case_work";
    context_.principal.roles = {auth::Role::kFacilityStaff};
    context_.deadline = std::chrono::steady_clock::now() + 30s;
  }

  static void ExpectNoAnswer(const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    ASSERT_TRUE(GetErrorDetail(status).has_value());
    EXPECT_EQ(GetErrorDetail(status)->reason, "AUTHORIZATION_UNAVAILABLE");
  }

  TestDirectory directory_;
  TestTokens tokens_;
  std::shared_ptr<FakeReferral> referral_;
  std::unique_ptr<ProcessRunner> process_;
  std::unique_ptr<Channels> channels_;
  std::unique_ptr<auth::CaseAccess> access_;
  auth::CallContext context_;
};

TEST_F(CaseAccessClientTest, BringsOneDecisionPerCaseInOrder) {
  const auto decisions = access_->Authorize(context_, {"mine-1", "theirs", "mine-2"});
  ASSERT_TRUE(decisions.ok()) << decisions.status();
  EXPECT_THAT(*decisions, ElementsAre(auth::AccessDecision{"mine-1", true, "owner", {"identity"}},
                                      auth::AccessDecision{"theirs", false, "deny", {}},
                                      auth::AccessDecision{"mine-2", true, "owner", {"identity"}}));
  EXPECT_EQ(referral_->last_unit, "ekeliden");
  EXPECT_EQ(referral_->last_role, static_cast<int>(auth::Role::kFacilityStaff));
}

TEST_F(CaseAccessClientTest, AsksInBatchesAndNotAtAllAboutNothing) {
  std::vector<std::string> ids(2500);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = "mine-" + std::to_string(i);
  const auto decisions = access_->Authorize(context_, ids);
  ASSERT_TRUE(decisions.ok()) << decisions.status();
  ASSERT_EQ(decisions->size(), ids.size());
  EXPECT_EQ(decisions->back().case_id, "mine-2499");
  EXPECT_EQ(referral_->questions.load(), 3);
  EXPECT_TRUE(access_->Authorize(context_, {}).value().empty());
  EXPECT_EQ(referral_->questions.load(), 3);
}

TEST_F(CaseAccessClientTest, AnAnswerAboutOtherCasesPermitsNothing) {
  referral_->authorize = [](const AuthorizeRequest&) {
    AuthorizeRequest other;
    other.add_case_ids("mine-other");
    return absl::StatusOr<AuthorizeResponse>(Decide(other));
  };
  ExpectNoAnswer(access_->Authorize(context_, {"theirs"}).status());
  referral_->authorize = [](const AuthorizeRequest&) {
    return absl::StatusOr<AuthorizeResponse>(AuthorizeResponse());
  };
  ExpectNoAnswer(access_->Authorize(context_, {"mine-1"}).status());
}

TEST_F(CaseAccessClientTest, EveryErrorPermitsNothing) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInternal, absl::StatusCode::kPermissionDenied,
        absl::StatusCode::kUnavailable, absl::StatusCode::kNotFound}) {
    referral_->authorize = [code](const AuthorizeRequest&) {
      return absl::StatusOr<AuthorizeResponse>(MakeError(code, "no", "NO"));
    };
    ExpectNoAnswer(access_->Authorize(context_, {"mine-1"}).status());
  }
}

TEST_F(CaseAccessClientTest, AMomentaryLossIsTriedAgain) {
  std::atomic<int> left{2};
  referral_->authorize = [&left](const AuthorizeRequest& request) {
    if (left.fetch_sub(1) > 0) {
      return absl::StatusOr<AuthorizeResponse>(
          MakeError(absl::StatusCode::kUnavailable, "no", "DATABASE_UNAVAILABLE"));
    }
    return absl::StatusOr<AuthorizeResponse>(Decide(request));
  };
  EXPECT_TRUE(access_->Authorize(context_, {"mine-1"}).ok());
  EXPECT_EQ(referral_->questions.load(), 3);
}

TEST_F(CaseAccessClientTest, ASlowAnswerIsNoAnswer) {
  std::atomic<bool> release{false};
  referral_->authorize = [&release](const AuthorizeRequest& request) {
    while (!release.load()) std::this_thread::yield();
    return absl::StatusOr<AuthorizeResponse>(Decide(request));
  };
  const auto begun = std::chrono::steady_clock::now();
  ExpectNoAnswer(access_->Authorize(context_, {"mine-1"}).status());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  release.store(true);
  process_.reset();  // waits for the handler, which looks at `release`
}

TEST_F(CaseAccessClientTest, ADeadReferralServiceIsNoAnswer) {
  process_.reset();
  ExpectNoAnswer(access_->Authorize(context_, {"mine-1"}).status());
}

TEST_F(CaseAccessClientTest, DescribesOnlyWhatWasAskedFor) {
  referral_->describe = [](const DescribeRequest& request) {
    DescribeResponse response;
    referral::v1::CaseDescription& one = *response.add_cases();
    one.set_case_id(request.case_ids(0));
    one.set_case_number("VK-2026-000042");
    return absl::StatusOr<DescribeResponse>(response);
  };
  const auto descriptions = access_->Describe(context_, {"mine-1", "theirs"});
  ASSERT_TRUE(descriptions.ok()) << descriptions.status();
  ASSERT_EQ(descriptions->size(), 1U);
  EXPECT_EQ(descriptions->front().case_number, "VK-2026-000042");
  referral_->describe = [](const DescribeRequest&) {
    DescribeResponse response;
    response.add_cases()->set_case_id("another");
    return absl::StatusOr<DescribeResponse>(response);
  };
  ExpectNoAnswer(access_->Describe(context_, {"mine-1"}).status());
}

}  // namespace
}  // namespace vardkedja::rpc
