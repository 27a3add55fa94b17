// The REST edge end to end, against a fake upstream.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "gateway/testing/contract.h"
#include "gateway/testing/harness.h"
#include "lib/telemetry/log.h"

namespace vardkedja::gateway {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr char kThing[] = "/test/v1/things/t-1";
constexpr char kThings[] = "/test/v1/things";

std::string ReasonOf(const HttpAnswer& answer) {
  return std::to_string(answer.status) + " " + Json::parse(answer.body).value("reason", "?");
}

std::string LastRequest(Harness& harness, const std::string& type) {
  const auto message = NewTestMessage(type);
  EXPECT_TRUE(message->ParseFromString(harness.upstream().last_request()));
  return message->ShortDebugString();
}

TEST(RestEdgeTest, CreatesFromJson) {
  Harness harness;
  const auto answer =
      harness.Request("POST", kThings,
                      {"Idempotency-Key: 0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10", "X-Purpose: audit"},
                      R"({"thing":{"displayName":"Åsa","kind":"KIND_SMALL","totalOre":"12"}})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.at("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(answer.headers.at("etag"), "\"v1\"");
  EXPECT_TRUE(answer.headers.contains("x-request-id"));
  // Defaults are printed; unset messages and optional fields are not.
  EXPECT_EQ(Json::parse(answer.body),
            Json::parse(R"({"thingId":"","etag":"v1","displayName":"","kind":"KIND_UNSPECIFIED",
              "itemCount":0,"totalOre":"0","isOpen":false,"ratio":0,"blob":"","labels":[],
              "parts":[],"counts":{},"kinds":[],"smallCount":0,"weight":0})"));
  EXPECT_EQ(LastRequest(harness, "CreateThingRequest"),
            "request_id: \"0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10\" thing { display_name: "
            "\"\\303\\205sa\" kind: KIND_SMALL total_ore: 12 }");
  EXPECT_EQ(harness.upstream().last_metadata().at("x-purpose"), "audit");
}

TEST(RestEdgeTest, BindsPathQueryBodyAndHeaders) {
  Harness harness;
  EXPECT_EQ(harness
                .Request("PATCH", "/test/v1/things/t%20%C3%A5?updateMask=displayName",
                         {"If-Match: \"v7\""}, R"({"displayName":"n"})")
                .status,
            200);
  EXPECT_EQ(LastRequest(harness, "UpdateThingRequest"),
            "etag: \"v7\" thing { thing_id: \"t \\303\\245\" display_name: \"n\" } "
            "update_mask { paths: \"display_name\" }");
  EXPECT_EQ(harness
                .Request("GET",
                         "/test/v1/things?limit=5&filter.kinds=KIND_LARGE&labels=a"
                         "&labels=b&isOpen=true")
                .status,
            200);
  EXPECT_EQ(LastRequest(harness, "ListThingsRequest"),
            "limit: 5 filter { kinds: KIND_LARGE } labels: \"a\" labels: \"b\" is_open: true");
  // No body at all is the same as an empty object.
  EXPECT_EQ(harness.Request("POST", std::string(kThing) + "/submit").status, 200);
  EXPECT_EQ(LastRequest(harness, "SubmitThingRequest"), "thing_id: \"t-1\"");
}

TEST(RestEdgeTest, RefusesContradictionsAndForeignParameters) {
  Harness harness;
  const auto submit = std::string(kThing) + "/submit";
  const auto field = [](const HttpAnswer& answer) {
    const Json violation = Json::parse(answer.body).at("violations").at(0);
    return std::to_string(answer.status) + " " + violation.at("field").get<std::string>() + " " +
           violation.at("rule").get<std::string>();
  };
  EXPECT_EQ(field(harness.Request("POST", submit, {}, R"({"thingId":"t-2"})")),
            "400 thingId CONTRADICTION");
  EXPECT_EQ(field(harness.Request("POST", submit, {"If-Match: \"a\""}, R"({"etag":"b"})")),
            "400 etag CONTRADICTION");
  EXPECT_EQ(field(harness.Request("POST", submit, {"If-Match: W/\"a\""}, "{}")),
            "400 If-Match ENTITY_TAG");
  EXPECT_EQ(field(harness.Request("POST", submit + "?reason=x", {}, "{}")),
            "400 reason UNKNOWN_PARAMETER");
  EXPECT_EQ(field(harness.Request("GET", std::string(kThing) + "?thingId=t-2")),
            "400 thingId UNKNOWN_PARAMETER");
  EXPECT_EQ(field(harness.Request("POST", submit, {}, R"({"nosuch":1})")),
            "400 nosuch UNKNOWN_FIELD");
  EXPECT_EQ(harness.upstream().calls(), 0);
}

TEST(RestEdgeTest, RefusesLaxJson) {
  Harness harness;
  for (const char* body : {"{'thing':{}}", "{thing:{}}", "{\"thing\":{},}", "[]x", "{"}) {
    EXPECT_EQ(ReasonOf(harness.Request("POST", kThings, {}, body)), "400 JSON_SYNTAX") << body;
  }
  EXPECT_EQ(ReasonOf(harness.Request("POST", kThings, {}, R"({"requestId":"a","requestId":"b"})")),
            "400 JSON_DUPLICATE_KEY");
  EXPECT_EQ(harness.upstream().calls(), 0);
}

TEST(RestEdgeTest, TurnsErrorsIntoProblems) {
  Harness harness;
  const auto get = [&](const std::string& behaviour) {
    return harness.Request("GET", std::string(kThing) + "?behaviour=" + behaviour);
  };
  const auto illegal = get("illegal");
  EXPECT_EQ(illegal.headers.at("content-type"), "application/problem+json; charset=utf-8");
  EXPECT_EQ(ReasonOf(illegal), "400 ILLEGAL_STATE");
  const Json problem = Json::parse(illegal.body);
  EXPECT_EQ(problem.at("metadata").at("allowed_actions"), "submit,withdraw");
  EXPECT_EQ(problem.at("instance"), "urn:uuid:" + illegal.headers.at("x-request-id"));
  const Json invalid = Json::parse(get("invalid").body);
  EXPECT_EQ(invalid.at("violations").at(0).at("field"), "form.person.identityNumber");
  EXPECT_EQ(invalid.at("violations").at(0).at("sv"), "Inte någons nummer.");
  EXPECT_EQ(ReasonOf(get("bare")), "503 UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(ReasonOf(get("stale")), "409 STALE_ETAG");
  EXPECT_EQ(ReasonOf(harness.Request("POST", std::string(kThing) + "/submit", {"If-Match: \"old\""},
                                     R"({"reason":"stale"})")),
            "412 STALE_ETAG");
}

TEST(RestEdgeTest, SpeaksHttp) {
  Harness harness;
  const auto head = harness.Request("HEAD", kThing);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("etag"), "\"v1\"");
  EXPECT_NE(head.headers.at("content-length"), "0");

  const auto options = harness.Request("OPTIONS", kThing);
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.at("allow"), "GET, PATCH, HEAD, OPTIONS");
  const auto put = harness.Request("PUT", kThing, {}, "{}");
  EXPECT_EQ(ReasonOf(put), "405 METHOD_NOT_ALLOWED");
  EXPECT_EQ(put.headers.at("allow"), "GET, PATCH, HEAD, OPTIONS");

  EXPECT_EQ(harness.Request("GET", kThing, {"If-None-Match: \"v1\""}).status, 304);
  EXPECT_EQ(harness.Request("GET", kThing, {"If-None-Match: \"v0\""}).status, 200);

  EXPECT_EQ(ReasonOf(harness.Request("GET", "/")), "404 NO_SUCH_PATH");
  EXPECT_EQ(ReasonOf(harness.Request("GET", "/test/v1/internal-things/1")), "404 NO_SUCH_PATH");
  EXPECT_EQ(ReasonOf(harness.Request("GET", "/test/v1//things")), "400 MALFORMED_URL");
  EXPECT_EQ(ReasonOf(harness.Request("GET", "/test/v1/things/a%2fb")), "400 MALFORMED_URL");
  EXPECT_EQ(ReasonOf(harness.Request("GET", kThing, {}, "{}")), "400 BODY_NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(harness.Request("POST", kThings, {"Content-Type: text/plain"}, "{}")),
            "415 CONTENT_TYPE");
  EXPECT_EQ(ReasonOf(harness.Request("POST", kThings, {"Content-Encoding: gzip"}, "{}")),
            "415 CONTENT_ENCODING");
  EXPECT_EQ(ReasonOf(harness.Request("GET", kThing, {"X-Purpose: a", "X-Purpose: b"})),
            "400 HEADER_REPEATED");
}

TEST(RestEdgeTest, KeepsTheDoor) {
  Harness harness;
  const auto none = harness.Request("GET", kThing, {"Authorization: "});
  EXPECT_EQ(ReasonOf(none), "401 TOKEN_MISSING");
  EXPECT_EQ(none.headers.at("www-authenticate"), "Bearer realm=\"vardkedja\"");
  const auto expired = harness.Request(
      "GET", kThing, {"Authorization: Bearer " + harness.Token({{"exp", "1000000000"}})});
  EXPECT_EQ(ReasonOf(expired), "401 TOKEN_EXPIRED");
  EXPECT_EQ(expired.headers.at("www-authenticate"),
            "Bearer realm=\"vardkedja\", error=\"invalid_token\"");
  EXPECT_EQ(ReasonOf(harness.Request("GET", kThing, {"X-Acting-Unit: novus"})),
            "403 UNIT_NOT_YOURS");
  // The body of a refused request is not waited for.
  HttpConnection connection(harness.gateway().http_port());
  connection.Send(
      "POST /test/v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Content-Length: 1000000\r\n\r\n");
  EXPECT_EQ(connection.Receive().status, 401);
  EXPECT_EQ(harness.upstream().calls(), 0);
}

TEST(RestEdgeTest, ServesItsDescription) {
  Harness harness;
  const std::vector<std::string> anonymous = {"Authorization: "};
  const auto info = harness.Request("GET", "/api-info", anonymous);
  EXPECT_EQ(Json::parse(info.body).at("apiName"), "vardkedja");
  const auto openapi = harness.Request("GET", "/openapi.json", anonymous);
  EXPECT_EQ(openapi.status, 200);
  const Json document = Json::parse(openapi.body);
  const Json& submit = document.at("paths").at("/test/v1/things/{thingId}/submit").at("post");
  EXPECT_EQ(submit.at("summary"), "Skickar in en sak.");
  EXPECT_EQ(submit.at("description"),
            "Submits a thing: a verb as a sub-resource.\n\nRoles: ROLE_SOCIAL_WORKER.");
  EXPECT_FALSE(document.at("paths").contains("/test/v1/internal-things/{thingId}"));
  EXPECT_TRUE(document.at("components").at("schemas").contains("vardkedja.test.v1.Thing"));
  EXPECT_EQ(harness.Request("DELETE", "/api-info", anonymous).status, 405);
}

TEST(RestEdgeTest, BoundsBodyAndHeader) {
  Harness harness("  max_message_bytes: 65536\n");
  const auto of_size = [&](std::size_t bytes) {
    return harness.Request("POST", kThings, {},
                           R"({"thing":{"displayName":")" + std::string(bytes, 'x') + "\"}}");
  };
  EXPECT_EQ(of_size(60'000).status, 200);
  EXPECT_EQ(ReasonOf(of_size(70'000)), "413 BODY_TOO_LARGE");
  HttpConnection chunked(harness.gateway().http_port());
  chunked.Send(harness.Format("POST", kThings,
                              {"Transfer-Encoding: chunked", "Content-Type: application/json"},
                              std::nullopt));
  const std::string chunk = "8000\r\n" + std::string(0x8000, ' ') + "\r\n";
  chunked.Send(chunk + chunk + chunk);
  EXPECT_EQ(ReasonOf(chunked.Receive()), "413 BODY_TOO_LARGE");
  EXPECT_EQ(ReasonOf(harness.Request("GET", kThing, {"X-Long: " + std::string(20'000, 'x')})),
            "431 HEADER_TOO_LARGE");
  // An answer that comes before the body is through still reaches the client.
  const auto early =
      harness.Request("POST", kThings, {"Authorization: Bearer x"}, std::string(3'000'000, ' '));
  EXPECT_EQ(ReasonOf(early), "401 TOKEN_INVALID");
  HttpConnection garbage(harness.gateway().http_port());
  garbage.Send("\x16\x03\x01 not http at all\r\n\r\n");
  EXPECT_EQ(ReasonOf(garbage.Receive()), "400 MALFORMED_HTTP");
}

TEST(RestEdgeTest, TakesTheLargestBody) {
  Harness harness;
  // As much as the upstream takes; the gateway's own bound is higher.
  const auto answer =
      harness.Request("POST", kThings, {"Expect: 100-continue"},
                      R"({"thing":{"displayName":")" + std::string(1'000'000, 'x') + "\"}}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_GT(harness.upstream().last_request().size(), 1'000'000U);
  EXPECT_EQ(ReasonOf(harness.Request(
                "POST", kThings, {},
                R"({"thing":{"displayName":")" + std::string(2'000'000, 'x') + "\"}}")),
            "413 MESSAGE_TOO_LARGE");
}

TEST(RestEdgeTest, DoesNotWaitForSlowClients) {
  Harness harness("  header_timeout: 300ms\n  body_timeout: 300ms\n  idle_timeout: 300ms\n");
  const auto patience = std::chrono::seconds(10);
  HttpConnection silent(harness.gateway().http_port());
  HttpConnection slow_header(harness.gateway().http_port());
  HttpConnection slow_body(harness.gateway().http_port());
  slow_header.Send("GET /test/v1/things HTTP/1.1\r\nHost:");
  const std::string whole = harness.Format("POST", kThings, {}, "{    }");
  slow_body.Send(whole.substr(0, whole.size() - 3));
  EXPECT_TRUE(silent.AwaitClose(patience));
  EXPECT_TRUE(slow_header.AwaitClose(patience));
  EXPECT_TRUE(slow_body.AwaitClose(patience));
  // A header that trickles, each byte in time, is still too slow as a whole.
  HttpConnection trickle(harness.gateway().http_port());
  const auto begin = std::chrono::steady_clock::now();
  while (trickle.Send("X") && std::chrono::steady_clock::now() - begin < patience) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, patience);
  EXPECT_EQ(harness.Request("GET", kThing).status, 200);
}

TEST(RestEdgeTest, BoundsConnections) {
  Harness harness("  max_connections: 3\n");
  std::vector<std::unique_ptr<HttpConnection>> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(std::make_unique<HttpConnection>(harness.gateway().http_port()));
    open.back()->Send(harness.Format("GET", kThing, {}, std::nullopt));
    EXPECT_EQ(open.back()->Receive().status, 200);
  }
  HttpConnection one_more(harness.gateway().http_port());
  EXPECT_TRUE(one_more.AwaitClose(std::chrono::seconds(10)));
  open.front()->Send(harness.Format("GET", kThing, {}, std::nullopt));
  EXPECT_EQ(open.front()->Receive().status, 200);
}

TEST(RestEdgeTest, KeepsConnectionsAndAnswersInOrder) {
  Harness harness;
  HttpConnection connection(harness.gateway().http_port());
  std::string pipelined;
  for (int i = 0; i < 3; ++i) {
    pipelined += harness.Format("GET", "/test/v1/things/t-" + std::to_string(i), {}, std::nullopt);
  }
  connection.Send(pipelined);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Json::parse(connection.Receive().body).at("thingId"), "t-" + std::to_string(i));
  }
  connection.Send(harness.Format("GET", "/nosuch", {}, std::nullopt));
  EXPECT_EQ(connection.Receive().status, 404);
  connection.Send(harness.Format("GET", kThing, {"Connection: close"}, std::nullopt));
  EXPECT_EQ(connection.Receive().status, 200);
  EXPECT_TRUE(connection.AwaitClose(std::chrono::seconds(10)));
}

TEST(RestEdgeTest, CancelsWhenTheClientLeaves) {
  Harness harness;
  {
    HttpConnection connection(harness.gateway().http_port());
    connection.Send(
        harness.Format("GET", std::string(kThing) + "?behaviour=wait", {}, std::nullopt));
    EXPECT_TRUE(harness.upstream().AwaitCalls(1));
  }
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1, std::chrono::seconds(5)));
}

TEST(RestEdgeTest, EndsAtTheDeadline) {
  Harness harness("  default_deadline: 300ms\n");
  EXPECT_EQ(ReasonOf(harness.Request("GET", std::string(kThing) + "?behaviour=wait")),
            "504 DEADLINE_EXCEEDED");
}

TEST(RestEdgeTest, SaysUnavailableAndRecovers) {
  Harness harness;
  harness.KillUpstream();
  const auto down = harness.Request("GET", kThing);
  EXPECT_EQ(ReasonOf(down), "503 UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(down.headers.at("retry-after"), "1");
  harness.RestartUpstream();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < until) {
    status = harness.Request("GET", kThing).status;
  }
  EXPECT_EQ(status, 200);
}

TEST(RestEdgeTest, LimitsTheRate) {
  Harness harness("  rate_per_second: 1\n  rate_burst: 3\n");
  HttpAnswer last{.status = 200, .headers = {}, .body = {}};
  for (int i = 0; i < 20 && last.status == 200; ++i) last = harness.Request("GET", kThing);
  EXPECT_EQ(ReasonOf(last), "429 RATE_LIMITED");
  EXPECT_EQ(last.headers.at("retry-after"), "1");
}

TEST(RestEdgeTest, Serves200AtOnce) {
  Harness harness("  rate_burst: 100000\n");
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 200; ++i) {
    callers.emplace_back([&, i] {
      const std::string id = "t-" + std::to_string(i);
      HttpConnection connection(harness.gateway().http_port());
      for (int k = 0; k < 5; ++k) {
        connection.Send(harness.Format("GET", "/test/v1/things/" + id, {}, std::nullopt));
        const auto answer = connection.Receive(false, std::chrono::seconds(60));
        if (answer.status == 200 && Json::parse(answer.body).at("thingId") == id) ++right;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 1000);
}

TEST(RestEdgeTest, LogsTemplatesAndNeverWhatStandsInThem) {
  std::mutex mutex;
  std::string log;
  telemetry::SetLogSink([&](std::string_view line) {
    const std::lock_guard lock(mutex);
    log.append(line).append("\n");
  });
  {
    Harness harness;
    harness.Request("GET", "/test/v1/things/hemlig-1?behaviour=hemlig-2");
    harness.Request("GET", "/test/v1/things/189001019802");
    harness.Request("GET", "/hemlig-3/19900101-9802");
    harness.Request("GET", "/test/v1/things?labels=hemlig-4&x=hemlig-5");
    harness.Request("POST", kThings, {"X-Request-Id: hemlig-6"}, R"({"hemlig-7":"hemlig-8"})");
    harness.Request("GET", "/test/v1/things/%zz-hemlig-9");
  }
  telemetry::FlushLogs();
  telemetry::SetLogSink({});
  EXPECT_THAT(log, HasSubstr("GET /test/v1/things/{thing_id}"));
  EXPECT_THAT(log, HasSubstr("IDENTITY_NUMBER_IN_URL"));
  EXPECT_THAT(log, Not(HasSubstr("hemlig")));
  EXPECT_THAT(log, Not(HasSubstr("9802")));
}

TEST(RestEdgeTest, LetsRunningRequestsEndWhenItDrains) {
  Harness harness("  default_deadline: 1s\n");
  HttpConnection idle(harness.gateway().http_port());
  HttpConnection running(harness.gateway().http_port());
  running.Send(harness.Format("GET", std::string(kThing) + "?behaviour=wait", {}, std::nullopt));
  EXPECT_TRUE(harness.upstream().AwaitCalls(1));
  harness.gateway().Drain();
  EXPECT_EQ(running.Receive().status, 504);
  EXPECT_TRUE(idle.AwaitClose(std::chrono::seconds(10)));
}

}  // namespace
}  // namespace vardkedja::gateway
