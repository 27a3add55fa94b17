// Streams of answers through both edges, against a fake upstream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "gateway/testing/contract.h"
#include "gateway/testing/harness.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using SteadyClock = std::chrono::steady_clock;

constexpr char kUpdates[] = "/test/v1/thing-updates";

std::string Outcome(const grpc::Status& status) {
  if (status.ok()) return "OK";
  const auto detail = GetErrorDetail(rpc::FromGrpc(status));
  return detail ? detail->reason : status.error_message();
}

// The sequence of the next item; -1 at the end.
std::int64_t NextOf(GrpcStream& stream) {
  const auto bytes = stream.Read();
  if (!bytes.has_value()) return -1;
  const auto message = NewTestMessage("ThingUpdate");
  EXPECT_TRUE(message->ParseFromString(*bytes));
  return message->GetReflection()->GetInt64(*message,
                                            message->GetDescriptor()->FindFieldByName("sequence"));
}

// Reads to the end and tells how it ended.
std::string EndOf(GrpcStream& stream) {
  while (NextOf(stream) != -1) {
  }
  return Outcome(stream.Finish());
}

std::int64_t Soon(std::chrono::seconds in) {
  return std::chrono::duration_cast<std::chrono::seconds>(
             (std::chrono::system_clock::now() + in).time_since_epoch())
      .count();
}

TEST(GrpcStreamTest, PassesItemsOnAsTheyComeAndACancellationBack) {
  Harness harness;
  harness.upstream().Publish(2);
  const auto stream = harness.Watch(WatchThingsBytes(0));
  EXPECT_EQ(NextOf(*stream), 1);
  EXPECT_EQ(stream->context().GetServerInitialMetadata().count("x-request-id"), 1U);
  EXPECT_EQ(NextOf(*stream), 2);
  harness.upstream().Publish(1);
  EXPECT_EQ(NextOf(*stream), 3);
  EXPECT_EQ(harness.upstream().last_metadata().at("x-acting-unit"), "vaxjo-ifo1");
  stream->Cancel();
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
}

TEST(GrpcStreamTest, TellsHowAStreamEnded) {
  Harness harness;
  harness.upstream().Publish(2);
  EXPECT_EQ(EndOf(*harness.Watch(WatchThingsBytes(0, "illegal"))), "ILLEGAL_STATE");
  const auto fails = harness.Watch(WatchThingsBytes(0, "fails"));
  EXPECT_EQ(NextOf(*fails), 1);
  EXPECT_EQ(NextOf(*fails), 2);
  EXPECT_EQ(EndOf(*fails), "ILLEGAL_STATE");
  const auto ends = harness.Watch(WatchThingsBytes(1, "ends"));
  EXPECT_EQ(NextOf(*ends), 2);
  EXPECT_EQ(EndOf(*ends), "OK");
}

TEST(GrpcStreamTest, KeepsTheDoor) {
  Harness harness;
  EXPECT_EQ(EndOf(*harness.Watch(WatchThingsBytes(0), [](auto&) {})), "TOKEN_MISSING");
  EXPECT_EQ(EndOf(*harness.Watch(WatchThingsBytes(0),
                                 [&](auto& context) {
                                   context.AddMetadata(
                                       "authorization",
                                       "Bearer " + harness.Token({{"roles", R"(["auditor"])"}}));
                                 })),
            "ROLE_NOT_ALLOWED");
  EXPECT_EQ(harness.upstream().calls(), 0);
}

TEST(GrpcStreamTest, EndsWhenTheTokenExpires) {
  Harness harness;
  harness.upstream().Publish(1);
  const auto stream = harness.Watch(WatchThingsBytes(0), [&](auto& context) {
    context.AddMetadata("authorization",
                        "Bearer " + harness.Token({{"exp", std::to_string(Soon(2s))}}));
  });
  EXPECT_EQ(NextOf(*stream), 1);
  EXPECT_EQ(EndOf(*stream), "TOKEN_EXPIRED");
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
}

TEST(GrpcStreamTest, EndsWhenItsTimeIsOver) {
  Harness harness("limits:\n  stream_life: 1s\n");
  harness.upstream().Publish(1);
  const auto stream = harness.Watch(WatchThingsBytes(0));
  EXPECT_EQ(NextOf(*stream), 1);
  EXPECT_EQ(EndOf(*stream), "OK");
}

TEST(GrpcStreamTest, BoundsTheStreamsOfACaller) {
  Harness harness("  max_streams_per_caller: 1\n");
  harness.upstream().Publish(1);
  auto first = harness.Watch(WatchThingsBytes(0));
  EXPECT_EQ(NextOf(*first), 1);
  EXPECT_EQ(EndOf(*harness.Watch(WatchThingsBytes(0))), "OVERLOADED");
  const auto other = harness.Watch(WatchThingsBytes(0), [&](auto& context) {
    context.AddMetadata("authorization", "Bearer " + harness.Token({{"sub", "\"person-2\""}}));
  });
  EXPECT_EQ(NextOf(*other), 1);
  first.reset();
  const auto until = SteadyClock::now() + 10s;
  std::int64_t next = -1;
  while (next == -1 && SteadyClock::now() < until) {
    next = NextOf(*harness.Watch(WatchThingsBytes(0)));
  }
  EXPECT_EQ(next, 1) << "the place is free again";
}

