// One suite for what passes the public doors in many pieces: streams and files.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/play.h"

namespace vardkedja::e2e {

class Doors : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static Suite* suite_;
  Stage stage_{*suite_};
  Play play_{stage_};
  const std::string worker_token_ = suite_->Token(cast::AlvestaWorker());
};

}  // namespace vardkedja::e2e
