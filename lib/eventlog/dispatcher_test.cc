// Streams without a network: outlets that are as fast, slow or gone as the test says.
#include "lib/eventlog/dispatcher.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "lib/status/status.h"

namespace vardkedja::eventlog {
namespace {

using namespace std::chrono_literals;
using google::protobuf::Int64Value;
using SteadyClock = std::chrono::steady_clock;

constexpr int kPage = 3;

// Tells the numbers of the log from a position on, a few at a time.
class NumberTeller final : public Teller {
 public:
  NumberTeller(HeadWatch& heads, std::int64_t after, std::atomic<int>* asked = nullptr)
      : heads_(heads), position_(after), asked_(asked) {}

  absl::StatusOr<Told> Tell(bool) override {
    if (asked_ != nullptr) ++*asked_;
    Told told;
    const std::int64_t head = heads_.head();
    while (position_ < head && told.items.size() < kPage) {
      auto item = std::make_shared<Int64Value>();
      item->set_value(++position_);
      told.items.push_back(std::move(item));
    }
    told.more = position_ < head;
    return told;
  }
  std::int64_t position() const override { return position_; }

 private:
  HeadWatch& heads_;
  std::int64_t position_;
  std::atomic<int>* asked_;
};

class FailingTeller final : public Teller {
 public:
  explicit FailingTeller(bool throws) : throws_(throws) {}
  absl::StatusOr<Told> Tell(bool) override {
    if (throws_) throw std::runtime_error("Hemlig");
    return MakeError(absl::StatusCode::kOutOfRange, "Not there.", "SEQUENCE_UNKNOWN");
  }
  std::int64_t position() const override { return 0; }

 private:
  const bool throws_;
};

// Takes items on a thread of its own, as gRPC does, unless it is stuck.
class PlayedOutlet final : public Outlet {
 public:
  explicit PlayedOutlet(Dispatcher& dispatcher, bool stuck = false)
      : signals_(dispatcher.NewSignals()), stuck_(stuck), reader_([this] { Read(); }) {}
  ~PlayedOutlet() override {
    {
      const std::lock_guard lock(mutex_);
      leaving_ = true;
    }
    changed_.notify_all();
    reader_.join();
  }

  std::shared_ptr<Dispatcher::Signals> signals() { return signals_; }

  void Write(const Item& item) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(pending_.has_value()) << "a write before the last one was done";
    EXPECT_FALSE(end_.has_value()) << "a write after the end";
    pending_ = static_cast<const Int64Value&>(*item).value();
    changed_.notify_all();
  }
  void End(const absl::Status& status) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(pending_.has_value()) << "an end while something is being written";
    EXPECT_FALSE(end_.has_value()) << "a second end";
    end_ = status;
    changed_.notify_all();
  }
  void Break() override {
    const std::lock_guard lock(mutex_);
    broken_ = true;
    changed_.notify_all();
  }

  void Unstick() {
    const std::lock_guard lock(mutex_);
    stuck_ = false;
    changed_.notify_all();
  }
  std::vector<std::int64_t> AwaitItems(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 20s, [&] { return taken_.size() >= count; }));
    return taken_;
  }
  // The reason the stream ended with; "OK" without one.
  std::string AwaitEnd() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 20s, [&] { return end_.has_value(); }));
    if (!end_.has_value()) return "no end";
    if (end_->ok()) return "OK";
    const auto detail = GetErrorDetail(*end_);
    return detail ? detail->reason : std::string(ToStd(end_->message()));
  }
  bool broken() {
    const std::lock_guard lock(mutex_);
    return broken_;
  }

 private:
  void Read() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock,
                    [&] { return leaving_ || (pending_.has_value() && (!stuck_ || broken_)); });
      if (leaving_) return;
      if (!broken_) taken_.push_back(*pending_);
      pending_.reset();
      lock.unlock();
      changed_.notify_all();
      signals_->Written();
      lock.lock();
    }
  }

  const std::shared_ptr<Dispatcher::Signals> signals_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::int64_t> pending_;
  std::optional<absl::Status> end_;
  std::vector<std::int64_t> taken_;
  bool stuck_;
  bool broken_ = false;
  bool leaving_ = false;
  std::thread reader_;
};

