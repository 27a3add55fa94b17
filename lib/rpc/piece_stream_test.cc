// Streams made piece by piece, over a real gRPC server. DownloadAttachment stands for all; the file
// is a count of parts, and its id says what goes wrong.
#include "lib/rpc/piece_stream.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "lib/rpc/adapter.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "vardkedja/referral/v1/attachment_service.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using common::v1::FilePart;
using referral::v1::AttachmentChunk;
using referral::v1::AttachmentService;
using referral::v1::DownloadAttachmentRequest;
using referral::v1::GetChunkRequest;
using ::testing::HasSubstr;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kPartBytes = 128 << 10;

// What the sources of a test did.
struct Made {
  std::atomic<int> parts{0};
  std::atomic<int> open{0};
};

// "3" is a file of three parts; "endless" never ends; "damaged" cannot be read after two; "revoked"
// may not be read after two; "throws" throws.
class PlayedSource final : public PieceSource<FilePart> {
 public:
  PlayedSource(Made& made, std::string file) : made_(made), file_(std::move(file)) { ++made_.open; }
  ~PlayedSource() override { --made_.open; }

  absl::StatusOr<std::optional<FilePart>> Next(const auth::CallContext& context) override {
    EXPECT_GT(context.deadline, opened_);
    if (file_ == "throws") throw std::runtime_error("secret");
    if (told_ == 2 && file_ == "damaged") return absl::DataLossError("a chunk does not open");
    if (told_ == 2 && file_ == "revoked") return NotFound();
    if (told_ == 3 && file_ == "3") return std::nullopt;
    ++told_;
    ++made_.parts;
    FilePart part;
    part.set_data(std::string(kPartBytes, static_cast<char>('a' + told_ % 26)));
    return part;
  }

 private:
  Made& made_;
  const std::string file_;
  const SteadyClock::time_point opened_ = SteadyClock::now();
  int told_ = 0;
};

class FileRpc final : public AttachmentService::CallbackService {
 public:
  FileRpc(AdapterCore& core, Made& made, std::shared_ptr<PieceStreams> streams)
      : adapter_(core, AttachmentService::service_full_name()),
        made_(made),
        streams_(std::move(streams)) {}

  grpc::ServerWriteReactor<FilePart>* DownloadAttachment(
      grpc::CallbackServerContext* context, const DownloadAttachmentRequest* request) override {
    return streams_->Start<FilePart>(
        context, request, "/vardkedja.referral.v1.AttachmentService/DownloadAttachment",
        std::make_unique<PlayedSource>(made_, request->attachment_id()));
  }
  grpc::ServerUnaryReactor* GetChunk(grpc::CallbackServerContext* context,
                                     const GetChunkRequest* request,
                                     AttachmentChunk* response) override {
    return adapter_.Unary(context, request, response, "GetChunk",
                          [](const auth::CallContext&, const GetChunkRequest&) {
                            return absl::StatusOr<AttachmentChunk>(AttachmentChunk());
                          });
  }

 private:
  const Adapter adapter_;
  Made& made_;
  const std::shared_ptr<PieceStreams> streams_;
};

class PieceStreamTest : public ::testing::Test {
 protected:
  using Reader = std::unique_ptr<grpc::ClientReader<FilePart>>;

  PieceStreamTest() : tokens_(directory_), config_(TestConfig("referral", tokens_.auth())) {
    config_.limits.workers = 1;
  }

  void Start(std::optional<std::chrono::milliseconds> stall = std::nullopt) {
    ServiceMain main;
    main.service = "referral";
    main.build = [this, stall](Process& process) {
      metrics_ = &process.metrics();
      auto& core = process.adapters();
      auto streams =
          stall ? std::make_shared<PieceStreams>(core, PieceStreamsOptions{.stall = *stall})
                : MakePieceStreams(core);
      process.Serve(std::make_shared<FileRpc>(core, made_, std::move(streams)));
      return absl::OkStatus();
    };
    auto process = ProcessRunner::Start(config_, main);
    ASSERT_TRUE(process.ok()) << process.status();
    process_ = *std::move(process);
    // As the gateway does: else gRPC takes megabytes ahead of a reader that is near.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    stub_ = AttachmentService::NewStub(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(process_->port()),
                                  grpc::InsecureChannelCredentials(), arguments));
  }

  Reader Download(grpc::ClientContext& client, const std::string& file,
                  const TestToken& token = {}) {
    client.AddMetadata("authorization", "Bearer " + tokens_.Sign(token));
    DownloadAttachmentRequest request;
    request.set_attachment_id(file);
    return stub_->DownloadAttachment(&client, request);
  }
  static bool Next(const Reader& reader) {
    FilePart part;
    return reader->Read(&part);
  }
  // How it ended, and after how many more parts.
  static std::pair<std::string, int> EndOf(const Reader& reader) {
    int parts = 0;
    while (Next(reader)) ++parts;
    const absl::Status status = FromGrpc(reader->Finish());
    if (status.ok()) return {"OK", parts};
    const auto detail = GetErrorDetail(status);
    return {detail ? detail->reason : std::string(ToStd(status.message())), parts};
  }
  bool Await(const std::function<bool()>& done, std::chrono::milliseconds patience = 10s) {
    const auto until = SteadyClock::now() + patience;
    while (!done()) {
      if (SteadyClock::now() > until) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }

  TestDirectory directory_;
  TestTokens tokens_;
  config::ServiceConfig config_;
  Made made_;
  telemetry::Metrics* metrics_ = nullptr;
  std::unique_ptr<ProcessRunner> process_;
  std::unique_ptr<AttachmentService::Stub> stub_;
};

