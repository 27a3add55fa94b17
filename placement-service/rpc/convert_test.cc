// All that is wrong with a request is reported at once, and each field once.
#include "placement-service/rpc/convert.h"

#include <gtest/gtest.h>

namespace vardkedja::placement::rpc {
namespace {

std::vector<std::string> Fields(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto detail = GetErrorDetail(status);
  if (!detail) return fields;
  for (const FieldViolation& one : detail->violations) {
    fields.push_back(one.field + " " + one.rule);
    EXPECT_FALSE(one.en.empty());
    EXPECT_FALSE(one.sv.empty());
  }
  return fields;
}

TEST(RequestReaderTest, WhatTheRulesSayIsReportedWithWhatCouldNotBeRead) {
  RequestReader reader;
  domain::FacilityDetails details;
  details.name = reader.Required("name", "");
  details.care_level = reader.Required("care_level", "HVB!");
  details.terms = {0, -1, 400};
  EXPECT_EQ(
      Fields(reader.StatusWith(domain::CheckDetails(details))),
      (std::vector<std::string>{"name REQUIRED", "care_level FORMAT", "offer_deadline_hours RANGE",
                                "offer_reminder_hours RANGE", "move_in_within_days RANGE"}));
}

TEST(RequestReaderTest, APeriodIsJudgedWithAMissingEtag) {
  RequestReader reader;
  reader.Required("etag", "");
  const domain::Period backwards{MakeDate(2026, 3, 2), MakeDate(2026, 3, 1)};
  EXPECT_EQ(Fields(reader.StatusWith(domain::CheckClosure(backwards))),
            (std::vector<std::string>{"etag REQUIRED", "to_date RANGE"}));
}

TEST(RequestReaderTest, WhatCanBeReadIsLeftToTheUseCase) {
  RequestReader reader;
  reader.Required("etag", "1");
  EXPECT_TRUE(reader.StatusWith(domain::CheckPrice({}, {}, {})).ok());
}

}  // namespace
}  // namespace vardkedja::placement::rpc
