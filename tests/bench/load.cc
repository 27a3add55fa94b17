#include "tests/bench/load.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

namespace vardkedja::bench {
namespace {

using std::chrono::microseconds;
using SteadyClock = std::chrono::steady_clock;

class Loop {
 public:
  Loop(int limit, std::chrono::milliseconds duration, const StartCall& start)
      : limit_(limit), until_(SteadyClock::now() + duration), start_(start) {}

  Figures Run(int in_flight) {
    const auto began = SteadyClock::now();
    running_ = in_flight;
    for (int i = 0; i < in_flight; ++i) Next();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
    return Summary(SteadyClock::now() - began);
  }

 private:
  void Next() {
    int number = 0;
    {
      const std::lock_guard lock(mutex_);
      if (next_ < limit_ && SteadyClock::now() < until_) {
        number = next_++;
      } else {
        number = -1;
      }
    }
    const auto began = SteadyClock::now();
    const auto done = [this, began](const grpc::Status& status) { Done(began, status); };
    if (number < 0 || !start_(number, done)) End();
  }

  void Done(SteadyClock::time_point began, const grpc::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      times_.push_back(std::chrono::duration_cast<microseconds>(SteadyClock::now() - began));
      if (!status.ok() && failed_++ == 0) {
        std::fprintf(stderr, "the first failed call: code %d, %s\n", status.error_code(),
                     status.error_message().c_str());
      }
    }
    Next();
  }

  void End() {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) ended_.notify_one();
  }

  // Precondition: all calls have ended.
  Figures Summary(SteadyClock::duration took) {
    std::sort(times_.begin(), times_.end());
    Figures figures;
    figures.calls = static_cast<int>(times_.size());
    figures.failed = failed_;
    figures.per_second = static_cast<double>(times_.size()) /
                         std::chrono::duration_cast<std::chrono::duration<double>>(took).count();
    if (!times_.empty()) {
      figures.p50 = times_[times_.size() / 2];
      figures.p99 = times_[times_.size() * 99 / 100];
    }
    return figures;
  }

  const int limit_;
  const SteadyClock::time_point until_;
  const StartCall& start_;
  std::mutex mutex_;
  std::condition_variable ended_;
  int next_ = 0;
  int running_ = 0;
  int failed_ = 0;
  std::vector<microseconds> times_;
};

}  // namespace

Figures RunLoad(int in_flight, int limit, std::chrono::milliseconds duration,
                const StartCall& start) {
  Loop loop(limit, duration, start);
  return loop.Run(in_flight);
}

}  // namespace vardkedja::bench
