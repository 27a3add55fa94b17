// ExportArchive over a real socket: what the archive can check for itself.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "lib/audit/postgres_trail.h"
#include "lib/digest/sha256.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "referral-service/rpc/retention_rpc.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/postgres_retention.h"
#include "referral-service/storage/test_fixture.h"
#include "vardkedja/referral/v1/retention_service.grpc.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Worker;

class ArchiveRpcTest : public testing::Fixture {
 protected:
  ArchiveRpcTest() {
    clock_.Set(SystemClock().Now());
    vardkedja::rpc::ServiceMain main;
    main.service = "referral";
    main.build = [this](vardkedja::rpc::Process& process) {
      const usecases::ExportPorts ports{*door_,           *index_,       *grounds_, *plans_,
                                        *document_store_, files_,        history_,  trail_,
                                        *concerns_,       *life_events_, archive_};
      process.Serve(std::make_shared<rpc::RetentionRpc>(process.adapters(), store_, ports));
      return absl::OkStatus();
    };
    auto started = vardkedja::rpc::ProcessRunner::Start(
        vardkedja::rpc::TestConfig("referral", tokens_.auth()), main);
    EXPECT_TRUE(started.ok()) << started.status();
    process_ = *std::move(started);
    stub_ = v1::RetentionService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(process_->port()), grpc::InsecureChannelCredentials()));
  }

  absl::StatusOr<v1::ExportArchiveResponse> Export(const std::string& id,
                                                   const std::string& cursor) {
    grpc::ClientContext client;
    client.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    client.AddMetadata("authorization", "Bearer " + tokens_.Sign({.organisation = "alvesta",
                                                                  .unit = "alvesta-authority",
                                                                  .roles = {"decider"}}));
    v1::ExportArchiveRequest request;
    request.set_referral_id(id);
    request.set_cursor(cursor);
    v1::ExportArchiveResponse response;
    const grpc::Status status = stub_->ExportArchive(&client, request, &response);
    if (!status.ok()) return vardkedja::rpc::FromGrpc(status);
    return response;
  }

  static std::string DigestOf(const std::string& bytes) {
    Sha256 digest;
    digest.Feed(bytes);
    return digest.Result();
  }

  storage::PostgresRetention store_{*pool_, *vault_};
  storage::PostgresArchive archive_{*pool_, *vault_};
  storage::PostgresAttachments files_{*pool_, *vault_};
  storage::PostgresHistory history_{*pool_};
  audit::PostgresTrail trail_{*pool_, *ring_, ""};
  vardkedja::rpc::TestDirectory directory_;
  vardkedja::rpc::TestTokens tokens_{directory_};
  std::unique_ptr<vardkedja::rpc::ProcessRunner> process_;
  std::unique_ptr<v1::RetentionService::Stub> stub_;
};

TEST_F(ArchiveRpcTest, EachRecordAndTheWholeHaveADigestThatTheArchiveCanCompute) {
  const std::string id = Submitted();
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(usecases::GetReferral(*door_).Run(Call(Worker()), id).ok());
  }
  ASSERT_TRUE(Step(Worker(), id, domain::Withdraw).ok());
  std::string cursor;
  std::string before;
  int pages = 0;
  bool written = false;
  do {
    const auto page = Export(id, cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    std::string all = before;
    for (v1::ArchiveRecord record : page->records()) {
      const std::string claimed = record.sha256();
      record.clear_sha256();
      EXPECT_EQ(DigestOf(record.SerializeAsString()), claimed) << record.path();
      all += claimed;
      if (!record.has_content()) continue;
      written = true;
      EXPECT_EQ(record.content().form().wishes_and_goals(), "Vill bli nykter.");
      EXPECT_EQ(record.path(), "contents/" + std::to_string(record.version()));
      EXPECT_TRUE(record.has_record_time());
    }
    EXPECT_EQ(page->digest(), DigestOf(all)) << "with what came before";
    before = page->digest();
    cursor = page->next();
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(pages, 2);
  EXPECT_TRUE(written);
}

TEST_F(ArchiveRpcTest, ACursorThatIsNoneOfOursIsRefused) {
  const std::string id = Submitted();
  ASSERT_TRUE(Step(Worker(), id, domain::Withdraw).ok());
  const std::string digest(64, 'a');
  for (const std::string& cursor :
       {std::string("x"), std::string("."), digest, digest + ".", digest + ".9-0.0.0.0",
        "zz" + digest + ".3-0.0.0.0", digest + ".3-0.17.0.0"}) {
    const auto refused = Export(id, cursor);
    EXPECT_EQ(testing::Reason(refused.status()), "FIELD_VIOLATIONS") << cursor;
  }
}

}  // namespace
}  // namespace vardkedja::referral
