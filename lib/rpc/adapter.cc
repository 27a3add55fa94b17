#include "lib/rpc/adapter.h"

#include <sodium.h>

#include <utility>

#include "lib/exec/worker_pool.h"
#include "lib/rpc/call.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::rpc {
namespace {

using absl::StatusCode;
using std::chrono::milliseconds;

constexpr milliseconds kRetryAfterOverload{500};

absl::Status Overloaded() {
  return MakeError(StatusCode::kResourceExhausted, "Too many calls are waiting; try again shortly.",
                   "OVERLOADED", kRetryAfterOverload);
}

absl::Status FromVerdict(exec::Verdict verdict) {
  switch (verdict) {
    case exec::Verdict::kRun:
      return absl::OkStatus();
    case exec::Verdict::kExpired:
      return MakeError(StatusCode::kDeadlineExceeded, "The deadline passed while the call waited.",
                       "DEADLINE_EXCEEDED");
    case exec::Verdict::kCancelled:
      return MakeError(StatusCode::kCancelled, "The caller gave up.", "CANCELLED");
    case exec::Verdict::kShutdown:
      break;
  }
  return MakeError(StatusCode::kUnavailable, "The service is stopping; try again.",
                   "SHUTTING_DOWN");
}

// Any secret becomes a key of the length that BLAKE2b likes.
std::string DeriveKey(std::string_view secret) {
  unsigned char key[crypto_generichash_KEYBYTES];
  crypto_generichash(key, sizeof key, reinterpret_cast<const unsigned char*>(secret.data()),
                     secret.size(), nullptr, 0);
  return {reinterpret_cast<const char*>(key), sizeof key};
}

// A call with one answer. Deletes itself in OnDone; after Finish nothing may touch it.
class Call final : public grpc::ServerUnaryReactor {
 public:
  Call(const AdapterOptions& options, std::string_view fingerprint_key,
       grpc::CallbackServerContext* context, const google::protobuf::Message& request,
       std::string method)
      : options_(options), state_(options, fingerprint_key, context, request, std::move(method)) {}

  void RunOnWorker(AdapterCore::Work work) {
    const absl::Status admitted = CallState::Guard([this] { return state_.Admit(); });
    if (!admitted.ok()) return End(admitted);
    exec::Task task{.deadline = state_.context().deadline,
                    .cancelled = state_.context().cancelled,
                    .run = [this, work = std::move(work)](exec::Verdict verdict) {
                      End(CallState::Guard([&]() -> absl::Status {
                        VK_RETURN_IF_ERROR(Judge(verdict));
                        VK_RETURN_IF_ERROR(state_.TakeRequestKey());
                        return work(state_.context());
                      }));
                    }};
    if (options_.workers->Submit(std::move(task))) return;
    options_.metrics->Count("vardkedja_pool_refused_total",
                            "Calls refused because the queue was full.", {});
    End(Overloaded());
  }

  void RunParked(const AdapterCore::Park& park) {
    const absl::Status status = CallState::Guard([this]() -> absl::Status {
      VK_RETURN_IF_ERROR(state_.Admit());
      return state_.TakeRequestKey();
    });
    if (!status.ok()) return End(status);
    park(state_.context(), [this](const absl::Status& answer) { End(answer); });
  }

 private:
  void OnCancel() override { state_.Cancel(); }
  void OnDone() override { delete this; }

  absl::Status Judge(exec::Verdict verdict) {
    if (verdict != exec::Verdict::kRun) {
      options_.metrics->Count("vardkedja_pool_dropped_total",
                              "Calls that expired or were given up before their turn.", {});
    }
    return FromVerdict(verdict);
  }

  void End(const absl::Status& status) { Finish(state_.Report(status)); }

  const AdapterOptions& options_;
  CallState state_;
};

}  // namespace

AdapterCore::AdapterCore(Options options) : options_(std::move(options)) {
  fingerprint_key_ = DeriveKey(options_.request_key);
}

void AdapterCore::OnDrain(std::function<void()> release) {
  {
    const std::lock_guard lock(mutex_);
    if (!draining_) return releases_.push_back(std::move(release));
  }
  release();
}

void AdapterCore::Drain() {
  std::vector<std::function<void()>> releases;
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    releases.swap(releases_);
  }
  for (const auto& release : releases) release();
}

grpc::ServerUnaryReactor* AdapterCore::Start(grpc::CallbackServerContext* context,
                                             const google::protobuf::Message& request,
                                             std::string method, Work work) {
  auto* call = new Call(options_, fingerprint_key_, context, request, std::move(method));
  call->RunOnWorker(std::move(work));
  return call;
}

grpc::ServerUnaryReactor* AdapterCore::StartParked(grpc::CallbackServerContext* context,
                                                   const google::protobuf::Message& request,
                                                   std::string method, Park park) {
  auto* call = new Call(options_, fingerprint_key_, context, request, std::move(method));
  call->RunParked(park);
  return call;
}

}  // namespace vardkedja::rpc
