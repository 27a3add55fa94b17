// The main job of the whole suite, as one story on the real reference data with invented people.
// The same steps are the demo that people watch, the end-to-end test, and what is played while
// processes are killed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/play.h"

namespace vardkedja::e2e {

struct Step {
  Actor actor;
  std::string sv;
  std::string en;
  std::function<void()> play;
};

// The people of the story and the steps on them. Day 0 is the day it begins.
class Story {
 public:
  explicit Story(Stage& stage);

  // In order; each may be played once. `play` throws StoryError when the suite does not behave.
  const std::vector<Step>& steps() const { return steps_; }

  Play& play() { return play_; }
  Date day(int offset) const { return day_0_ + std::chrono::days(offset); }
  const Case& of(const std::string& key) const { return cases_.at(key); }
  // "A" for that case's number; the number itself for a stranger.
  std::string KeyOf(const std::string& case_number) const;

 private:
  void Add(Actor actor, std::string sv, std::string en, std::function<void()> play);
  void AddPeople();
  void AddEarlierResidents();
  void AddReferrals();
  void AddBoard();
  void AddVisitsAndDecisions();
  void AddQueue();
  void AddOffers();
  void AddTransfer();
  void AddHomecoming();
  void WholeWayToNovus(Case& c, const std::string& bed);
  void ExpectQueue(const std::vector<std::string>& keys);

  Stage& stage_;
  Play play_;
  Date day_0_{};
  std::map<std::string, Case> cases_;
  std::vector<Step> steps_;
};

}  // namespace vardkedja::e2e