class DispatcherTest : public ::testing::Test {
 protected:
  static Dispatcher::Stream StreamOf(std::unique_ptr<Teller> teller, PlayedOutlet& outlet) {
    Dispatcher::Stream stream;
    stream.teller = std::move(teller);
    stream.outlet = &outlet;
    stream.until = SteadyClock::now() + 1h;
    return stream;
  }
  absl::Status Follow(Dispatcher& dispatcher, PlayedOutlet& outlet, std::int64_t after = 0) {
    return dispatcher.Follow(StreamOf(std::make_unique<NumberTeller>(heads_, after), outlet),
                             outlet.signals());
  }
  static void AwaitStreams(const Dispatcher& dispatcher, int count) {
    while (dispatcher.streams() != count) std::this_thread::yield();
  }

  HeadWatch heads_;
};

TEST_F(DispatcherTest, EachStreamHearsEverythingOnceAndInOrderWhereverItBegins) {
  constexpr std::int64_t kEvents = 300;
  constexpr int kStreams = 12;
  Dispatcher dispatcher(heads_, {});
  std::deque<PlayedOutlet> outlets;
  std::thread log([this] {
    for (std::int64_t head = 1; head <= kEvents; ++head) {
      heads_.Advance(head);
      if (head % 7 == 0) std::this_thread::sleep_for(100us);
    }
  });
  for (int i = 0; i < kStreams; ++i) {
    PlayedOutlet& outlet = outlets.emplace_back(dispatcher);
    ASSERT_TRUE(Follow(dispatcher, outlet, i).ok());
  }
  for (int i = 0; i < kStreams; ++i) {
    const auto taken =
        outlets[static_cast<std::size_t>(i)].AwaitItems(static_cast<std::size_t>(kEvents - i));
    ASSERT_EQ(taken.size(), static_cast<std::size_t>(kEvents - i));
    for (std::size_t k = 0; k < taken.size(); ++k) {
      ASSERT_EQ(taken[k], i + static_cast<std::int64_t>(k) + 1);
    }
  }
  log.join();
  dispatcher.Stop();
  for (PlayedOutlet& outlet : outlets) EXPECT_EQ(outlet.AwaitEnd(), "SHUTTING_DOWN");
}

TEST_F(DispatcherTest, ASlowReaderIsNotReadForAndHoldsNobodyUp) {
  Dispatcher dispatcher(heads_, {.tick = 5ms});
  std::atomic<int> asked{0};
  PlayedOutlet slow(dispatcher, /*stuck=*/true);
  PlayedOutlet quick(dispatcher);
  heads_.Advance(1);
  ASSERT_TRUE(
      dispatcher
          .Follow(StreamOf(std::make_unique<NumberTeller>(heads_, 0, &asked), slow), slow.signals())
          .ok());
  ASSERT_TRUE(Follow(dispatcher, quick).ok());
  for (int i = 2; i <= 100; ++i) heads_.Advance(i);
  EXPECT_EQ(quick.AwaitItems(100).size(), 100U);
  EXPECT_EQ(asked.load(), 1) << "nothing is buffered for who does not read";
  slow.Unstick();
  EXPECT_EQ(slow.AwaitItems(100).back(), 100);
  dispatcher.Stop();
}

TEST_F(DispatcherTest, AReaderThatTakesNothingIsLetGo) {
  Dispatcher dispatcher(heads_, {.stall = 30ms});
  PlayedOutlet outlet(dispatcher, /*stuck=*/true);
  heads_.Advance(5);
  ASSERT_TRUE(Follow(dispatcher, outlet).ok());
  EXPECT_EQ(outlet.AwaitEnd(), "READER_TOO_SLOW");
  EXPECT_TRUE(outlet.broken());
  dispatcher.Stop();
}

