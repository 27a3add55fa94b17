#include "lib/rpc/piece_stream.h"

#include <algorithm>
#include <string>
#include <vector>

#include "lib/exec/worker_pool.h"
#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"
#include "lib/time/clock.h"

namespace vardkedja::rpc {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kRetryAfter{1'000};
// At a stop, what is being written has this long to arrive.
constexpr milliseconds kLastWrite{500};

absl::Status Stopping() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "The service is stopping; go on from what you have.", "SHUTTING_DOWN",
                   kRetryAfter);
}

absl::Status TooSlow() {
  return MakeError(absl::StatusCode::kAborted, "The reader takes nothing.", "READER_TOO_SLOW");
}

absl::Status GivenUp() {
  return MakeError(absl::StatusCode::kCancelled, "The caller gave up.", "CANCELLED");
}

}  // namespace

PieceStreams::PieceStreams(AdapterCore& core, PieceStreamsOptions options)
    : core_(core), options_(options), thread_([this] { Supervise(); }) {}

PieceStreams::~PieceStreams() { Stop(); }

absl::Status PieceStreams::MayGoOn(const CallState& state) const {
  if (state.context().cancelled()) return GivenUp();
  if (SteadyClock::now() >= state.context().deadline) {
    return MakeError(absl::StatusCode::kDeadlineExceeded,
                     "The stream took too long; go on from what you have.", "DEADLINE_EXCEEDED");
  }
  return state.Recheck();
}

auth::CallContext PieceStreams::ContextOfPiece(const CallState& state) const {
  auth::CallContext context = state.context();
  context.now = core_.options().clock->Now();
  context.deadline =
      std::min(context.deadline, SteadyClock::now() + core_.options().default_deadline);
  return context;
}

absl::Status PieceStreams::Enter(Stream& stream) {
  std::unique_lock lock(mutex_);
  if (stopped_) return Stopping();
  if (static_cast<int>(streams_.size()) >= options_.max_streams) {
    return MakeError(absl::StatusCode::kResourceExhausted, "Too many streams are open.",
                     "OVERLOADED", kRetryAfter);
  }
  streams_[&stream];
  waiting_.push_back(&stream);
  changed_.notify_one();
  Serve(lock);
  return absl::OkStatus();
}

void PieceStreams::Writes(Stream& stream) {
  const std::lock_guard lock(mutex_);
  State& state = streams_[&stream];
  state.writing = true;
  state.write_began = SteadyClock::now();
}

void PieceStreams::Written(Stream& stream, bool ok) {
  std::unique_lock lock(mutex_);
  State& state = streams_[&stream];
  state.writing = false;
  if (state.broken) return changed_.notify_one();
  if (ok && !stopped_) {
    waiting_.push_back(&stream);
    return Serve(lock);
  }
  lock.unlock();
  stream.End(ok ? Stopping() : GivenUp());
}

void PieceStreams::Leave(Stream& stream) {
  {
    const std::lock_guard lock(mutex_);
    streams_.erase(&stream);
  }
  changed_.notify_one();
}

// Lets as many of those that wait make a piece as may at once. When the workers' queue is full, the
// supervising thread tries again.
void PieceStreams::Serve(std::unique_lock<std::mutex>& lock) {
  while (!waiting_.empty() && making_ < options_.at_once) {
    Stream* const stream = waiting_.front();
    waiting_.pop_front();
    ++making_;
    lock.unlock();
    const bool taken =
        core_.options().workers->Submit({.run = [this, stream](exec::Verdict verdict) {
          if (verdict == exec::Verdict::kRun) {
            stream->Make();
          } else {
            stream->End(Stopping());
          }
          std::unique_lock made(mutex_);
          --making_;
          Serve(made);
        }});
    lock.lock();
    if (taken) continue;
    --making_;
    waiting_.push_front(stream);
    return;
  }
}

void PieceStreams::Supervise() {
  std::optional<SteadyTime> stop_by;
  std::unique_lock lock(mutex_);
  while (!stopped_ || !streams_.empty() || making_ > 0) {
    if (streams_.empty() && !stopped_) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, options_.tick);
    }
    if (stopped_ && !stop_by) stop_by = SteadyClock::now() + kLastWrite;
    Look(lock, SteadyClock::now(), stop_by);
    Serve(lock);
  }
}

// Ends and cuts off what must be, without the lock, since gRPC may call back at once. What is taken
// here is touched by nobody else: it waits, or it is broken.
void PieceStreams::Look(std::unique_lock<std::mutex>& lock, SteadyTime now,
                        std::optional<SteadyTime> stop_by) {
  std::vector<std::pair<Stream*, absl::Status>> over;
  std::vector<Stream*> stuck;
  if (stop_by) {
    for (Stream* stream : waiting_) over.emplace_back(stream, Stopping());
    waiting_.clear();
  }
  for (auto& [stream, state] : streams_) {
    if (state.broken && !state.writing) {
      over.emplace_back(stream, stop_by ? Stopping() : TooSlow());
    } else if (state.writing && !state.broken &&
               (now >= state.write_began + options_.stall || (stop_by && now >= *stop_by))) {
      state.broken = true;
      stuck.push_back(stream);
    }
  }
  lock.unlock();
  for (const auto& [stream, status] : over) stream->End(status);
  for (Stream* stream : stuck) stream->Break();
  lock.lock();
}

void PieceStreams::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
  }
  changed_.notify_one();
  thread_.join();
}

int PieceStreams::streams() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(streams_.size());
}

std::shared_ptr<PieceStreams> MakePieceStreams(AdapterCore& core) {
  const AdapterOptions& options = core.options();
  auto streams =
      std::make_shared<PieceStreams>(core, PieceStreamsOptions{.max_streams = options.max_streams});
  core.OnDrain([weak = std::weak_ptr(streams)] {
    if (const auto live = weak.lock()) live->Stop();
  });
  options.metrics->AddProbe("vardkedja_piece_streams", "Open downloads.", {},
                            [streams] { return static_cast<double>(streams->streams()); });
  return streams;
}

}  // namespace vardkedja::rpc
