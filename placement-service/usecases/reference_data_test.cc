#include "placement-service/usecases/reference_data.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "lib/status/status.h"

namespace vardkedja::placement::usecases {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

constexpr char kRules[] = R"(
queue_rules:
  - {version: 1, effective_from: 2025-01-01, combination: leftmost_first, alert_after_days: 30,
     criteria: [lvm_investigation]}
)";

TEST(ReferenceDataTest, KronobergHasEighteenThirteenAndOne) {
  const auto data = ParseReferenceData(
      ReadAll("deploy/kronoberg/facilities.yaml"), ReadAll("deploy/kronoberg/queue-rules.yaml"),
      ReadAll("deploy/kronoberg/deadlines.yaml"), ReadAll("deploy/kronoberg/organisations.yaml"));
  ASSERT_TRUE(data.ok()) << data.status();
  std::map<std::pair<std::string, domain::BedKind>, int> beds;
  for (const domain::Bed& bed : data->beds) ++beds[{bed.facility_id.value, bed.kind}];
  EXPECT_EQ((beds[{"ekeliden", domain::BedKind::kRegular}]), 18);
  EXPECT_EQ((beds[{"novus", domain::BedKind::kRegular}]), 13);
  EXPECT_EQ((beds[{"novus", domain::BedKind::kIntake}]), 1);
  EXPECT_EQ(data->beds.size(), 32u);
  EXPECT_EQ(data->beds.front().id.value, "ekeliden-01");
  EXPECT_EQ(data->beds.back().id.value, "novus-insluss-01");
  ASSERT_EQ(data->rules.size(), 1u);
  EXPECT_EQ(data->rules[0].criteria.size(), 4u);
  EXPECT_TRUE(std::find(data->members.begin(), data->members.end(), "vaxjo") !=
              data->members.end());
  EXPECT_TRUE(std::find(data->members.begin(), data->members.end(), "ljungby") ==
              data->members.end());
  ASSERT_EQ(data->periods.size(), 2u);
  EXPECT_EQ(data->periods[0].months, 6);
  ASSERT_EQ(data->deadlines.size(), 2u);
  EXPECT_EQ(data->deadlines[0].kind, domain::DeadlineKind::kExecution);
  EXPECT_EQ(data->deadlines[0].months, 3);
}

TEST(ReferenceDataTest, WhatIsWrongIsNamed) {
  const auto fault = [](const std::string& facilities, const std::string& rules) {
    return std::string(ToStd(ParseReferenceData(facilities, rules).status().message()));
  };
  EXPECT_NE(fault("facilities: [{id: x, colour: red}]", kRules).find("unknown key colour"),
            std::string::npos);
  EXPECT_NE(fault("facilities: [{id: X}]", kRules).find("facilities[0]"), std::string::npos);
  EXPECT_NE(fault("facilities: {", kRules).find("not YAML"), std::string::npos);
  EXPECT_NE(fault("facilities: []", "queue_rules: []").find("no rule"), std::string::npos);
  const std::string facility =
      "{id: a, name: A, organisation: o, unit: u, care_level: hvb, offer_deadline_hours: 72,"
      " offer_reminder_hours: 24, beds: [{kind: regular, prefix: a, count: 1,"
      " operational_from: 2025-01-01}]}";
  EXPECT_EQ(fault("facilities: [" + facility + "]", kRules), "");
  EXPECT_NE(fault("facilities: [" + facility + ", " + facility + "]", kRules).find("given twice"),
            std::string::npos);
}

}  // namespace
}  // namespace vardkedja::placement::usecases