TEST_F(PieceStreamTest, TellsAllPartsInOrderAndThenEnds) {
  Start();
  grpc::ClientContext client;
  const auto reader = Download(client, "3");
  FilePart part;
  for (const char c : {'b', 'c', 'd'}) {
    ASSERT_TRUE(reader->Read(&part));
    EXPECT_EQ(part.data(), std::string(kPartBytes, c));
  }
  EXPECT_EQ(EndOf(reader), std::pair(std::string("OK"), 0));
  EXPECT_TRUE(Await([this] { return made_.open == 0; }));
}

TEST_F(PieceStreamTest, WhatCannotBeToldEndsItWithAnErrorAndNeverWithOk) {
  Start();
  for (const auto& [file, reason, parts] :
       {std::tuple("damaged", "DATA_DAMAGED", 2), std::tuple("revoked", "NOT_FOUND", 2),
        std::tuple("throws", "INTERNAL", 0)}) {
    grpc::ClientContext client;
    EXPECT_EQ(EndOf(Download(client, file)), std::pair(std::string(reason), parts)) << file;
  }
  grpc::ClientContext client;
  const auto reader = Download(client, "damaged");
  while (Next(reader)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DATA_LOSS);
}

TEST_F(PieceStreamTest, ManyWhoReadNothingHoldNoWorkerAndLittleElse) {
  Start();
  std::vector<std::unique_ptr<grpc::ClientContext>> clients;
  std::vector<Reader> readers;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(Download(*clients.back(), "endless"));
  }
  EXPECT_TRUE(Await([this] {
    return metrics_->Render().find("vardkedja_piece_streams 200\n") != std::string::npos;
  }));
  int before = -1;
  EXPECT_TRUE(Await([&] {
    std::this_thread::sleep_for(200ms);
    return std::exchange(before, made_.parts) == made_.parts;
  })) << "pieces are made for who takes none";
  EXPECT_LT(made_.parts, 200 * 4) << "what is under way is bounded";
  EXPECT_THAT(metrics_->Render(), HasSubstr("vardkedja_pool_running 0\n"));
  for (int i = 0; i < 10; ++i) {
    grpc::ClientContext client;
    client.AddMetadata("authorization", "Bearer " + tokens_.Sign({}));
    client.set_deadline(std::chrono::system_clock::now() + 2s);
    AttachmentChunk chunk;
    EXPECT_TRUE(stub_->GetChunk(&client, {}, &chunk).ok()) << "others are served";
  }
  for (const auto& client : clients) client->TryCancel();
  EXPECT_TRUE(Await([this] { return made_.open == 0; })) << "who left is forgotten";
}

TEST_F(PieceStreamTest, AReaderThatGoesAwayOrTakesNothingIsLetGo) {
  Start(300ms);
  grpc::ClientContext leaving;
  const auto left = Download(leaving, "endless");
  EXPECT_TRUE(Next(left));
  leaving.TryCancel();
  EXPECT_TRUE(Await([this] { return made_.open == 0; }));
  grpc::ClientContext stuck;
  const auto unread = Download(stuck, "endless");
  EXPECT_TRUE(Await([this] { return made_.open == 1; }));
  EXPECT_TRUE(Await([this] { return made_.open == 0; })) << "it may stall for 300 ms";
  stuck.TryCancel();
  EXPECT_NE(EndOf(unread).first, "OK");
}

TEST_F(PieceStreamTest, TheNumberOfStreamsIsBounded) {
  config_.limits.max_streams = 1;
  Start();
  grpc::ClientContext first;
  const auto reader = Download(first, "endless");
  EXPECT_TRUE(Next(reader));
  grpc::ClientContext second;
  EXPECT_EQ(EndOf(Download(second, "3")).first, "OVERLOADED");
  first.TryCancel();
}

TEST_F(PieceStreamTest, TheLifeOfAStreamIsBounded) {
  config_.limits.stream_life = 1s;
  Start();
  grpc::ClientContext client;
  EXPECT_EQ(EndOf(Download(client, "endless")).first, "DEADLINE_EXCEEDED") << "it is not whole";
}

TEST_F(PieceStreamTest, KeepsTheDoorAndEndsWithTheToken) {
  Start();
  grpc::ClientContext stranger;
  EXPECT_EQ(EndOf(Download(stranger, "3", {.roles = {"auditor"}})).first, "ROLE_NOT_ALLOWED");
  grpc::ClientContext client;
  // The verifier has a leeway of 30 s.
  EXPECT_EQ(EndOf(Download(client, "endless", {.life = -28s})).first, "TOKEN_EXPIRED");
}

TEST_F(PieceStreamTest, ADrainEndsStreamsAlsoThoseThatNobodyReads) {
  Start();
  grpc::ClientContext client;
  const auto reader = Download(client, "endless");
  EXPECT_TRUE(Next(reader));
  grpc::ClientContext stuck;
  const auto unread = Download(stuck, "endless");
  EXPECT_TRUE(Next(unread));
  const auto begun = SteadyClock::now();
  std::thread drain([this] { process_->Drain(); });
  EXPECT_EQ(EndOf(reader).first, "SHUTTING_DOWN");
  drain.join();
  EXPECT_LT(SteadyClock::now() - begun, 4s) << "far from the drain's limit";
  EXPECT_NE(EndOf(unread).first, "OK");
}

}  // namespace
}  // namespace vardkedja::rpc
