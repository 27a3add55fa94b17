#include "lib/pg/deadline_watch.h"

#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace vardkedja::pg {

struct DeadlineWatch::State {
  std::mutex mutex;
  std::condition_variable earlier;
  std::multimap<Deadline, Scope*> scopes;
  // When the thread looks next by itself. It is not woken for a scope that ends before its
  // deadline, as nearly all do: a look in vain now and then is cheaper than one per statement.
  Deadline looks_at = Deadline::max();
};

// Lives as long as the process: a connection may be closed at any time before its end.
DeadlineWatch& DeadlineWatch::Instance() {
  static auto& watch = *new DeadlineWatch;
  return watch;
}

DeadlineWatch::DeadlineWatch() : state_(new State) {
  std::thread([this] { Run(); }).detach();
}

void DeadlineWatch::Run() {
  std::unique_lock lock(state_->mutex);
  for (;;) {
    if (state_->scopes.empty()) {
      state_->looks_at = Deadline::max();
      state_->earlier.wait(lock);
      continue;
    }
    const auto first = state_->scopes.begin();
    if (first->first > std::chrono::steady_clock::now()) {
      const Deadline until = state_->looks_at = first->first;
      state_->earlier.wait_until(lock, until);
      continue;
    }
    Scope& scope = *first->second;
    state_->scopes.erase(first);
    scope.place_ = state_->scopes.end();
    scope.expired_ = true;
    shutdown(scope.socket_, SHUT_RDWR);
  }
}

DeadlineWatch::Scope::Scope(int socket, Deadline deadline) : socket_(socket) {
  State& state = *Instance().state_;
  const std::lock_guard lock(state.mutex);
  place_ = state.scopes.emplace(deadline, this);
  if (deadline < state.looks_at) {
    state.looks_at = deadline;
    state.earlier.notify_one();
  }
}

DeadlineWatch::Scope::~Scope() {
  State& state = *Instance().state_;
  const std::lock_guard lock(state.mutex);
  if (place_ != state.scopes.end()) state.scopes.erase(place_);
}

}  // namespace vardkedja::pg
