#include "lib/exec/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <optional>
#include <vector>

namespace vardkedja::exec {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

// Holds the workers it is given until opened.
class Gate {
 public:
  Task Holder() {
    return {.run = [this](Verdict) {
      entered_.fetch_add(1);
      entered_.notify_all();
      opened_.wait(false);
    }};
  }
  void AwaitEntered(int count) {
    for (int seen = entered_.load(); seen < count; seen = entered_.load()) entered_.wait(seen);
  }
  void Open() {
    opened_.store(true);
    opened_.notify_all();
  }

 private:
  std::atomic<int> entered_{0};
  std::atomic<bool> opened_{false};
};

TEST(WorkerPoolTest, RunsEveryAcceptedTaskOnce) {
  constexpr int kTasks = 2000;
  std::vector<std::atomic<int>> runs(kTasks);
  WorkerPool pool({.workers = 4, .queue = kTasks});
  for (int i = 0; i < kTasks; ++i) {
    ASSERT_TRUE(pool.Submit({.run = [&runs, i](Verdict verdict) {
      if (verdict == Verdict::kRun) runs[static_cast<std::size_t>(i)].fetch_add(1);
    }}));
  }
  pool.Stop(SteadyClock::now() + 30s);
  for (const std::atomic<int>& count : runs) EXPECT_EQ(count.load(), 1);
}

TEST(WorkerPoolTest, RefusesWhenTheQueueIsFull) {
  Gate gate;
  WorkerPool pool({.workers = 1, .queue = 2});
  ASSERT_TRUE(pool.Submit(gate.Holder()));
  gate.AwaitEntered(1);
  std::atomic<int> called{0};
  const auto count = [&called](Verdict) { called.fetch_add(1); };
  EXPECT_TRUE(pool.Submit({.run = count}));
  EXPECT_TRUE(pool.Submit({.run = count}));
  EXPECT_FALSE(pool.Submit({.run = count}));
  EXPECT_EQ(pool.stats().waiting, 2);
  EXPECT_EQ(pool.stats().running, 1);
  EXPECT_EQ(pool.stats().refused, 1);
  gate.Open();
  pool.Stop(SteadyClock::now() + 30s);
  EXPECT_EQ(called.load(), 2);
}

TEST(WorkerPoolTest, DropsExpiredAndCancelledTasksAtDequeue) {
  Gate gate;
  WorkerPool pool({.workers = 1, .queue = 8});
  ASSERT_TRUE(pool.Submit(gate.Holder()));
  gate.AwaitEntered(1);
  std::optional<Verdict> expired, cancelled, live;
  std::atomic<bool> gone{false};
  ASSERT_TRUE(pool.Submit(
      {.deadline = SteadyClock::now() - 1ms, .run = [&expired](Verdict v) { expired = v; }}));
  ASSERT_TRUE(pool.Submit({.cancelled = [&gone] { return gone.load(); },
                           .run = [&cancelled](Verdict v) { cancelled = v; }}));
  ASSERT_TRUE(pool.Submit({.deadline = SteadyClock::now() + 1h,
                           .cancelled = [] { return false; },
                           .run = [&live](Verdict v) { live = v; }}));
  gone.store(true);
  gate.Open();
  pool.Stop(SteadyClock::now() + 30s);
  EXPECT_EQ(expired, Verdict::kExpired);
  EXPECT_EQ(cancelled, Verdict::kCancelled);
  EXPECT_EQ(live, Verdict::kRun);
  EXPECT_EQ(pool.stats().dropped, 2);
}

TEST(WorkerPoolTest, AtTheDeadlineOfAStopWaitingTasksAreHandedShutdown) {
  Gate gate;
  WorkerPool pool({.workers = 1, .queue = 8});
  ASSERT_TRUE(pool.Submit(gate.Holder()));
  gate.AwaitEntered(1);
  std::promise<Verdict> waiting;
  ASSERT_TRUE(pool.Submit({.run = [&waiting, &gate](Verdict verdict) {
    waiting.set_value(verdict);
    gate.Open();  // the running task ends only after this one was handed back
  }}));
  pool.Stop(SteadyClock::now());
  EXPECT_EQ(waiting.get_future().get(), Verdict::kShutdown);
  EXPECT_FALSE(pool.Submit({.run = [](Verdict) {}}));
  pool.Stop(SteadyClock::now());  // idempotent
}

TEST(WorkerPoolTest, ReportsHowLongTasksWaited) {
  std::atomic<int> reports{0};
  std::atomic<std::int64_t> longest_us{0};
  Gate gate;
  WorkerPool pool({.workers = 1, .queue = 8, .on_wait = [&](std::chrono::microseconds waited) {
                     reports.fetch_add(1);
                     longest_us.store(std::max(longest_us.load(), waited.count()));
                   }});
  ASSERT_TRUE(pool.Submit(gate.Holder()));
  gate.AwaitEntered(1);
  ASSERT_TRUE(pool.Submit({.run = [](Verdict) {}}));
  const SteadyClock::time_point begun = SteadyClock::now();
  while (SteadyClock::now() - begun < 5ms) {
  }
  gate.Open();
  pool.Stop(SteadyClock::now() + 30s);
  EXPECT_EQ(reports.load(), 2);
  EXPECT_GE(longest_us.load(), 5000);
}

TEST(WorkerPoolTest, ManySubmittersAndAStopLoseNothing) {
  std::atomic<int> accepted{0};
  std::atomic<int> called{0};
  std::atomic<bool> enough{false};
  WorkerPool pool({.workers = 4, .queue = 64});
  std::vector<std::thread> submitters;
  for (int s = 0; s < 4; ++s) {
    submitters.emplace_back([&] {
      while (!enough.load()) {
        if (pool.Submit({.run = [&called](Verdict) { called.fetch_add(1); }})) {
          accepted.fetch_add(1);
        }
      }
    });
  }
  while (accepted.load() < 500) std::this_thread::yield();
  pool.Stop(SteadyClock::now() + 5ms);
  enough.store(true);
  for (std::thread& submitter : submitters) submitter.join();
  EXPECT_EQ(called.load(), accepted.load());
}

#if defined(__SANITIZE_THREAD__)
// The control: ThreadSanitizer must see two workers write one plain variable. Were it blind to the
// pool, the tests above would prove nothing about races.
TEST(WorkerPoolDeathTest, APlantedRaceIsFound) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        int unguarded = 0;
        std::atomic<int> inside{0};  // relaxed: makes both run at once and orders nothing
        WorkerPool pool({.workers = 2, .queue = 64});
        for (int i = 0; i < 2; ++i) {
          pool.Submit({.run = [&](Verdict) {
            inside.fetch_add(1, std::memory_order_relaxed);
            while (inside.load(std::memory_order_relaxed) < 2) {
            }
            for (int turn = 0; turn < 1000; ++turn) unguarded = unguarded + 1;
          }});
        }
        pool.Stop(SteadyClock::now() + 30s);
        std::exit(unguarded == 0 ? 0 : 1);
      },
      "ThreadSanitizer: data race");
}
#endif

}  // namespace
}  // namespace vardkedja::exec
