// The public doors of a running suite, as actors with tokens walk through them. Everything a story
// does goes through here; nothing reaches behind the gateway.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lib/time/time.h"
#include "tests/e2e/rest_client.h"
#include "tests/e2e/suite.h"
#include "vardkedja/notification/v1/directory_service.grpc.pb.h"
#include "vardkedja/notification/v1/message_service.grpc.pb.h"
#include "vardkedja/placement/v1/agreement_service.grpc.pb.h"
#include "vardkedja/placement/v1/facility_service.grpc.pb.h"
#include "vardkedja/placement/v1/offer_service.grpc.pb.h"
#include "vardkedja/placement/v1/queue_service.grpc.pb.h"
#include "vardkedja/placement/v1/stay_service.grpc.pb.h"
#include "vardkedja/referral/v1/coordinated_plan_service.grpc.pb.h"
#include "vardkedja/referral/v1/cost_split_service.grpc.pb.h"
#include "vardkedja/referral/v1/ground_service.grpc.pb.h"
#include "vardkedja/referral/v1/plan_service.grpc.pb.h"
#include "vardkedja/referral/v1/referral_service.grpc.pb.h"
#include "vardkedja/reporting/v1/report_service.grpc.pb.h"

namespace vardkedja::e2e {

// What went wrong, in one sentence for the person who reads the test's output.
class StoryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How long a call is repeated while the suite answers UNAVAILABLE, and how long an effect that
// travels through events is awaited.
inline constexpr std::chrono::seconds kPatience{40};

std::string NewRequestId();

class Stage {
 public:
  explicit Stage(Suite& suite);

  Suite& suite() { return suite_; }

  // One gRPC call; UNAVAILABLE is answered by trying again with the very same request.
  template <class Stub, class Request, class Response>
  grpc::Status Try(const Actor& actor,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    return Repeat(actor, [&](grpc::ClientContext* context) {
      return (StubOf<Stub>().*method)(context, request, response);
    });
  }

  // The same, and it must succeed.
  template <class Stub, class Request, class Response>
  Response Must(const Actor& actor,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response;
    const grpc::Status status = Try(actor, method, request, &response);
    if (!status.ok()) Fail(actor, status);
    return response;
  }

  // One REST call with the actor's token; 503 is answered by trying again. The status must be
  // `expected`.
  nlohmann::json Rest(const Actor& actor, std::string_view method, std::string_view target,
                      const nlohmann::json& body = nullptr, int expected = 200);

  // Waits until `done` says so; what travels through events needs a moment.
  void Await(std::string_view what, const std::function<bool()>& done);

  // The suite's own time.
  Instant Now() const;
  Date Today() const { return StockholmDate(Now()); }
  void MoveClock(std::string_view change) { suite_.MoveClock(change); }

 private:
  template <class Stub>
  Stub& StubOf();
  grpc::Status Repeat(const Actor& actor,
                      const std::function<grpc::Status(grpc::ClientContext*)>& call);
  [[noreturn]] static void Fail(const Actor& actor, const grpc::Status& status);
  const std::string& TokenOf(const Actor& actor);

  Suite& suite_;
  Addresses addresses_;
  std::shared_ptr<grpc::Channel> channel_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, std::shared_ptr<void>> stubs_;
};

template <class Stub>
Stub& Stage::StubOf() {
  std::shared_ptr<void>& kept = stubs_[typeid(Stub).name()];
  if (kept == nullptr) kept = std::make_shared<Stub>(channel_);
  return *static_cast<Stub*>(kept.get());
}

}  // namespace vardkedja::e2e
