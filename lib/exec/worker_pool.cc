#include "lib/exec/worker_pool.h"

#include <algorithm>
#include <utility>

namespace vardkedja::exec {
namespace {

using SteadyClock = std::chrono::steady_clock;

Verdict Judge(const Task& task, SteadyClock::time_point now) {
  if (task.cancelled && task.cancelled()) return Verdict::kCancelled;
  return now >= task.deadline ? Verdict::kExpired : Verdict::kRun;
}

}  // namespace

WorkerPool::WorkerPool(Options options) : options_(std::move(options)) {
  threads_.reserve(static_cast<std::size_t>(options_.workers));
  for (int i = 0; i < options_.workers; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() { Stop(SteadyClock::now()); }

bool WorkerPool::Submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (!accepting_ || static_cast<int>(queue_.size()) >= options_.queue) {
      ++stats_.refused;
      return false;
    }
    queue_.push_back({std::move(task), SteadyClock::now()});
    stats_.waiting = static_cast<int>(queue_.size());
  }
  work_.notify_one();
  return true;
}

void WorkerPool::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    stats_.waiting = static_cast<int>(queue_.size());
    ++stats_.running;
    lock.unlock();

    const SteadyClock::time_point now = SteadyClock::now();
    if (options_.on_wait) {
      options_.on_wait(
          std::chrono::duration_cast<std::chrono::microseconds>(now - entry.queued_at));
    }
    const Verdict verdict = Judge(entry.task, now);
    entry.task.run(verdict);
    entry.task = Task();  // what the task captured dies before it counts as done

    lock.lock();
    --stats_.running;
    if (verdict != Verdict::kRun) ++stats_.dropped;
    if (stats_.running == 0 && queue_.empty()) idle_.notify_all();
  }
}

void WorkerPool::Stop(SteadyClock::time_point deadline) {
  const std::lock_guard joining(join_mutex_);
  std::deque<Entry> left;
  {
    std::unique_lock lock(mutex_);
    accepting_ = false;
    idle_.wait_until(lock, deadline, [this] { return queue_.empty() && stats_.running == 0; });
    left.swap(queue_);
    stats_.waiting = 0;
    stopping_ = true;
  }
  work_.notify_all();
  for (Entry& entry : left) entry.task.run(Verdict::kShutdown);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

WorkerPool::Stats WorkerPool::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace vardkedja::exec
