#include "lib/eventlog/dispatcher.h"

#include <algorithm>
#include <deque>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <typeinfo>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::eventlog {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kRetryAfter{1'000};
// When the dispatcher stops, what is being written has this long to arrive.
constexpr milliseconds kLastWrite{500};

absl::Status Stopping() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "The service is stopping; go on from the last item.", "SHUTTING_DOWN",
                   kRetryAfter);
}

// What a teller throws is a defect, and no reason for the other streams to end.
absl::StatusOr<Told> Ask(Teller& teller, bool grown) {
  try {
    return teller.Tell(grown);
  } catch (const std::exception& error) {
    // Its text may quote data; the type is enough to find the place.
    return absl::InternalError(std::string("exception of type ") + typeid(error).name());
  }
}

}  // namespace

// Used by the dispatcher's thread only, but for the signals.
struct Dispatcher::Active {
  Stream stream;
  std::shared_ptr<Signals> signals;
  std::deque<Item> outbox;
  bool ask = true;  // the teller has more to say, or was not asked yet
  bool broken = false;
  SteadyTime next_tick;
  SteadyTime write_began;

  // When to look at it again if nothing happens before.
  SteadyTime NextLook(bool writing, milliseconds stall) const {
    if (!writing) return ask ? SteadyTime() : std::min(next_tick, stream.until);
    return broken ? SteadyTime::max() : write_began + stall;
  }
};

void Dispatcher::Signals::Written() {
  {
    const std::lock_guard lock(dispatcher_.mutex_);
    writing_ = false;
  }
  dispatcher_.Wake();
}

void Dispatcher::Signals::Gone() {
  {
    const std::lock_guard lock(dispatcher_.mutex_);
    gone_ = true;
  }
  dispatcher_.Wake();
}

Dispatcher::Dispatcher(HeadWatch& heads, DispatcherOptions options)
    : heads_(heads), options_(options) {
  subscription_ = heads_.Subscribe([this](std::int64_t) { Wake(); });
  thread_ = std::thread([this] { Dispatch(); });
}

Dispatcher::~Dispatcher() { Stop(); }

std::shared_ptr<Dispatcher::Signals> Dispatcher::NewSignals() {
  return std::shared_ptr<Signals>(new Signals(*this));
}

absl::Status Dispatcher::Follow(Stream stream, std::shared_ptr<Signals> signals) {
  auto active = std::make_unique<Active>();
  active->stream = std::move(stream);
  active->signals = std::move(signals);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return Stopping();
    if (count_ >= options_.max_streams) {
      return MakeError(absl::StatusCode::kResourceExhausted, "Too many streams are open.",
                       "OVERLOADED", kRetryAfter);
    }
    ++count_;
    arrived_.push_back(std::move(active));
    woken_ = true;
  }
  changed_.notify_one();
  return absl::OkStatus();
}

void Dispatcher::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
  }
  heads_.Unsubscribe(subscription_);
  changed_.notify_one();
  thread_.join();
}

int Dispatcher::streams() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void Dispatcher::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Dispatcher::Dispatch() {
  std::vector<std::unique_ptr<Active>> streams;
  std::optional<SteadyTime> stop_by;
  std::unique_lock lock(mutex_);
  while (!stopped_ || count_ > 0) {
    SteadyTime next = SteadyTime::max();
    for (const auto& active : streams) {
      next = std::min(next, active->NextLook(active->signals->writing_, options_.stall));
    }
    if (stop_by) next = std::min(next, std::max(*stop_by, SteadyClock::now() + milliseconds(1)));
    const auto rested = [this, &stop_by] { return woken_ || (stopped_ && !stop_by); };
    if (next == SteadyTime::max()) {
      changed_.wait(lock, rested);
    } else {
      changed_.wait_until(lock, next, rested);
    }
    if (stopped_ && !stop_by) stop_by = SteadyClock::now() + kLastWrite;
    woken_ = false;
    std::move(arrived_.begin(), arrived_.end(), std::back_inserter(streams));
    arrived_.clear();
    lock.unlock();
    const auto over = std::erase_if(
        streams, [&](auto& active) { return stop_by ? Close(*active, *stop_by) : Serve(*active); });
    lock.lock();
    count_ -= static_cast<int>(over);
  }
}

std::pair<bool, bool> Dispatcher::Look(const Active& active) const {
  const std::lock_guard lock(mutex_);
  return {active.signals->writing_, active.signals->gone_};
}

// True when the stream is over.
bool Dispatcher::Close(Active& active, SteadyTime by) {
  const auto [writing, gone] = Look(active);
  if (!writing) {
    active.stream.outlet->End(Stopping());
    return true;
  }
  if (!active.broken && SteadyClock::now() >= by) {
    active.broken = true;
    active.stream.outlet->Break();
  }
  return false;
}

// True when the stream is over.
bool Dispatcher::Serve(Active& active) {
  const SteadyTime now = SteadyClock::now();
  const auto [writing, gone] = Look(active);
  Outlet& outlet = *active.stream.outlet;
  if (writing) {
    if (!active.broken && now >= active.write_began + options_.stall) {
      active.broken = true;
      outlet.Break();
    }
    return false;
  }
  absl::Status status;
  if (active.broken) {
    status = MakeError(absl::StatusCode::kAborted, "The reader takes nothing.", "READER_TOO_SLOW");
  } else if (gone) {
    status = MakeError(absl::StatusCode::kCancelled, "The caller gave up.", "CANCELLED");
  } else if (now < active.stream.until) {
    status = Advance(active, now);
    if (status.ok()) return false;
  }
  outlet.End(status);
  return true;
}

absl::Status Dispatcher::Advance(Active& active, SteadyTime now) {
  if (active.outbox.empty()) {
    const bool grown = active.ask || heads_.head() > active.stream.teller->position();
    if (!grown && now < active.next_tick) return absl::OkStatus();
    VK_RETURN_IF_ERROR(active.stream.recheck());
    VK_ASSIGN_OR_RETURN(Told told, Ask(*active.stream.teller, grown));
    active.ask = told.more;
    active.next_tick = now + options_.tick;
    std::move(told.items.begin(), told.items.end(), std::back_inserter(active.outbox));
    if (active.outbox.empty()) return absl::OkStatus();
  }
  VK_RETURN_IF_ERROR(active.stream.recheck());
  const Item item = std::move(active.outbox.front());
  active.outbox.pop_front();
  active.write_began = now;
  {
    const std::lock_guard lock(mutex_);
    active.signals->writing_ = true;
  }
  active.stream.outlet->Write(item);
  return absl::OkStatus();
}

}  // namespace vardkedja::eventlog
