// What stands between gRPC and a handler, in this order (architecture.md, 3): exception barrier,
// call id and trace, token, access rule, deadline floor, admission to the worker pool, request id
// and fingerprint, handler, error mapping, one log line and metrics. Include from rpc/ only.
//
//   grpc::ServerUnaryReactor* SubmitReferral(grpc::CallbackServerContext* context,
//                                            const SubmitReferralRequest* request,
//                                            Referral* response) override {
//     return adapter_.Unary(context, request, response, "SubmitReferral", submit_handler_);
//   }
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"

namespace google::protobuf {
class Message;
}

namespace vardkedja {
class Clock;
}
namespace vardkedja::auth {
class Policy;
class TokenVerifier;
}  // namespace vardkedja::auth
namespace vardkedja::exec {
class WorkerPool;
}
namespace vardkedja::telemetry {
class Metrics;
}

namespace vardkedja::rpc {

// Shared by all adapters of a process. Thread-safe.
class AdapterCore {
 public:
  struct Options {
    const Clock* clock = nullptr;  // all pointers outlive the core
    auth::TokenVerifier* verifier = nullptr;
    const auth::Policy* policy = nullptr;
    exec::WorkerPool* workers = nullptr;
    telemetry::Metrics* metrics = nullptr;
    std::string request_key;  // secret of the request fingerprints, of any length
    std::chrono::milliseconds deadline_floor{50};
    std::chrono::milliseconds default_deadline{10'000};
    // Without TLS there is no peer identity: then x-peer-service is believed. Tests only.
    bool trust_peer_header = false;
    // The services that may call internal methods, as named in their certificates.
    std::set<std::string, std::less<>> peers = {"referral", "placement", "notification",
                                                "reporting"};
  };
  explicit AdapterCore(Options options);

  // Runs on a worker; fills the response before it returns OK.
  using Work = std::function<absl::Status(const auth::CallContext&)>;
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context,
                                  const google::protobuf::Message& request, std::string method,
                                  Work work);

  // Ends a call that Begin admitted; any thread, exactly once.
  using Finish = std::function<void(absl::Status)>;
  // Runs on gRPC's thread and must not block; holds no worker. For long polls.
  using Park = std::function<void(const auth::CallContext&, Finish)>;
  grpc::ServerUnaryReactor* StartParked(grpc::CallbackServerContext* context,
                                        const google::protobuf::Message& request,
                                        std::string method, Park park);

  const Options& options() const { return options_; }

  // What parks calls must let them go when the process drains, or the drain would wait for them.
  void OnDrain(std::function<void()> release);
  // Calls what was registered, once each; later registrations are called at once.
  void Drain();

 private:
  const Options options_;
  std::string fingerprint_key_;
  std::mutex mutex_;
  bool draining_ = false;
  std::vector<std::function<void()>> releases_;
};

// The adapter of one gRPC service. Cheap; holds no state of calls. Thread-safe.
class Adapter {
 public:
  // `service` is ReferralService::service_full_name().
  Adapter(AdapterCore& core, std::string_view service)
      : core_(core), prefix_("/" + std::string(service) + "/") {}

  // Handler: absl::StatusOr<Response>(const auth::CallContext&, const Request&). It is copied, and
  // runs on a worker thread; what it captures by reference outlives the server.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response, std::string_view method,
                                  Handler handler) const {
    return core_.Start(context, *request, prefix_ + std::string(method),
                       [request, response, handler = std::move(handler)](
                           const auth::CallContext& call) -> absl::Status {
                         absl::StatusOr<Response> answer = handler(call, *request);
                         if (!answer.ok()) return answer.status();
                         *response = *std::move(answer);
                         return absl::OkStatus();
                       });
  }

  // Handler: void(const auth::CallContext&, const Request&, Done<Response>). Holds no worker: it
  // runs on gRPC's thread, must not block, and calls `done` exactly once, from any thread. Only for
  // methods that wait for something to happen.
  template <class Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Parked(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response, std::string_view method,
                                   Handler handler) const {
    return core_.StartParked(
        context, *request, prefix_ + std::string(method),
        [request, response, handler = std::move(handler)](const auth::CallContext& call,
                                                          AdapterCore::Finish finish) {
          handler(call, *request,
                  [response, finish = std::move(finish)](absl::StatusOr<Response> answer) {
                    if (answer.ok()) *response = *std::move(answer);
                    finish(answer.status());
                  });
        });
  }

 private:
  AdapterCore& core_;
  const std::string prefix_;
};

}  // namespace vardkedja::rpc
