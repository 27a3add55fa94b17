#include "tests/e2e/stage.h"

#include <fstream>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/id/uuid.h"

namespace vardkedja::e2e {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kPause{50};

std::string Details(const grpc::Status& status) {
  google::rpc::Status rich;
  std::string out;
  if (!rich.ParseFromString(status.error_details())) return out;
  for (const auto& detail : rich.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest fields;
    if (detail.UnpackTo(&info)) out += " " + info.ShortDebugString();
    if (detail.UnpackTo(&fields)) out += " " + fields.ShortDebugString();
  }
  return out;
}

}  // namespace

std::string NewRequestId() { return NewUuidV4(); }

Stage::Stage(Suite& suite) : suite_(suite), addresses_(suite.addresses()) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  channel_ = grpc::CreateCustomChannel("ipv4:" + addresses_.grpc,
                                       grpc::InsecureChannelCredentials(), arguments);
}

const std::string& Stage::TokenOf(const Actor& actor) {
  std::string& token = tokens_[actor.unit + "/" + actor.role + "/" + actor.seat];
  if (token.empty()) token = suite_.Token(actor);
  return token;
}

grpc::Status Stage::Repeat(const Actor& actor,
                           const std::function<grpc::Status(grpc::ClientContext*)>& call) {
  const auto until = SteadyClock::now() + kPatience;
  while (true) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + TokenOf(actor));
    context.AddMetadata("x-acting-unit", actor.unit);
    // A process without a server has no thread that watches a connection being made, but for a look
    // every 5 s, unless a call waits for it.
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::Status status = call(&context);
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || SteadyClock::now() > until) {
      return status;
    }
    std::this_thread::sleep_for(kPause);
  }
}

void Stage::Fail(const Actor& actor, const grpc::Status& status) {
  throw StoryError(actor.name + ": code " + std::to_string(status.error_code()) + ", " +
                   status.error_message() + Details(status));
}

nlohmann::json Stage::Rest(const Actor& actor, std::string_view method, std::string_view target,
                           const nlohmann::json& body, int expected) {
  RestRequest request;
  request.method = method;
  request.target = target;
  request.headers["Authorization"] = "Bearer " + TokenOf(actor);
  request.headers["X-Acting-Unit"] = actor.unit;
  if (!body.is_null()) request.body = body.dump();
  const auto until = SteadyClock::now() + kPatience;
  while (true) {
    const RestReply reply = CallRest(addresses_.http, request);
    if (reply.status == expected) return reply.Json();
    const bool again = reply.status == 0 || reply.status == 503;
    if (!again || SteadyClock::now() > until) {
      throw StoryError(actor.name + ": " + std::string(method) + " " + std::string(target) +
                       " answered " + std::to_string(reply.status) + " " + reply.body);
    }
    std::this_thread::sleep_for(kPause);
  }
}

void Stage::Await(std::string_view what, const std::function<bool()>& done) {
  const auto until = SteadyClock::now() + kPatience;
  while (!done()) {
    if (SteadyClock::now() > until) throw StoryError("waited in vain for: " + std::string(what));
    std::this_thread::sleep_for(kPause);
  }
}

Instant Stage::Now() const {
  std::ifstream file(suite_.state_dir() + "/clock-offset");
  long long seconds = 0;
  file >> seconds;
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()) +
         std::chrono::seconds(seconds);
}

}  // namespace vardkedja::e2e
