// A bounded pool of threads with a bounded queue. Full means refused, at once: waiting longer than
// the queue allows helps nobody. Only std::mutex inside, so that ThreadSanitizer can judge it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vardkedja::exec {

// Why a task is called.
enum class Verdict {
  kRun,        // do the work
  kExpired,    // its deadline passed while it waited
  kCancelled,  // nobody waits for it any more
  kShutdown,   // the pool stopped before its turn
};

struct Task {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::function<bool()> cancelled = {};  // may be empty
  // Called exactly once for an accepted task, on a worker or on the stopping thread. Must not
  // throw.
  std::function<void(Verdict)> run = {};
};

class WorkerPool {
 public:
  struct Options {
    int workers = 8;
    int queue = 256;
    // Called on a worker with the time each task waited; may be empty.
    std::function<void(std::chrono::microseconds)> on_wait = {};
  };
  struct Stats {
    int waiting = 0;
    int running = 0;
    std::int64_t refused = 0;
    std::int64_t dropped = 0;  // expired or cancelled at dequeue
  };

  explicit WorkerPool(Options options);
  ~WorkerPool();  // Stop(now)
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, without calling the task, when the queue is full or the pool is stopping.
  bool Submit(Task task);

  // Takes no more tasks, lets accepted ones finish until `deadline`, hands the rest kShutdown, then
  // waits for the running ones. Idempotent.
  void Stop(std::chrono::steady_clock::time_point deadline);

  Stats stats() const;

 private:
  struct Entry {
    Task task;
    std::chrono::steady_clock::time_point queued_at;
  };
  void Work();

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  std::deque<Entry> queue_;
  Stats stats_;
  bool accepting_ = true;
  bool stopping_ = false;
  std::mutex join_mutex_;
  std::vector<std::thread> threads_;
};

}  // namespace vardkedja::exec
