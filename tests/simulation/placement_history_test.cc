// Random histories of placement-service against the plain model.
//
// Short ones run everywhere; the long runs are `./vardkedja soak histories regions`:
//   RC_PARAMS="seed=7 max_success=10000"   rapidcheck's own settings, printed when a history fails
//   VARDKEDJA_SIMULATION="1:200:3"         first seed, how many seeds, years each
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "tests/simulation/region.h"

namespace vardkedja::placement::simulation {
namespace {

rc::Gen<Step> AnyStep() {
  return rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [](std::uint32_t seed) {
    std::mt19937 random(seed);
    return Region::RandomStep(random);
  });
}

RC_GTEST_PROP(PlacementHistory, AgreesWithThePlainModelAtEveryStep, ()) {
  // Lengths are spread from 0 to 400, about 200 commands each.
  const auto steps = *rc::gen::resize(
      400, rc::gen::container<std::vector<Step>>(rc::gen::resize(1000, AnyStep())));
  Region region;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string problem = region.Play(steps[i]);
    if (!problem.empty()) RC_FAIL("step " + std::to_string(i) + ": " + problem);
    if (i % 40 != 39) continue;
    const std::string broken = region.CheckInvariants();
    if (!broken.empty()) RC_FAIL("after step " + std::to_string(i) + ": " + broken);
  }
  const std::string problem = region.CheckInvariants();
  if (!problem.empty()) RC_FAIL(problem);
}

// One region over years: a handful of commands a day, most of the checks once a month.
std::string Simulate(Region& region, unsigned seed, int years) {
  std::mt19937 random(seed);
  for (int month = 0; month < 12 * years; ++month) {
    // A month passes in about forty commands: those that pass time take six days on average.
    for (int i = 0; i < 70; ++i) {
      const Step step = Region::RandomStep(random);
      const std::string problem = region.Play(step);
      if (problem.empty()) continue;
      return "month " + std::to_string(month) + ", step " + std::to_string(i) + ": " + problem;
    }
    const std::string problem = region.CheckInvariants();
    if (!problem.empty()) return "month " + std::to_string(month) + ": " + problem;
  }
  return "";
}

TEST(PlacementRegion, LivesThroughYearsWithCrashesBetweenAnyTwoSteps) {
  unsigned first = 1;
  unsigned seeds = 1;
  int years = 1;
  if (const char* asked = std::getenv("VARDKEDJA_SIMULATION")) {
    ASSERT_EQ(std::sscanf(asked, "%u:%u:%d", &first, &seeds, &years), 3) << asked;
  }
  for (unsigned seed = first; seed < first + seeds; ++seed) {
    Region region;
    EXPECT_EQ(Simulate(region, seed, years), "")
        << "again: VARDKEDJA_SIMULATION=" << seed << ":1:" << years;
    // So that it shows when something never came to pass.
    for (const auto& [command, answers] : region.said()) {
      std::cout << seed << ": " << command;
      for (const auto& [answer, times] : answers) std::cout << ", " << answer << " " << times;
      std::cout << "\n";
    }
  }
}

}  // namespace
}  // namespace vardkedja::placement::simulation
