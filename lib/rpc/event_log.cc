#include "lib/rpc/event_log.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "lib/eventlog/reader.h"
#include "lib/rpc/adapter.h"
#include "lib/rpc/channel.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "vardkedja/eventlog/v1/event_log.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using eventlog::v1::EventLogService;
using eventlog::v1::ReadRequest;
using eventlog::v1::ReadResponse;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kPoll{500};        // the safety net behind the wake-up
constexpr milliseconds kReadTime{2'000};  // for one read of the table
constexpr milliseconds kMargin{100};      // an empty answer leaves before the caller gives up
constexpr std::size_t kMaxParked = 256;   // a handful of consumers per replica is normal

absl::Status Stopping() {
  return MakeError(absl::StatusCode::kUnavailable, "The service is stopping; try again.",
                   "SHUTTING_DOWN");
}

std::vector<FieldViolation> Check(const ReadRequest& request) {
  std::vector<FieldViolation> broken;
  const auto check = [&broken](bool good, const char* field, const char* en, const char* sv) {
    if (!good) broken.push_back({field, "RANGE", en, sv});
  };
  check(request.after() >= 0, "after", "0 or more.", "0 eller mer.");
  check(request.limit() >= 0 && request.limit() <= eventlog::kMaxLimit, "limit", "0 to 1000.",
        "0 till 1000.");
  check(request.wait_ms() >= 0 && request.wait_ms() <= eventlog::kMaxWait.count(), "wait_ms",
        "0 to 20000.", "0 till 20000.");
  return broken;
}

}  // namespace

class EventLogServer::Impl final : public EventLogService::CallbackService {
 public:
  Impl(AdapterCore& core, eventlog::Reader& reader, eventlog::HeadWatch& heads)
      : adapter_(core, EventLogService::service_full_name()), reader_(reader), heads_(heads) {
    subscription_ = heads_.Subscribe([this](std::int64_t) { Wake(); });
    dispatcher_ = std::thread([this] { Dispatch(); });
  }

  ~Impl() override { Stop(); }

  grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext* context, const ReadRequest* request,
                                 ReadResponse* response) override {
    return adapter_.Parked(
        context, request, response, "Read",
        [this](const auth::CallContext& call, const ReadRequest& asked,
               Adapter::Done<ReadResponse> done) { Park(call, asked, std::move(done)); });
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(stopped_, true)) return;
    }
    changed_.notify_all();
    heads_.Unsubscribe(subscription_);
    dispatcher_.join();
    for (Waiting& waiting : parked_) waiting.done(Stopping());
    parked_.clear();
  }

 private:
  struct Waiting {
    std::int64_t after = 0;
    int limit = 0;
    SteadyClock::time_point until;
    std::function<bool()> cancelled;
    Adapter::Done<ReadResponse> done;
    bool fresh = true;  // not looked at yet
  };

  void Park(const auth::CallContext& call, const ReadRequest& request,
            Adapter::Done<ReadResponse> done) {
    if (std::vector<FieldViolation> broken = Check(request); !broken.empty()) {
      return done(InvalidFields(std::move(broken)));
    }
    Waiting waiting{.after = request.after(),
                    .limit = request.limit(),
                    .until = std::min(SteadyClock::now() + milliseconds(request.wait_ms()),
                                      call.deadline - kMargin),
                    .cancelled = call.cancelled,
                    .done = std::move(done)};
    {
      const std::lock_guard lock(mutex_);
      if (!stopped_ && parked_.size() < kMaxParked) {
        parked_.push_back(std::move(waiting));
        woken_ = true;
        changed_.notify_one();
        return;
      }
    }
    waiting.done(Stopping());
  }

  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }

  void Dispatch() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      changed_.wait_until(lock, NextLook(), [this] { return stopped_ || woken_; });
      if (stopped_) return;
      woken_ = false;
      std::vector<Waiting> round = std::move(parked_);
      parked_.clear();
      lock.unlock();
      const bool poll = SteadyClock::now() >= next_poll_;
      if (poll) next_poll_ = SteadyClock::now() + kPoll;
      std::erase_if(round, [this, poll](Waiting& waiting) { return Serve(waiting, poll); });
      lock.lock();
      std::move(round.begin(), round.end(), std::back_inserter(parked_));
    }
  }

  // Precondition: `mutex_` is held.
  SteadyClock::time_point NextLook() const {
    SteadyClock::time_point next = std::max(next_poll_, SteadyClock::now());
    if (parked_.empty()) return SteadyClock::now() + std::chrono::hours(1);
    for (const Waiting& waiting : parked_) next = std::min(next, waiting.until);
    return next;
  }

  // True when the call has been answered.
  bool Serve(Waiting& waiting, bool poll) {
    if (waiting.cancelled()) {
      waiting.done(MakeError(absl::StatusCode::kCancelled, "The caller gave up.", "CANCELLED"));
      return true;
    }
    const bool late = SteadyClock::now() >= waiting.until;
    const bool look = poll || std::exchange(waiting.fresh, false) || heads_.head() > waiting.after;
    if (!look && !late) return false;
    absl::StatusOr<ReadResponse> answer =
        reader_.Read(waiting.after, waiting.limit, SteadyClock::now() + kReadTime);
    if (answer.ok() && answer->events().empty() && !late) return false;
    waiting.done(std::move(answer));
    return true;
  }

  const Adapter adapter_;
  eventlog::Reader& reader_;
  eventlog::HeadWatch& heads_;
  std::int64_t subscription_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> parked_;
  bool woken_ = false;
  bool stopped_ = false;
  SteadyClock::time_point next_poll_ = SteadyClock::now();  // the dispatcher's own
  std::thread dispatcher_;
};

EventLogServer::EventLogServer(AdapterCore& core, eventlog::Reader& reader,
                               eventlog::HeadWatch& heads)
    : impl_(std::make_shared<Impl>(core, reader, heads)) {
  core.OnDrain([weak = std::weak_ptr(impl_)] {
    if (const auto impl = weak.lock()) impl->Stop();
  });
}

EventLogServer::~EventLogServer() { Stop(); }

std::shared_ptr<grpc::Service> EventLogServer::service() { return impl_; }

void EventLogServer::Stop() { impl_->Stop(); }

namespace {

class RemoteSource final : public eventlog::EventSource {
 public:
  RemoteSource(Channels& channels, std::string_view service)
      : channels_(channels), service_(service) {}

  absl::StatusOr<ReadResponse> Read(std::int64_t after, int limit, milliseconds wait,
                                    std::stop_token stop) override {
    VK_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel, channels_.To(service_));
    const auto stub = EventLogService::NewStub(channel);
    wait = std::clamp(wait, milliseconds(0), eventlog::kMaxWait);
    ReadRequest request;
    request.set_after(after);
    request.set_limit(limit);
    request.set_wait_ms(static_cast<int>(wait.count()));
    grpc::ClientContext client;
    channels_.Prepare(client, auth::CallContext(), wait + 2 * kReadTime);
    const std::stop_callback cancel(stop, [&client] { client.TryCancel(); });
    ReadResponse response;
    VK_RETURN_IF_ERROR(FromGrpc(stub->Read(&client, request, &response)));
    return response;
  }

 private:
  Channels& channels_;
  const std::string service_;
};

}  // namespace

std::unique_ptr<eventlog::EventSource> MakeEventSource(Channels& channels,
                                                       std::string_view service) {
  return std::make_unique<RemoteSource>(channels, service);
}

}  // namespace vardkedja::rpc
