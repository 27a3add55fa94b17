// The gRPC edge end to end, against a fake upstream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/testing/contract.h"
#include "gateway/testing/harness.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "lib/telemetry/trace.h"

namespace vardkedja::gateway {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr char kCallId[] = "0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10";

// "CODE REASON" of an answer.
std::string Outcome(const GrpcAnswer& answer) {
  if (answer.status.ok()) return "OK";
  const absl::Status status = rpc::FromGrpc(answer.status);
  const auto detail = GetErrorDetail(status);
  const std::string code(ToStd(absl::StatusCodeToString(status.code())));
  return code + " " + (detail.has_value() ? detail->reason : "(no detail)");
}

// The thing_id of a Thing.
std::string ThingId(const std::string& bytes) {
  const auto thing = NewTestMessage("Thing");
  EXPECT_TRUE(thing->ParseFromString(bytes));
  return thing->GetReflection()->GetString(*thing,
                                           thing->GetDescriptor()->FindFieldByName("thing_id"));
}

TEST(GrpcEdgeTest, PassesACallThroughWithItsIdentity) {
  Harness harness;
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto answer = harness.Call("GetThing", GetThingBytes("t-1", "metadata"), [&](auto& c) {
    c.AddMetadata("authorization", "Bearer " + harness.Token());
    c.AddMetadata("x-request-id", kCallId);
    c.AddMetadata("x-purpose", "quality_review");
    c.AddMetadata("x-unasked", "does not pass");
    c.AddMetadata("traceparent", trace);
  });
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(ThingId(answer.bytes), "t-1");
  EXPECT_EQ(answer.initial.find("x-request-id")->second, kCallId);
  EXPECT_EQ(answer.initial.count("x-request-id"), 1U);
  EXPECT_EQ(answer.initial.find("x-served-by")->second, "fake");
  EXPECT_EQ(answer.trailing.find("x-cost")->second, "7");
  EXPECT_EQ(answer.trailing.find("x-binary-bin")->second, std::string("\0\xff", 2));

  const auto seen = harness.upstream().last_metadata();
  EXPECT_EQ(seen.at("x-acting-unit"), "vaxjo-ifo1");
  EXPECT_EQ(seen.at("x-purpose"), "quality_review");
  EXPECT_EQ(seen.at("x-request-id"), kCallId);
  EXPECT_EQ(seen.at("authorization").rfind("Bearer ", 0), 0U);
  EXPECT_FALSE(seen.contains("x-unasked"));
  const auto child = telemetry::ParseTraceparent(seen.at("traceparent"));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(child->parent_id, "00f067aa0ba902b7");
}

TEST(GrpcEdgeTest, DeliversRichErrorsOnce) {
  Harness harness;
  const auto answer = harness.Call("GetThing", GetThingBytes("t-1", "illegal"));
  EXPECT_EQ(Outcome(answer), "FAILED_PRECONDITION ILLEGAL_STATE");
  EXPECT_EQ(answer.status.error_message(), "Not in this state.");
  const auto detail = GetErrorDetail(rpc::FromGrpc(answer.status));
  EXPECT_EQ(detail->metadata.at("allowed_actions"), "submit,withdraw");
  EXPECT_EQ(answer.trailing.count("grpc-status-details-bin"), 1U);

  const auto invalid = harness.Call("GetThing", GetThingBytes("t-1", "invalid"));
  const auto violations = GetErrorDetail(rpc::FromGrpc(invalid.status))->violations;
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].sv, "Inte någons nummer.");
}