TEST(GrpcStreamTest, ASlowReaderIsNotBufferedForAndIsLetGo) {
  Harness harness("  write_timeout: 1500ms\n");
  const auto stream = harness.Watch(WatchThingsBytes(0, "flood"));
  EXPECT_EQ(NextOf(*stream), 1);
  std::this_thread::sleep_for(500ms);
  const int told = harness.upstream().items();
  EXPECT_LT(told, 200) << "what is under way is bounded";
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(harness.upstream().items(), told) << "nothing is read for who takes nothing";
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
}

TEST(GrpcStreamTest, ADrainEndsStreamsInWords) {
  Harness harness;
  harness.upstream().Publish(1);
  const auto stream = harness.Watch(WatchThingsBytes(0));
  EXPECT_EQ(NextOf(*stream), 1);
  const auto begun = SteadyClock::now();
  std::thread drain([&] { harness.gateway().Drain(); });
  EXPECT_EQ(EndOf(*stream), "SHUTTING_DOWN");
  drain.join();
  EXPECT_LT(SteadyClock::now() - begun, 5s) << "it did not wait for the limit";
}

TEST(GrpcStreamTest, GoesOnAfterTheUpstreamWasAway) {
  Harness harness;
  harness.upstream().Publish(2);
  const auto stream = harness.Watch(WatchThingsBytes(0));
  EXPECT_EQ(NextOf(*stream), 1);
  EXPECT_EQ(NextOf(*stream), 2);
  harness.KillUpstream();
  EXPECT_EQ(EndOf(*stream), "UPSTREAM_UNAVAILABLE");
  harness.RestartUpstream();
  harness.upstream().Publish(3);
  std::int64_t next = -1;
  const auto until = SteadyClock::now() + 15s;
  while (next == -1 && SteadyClock::now() < until) {
    next = NextOf(*harness.Watch(WatchThingsBytes(2)));
  }
  EXPECT_EQ(next, 3);
}

// An event stream that was opened.
class EventStream {
 public:
  EventStream(Harness& harness, const std::string& query, std::vector<std::string> headers = {})
      : connection_(harness.gateway().http_port()) {
    connection_.Send(harness.Format("GET", kUpdates + query, headers, std::nullopt));
  }

  HttpAnswer Header() { return connection_.ReceiveHeader(); }
  HttpAnswer Whole() { return connection_.Receive(); }
  std::optional<std::string> Event() { return connection_.ReceiveEvent(); }
  // The reason in the error event that ends it; "closed" when it ends without one.
  std::string End() {
    while (const auto event = Event()) {
      const std::string mark = "event: error\ndata: ";
      if (event->rfind(mark, 0) != 0) continue;
      EXPECT_FALSE(Event().has_value()) << "an error is the last";
      return Json::parse(event->substr(mark.size())).value("reason", "");
    }
    return "closed";
  }

 private:
  HttpConnection connection_;
};

std::string LastAfter(Harness& harness) {
  const auto message = NewTestMessage("WatchThingsRequest");
  EXPECT_TRUE(message->ParseFromString(harness.upstream().last_request()));
  return message->ShortDebugString();
}

