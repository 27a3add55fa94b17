// Files as streams through both edges, against a fake upstream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "gateway/testing/contract.h"
#include "gateway/testing/harness.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "vardkedja/common/v1/file.pb.h"

namespace vardkedja::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using SteadyClock = std::chrono::steady_clock;

constexpr char kContent[] = "/test/v1/things/t-1/content";

std::string Outcome(const grpc::Status& status) {
  if (status.ok()) return "OK";
  const auto detail = GetErrorDetail(rpc::FromGrpc(status));
  return detail ? detail->reason : status.error_message();
}

// Reads to the end: how it ended, and the bytes that came.
std::pair<std::string, std::string> WholeOf(GrpcStream& stream) {
  std::string bytes;
  while (const auto item = stream.Read()) {
    common::v1::FilePart part;
    EXPECT_TRUE(part.ParseFromString(*item));
    bytes += part.data();
  }
  return {Outcome(stream.Finish()), bytes};
}

// A download by REST whose header has come.
class HttpDownload {
 public:
  explicit HttpDownload(Harness& harness, const std::string& query = "",
                        const std::vector<std::string>& headers = {})
      : connection_(harness.gateway().http_port()) {
    connection_.Send(harness.Format("GET", kContent + query, headers, std::nullopt));
    header_ = connection_.ReceiveHeader();
  }
  int status() const { return header_.status; }
  const std::string& header(const std::string& name) { return header_.headers[name]; }
  std::size_t length() { return std::stoul(header("content-length")); }
  // To the end of what was promised, or of the connection.
  std::string Bytes() { return connection_.ReceiveBytes(length()); }
  HttpConnection& connection() { return connection_; }

 private:
  HttpConnection connection_;
  HttpAnswer header_;
};

std::string ReasonOf(const HttpAnswer& answer) {
  return Json::parse(answer.body, nullptr, false).value("reason", "");
}

