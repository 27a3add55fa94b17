// The largest attachment through both public doors, chunk by chunk and as a stream.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "lib/digest/sha256.h"
#include "tests/e2e/doors.h"
#include "vardkedja/referral/v1/attachment_service.grpc.pb.h"

namespace vardkedja::e2e {
namespace {

namespace rf = referral::v1;
using Attachments = rf::AttachmentService::Stub;
using nlohmann::json;

constexpr std::size_t kFileBytes = 20'000'000;
constexpr std::size_t kChunkBytes = 524'288;

// A PDF by its first and last bytes, with everything between.
std::string LargestFile() {
  std::string file = "%PDF-1.7\n";
  unsigned state = 1;
  while (file.size() < kFileBytes - 6) {
    state = state * 1664525u + 1013904223u;
    file += static_cast<char>(state >> 24);
  }
  return file + "%%EOF\n";
}

// What a process of the suite uses.
class Use {
 public:
  Use(const Suite& suite, const std::string& process) {
    std::ifstream file(suite.state_dir() + "/run/" + process + ".pid");
    file >> pid_;
    Forget();
    cpu_before_ = Cpu();
  }
  // Since the beginning, in seconds, user and system.
  double CpuSince() const { return Cpu() - cpu_before_; }
  // The most memory since it was asked last, in MiB.
  long Peak() {
    std::ifstream status("/proc/" + pid_ + "/status");
    long kib = 0;
    for (std::string line; std::getline(status, line);) {
      if (line.rfind("VmHWM:", 0) == 0) kib = std::stol(line.substr(6));
    }
    Forget();
    return kib / 1024;
  }

