// The whole process over a real socket and a real database, without its peers: services start in
// any order.
#include "notification-service/service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "notification-service/test_fixture.h"
#include "vardkedja/notification/v1/directory_service.grpc.pb.h"
#include "vardkedja/notification/v1/message_service.grpc.pb.h"

namespace vardkedja::notification {
namespace {

using ::testing::SizeIs;

class ProcessTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    config::ServiceConfig config = vardkedja::rpc::TestConfig("notification", tokens_.auth());
    config.database.dsn = database_.RuntimeDsn("notification");
    config.database.migrator_dsn = database_.Dsn("notification_migrator");
    config.keystore = config::Database();
    config.keystore->dsn = database_.RuntimeDsn("keystore");
    config.keystore->migrator_dsn = database_.Dsn("keystore_migrator");
    config.vault = config::Vault();
    config.vault->key_ring = key_directory_ + "/ring.yaml";
    config.peers = {{"referral", "127.0.0.1:1"}, {"placement", "127.0.0.1:1"}};
    config_ = config;
  }

  void Start() {
    auto runner = vardkedja::rpc::ProcessRunner::Start(
        config_, {.service = "notification", .build = Build, .migrate = Migrate, .seed = Seed});
    ASSERT_TRUE(runner.ok()) << runner.status();
    runner_ = *std::move(runner);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(runner_->port()),
                                   grpc::InsecureChannelCredentials());
  }

  std::unique_ptr<grpc::ClientContext> Context(const std::string& unit) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", "Bearer " + tokens_.Sign({.unit = unit}));
    context->AddMetadata("x-acting-unit", unit);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return context;
  }

  vardkedja::rpc::TestDirectory files_;
  vardkedja::rpc::TestTokens tokens_{files_};
  config::ServiceConfig config_;
  std::unique_ptr<vardkedja::rpc::ProcessRunner> runner_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ProcessTest, MigratesSeedsServesAndDrains) {
  ASSERT_TRUE(Migrate(config_).ok());
  ASSERT_TRUE(Seed(config_, "deploy/kronoberg").ok());
  Start();
  const auto directory = v1::DirectoryService::NewStub(channel_);
  v1::GetUnitRequest get_unit;
  get_unit.set_unit_id("placement-board");
  v1::Unit board;
  const grpc::Status found = directory->GetUnit(Context("piva").get(), get_unit, &board);
  ASSERT_TRUE(found.ok()) << found.error_message();
  EXPECT_EQ(board.name(), "Remissgruppen");
  EXPECT_THAT(board.seats(), SizeIs(2));

  const auto messages = v1::MessageService::NewStub(channel_);
  v1::SendMessageRequest send;
  send.set_request_id("0b9d2f1e-6d7c-4d0e-9a55-0123456789ac");
  send.set_recipient_unit_id("novus");
  send.set_label("Fråga");
  send.set_text("Har ni öppet i helgen?");
  v1::Message sent;
  const grpc::Status sending = messages->SendMessage(Context("piva").get(), send, &sent);
  ASSERT_TRUE(sending.ok()) << sending.error_message();
  EXPECT_EQ(sent.state(), v1::MESSAGE_STATE_ACCEPTED);

  v1::ListMessagesRequest list;
  v1::ListMessagesResponse inbox;
  ASSERT_TRUE(messages->ListMessages(Context("novus").get(), list, &inbox).ok());
  ASSERT_THAT(inbox.messages(), SizeIs(1));
  EXPECT_EQ(inbox.unopened_count(), 1);
  EXPECT_EQ(inbox.messages(0).text(), "") << "lists leave out free text";
  EXPECT_EQ(inbox.messages(0).label(), "Fråga");

  v1::GetMessageRequest get;
  get.set_message_id(sent.message_id());
  v1::Message read;
  ASSERT_TRUE(messages->GetMessage(Context("novus").get(), get, &read).ok());
  EXPECT_EQ(read.text(), "Har ni öppet i helgen?");
  EXPECT_EQ(read.state(), v1::MESSAGE_STATE_RETRIEVED);
  EXPECT_EQ(messages->GetMessage(Context("ekeliden").get(), get, &read).error_code(),
            grpc::StatusCode::NOT_FOUND);
  runner_->Drain();
}

TEST_F(ProcessTest, RefusesToStartWithoutAKeyStore) {
  config_.keystore = std::nullopt;
  const auto runner = vardkedja::rpc::ProcessRunner::Start(
      config_, {.service = "notification", .build = Build, .migrate = Migrate, .seed = Seed});
  EXPECT_EQ(runner.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace vardkedja::notification
