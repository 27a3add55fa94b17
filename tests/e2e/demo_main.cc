// ./vardkedja demo: plays the story on a running suite, through its public gateway only.
#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "tests/e2e/accounts.h"

namespace vardkedja::e2e {
namespace {

// The story needs an empty Novus. A suite on which it was already played says so.
void RequireEmptyStage(Stage& stage) {
  placement::v1::GetAvailabilityRequest request;
  request.set_facility_id("novus");
  const auto today = stage.Must(cast::NovusStaff(),
                                &placement::v1::FacilityService::Stub::GetAvailability, request);
  for (const auto& day : today.days()) {
    if (day.occupied() + day.closed() == 0) continue;
    throw StoryError(
        "the demo needs an empty Novus, and this suite has residents or closed beds there. "
        "`./vardkedja down --erase && ./vardkedja up` gives a new stage.");
  }
}

int Run(const std::string& state_dir) {
  Suite suite(state_dir);
  Stage stage(suite);
  RequireEmptyStage(stage);
  Story story(stage);
  int number = 0;
  for (const Step& step : story.steps()) {
    std::cout << std::setw(3) << ++number << ". " << step.actor.name << "\n     " << step.sv
              << "\n     " << step.en << "\n"
              << std::flush;
    step.play();
  }
  PrintAccounts(std::cout, stage, story);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace vardkedja::e2e

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: vardkedja-demo STATE_DIRECTORY (called by ./vardkedja demo)\n";
    return 2;
  }
  try {
    return vardkedja::e2e::Run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << "vardkedja demo: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
