// DownloadAttachment over a real socket while what is stored goes wrong: the error is clear,
// nothing is told that the bytes before it did not tell, and the trail has the disclosure that was
// made.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "lib/id/uuid.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "referral-service/rpc/attachment_rpc.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/test_fixture.h"
#include "vardkedja/referral/v1/attachment_service.grpc.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Worker;

constexpr std::size_t kChunk = domain::kChunkBytes;

class DownloadTest : public testing::Fixture {
 protected:
  DownloadTest() {
    clock_.Set(SystemClock().Now());
    vardkedja::rpc::ServiceMain main;
    main.service = "referral";
    main.build = [this](vardkedja::rpc::Process& process) {
      process.Serve(std::make_shared<rpc::AttachmentRpc>(process.adapters(), attachments_));
      return absl::OkStatus();
    };
    auto started = vardkedja::rpc::ProcessRunner::Start(
        vardkedja::rpc::TestConfig("referral", tokens_.auth()), main);
    EXPECT_TRUE(started.ok()) << started.status();
    process_ = *std::move(started);
    stub_ = v1::AttachmentService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(process_->port()), grpc::InsecureChannelCredentials()));
    while (content_.size() < 2 * kChunk + 300'000) {
      content_ += "Hemlig rad " + std::to_string(content_.size()) + "\n";
    }
    referral_id_ = Submitted();
    attachment_id_ = Upload();
  }

  // Three chunks, the last one short.
  std::string Upload() {
    domain::Attachment announced;
    announced.file_name = "Remiss Påhittad.txt";
    announced.category = "needs";
    announced.byte_size = static_cast<std::int64_t>(content_.size());
    const auto begun = attachments_.Begin(Write(Worker()), referral_id_, announced);
    EXPECT_TRUE(begun.ok()) << begun.status();
    for (std::size_t at = 0; at < content_.size(); at += kChunk) {
      EXPECT_TRUE(attachments_
                      .Append(Write(Worker()), begun->attachment_id, static_cast<std::int64_t>(at),
                              std::string_view(content_).substr(at, kChunk))
                      .ok());
    }
    EXPECT_TRUE(attachments_.Complete(Write(Worker()), begun->attachment_id).ok());
    return begun->attachment_id;
  }

  struct Received {
    bool head = false;
    std::string bytes;
    absl::Status status;
  };

  // As a worker of the unit; `after_head` is done once the head is here.
  Received Download(
      const std::string& organisation, const std::string& unit, const std::string& attachment_id,
      const std::function<void()>& after_head = [] {}) {
    grpc::ClientContext client;
    client.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    client.AddMetadata("authorization",
                       "Bearer " + tokens_.Sign({.organisation = organisation, .unit = unit}));
    v1::DownloadAttachmentRequest request;
    request.set_attachment_id(attachment_id);
    const auto stream = stub_->DownloadAttachment(&client, request);
    Received received;
    common::v1::FilePart part;
    while (stream->Read(&part)) {
      if (part.has_head()) {
        received.head = true;
        after_head();
      }
      received.bytes += part.data();
    }
    received.status = vardkedja::rpc::FromGrpc(stream->Finish());
    return received;
  }

  Received Own(const std::function<void()>& after_head = [] {}) {
    return Download("alvesta", "alvesta-authority", attachment_id_, after_head);
  }

  // The damage is named, with the call that finds it in the logs, and nothing else is.
  static void ExpectDamaged(const Received& received) {
    EXPECT_EQ(received.status.code(), absl::StatusCode::kDataLoss) << received.status;
    const auto detail = GetErrorDetail(received.status);
    ASSERT_TRUE(detail.has_value());
    EXPECT_EQ(detail->reason, "DATA_DAMAGED");
    EXPECT_EQ(detail->metadata.size(), 1U);
    EXPECT_FALSE(detail->metadata.at("call_id").empty());
    const std::string message(received.status.message());
    for (const char* secret : {"chunk", "key", "Remiss", "Hemlig", "attachment"}) {
      EXPECT_EQ(message.find(secret), std::string::npos) << message;
    }
  }

  void ExpectTrail(int permitted, int denied) {
    EXPECT_EQ(Count("SELECT count(*) FILTER (WHERE permitted) * 1000"
                    "  + count(*) FILTER (WHERE NOT permitted) AS n FROM audit_entry"
                    " WHERE resource_id = $1 AND action LIKE '%/DownloadAttachment'",
                    {attachment_id_}),
              permitted * 1000 + denied);
  }

  void Plant(const std::string& fault) {
    database_.Query("referral", fault + " WHERE attachment_id = $1::uuid AND chunk_index = 2",
                    {attachment_id_});
  }

  void LoseKeys() {
    ASSERT_TRUE(keys_->Write("DELETE FROM data_key WHERE record_class = 'attachment'").ok());
  }

  // Keys are asked for anew at each opening, so that one that is lost is missed at once.
  static vault::VaultOptions Forgetful() {
    vault::VaultOptions options;
    options.owner = "referral";
    options.cache_life = std::chrono::seconds(0);
    return options;
  }

  vault::Vault forgetful_{*keys_, *ring_, Forgetful()};
  storage::PostgresAttachments store_{*pool_, forgetful_};
  usecases::Attachments attachments_{*door_, store_};
  std::string content_;
  std::string referral_id_;
  std::string attachment_id_;
  vardkedja::rpc::TestDirectory files_;
  vardkedja::rpc::TestTokens tokens_{files_};
  std::unique_ptr<vardkedja::rpc::ProcessRunner> process_;
  std::unique_ptr<v1::AttachmentService::Stub> stub_;
};