TEST(EventStreamTest, TellsItemsAsEventsAndGoesOnFromTheLastOne) {
  Harness harness;
  harness.upstream().Publish(2);
  EventStream stream(harness, "");
  const auto header = stream.Header();
  EXPECT_EQ(header.status, 200);
  EXPECT_EQ(header.headers.at("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(header.headers.at("cache-control"), "no-store");
  EXPECT_EQ(header.headers.at("x-accel-buffering"), "no");
  EXPECT_TRUE(header.headers.contains("x-request-id"));
  EXPECT_EQ(stream.Event(), "retry: 3000");
  const std::string first = *stream.Event();
  ASSERT_EQ(first.rfind("id: 1\ndata: ", 0), 0U) << first;
  const Json item = Json::parse(first.substr(first.find('{')));
  EXPECT_EQ(item.at("sequence"), "1");
  EXPECT_EQ(item.at("thing").at("thingId"), "t-1");
  EXPECT_THAT(*stream.Event(), HasSubstr("id: 2\n"));
  harness.upstream().Publish(1);
  EXPECT_THAT(*stream.Event(), HasSubstr("id: 3\n"));

  EventStream again(harness, "?afterSequence=1", {"Last-Event-ID: 2"});
  EXPECT_EQ(again.Header().status, 200);
  EXPECT_EQ(again.Event(), "retry: 3000");
  EXPECT_THAT(*again.Event(), HasSubstr("id: 3\n"));
  EXPECT_EQ(LastAfter(harness), "after_sequence: 2");
  EventStream asked(harness, "?afterSequence=1");
  EXPECT_EQ(asked.Header().status, 200);
  EXPECT_EQ(LastAfter(harness), "after_sequence: 1");
}

TEST(EventStreamTest, ASilentStreamHasAHeartbeat) {
  Harness harness("  stream_heartbeat: 100ms\n");
  EventStream stream(harness, "");
  EXPECT_EQ(stream.Header().status, 200) << "without any item";
  EXPECT_EQ(stream.Event(), "retry: 3000");
  EXPECT_EQ(stream.Event(), ": heartbeat");
  EXPECT_EQ(stream.Event(), ": heartbeat");
  harness.upstream().Publish(1);
  std::string event = *stream.Event();
  while (event == ": heartbeat") event = *stream.Event();
  EXPECT_THAT(event, HasSubstr("id: 1\n"));
}

TEST(EventStreamTest, AnErrorIsAProblemBeforeTheFirstEventAndAnEventAfterIt) {
  Harness harness;
  const auto refused = EventStream(harness, "?behaviour=illegal").Whole();
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.headers.at("content-type"), "application/problem+json; charset=utf-8");
  EXPECT_EQ(Json::parse(refused.body).value("reason", ""), "ILLEGAL_STATE");
  for (const char* id : {"x", "-1", "1.5", "99999999999999999999"}) {
    const auto answer = EventStream(harness, "", {"Last-Event-ID: " + std::string(id)}).Whole();
    EXPECT_EQ(answer.status, 400) << id;
    const Json violation = Json::parse(answer.body).at("violations").at(0);
    EXPECT_EQ(violation.value("field", "") + " " + violation.value("rule", ""),
              "Last-Event-ID SEQUENCE");
  }
  EXPECT_EQ(EventStream(harness, "", {"Authorization: Bearer x"}).Whole().status, 401);
  harness.upstream().Publish(1);
  EventStream fails(harness, "?behaviour=fails");
  EXPECT_EQ(fails.Header().status, 200);
  EXPECT_EQ(fails.End(), "ILLEGAL_STATE");
  EventStream ends(harness, "?behaviour=ends");
  EXPECT_EQ(ends.Header().status, 200);
  EXPECT_EQ(ends.End(), "closed");
}

TEST(EventStreamTest, EndsWithTheTokenItsTimeOrTheGateway) {
  Harness harness("limits:\n  stream_life: 3s\n");
  harness.upstream().Publish(1);
  const std::string token = harness.Token({{"exp", std::to_string(Soon(2s))}});
  EventStream expiring(harness, "", {"Authorization: Bearer " + token});
  EventStream timed(harness, "");
  EXPECT_EQ(expiring.Header().status, 200);
  EXPECT_EQ(expiring.End(), "TOKEN_EXPIRED");
  EXPECT_EQ(timed.Header().status, 200);
  EXPECT_EQ(timed.End(), "closed");
  EventStream drained(harness, "");
  EXPECT_EQ(drained.Header().status, 200);
  const auto begun = SteadyClock::now();
  std::thread drain([&] { harness.gateway().Drain(); });
  EXPECT_EQ(drained.End(), "SHUTTING_DOWN");
  drain.join();
  EXPECT_LT(SteadyClock::now() - begun, 2500ms) << "it waited for the stream's own end";
}

TEST(EventStreamTest, LetsGoOfWhoLeavesAndOfWhoTakesNothing) {
  Harness harness("  write_timeout: 500ms\n  max_streams_per_caller: 1\n");
  harness.upstream().Publish(1);
  {
    EventStream leaving(harness, "");
    EXPECT_EQ(leaving.Header().status, 200);
    const auto second = EventStream(harness, "").Whole();
    EXPECT_EQ(second.status, 429);
    EXPECT_EQ(Json::parse(second.body).value("reason", ""), "OVERLOADED");
    EXPECT_TRUE(second.headers.contains("retry-after"));
  }
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
  const auto until = SteadyClock::now() + 10s;
  auto stuck = std::make_unique<EventStream>(harness, "?behaviour=flood");
  while (stuck->Header().status == 429 && SteadyClock::now() < until) {
    stuck = std::make_unique<EventStream>(harness, "?behaviour=flood");
  }
  EXPECT_TRUE(harness.upstream().AwaitCancelled(2));
  EXPECT_LT(harness.upstream().items(), 200) << "what is under way is bounded";
}

TEST(EventStreamTest, HasAHeadAndADescription) {
  Harness harness;
  const auto head = harness.Request("HEAD", kUpdates);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(harness.upstream().calls(), 0);
  const Json document = Json::parse(harness.Request("GET", "/openapi.json").body);
  const Json& watch = document.at("paths").at(kUpdates).at("get");
  EXPECT_TRUE(watch.at("responses").at("200").at("content").contains("text/event-stream"));
  EXPECT_THAT(watch.at("parameters").dump(), HasSubstr("Last-Event-ID"));
}

}  // namespace
}  // namespace vardkedja::gateway
