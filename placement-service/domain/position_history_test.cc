// A queue played forwards with every position written down, against the history computed backwards.
#include "placement-service/domain/position_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace vardkedja::placement::domain {
namespace {

const EntryId kMine("mine");

// Who waits, by key; one clock tick for each time somebody moves.
class PlayedQueue {
 public:
  void Put(const EntryId& id, const std::string& key) {
    const auto waits = keys_.find(id);
    if (waits != keys_.end()) steps_.push_back({id, now_, waits->second, -1});
    keys_[id] = key;
    steps_.push_back({id, now_, key, 1});
  }
  void Take(const EntryId& id) {
    const auto waits = keys_.find(id);
    if (waits == keys_.end()) return;
    steps_.push_back({id, now_, waits->second, -1});
    keys_.erase(waits);
  }
  int Before(const std::string& key) const {
    return static_cast<int>(std::count_if(keys_.begin(), keys_.end(), [&](const auto& other) {
      return other.first != kMine && other.second < key;
    }));
  }
  // Notes the position and lets time pass.
  void Tick() {
    const auto mine = keys_.find(kMine);
    const int position = mine == keys_.end() ? 0 : Before(mine->second) + 1;
    if (position != 0 && position != last_) seen_.push_back({now_, position});
    last_ = position;
    now_ += std::chrono::hours(1);
  }

  // From the steps after an instant.
  std::vector<std::pair<Instant, int>> Computed(Instant after) const {
    std::vector<QueueStep> newest(steps_.rbegin(), steps_.rend());
    std::erase_if(newest, [&](const QueueStep& step) { return step.at <= after; });
    std::map<std::string, int> before;
    std::optional<std::string> key;
    if (const auto mine = keys_.find(kMine); mine != keys_.end()) key = mine->second;
    if (key) before[*key] = Before(*key);
    for (const QueueStep& step : newest) {
      if (step.entry_id == kMine) before[step.sort_key] = Before(step.sort_key);
    }
    std::vector<std::pair<Instant, int>> history;
    for (const PositionChange& change : PositionHistory(newest, kMine, key, before)) {
      history.emplace_back(change.at, change.position);
    }
    std::reverse(history.begin(), history.end());
    return history;
  }
  const std::vector<std::pair<Instant, int>>& seen() const { return seen_; }

 private:
  std::map<EntryId, std::string> keys_;
  std::vector<QueueStep> steps_;
  std::vector<std::pair<Instant, int>> seen_;
  Instant now_{};
  int last_ = 0;
};

TEST(PositionHistoryTest, EveryPositionThatWasSeenIsComputed) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    PlayedQueue queue;
    for (int hour = 0; hour < 60; ++hour) {
      // Several may move in one instant.
      for (auto moves = 1 + random() % 3; moves > 0; --moves) {
        const auto who = random() % 8;
        const EntryId id = who == 0 ? kMine : EntryId("other-" + std::to_string(who));
        if (random() % 3 == 0) {
          queue.Take(id);
        } else {
          // No two keys are equal.
          queue.Put(id, std::string(1, static_cast<char>('a' + random() % 20)) + id.value);
        }
      }
      queue.Tick();
    }
    EXPECT_EQ(queue.Computed(Instant::min()), queue.seen()) << "seed " << seed;
    // The newest steps give the newest part of the history.
    auto part = queue.seen();
    const Instant half = Instant{} + std::chrono::hours(30);
    std::erase_if(part, [&](const auto& change) { return change.first <= half; });
    EXPECT_EQ(queue.Computed(half), part) << "seed " << seed;
  }
}

TEST(PositionHistoryTest, SaysWhetherTheEntryItselfMoved) {
  const Instant first{};
  const Instant second = first + std::chrono::hours(1);
  const std::vector<QueueStep> steps = {{EntryId("other"), second, "a", 1}, {kMine, first, "b", 1}};
  const auto history = PositionHistory(steps, kMine, "b", {{"b", 1}});
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].position, 2);
  EXPECT_FALSE(history[0].own);
  EXPECT_EQ(history[1].position, 1);
  EXPECT_TRUE(history[1].own);
}

TEST(PositionHistoryTest, WithoutACountThereIsNothingToSay) {
  const std::vector<QueueStep> steps = {{kMine, Instant{}, "b", 1}};
  EXPECT_TRUE(PositionHistory(steps, kMine, "b", {}).empty());
  EXPECT_TRUE(PositionHistory({}, kMine, std::nullopt, {}).empty());
}

}  // namespace
}  // namespace vardkedja::placement::domain
