// The largest attachment through both public doors, chunk by chunk.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
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

// Of a process of the suite, in MiB: the most it has held since it was asked last.
class Memory {
 public:
  Memory(const Suite& suite, const std::string& process) {
    std::ifstream file(suite.state_dir() + "/run/" + process + ".pid");
    file >> pid_;
    Forget();
  }
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
  std::string pid_;
};

// The four ways of a file of one case.
class AttachmentWays {
 public:
  AttachmentWays(const Suite& suite, Stage& stage, Play& play) : suite_(suite), stage_(stage) {
    case_.person = {"B",  "Bodil", "Exempelfält", TestIdentityNumber(MakeDate(1979, 3, 4), 238),
                    true, "0764"};
    case_.worker = cast::AlvestaWorker();
    case_.decider = cast::AlvestaDecider();
    play.Refer(case_, {});
  }

  std::string UpByGrpc(const std::string& file) {
    rf::BeginAttachmentRequest begin;
    begin.set_request_id(NewRequestId());
    begin.set_referral_id(case_.referral_id);
    begin.set_file_name("underlag.pdf");
    begin.set_category(rf::INFORMATION_CATEGORY_NEEDS);
    begin.set_byte_size(static_cast<std::int64_t>(file.size()));
    rf::Attachment attachment = stage_.Must(case_.worker, &Attachments::BeginAttachment, begin);
    while (attachment.received_bytes() < attachment.byte_size()) {
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

  // Runs one way and says what it took.
  template <class Way>
  std::string Measured(const char* name, const Way& way) {
    Memory gateway(suite_, "gateway");
    Memory referral(suite_, "referral");
    const auto begun = std::chrono::steady_clock::now();
    std::string result = way();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::printf("%s: %.2f s, gateway at most %ld MiB, referral-service at most %ld MiB\n", name,
                took.count(), gateway.Peak(), referral.Peak());
    return result;
  }

 private:
  const Suite& suite_;
  Stage& stage_;
  Case case_;
};

TEST_F(Doors, TheLargestAttachmentComesBackAsItWasByEitherDoor) {
  const std::string file = LargestFile();
  AttachmentWays ways(*suite_, stage_, play_);
  const auto by_grpc = ways.Measured("20 MB up by gRPC", [&] { return ways.UpByGrpc(file); });
  const auto by_rest = ways.Measured("20 MB up by REST", [&] { return ways.UpByRest(file); });
  EXPECT_TRUE(ways.Measured("20 MB down by gRPC", [&] { return ways.DownByGrpc(by_rest); }) ==
              file);
  EXPECT_TRUE(ways.Measured("20 MB down by REST", [&] { return ways.DownByRest(by_grpc); }) ==
              file);
}

}  // namespace
}  // namespace vardkedja::e2e