TEST(GrpcEdgeTest, HidesWhatAnUpstreamSaysWithoutDetails) {
  Harness harness;
  const auto answer = harness.Call("GetThing", GetThingBytes("t-1", "bare"));
  EXPECT_EQ(Outcome(answer), "UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_THAT(answer.status.error_message(), Not(HasSubstr("10.0.0.1")));
}

TEST(GrpcEdgeTest, RoutesOnlyPublicMethods) {
  Harness harness;
  for (const char* path : {"InternalThing", "RulelessThing", "UploadThings", "NoSuchThing",
                           "/vardkedja.eventlog.v1.EventLogService/Read",
                           "/vardkedja.referral.v1.AuthorizationService/Authorize", "/x/y"}) {
    EXPECT_EQ(Outcome(harness.Call(path, "")), "UNIMPLEMENTED NO_SUCH_METHOD") << path;
  }
  EXPECT_EQ(harness.upstream().calls(), 0);
}

TEST(GrpcEdgeTest, KeepsTheDoor) {
  Harness harness;
  const auto with = [&](const std::string& method, const std::string& authorization,
                        const std::string& unit = "", const std::string& purpose = "") {
    return Outcome(harness.Call(method, GetThingBytes("t-1"), [&](auto& context) {
      if (!authorization.empty()) context.AddMetadata("authorization", authorization);
      if (!unit.empty()) context.AddMetadata("x-acting-unit", unit);
      if (!purpose.empty()) context.AddMetadata("x-purpose", purpose);
    }));
  };
  const std::string good = "Bearer " + harness.Token();
  EXPECT_EQ(with("GetThing", ""), "UNAUTHENTICATED TOKEN_MISSING");
  EXPECT_EQ(with("GetThing", "Basic abc"), "UNAUTHENTICATED TOKEN_INVALID");
  EXPECT_EQ(with("GetThing", good + "x"), "UNAUTHENTICATED TOKEN_INVALID");
  EXPECT_EQ(with("GetThing", "Bearer " + harness.Token({{"exp", "1000000000"}})),
            "UNAUTHENTICATED TOKEN_EXPIRED");
  EXPECT_EQ(with("GetThing", good, "novus"), "PERMISSION_DENIED UNIT_NOT_YOURS");
  EXPECT_EQ(with("GetThing", good, "", "No Purpose"), "INVALID_ARGUMENT PURPOSE_INVALID");
  EXPECT_EQ(with("GetThing", "Bearer " + harness.Token({{"roles", R"(["auditor"])"}})),
            "PERMISSION_DENIED ROLE_NOT_ALLOWED");
  EXPECT_EQ(with("GetThing", "Bearer " + harness.Token({{"loa", R"("low")"}})),
            "PERMISSION_DENIED ASSURANCE_TOO_LOW");
  EXPECT_EQ(harness.upstream().calls(), 0);
  EXPECT_EQ(with("GetThing", good, "vaxjo-ifo1", "case_work"), "OK");
}

TEST(GrpcEdgeTest, ForwardsAndBoundsDeadlines) {
  Harness harness("  default_deadline: 3s\n  max_deadline: 5s\n");
  const auto timeout_seen = [&](std::optional<milliseconds> timeout) {
    const auto answer = harness.Call("GetThing", GetThingBytes("t-1"), [&](auto& context) {
      context.AddMetadata("authorization", "Bearer " + harness.Token());
      context.set_deadline(timeout ? std::chrono::system_clock::now() + *timeout
                                   : std::chrono::system_clock::time_point::max());
    });
    EXPECT_TRUE(answer.status.ok());
    return std::stoi(harness.upstream().last_metadata().at(":timeout_ms"));
  };
  EXPECT_LE(timeout_seen(std::nullopt), 3'100);
  EXPECT_GT(timeout_seen(std::nullopt), 1'000);
  EXPECT_LE(timeout_seen(milliseconds(2'000)), 2'100);
  EXPECT_GT(timeout_seen(milliseconds(60'000)), 3'000);
  EXPECT_LE(timeout_seen(milliseconds(60'000)), 5'100);
}

TEST(GrpcEdgeTest, EndsAtTheDeadlineAndTellsTheUpstream) {
  Harness harness("  max_deadline: 300ms\n");
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = harness.Call("GetThing", GetThingBytes("t-1", "wait"));
  EXPECT_EQ(Outcome(answer), "DEADLINE_EXCEEDED DEADLINE_EXCEEDED");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
}

TEST(GrpcEdgeTest, PassesACancellationOn) {
  Harness harness;
  grpc::ClientContext* context = nullptr;
  std::thread canceller;
  const auto answer = harness.Call("GetThing", GetThingBytes("t-1", "wait"), [&](auto& given) {
    given.AddMetadata("authorization", "Bearer " + harness.Token());
    context = &given;
    canceller = std::thread([&] {
      EXPECT_TRUE(harness.upstream().AwaitCalls(1));
      context->TryCancel();
    });
  });
  canceller.join();
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(harness.upstream().AwaitCancelled(1));
}

TEST(GrpcEdgeTest, BoundsTheSizeOfMessages) {
  Harness harness("  max_message_bytes: 2097152\n");
  const auto of_size = [&](std::size_t bytes) {
    return harness.Call("GetThing", GetThingBytes(std::string(bytes, 'x')));
  };
  EXPECT_EQ(Outcome(of_size(900 << 10)), "OK");
  // Beyond what the upstream takes, and beyond what the gateway takes.
  EXPECT_EQ(Outcome(of_size(1100 << 10)), "RESOURCE_EXHAUSTED MESSAGE_TOO_LARGE");
  EXPECT_EQ(of_size(3 << 20).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Outcome(of_size(1)), "OK");
}

TEST(GrpcEdgeTest, PassesLargeAnswers) {
  Harness harness;
  const auto answer = harness.Call("GetThing", GetThingBytes("t-1", "large"));
  ASSERT_TRUE(answer.status.ok());
  EXPECT_GT(answer.bytes.size(), std::size_t{3} << 20);
}

TEST(GrpcEdgeTest, SaysUnavailableWhileTheUpstreamIsDownAndRecovers) {
  Harness harness;
  EXPECT_EQ(Outcome(harness.Call("GetThing", GetThingBytes("t-1"))), "OK");
  GrpcAnswer running;
  std::thread caller([&] { running = harness.Call("GetThing", GetThingBytes("t-1", "wait")); });
  EXPECT_TRUE(harness.upstream().AwaitCalls(2));
  harness.KillUpstream();
  caller.join();
  EXPECT_EQ(Outcome(running), "UNAVAILABLE UPSTREAM_UNAVAILABLE");

  const auto down = harness.Call("GetThing", GetThingBytes("t-1"));
  EXPECT_EQ(Outcome(down), "UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_TRUE(GetErrorDetail(rpc::FromGrpc(down.status))->retry_after.has_value());
  EXPECT_THAT(down.status.error_message(), Not(HasSubstr("127.0.0.1")));

  harness.RestartUpstream();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::string outcome;
  while (outcome != "OK" && std::chrono::steady_clock::now() < until) {
    outcome = Outcome(harness.Call("GetThing", GetThingBytes("t-1")));
  }
  EXPECT_EQ(outcome, "OK");
}

TEST(GrpcEdgeTest, Serves200AtOnce) {
  Harness harness("  rate_burst: 100000\n");
  std::mutex mutex;
  std::map<std::string, int> outcomes;
  std::vector<std::thread> callers;
  for (int i = 0; i < 200; ++i) {
    callers.emplace_back([&, i] {
      const std::string id = "t-" + std::to_string(i);
      for (int k = 0; k < 5; ++k) {
        const auto answer = harness.Call("GetThing", GetThingBytes(id));
        const bool others = answer.status.ok() && ThingId(answer.bytes) != id;
        const std::lock_guard lock(mutex);
        ++outcomes[others ? "another's answer" : Outcome(answer)];
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(outcomes, ElementsAre(Pair("OK", 1000)));
}

TEST(GrpcEdgeTest, RefusesBeyondTheBoundOnCalls) {
  Harness harness("  max_calls: 2\n");
  std::vector<std::thread> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.emplace_back([&] {
      harness.Call("GetThing", GetThingBytes("t-1", "wait"), [&](auto& context) {
        context.AddMetadata("authorization", "Bearer " + harness.Token());
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(3));
      });
    });
  }
  EXPECT_TRUE(harness.upstream().AwaitCalls(2));
  EXPECT_EQ(Outcome(harness.Call("GetThing", GetThingBytes("t-1"))),
            "RESOURCE_EXHAUSTED OVERLOADED");
  for (std::thread& thread : waiting) thread.join();
}

TEST(GrpcEdgeTest, LimitsTheRateOfAPrincipal) {
  Harness harness("  rate_per_second: 1\n  rate_burst: 3\n");
  const auto as = [&](const std::string& subject) {
    return harness.Call("GetThing", GetThingBytes("t-1"), [&](auto& context) {
      const std::string claim = "\"" + subject + "\"";
      context.AddMetadata("authorization", "Bearer " + harness.Token({{"sub", claim}}));
    });
  };
  GrpcAnswer last;
  for (int i = 0; i < 20 && Outcome(last) == "OK"; ++i) last = as("busy");
  EXPECT_EQ(Outcome(last), "RESOURCE_EXHAUSTED RATE_LIMITED");
  const auto retry_after = GetErrorDetail(rpc::FromGrpc(last.status))->retry_after;
  ASSERT_TRUE(retry_after.has_value());
  EXPECT_LE(*retry_after, milliseconds(1000));
  EXPECT_EQ(Outcome(as("calm")), "OK");
}

TEST(GrpcEdgeTest, TellsTheHealthOfItsUpstreams) {
  Harness harness;
  const auto health = [&](const std::string& service) {
    std::string request;
    if (!service.empty()) {
      request = std::string("\x0a", 1) + static_cast<char>(service.size()) + service;
    }
    return harness.Call("/grpc.health.v1.Health/Check", request).bytes;
  };
  EXPECT_EQ(health(""), "\x08\x01");
  EXPECT_EQ(health("vardkedja.test.v1.EchoService"), "\x08\x01");
  harness.KillUpstream();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::string answer;
  while (answer != "\x08\x02" && std::chrono::steady_clock::now() < until) {
    answer = health("vardkedja.test.v1.EchoService");
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_EQ(answer, "\x08\x02");
  EXPECT_EQ(health(""), "\x08\x01");
}

TEST(GrpcEdgeTest, DescribesItselfByReflection) {
  Harness harness;
  const auto channel = harness.Channel();
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto stream = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  stream->StartCall(nullptr);
  queue.Next(&tag, &ok);
  const auto ask = [&](const std::string& question) {
    const grpc::Slice slice(question);
    stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    queue.Next(&tag, &ok);
    grpc::ByteBuffer answer;
    stream->Read(&answer, nullptr);
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(ok && answer.Dump(&slices).ok());
    std::string bytes;
    for (const auto& part : slices) {
      bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
    return bytes;
  };
  // list_services = 7, file_containing_symbol = 4
  const std::string services = ask(std::string("\x3a\x00", 2));
  EXPECT_THAT(services, HasSubstr("vardkedja.test.v1.EchoService"));
  EXPECT_THAT(services, HasSubstr("grpc.health.v1.Health"));
  EXPECT_THAT(services, Not(HasSubstr("v1alpha")));  // it could not be described
  const std::string symbol = "vardkedja.test.v1.Thing";
  EXPECT_THAT(ask(std::string("\x22", 1) + static_cast<char>(symbol.size()) + symbol),
              HasSubstr("CreateThingRequest"));
  EXPECT_THAT(ask(std::string("\x22\x03", 2) + "x.y"), HasSubstr("not found"));
  stream->WritesDone(nullptr);
  queue.Next(&tag, &ok);
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(GrpcEdgeTest, LetsRunningCallsEndWhenItDrains) {
  Harness harness;
  GrpcAnswer running;
  std::thread caller([&] {
    running = harness.Call("GetThing", GetThingBytes("t-1", "wait"), [&](auto& context) {
      context.AddMetadata("authorization", "Bearer " + harness.Token());
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
    });
  });
  EXPECT_TRUE(harness.upstream().AwaitCalls(1));
  harness.gateway().Drain();
  caller.join();
  EXPECT_EQ(running.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace vardkedja::gateway
