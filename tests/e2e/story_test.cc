// The story from the first form to the last figure, on five real processes and a real PostgreSQL.
#include <gtest/gtest.h>

#include <thread>

#include "tests/e2e/expectations.h"

namespace vardkedja::e2e {
namespace {

class FreshSuite : public ::testing::Test {
 protected:
  FreshSuite() : suite_(Suite::Fresh()), stage_(suite_), story_(stage_) {}
  ~FreshSuite() override { suite_.Erase(); }

  // `before` runs ahead of every step.
  void PlayAll(const std::function<void()>& before = [] {}) {
    int number = 0;
    for (const Step& step : story_.steps()) {
      before();
      ++number;
      ASSERT_NO_THROW(step.play()) << "step " << number << ": " << step.en;
    }
  }

  Suite suite_;
  Stage stage_;
  Story story_;
};

TEST_F(FreshSuite, StoryEndsAsCalculatedByHand) {
  ASSERT_NO_FATAL_FAILURE(PlayAll());
  ExpectMessages(stage_, story_);
  ExpectFigures(stage_, story_);
  ExpectNoPersonalData(suite_, story_);
  EXPECT_NO_THROW(suite_.Run({"verify"})) << "the audit trail of each service is intact";
}

class KilledProcess : public FreshSuite, public ::testing::WithParamInterface<const char*> {};

// kill -9 before each step; the step begins while the process is still coming back, so its calls
// meet a closed door and are repeated with the same request ids.
TEST_P(KilledProcess, NothingIsLostAndNothingIsDoubled) {
  std::jthread restart;
  ASSERT_NO_FATAL_FAILURE(PlayAll([&] {
    if (restart.joinable()) restart.join();
    suite_.Kill(GetParam());
    restart = std::jthread([this] { suite_.Start(GetParam()); });
  }));
  restart.join();
  ExpectMessages(stage_, story_);
  ExpectFigures(stage_, story_);
}

INSTANTIATE_TEST_SUITE_P(EachProcess, KilledProcess,
                         ::testing::Values("referral", "placement", "notification", "reporting",
                                           "gateway"),
                         [](const auto& process) { return std::string(process.param); });

}  // namespace
}  // namespace vardkedja::e2e