TEST_F(DispatcherTest, TheNumberOfStreamsIsBounded) {
  Dispatcher dispatcher(heads_, {.max_streams = 2});
  PlayedOutlet first(dispatcher);
  PlayedOutlet second(dispatcher);
  PlayedOutlet third(dispatcher);
  ASSERT_TRUE(Follow(dispatcher, first).ok());
  ASSERT_TRUE(Follow(dispatcher, second).ok());
  const absl::Status refused = Follow(dispatcher, third);
  EXPECT_EQ(GetErrorDetail(refused)->reason, "OVERLOADED");
  EXPECT_TRUE(GetErrorDetail(refused)->retry_after.has_value());
  first.signals()->Gone();
  EXPECT_EQ(first.AwaitEnd(), "CANCELLED");
  AwaitStreams(dispatcher, 1);
  EXPECT_TRUE(Follow(dispatcher, third).ok());
  dispatcher.Stop();
}

TEST_F(DispatcherTest, AStreamEndsInTimeAndWhenItsReaderMayNotHearMore) {
  Dispatcher dispatcher(heads_, {.tick = 5ms});
  PlayedOutlet timed(dispatcher);
  auto stream = StreamOf(std::make_unique<NumberTeller>(heads_, 0), timed);
  stream.until = SteadyClock::now() + 20ms;
  ASSERT_TRUE(dispatcher.Follow(std::move(stream), timed.signals()).ok());
  EXPECT_EQ(timed.AwaitEnd(), "OK");

  PlayedOutlet judged(dispatcher);
  std::atomic<bool> allowed{true};
  stream = StreamOf(std::make_unique<NumberTeller>(heads_, 0), judged);
  stream.recheck = [&allowed]() -> absl::Status {
    if (allowed) return absl::OkStatus();
    return MakeError(absl::StatusCode::kUnauthenticated, "Expired.", "TOKEN_EXPIRED");
  };
  ASSERT_TRUE(dispatcher.Follow(std::move(stream), judged.signals()).ok());
  heads_.Advance(1);
  judged.AwaitItems(1);
  allowed = false;
  EXPECT_EQ(judged.AwaitEnd(), "TOKEN_EXPIRED");
  heads_.Advance(2);
  EXPECT_EQ(judged.AwaitItems(1).size(), 1U);
  dispatcher.Stop();
}

TEST_F(DispatcherTest, WhatATellerFailsWithEndsItsStreamOnly) {
  Dispatcher dispatcher(heads_, {});
  PlayedOutlet failing(dispatcher);
  PlayedOutlet throwing(dispatcher);
  PlayedOutlet sound(dispatcher);
  ASSERT_TRUE(Follow(dispatcher, sound).ok());
  for (auto* outlet : {&failing, &throwing}) {
    auto teller = std::make_unique<FailingTeller>(outlet == &throwing);
    ASSERT_TRUE(dispatcher.Follow(StreamOf(std::move(teller), *outlet), outlet->signals()).ok());
  }
  EXPECT_EQ(failing.AwaitEnd(), "SEQUENCE_UNKNOWN");
  EXPECT_EQ(throwing.AwaitEnd().find("Hemlig"), std::string::npos);
  heads_.Advance(1);
  EXPECT_EQ(sound.AwaitItems(1).size(), 1U);
  dispatcher.Stop();
}

TEST_F(DispatcherTest, StoppingEndsAllAndTakesNoMore) {
  Dispatcher dispatcher(heads_, {});
  PlayedOutlet waiting(dispatcher);
  PlayedOutlet stuck(dispatcher, /*stuck=*/true);
  PlayedOutlet late(dispatcher);
  ASSERT_TRUE(Follow(dispatcher, waiting).ok());
  ASSERT_TRUE(Follow(dispatcher, stuck).ok());
  heads_.Advance(1);
  waiting.AwaitItems(1);
  std::thread twice([&] { dispatcher.Stop(); });
  dispatcher.Stop();
  twice.join();
  EXPECT_EQ(waiting.AwaitEnd(), "SHUTTING_DOWN");
  EXPECT_EQ(stuck.AwaitEnd(), "SHUTTING_DOWN");
  EXPECT_EQ(GetErrorDetail(Follow(dispatcher, late))->reason, "SHUTTING_DOWN");
}

}  // namespace
}  // namespace vardkedja::eventlog
