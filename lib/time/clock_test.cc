#include "lib/time/clock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace vardkedja {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(ClockTest, TheOffsetFileMovesTime) {
  const std::string path = testing::TempDir() + "/offset-" + std::to_string(getpid());
  std::filesystem::remove(path);
  const OffsetFileClock clock(path);
  const SystemClock real;
  EXPECT_LT(clock.Now() - real.Now(), hours(1));
  std::ofstream(path) << 14 * 24 * 3600 << "\n";
  std::this_thread::sleep_for(milliseconds(30));  // the documented look interval is 20 ms
  EXPECT_GT(clock.Now() - real.Now(), hours(14 * 24 - 1));
  EXPECT_LT(clock.Now() - real.Now(), hours(14 * 24 + 1));
}

TEST(ClockTest, FakeClockMovesOnlyWhenTold) {
  FakeClock clock(ParseInstant("2026-11-21T12:00:00Z").value());
  const Instant before = clock.Now();
  EXPECT_EQ(clock.Now(), before);
  clock.Advance(hours(2));
  EXPECT_EQ(clock.Now() - before, hours(2));
}

}  // namespace
}  // namespace vardkedja