 private:
  void Forget() { std::ofstream("/proc/" + pid_ + "/clear_refs") << "5"; }
  double Cpu() const {
    std::ifstream file("/proc/" + pid_ + "/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  std::string pid_;
  double cpu_before_ = 0;
};

// The ways of a file of one case.
class AttachmentWays {
 public:
  AttachmentWays(const Suite& suite, Stage& stage, Play& play, Date birth)
      : suite_(suite), stage_(stage) {
    case_.person = {"B", "Bodil", "Exempelfält", TestIdentityNumber(birth, 238), true, "0764"};
    case_.worker = cast::AlvestaWorker();
    case_.decider = cast::AlvestaDecider();
    play.Refer(case_, {});
  }

  std::string UpByGrpc(const std::string& file) {
    return UpByGrpc(file, [](std::int64_t) {});
  }

  // `between` is told how much has arrived, before each chunk.
  std::string UpByGrpc(const std::string& file, const std::function<void(std::int64_t)>& between) {
    rf::BeginAttachmentRequest begin;
    begin.set_request_id(NewRequestId());
    begin.set_referral_id(case_.referral_id);
    begin.set_file_name("underlag.pdf");
    begin.set_category(rf::INFORMATION_CATEGORY_NEEDS);
    begin.set_byte_size(static_cast<std::int64_t>(file.size()));
    rf::Attachment attachment = stage_.Must(case_.worker, &Attachments::BeginAttachment, begin);
    while (attachment.received_bytes() < attachment.byte_size()) {
      between(attachment.received_bytes());
      rf::AppendChunkRequest chunk;
      chunk.set_request_id(NewRequestId());
      chunk.set_attachment_id(attachment.attachment_id());
      chunk.set_offset(attachment.received_bytes());
      chunk.set_data(file.substr(static_cast<std::size_t>(chunk.offset()), kChunkBytes));
      attachment = stage_.Must(case_.worker, &Attachments::AppendChunk, chunk);
    }
    rf::CompleteAttachmentRequest complete;
    complete.set_request_id(NewRequestId());
    complete.set_attachment_id(attachment.attachment_id());
    EXPECT_EQ(stage_.Must(case_.worker, &Attachments::CompleteAttachment, complete).media_type(),
              "application/pdf");
    return attachment.attachment_id();
  }

  std::string UpByRest(const std::string& file) {
    const auto post = [&](const std::string& target, json body) {
      body["requestId"] = NewRequestId();
      return stage_.Rest(case_.worker, "POST", target, body);
    };
    json attachment = post("/referral/v1/referrals/" + case_.referral_id + "/attachments",
                           {{"fileName", "underlag.pdf"},
                            {"category", "INFORMATION_CATEGORY_NEEDS"},
                            {"byteSize", file.size()}});
    const std::string id = attachment.at("attachmentId");
    const std::string target = "/referral/v1/attachments/" + id;
    for (std::size_t offset = 0; offset < file.size(); offset += kChunkBytes) {
      post(target + "/chunks",
           {{"offset", offset}, {"data", absl::Base64Escape(file.substr(offset, kChunkBytes))}});
    }
    EXPECT_EQ(post(target + "/complete", json::object()).at("mediaType"), "application/pdf");
    return id;
  }

  // The same without Base64: each body is the bytes themselves.
  std::string UpAsBytes(const std::string& file) {
    const json attachment = stage_.Rest(
        case_.worker, "POST", "/referral/v1/referrals/" + case_.referral_id + "/attachments",
        {{"requestId", NewRequestId()},
         {"fileName", "underlag.pdf"},
         {"category", "INFORMATION_CATEGORY_NEEDS"},
         {"byteSize", file.size()}});
    const std::string id = attachment.at("attachmentId");
    const std::string target = "/referral/v1/attachments/" + id;
    const std::string token = suite_.Token(case_.worker);
    for (std::size_t offset = 0; offset < file.size(); offset += kChunkBytes) {
      const RestReply reply = CallRest(
          suite_.addresses().http, {.method = "PUT",
                                    .target = target + "/content?offset=" + std::to_string(offset),
                                    .headers = {{"Authorization", "Bearer " + token},
                                                {"Content-Type", "application/octet-stream"},
                                                {"Idempotency-Key", NewRequestId()}},
                                    .body = file.substr(offset, kChunkBytes)});
      EXPECT_EQ(reply.status, 200) << reply.body;
    }
    EXPECT_EQ(
        stage_.Rest(case_.worker, "POST", target + "/complete", {{"requestId", NewRequestId()}})
            .at("mediaType"),
        "application/pdf");
    return id;
  }

  std::string DownByGrpc(const std::string& id) {
    std::string file;
    for (int index = 0; file.size() < kFileBytes; ++index) {
      rf::GetChunkRequest request;
      request.set_attachment_id(id);
      request.set_chunk_index(index);
      file += stage_.Must(case_.worker, &Attachments::GetChunk, request).data();
    }
    return file;
  }

  std::string DownByRest(const std::string& id) {
    std::string file;
    for (int index = 0; file.size() < kFileBytes; ++index) {
      const json chunk =
          stage_.Rest(case_.worker, "GET",
                      "/referral/v1/attachments/" + id + "/chunks/" + std::to_string(index));
      std::string bytes;
      EXPECT_TRUE(absl::Base64Unescape(chunk.at("data").get<std::string>(), &bytes));
      file += bytes;
    }
    return file;
  }

  // One stream each.
  std::string StreamByGrpc(const std::string& id, std::int64_t offset = 0) {
    grpc::ClientContext context;
    const auto reader = Open(context, id, offset);
    std::string file;
    common::v1::FilePart part;
    EXPECT_TRUE(reader->Read(&part));
    EXPECT_EQ(part.head().media_type(), "application/pdf");
    EXPECT_EQ(part.head().byte_size(), static_cast<std::int64_t>(kFileBytes));
    EXPECT_EQ(part.head().offset(), offset);
    digest_ = part.head().sha256();
    while (reader->Read(&part)) file += part.data();
    EXPECT_TRUE(reader->Finish().ok());
    return file;
  }

  std::string StreamByRest(const std::string& id, std::int64_t offset = 0) {
    RestRequest request{.target = "/referral/v1/attachments/" + id + "/content",
                        .headers = {{"Authorization", "Bearer " + suite_.Token(case_.worker)}}};
    if (offset > 0) request.headers["Range"] = "bytes=" + std::to_string(offset) + "-";
    RestReply reply = CallRest(suite_.addresses().http, request);
    EXPECT_EQ(reply.status, offset > 0 ? 206 : 200) << reply.body.substr(0, 400);
    EXPECT_EQ(reply.headers["content-type"], "application/pdf");
    EXPECT_EQ(reply.headers["content-disposition"], "attachment");
    EXPECT_EQ(reply.headers["repr-digest"], "sha-256=:" + absl::Base64Escape(digest_) + ":");
    return reply.body;
  }

  // Calls `midway` after the first bytes, and reads on as far as it goes.
  std::string BrokenOffByGrpc(const std::string& id, const std::function<void()>& midway) {
    grpc::ClientContext context;
    const auto reader = Open(context, id, 0);
    std::string file;
    common::v1::FilePart part;
    while (reader->Read(&part)) {
      if (part.has_head()) digest_ = part.head().sha256();
      if (file.empty() && !part.data().empty()) midway();
      file += part.data();
    }
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
    return file;
  }

  // Until the service answers again; the stage repeats what is UNAVAILABLE.
  void AwaitService() {
    rf::ListAttachmentsRequest request;
    request.set_referral_id(case_.referral_id);
    stage_.Must(case_.worker, &Attachments::ListAttachments, request);
  }

  // Of the file that was streamed last by gRPC.
  const std::string& digest() const { return digest_; }

  // Runs one way and says what it took.
  template <class Way>
  std::string Measured(const char* name, const Way& way) {
    Use gateway(suite_, "gateway");
    Use referral(suite_, "referral");
    const auto begun = std::chrono::steady_clock::now();
    std::string result = way();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::printf(
        "%s: %.2f s; gateway %.2f s of processor and at most %ld MiB, referral-service %.2f s and "
        "at "
        "most %ld MiB\n",
        name, took.count(), gateway.CpuSince(), gateway.Peak(), referral.CpuSince(),
        referral.Peak());
    return result;
  }

 private:
  std::unique_ptr<grpc::ClientReader<common::v1::FilePart>> Open(grpc::ClientContext& context,
                                                                 const std::string& id,
                                                                 std::int64_t offset) {
    context.AddMetadata("authorization", "Bearer " + suite_.Token(case_.worker));
    rf::DownloadAttachmentRequest request;
    request.set_attachment_id(id);
    request.set_offset(offset);
    return stub_->DownloadAttachment(&context, request);
  }

  const Suite& suite_;
  Stage& stage_;
  const std::unique_ptr<rf::AttachmentService::Stub> stub_ = rf::AttachmentService::NewStub(
      grpc::CreateChannel(suite_.addresses().grpc, grpc::InsecureChannelCredentials()));
  Case case_;
  std::string digest_;
};

TEST_F(Doors, TheLargestAttachmentComesBackAsItWasByEitherDoor) {
  const std::string file = LargestFile();
  AttachmentWays ways(*suite_, stage_, play_, MakeDate(1979, 3, 4));
  const auto by_grpc = ways.Measured("20 MB up by gRPC", [&] { return ways.UpByGrpc(file); });
  const auto by_rest = ways.Measured("20 MB up by REST", [&] { return ways.UpByRest(file); });
  const auto as_bytes =
      ways.Measured("20 MB up by REST as bytes", [&] { return ways.UpAsBytes(file); });
  EXPECT_TRUE(ways.Measured("20 MB down by gRPC", [&] { return ways.DownByGrpc(by_rest); }) ==
              file);
  EXPECT_TRUE(ways.Measured("20 MB down by REST", [&] { return ways.DownByRest(by_grpc); }) ==
              file);
  EXPECT_TRUE(ways.Measured("20 MB streamed down by gRPC",
                            [&] { return ways.StreamByGrpc(by_rest); }) == file);
  Sha256 digest;
  digest.Feed(file);
  EXPECT_EQ(ways.digest(), digest.Result());
  EXPECT_TRUE(ways.Measured("20 MB streamed down by REST",
                            [&] { return ways.StreamByRest(by_rest); }) == file);
  EXPECT_TRUE(ways.StreamByRest(as_bytes) == file);
  EXPECT_TRUE(ways.StreamByGrpc(by_rest, 19'999'000) == file.substr(19'999'000));
  EXPECT_TRUE(ways.StreamByRest(by_rest, 700'001) == file.substr(700'001));
}

TEST_F(Doors, AnAttachmentOutlivesAServiceThatIsKilledMidway) {
  const std::string file = LargestFile();
  AttachmentWays ways(*suite_, stage_, play_, MakeDate(1979, 3, 5));
  const auto killed = [this](std::int64_t arrived) {
    if (arrived != 20 * static_cast<std::int64_t>(kChunkBytes)) return;
    suite_->Kill("referral");
    suite_->Start("referral");
  };
  const std::string id = ways.UpByGrpc(file, killed);

  // Down, it breaks off in words by gRPC and before its length by REST, and goes on by either door.
  std::string half = ways.BrokenOffByGrpc(id, [this] { suite_->Kill("referral"); });
  suite_->Start("referral");
  EXPECT_LT(half.size(), kFileBytes);
  EXPECT_TRUE(half == file.substr(0, half.size()));
  ways.AwaitService();
  EXPECT_TRUE(half + ways.StreamByRest(id, static_cast<std::int64_t>(half.size())) == file);
}

}  // namespace
}  // namespace vardkedja::e2e
