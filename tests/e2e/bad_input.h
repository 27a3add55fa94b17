// One suite for everything that callers do wrong.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tests/e2e/expectations.h"

namespace vardkedja::e2e {

class BadInput : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  RestReply Call(const std::string& token, RestRequest request);
  // As the social worker of Alvesta.
  RestReply Post(const std::string& target, const std::string& body);
  RestReply Get(const Actor& actor, const std::string& target);

  // A draft of a person of its own.
  Case Draft(int number);

  // The worker's list of cases, as bytes.
  std::string Listed() { return Call(worker_token_, {.target = "/referral/v1/referrals"}).body; }

  static Suite* suite_;
  static Stage* stage_;
  const std::string worker_token_ = suite_->Token(cast::AlvestaWorker());
};

void ExpectProblem(const RestReply& reply, int status, std::string_view reason);

}  // namespace vardkedja::e2e
