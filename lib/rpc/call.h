// One call, whatever its shape: who calls, until when, and what is told and logged of it. Used by
// adapter.cc and stream.h only.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>

#include "absl/status/status.h"
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

struct AdapterOptions {
  const Clock* clock = nullptr;  // all pointers outlive the calls
  auth::TokenVerifier* verifier = nullptr;
  const auth::Policy* policy = nullptr;
  exec::WorkerPool* workers = nullptr;
  telemetry::Metrics* metrics = nullptr;
  std::string request_key;  // secret of the request fingerprints, of any length
  std::chrono::milliseconds deadline_floor{50};
  std::chrono::milliseconds default_deadline{10'000};
  std::chrono::milliseconds stream_life{600'000};  // the longest that a stream runs
  int max_streams = 256;
  // Without TLS there is no peer identity: then x-peer-service is believed. Tests only.
  bool trust_peer_header = false;
  // The services that may call internal methods, as named in their certificates.
  std::set<std::string, std::less<>> peers = {"referral", "placement", "notification", "reporting"};
};

// Not thread-safe, but for Cancel and Recheck. The flag of cancellation outlives it, because a
// context may be copied.
class CallState {
 public:
  CallState(const AdapterOptions& options, std::string_view fingerprint_key,
            grpc::CallbackServerContext* context, const google::protobuf::Message& request,
            std::string method);

  // Everything that is decided before a worker is asked for: token, access rule, deadline.
  absl::Status Admit();
  // The same of a stream, which runs longer.
  absl::Status AdmitStream();
  // Of writes only; of no interest to others.
  absl::Status TakeRequestKey();
  // Whether the caller, once admitted, may still hear.
  absl::Status Recheck() const;
  void Cancel() { cancelled_->store(true); }
  // What the caller is told; logs and counts the call, once, at its end.
  grpc::Status Report(const absl::Status& status);

  const auth::CallContext& context() const { return call_; }

  // The exception barrier: what a handler throws is a defect, told to nobody but the log.
  template <class Step>
  static absl::Status Guard(Step step) {
    try {
      return step();
    } catch (const std::logic_error& error) {
      return absl::InternalError(std::string("exception: ") + error.what());
    } catch (const std::exception& error) {
      // Its text may quote data (a parser's does); the type is enough to find the place.
      return absl::InternalError(std::string("exception of type ") + typeid(error).name());
    } catch (...) {
      return absl::InternalError("exception of an unknown type");
    }
  }

 private:
  void Identify();
  absl::Status Authenticate();
  absl::Status TakeDeadline(std::chrono::milliseconds otherwise, std::chrono::milliseconds longest);

  const AdapterOptions& options_;
  const std::string_view fingerprint_key_;
  grpc::CallbackServerContext* const context_;
  const google::protobuf::Message& request_;
  const std::chrono::steady_clock::time_point arrived_;
  const std::shared_ptr<std::atomic<bool>> cancelled_;
  std::string trace_id_;
  std::string token_;
  bool write_ = false;
  auth::CallContext call_;
};

}  // namespace vardkedja::rpc