TEST_F(DownloadTest, AWholeFileIsOneDisclosure) {
  const Received received = Own();
  EXPECT_TRUE(received.status.ok()) << received.status;
  EXPECT_TRUE(received.bytes == content_);
  ExpectTrail(1, 0);
}

TEST_F(DownloadTest, ADamagedPartEndsItAfterWhatWasWhole) {
  Plant(
      "UPDATE attachment_chunk SET content_sealed = set_byte(content_sealed, 99,"
      " 255 - get_byte(content_sealed, 99))");
  const Received received = Own();
  ExpectDamaged(received);
  EXPECT_TRUE(received.bytes == content_.substr(0, 2 * kChunk));
  ExpectTrail(1, 0);
}

TEST_F(DownloadTest, AMissingPartEndsItAfterWhatWasWhole) {
  Plant("DELETE FROM attachment_chunk");
  const Received received = Own();
  ExpectDamaged(received);
  EXPECT_TRUE(received.bytes == content_.substr(0, 2 * kChunk));
  ExpectTrail(1, 0);
}

TEST_F(DownloadTest, APartOfAnotherFileIsNotTakenForItsOwn) {
  const std::string other = Upload();
  database_.Query("referral",
                  "UPDATE attachment_chunk SET content_sealed = (SELECT o.content_sealed"
                  " FROM attachment_chunk o WHERE o.attachment_id = $2::uuid"
                  "  AND o.chunk_index = 2) WHERE attachment_id = $1::uuid AND chunk_index = 2",
                  {attachment_id_, other});
  const Received received = Own();
  ExpectDamaged(received);
  EXPECT_TRUE(received.bytes == content_.substr(0, 2 * kChunk));
}

TEST_F(DownloadTest, AKeyThatIsLostInTheMiddleEndsItThere) {
  const Received received = Own([this] { LoseKeys(); });
  ExpectDamaged(received);
  EXPECT_TRUE(received.head);
  EXPECT_LT(received.bytes.size(), content_.size());
  EXPECT_TRUE(received.bytes == content_.substr(0, received.bytes.size())) << "no byte is made up";
  ExpectTrail(1, 0);
}

TEST_F(DownloadTest, AKeyThatWasLostBeforeDisclosesNothing) {
  LoseKeys();
  const Received received = Own();
  ExpectDamaged(received);
  EXPECT_FALSE(received.head);
  EXPECT_EQ(received.bytes, "");
  ExpectTrail(0, 0);
}

TEST_F(DownloadTest, DamageTellsOthersNothing) {
  const auto told = [this](const std::string& id) {
    const Received received = Download("vaxjo", "vaxjo-ifo1", id);
    EXPECT_FALSE(received.head);
    EXPECT_EQ(testing::Reason(received.status), "NOT_FOUND");
    return received.status;
  };
  const absl::Status missing = told(NewUuidV7());
  EXPECT_EQ(told(attachment_id_), missing);
  LoseKeys();
  EXPECT_EQ(told(attachment_id_), missing);
  ExpectTrail(0, 0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE NOT permitted"
                  " AND action LIKE '%/DownloadAttachment'"),
            3);
}

}  // namespace
}  // namespace vardkedja::referral