TEST(GrpcFileTest, PassesAFileOnFromAnyOffset) {
  Harness harness;
  EXPECT_EQ(WholeOf(*harness.Download(DownloadThingBytes(0))),
            std::pair(std::string("OK"), FileOfThing()));
  EXPECT_EQ(WholeOf(*harness.Download(DownloadThingBytes(70'001))),
            std::pair(std::string("OK"), FileOfThing().substr(70'001)));
  EXPECT_EQ(WholeOf(*harness.Download(DownloadThingBytes(0, "fails"))).first, "ILLEGAL_STATE");
}

TEST(GrpcFileTest, WhatTakesTooLongIsNoWholeFile) {
  Harness harness("limits:\n  stream_life: 1s\n");
  EXPECT_EQ(WholeOf(*harness.Download(DownloadThingBytes(0, "pauses"))).first, "DEADLINE_EXCEEDED");
}

TEST(RestFileTest, AnswersTheBytesThemselves) {
  Harness harness;
  HttpDownload file(harness);
  EXPECT_EQ(file.status(), 200);
  EXPECT_EQ(file.header("content-type"), "application/pdf");
  EXPECT_EQ(file.header("content-disposition"), "attachment");
  EXPECT_EQ(file.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(file.header("cache-control"), "no-store");
  EXPECT_EQ(file.header("accept-ranges"), "bytes");
  EXPECT_EQ(file.header("repr-digest"), "sha-256=:bm90IHJlYWxseSBhIGRpZ2VzdA==:");
  EXPECT_FALSE(file.header("x-request-id").empty());
  EXPECT_EQ(file.length(), FileOfThing().size());
  EXPECT_TRUE(file.Bytes() == FileOfThing());
  EXPECT_TRUE(file.connection().AwaitClose(5s));
}

TEST(RestFileTest, GoesOnWithARange) {
  Harness harness;
  const std::string rest = FileOfThing().substr(100'000);
  HttpDownload range(harness, "", {"Range: bytes=100000-"});
  EXPECT_EQ(range.status(), 206);
  EXPECT_EQ(range.header("content-range"), "bytes 100000-" +
                                               std::to_string(FileOfThing().size() - 1) + "/" +
                                               std::to_string(FileOfThing().size()));
  EXPECT_TRUE(range.Bytes() == rest);
  HttpDownload asked(harness, "?offset=100000");
  EXPECT_EQ(asked.status(), 200);
  EXPECT_TRUE(asked.Bytes() == rest);
  for (const char* other : {"Range: bytes=0-", "Range: bytes=5-9", "Range: bytes=-9", "Range: x",
                            "Range: bytes=1-,3-", "Range: bytes=99999999999999999999-"}) {
    HttpDownload whole(harness, "", {other});
    EXPECT_EQ(whole.status(), 200) << other;
    EXPECT_EQ(whole.length(), FileOfThing().size()) << other;
  }
  EXPECT_EQ(HttpDownload(harness, "", {"Range: bytes=9-", "If-Range: \"x\""}).status(), 200);
  const HttpAnswer beyond = harness.Request("GET", kContent, {"Range: bytes=200000-"});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(ReasonOf(beyond), "OFFSET_BEYOND_END");
  EXPECT_EQ(harness.Request("GET", kContent + std::string("?offset=200000")).status, 400);
}

TEST(RestFileTest, AFileThatBreaksOffIsShorterThanPromised) {
  Harness harness;
  for (const char* behaviour : {"fails", "short"}) {
    HttpDownload file(harness, "?behaviour=" + std::string(behaviour));
    EXPECT_EQ(file.status(), 200);
    EXPECT_EQ(file.Bytes().size(), 64U << 10) << behaviour;
  }
  HttpDownload longer(harness, "?behaviour=long");
  EXPECT_TRUE(longer.Bytes() == FileOfThing());
  EXPECT_EQ(longer.connection().ReceiveBytes(1), "") << "no byte more than was promised";
  EXPECT_EQ(harness.Request("GET", kContent, {"Authorization: Bearer x"}).status, 401);
}

TEST(RestFileTest, AFileWhoseServiceWasKilledGoesOnWhereItBroke) {
  Harness harness;
  HttpDownload file(harness, "?behaviour=pauses");
  std::string bytes = file.connection().ReceiveBytes(64 << 10);
  harness.KillUpstream();
  EXPECT_EQ(file.connection().ReceiveBytes(1), "");
  EXPECT_TRUE(file.connection().AwaitClose(5s));
  harness.RestartUpstream();
  const auto until = SteadyClock::now() + 15s;
  const std::vector<std::string> range = {"Range: bytes=" + std::to_string(bytes.size()) + "-"};
  auto again = std::make_unique<HttpDownload>(harness, "", range);
  while (again->status() == 503 && SteadyClock::now() < until) {
    again = std::make_unique<HttpDownload>(harness, "", range);
  }
  EXPECT_TRUE(bytes + again->Bytes() == FileOfThing());
}

TEST(RestFileTest, TheTokenMayExpireMidway) {
  Harness harness;
  const auto soon = std::chrono::duration_cast<std::chrono::seconds>(
      (std::chrono::system_clock::now() + 2s).time_since_epoch());
  HttpDownload file(
      harness, "?behaviour=pauses",
      {"Authorization: Bearer " + harness.Token({{"exp", std::to_string(soon.count())}})});
  EXPECT_EQ(file.Bytes().size(), 64U << 10);
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
}

TEST(RestFileTest, WhoLeavesOrTakesNothingIsLetGoAndNothingIsReadAhead) {
  Harness harness("  write_timeout: 1500ms\n");
  {
    HttpDownload leaving(harness, "?behaviour=pauses");
    EXPECT_EQ(leaving.status(), 200);
  }
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
  HttpDownload stuck(harness, "?behaviour=flood");
  std::this_thread::sleep_for(500ms);
  const int told = harness.upstream().items();
  EXPECT_LT(told, 200) << "what is under way is bounded";
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(harness.upstream().items(), told);
  EXPECT_TRUE(harness.upstream().AwaitCancelled(2));
}

TEST(RestFileTest, ManyIdleDownloadsHoldNobodyUp) {
  Harness harness("  max_streams_per_caller: 250\n");
  std::vector<std::unique_ptr<HttpDownload>> idle;
  for (int i = 0; i < 200; ++i) {
    idle.push_back(std::make_unique<HttpDownload>(harness, "?behaviour=flood"));
    ASSERT_EQ(idle.back()->status(), 200) << i;
  }
  const auto begun = SteadyClock::now();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(harness.Request("GET", "/test/v1/things/t-1").status, 200);
    EXPECT_TRUE(harness.Call("GetThing", GetThingBytes("t-1")).status.ok());
  }
  EXPECT_LT(SteadyClock::now() - begun, 5s);
}

TEST(RestFileTest, HasAHeadAndADescription) {
  Harness harness;
  const auto head = harness.Request("HEAD", kContent);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-type"), "application/pdf");
  EXPECT_EQ(head.headers.at("content-length"), std::to_string(FileOfThing().size()));
  EXPECT_EQ(harness.Request("HEAD", kContent, {"Range: bytes=200000-"}).status, 416);
  const Json document = Json::parse(harness.Request("GET", "/openapi.json").body);
  const Json& get = document.at("paths").at("/test/v1/things/{thingId}/content").at("get");
  const Json& bytes =
      get.at("responses").at("200").at("content").at("application/octet-stream").at("schema");
  EXPECT_EQ(bytes.value("format", ""), "binary");
  EXPECT_TRUE(get.at("responses").contains("206"));
  EXPECT_THAT(get.at("parameters").dump(), HasSubstr("\"Range\""));
  EXPECT_FALSE(document.at("components").at("schemas").contains("vardkedja.common.v1.FilePart"));
}

TEST(RestFileTest, TakesAPartAsTheBytesItIs) {
  Harness harness;
  const std::string id = "6f2c1e0a-1111-4222-8333-444455556666";
  const std::string part("\0{\"\xff\r\n\r\n", 8);
  const std::vector<std::string> headers = {"Content-Type: application/octet-stream",
                                            "Idempotency-Key: " + id};
  EXPECT_EQ(harness.Request("PUT", kContent + std::string("?offset=9"), headers, part).status, 200);
  const auto arrived = NewTestMessage("WriteThingRequest");
  ASSERT_TRUE(arrived->ParseFromString(harness.upstream().last_request()));
  const auto text = [&](const char* name) {
    return arrived->GetReflection()->GetString(*arrived,
                                               arrived->GetDescriptor()->FindFieldByName(name));
  };
  EXPECT_TRUE(text("data") == part);
  EXPECT_EQ(text("request_id"), id);
  EXPECT_EQ(text("thing_id"), "t-1");
  EXPECT_THAT(arrived->ShortDebugString(), HasSubstr("offset: 9 "));

  for (const char* type : {"application/json", "text/plain", "application/pdf"}) {
    const auto refused =
        harness.Request("PUT", kContent, {"Content-Type: " + std::string(type)}, part);
    EXPECT_EQ(refused.status, 415) << type;
    EXPECT_EQ(ReasonOf(refused), "CONTENT_TYPE");
  }
  EXPECT_EQ(harness.Request("PUT", kContent + std::string("?data=eA"), headers, part).status, 400);
  EXPECT_EQ(harness.Request("PUT", kContent, headers, std::string(5 << 20, 'x')).status, 413);
  EXPECT_EQ(harness.upstream().calls(), 1);
  const Json document = Json::parse(harness.Request("GET", "/openapi.json").body);
  const Json& put = document.at("paths").at("/test/v1/things/{thingId}/content").at("put");
  EXPECT_TRUE(put.at("requestBody").at("content").contains("application/octet-stream"));
  EXPECT_EQ(put.value("operationId", ""), "EchoService_WriteThing_PUT");
}

}  // namespace
}  // namespace vardkedja::gateway
