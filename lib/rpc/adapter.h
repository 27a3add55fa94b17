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
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/eventlog/dispatcher.h"
#include "lib/rpc/call.h"
#include "lib/rpc/stream.h"

namespace vardkedja::rpc {

// Shared by all adapters of a process. Thread-safe.
class AdapterCore {
 public:
  using Options = AdapterOptions;
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

  // One call for those that answer with a stream.
  CallState NewCall(grpc::CallbackServerContext* context, const google::protobuf::Message& request,
                    std::string method) const {
    return CallState(options_, fingerprint_key_, context, request, std::move(method));
  }

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

  // A stream that follows the service's log. Begin:
  // absl::StatusOr<std::unique_ptr<eventlog::Teller>> (const auth::CallContext&, const Request&)
  // checks the request; it runs on gRPC's thread and must not block. Its teller says messages of
  // type Response, and nothing else.
  template <class Response, class Request, class Begin>
  grpc::ServerWriteReactor<Response>* Follow(grpc::CallbackServerContext* context,
                                             const Request* request, std::string_view method,
                                             eventlog::Dispatcher& dispatcher,
                                             const Begin& begin) const {
    auto* stream = new StreamReactor<Response>(
        core_.NewCall(context, *request, prefix_ + std::string(method)), context, dispatcher);
    stream->Begin([&](const auth::CallContext& call) { return begin(call, *request); });
    return stream;
  }

 private:
  AdapterCore& core_;
  const std::string prefix_;
};

}  // namespace vardkedja::rpc
