#include "referral-service/domain/cost_split.h"

#include <gtest/gtest.h>

namespace vardkedja::referral::domain {
namespace {

const Instant kNow = ParseInstant("2026-11-23T09:00:00Z").value();

Reference Units() {
  Reference reference;
  reference.unit_ids = {"alvesta-authority", "ekeliden", "novus"};
  return reference;
}

CostSplitRequest Halves() {
  return {{{"alvesta-authority", 5000}, {"ekeliden", 5000}}, 184'200, "2026-11-20", "Delas lika."};
}

std::set<std::string> Rules(const CostSplitRequest& request) {
  std::set<std::string> rules;
  const auto written = WriteCostSplit({}, request, Units(), kNow);
  const auto detail = GetErrorDetail(written.status());
  if (detail) {
    for (const FieldViolation& one : detail->violations) rules.insert(one.field + " " + one.rule);
  }
  return rules;
}

TEST(CostSplitTest, IsWrittenAndRevised) {
  const auto first = WriteCostSplit({}, Halves(), Units(), kNow);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->written->revision, 1);
  CostSplitRequest revised = Halves();
  revised.shares = {{"alvesta-authority", 10'000}};
  const auto second = WriteCostSplit(*first, revised, Units(), kNow);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->written->revision, 2);
  EXPECT_FALSE(CarriesShare(*second, "ekeliden", {})) << "who no longer pays no longer reads";
  EXPECT_TRUE(CarriesShare(*first, "ekeliden", {}));
  EXPECT_FALSE(CarriesShare({}, "ekeliden", {}));
}

TEST(CostSplitTest, AllBrokenRulesAreToldAtOnce) {
  EXPECT_EQ(Rules({{}, -1, "", std::string(4001, 'a')}),
            (std::set<std::string>{"shares REQUIRED", "price_per_day_ore OUT_OF_RANGE",
                                   "agreed_date REQUIRED", "text TOO_LONG"}));
  CostSplitRequest request = Halves();
  request.shares = {{"alvesta-authority", 10'001}, {"alvesta-authority", -1}, {"nowhere", 1}};
  request.agreed_date = "2026-11-24";
  EXPECT_EQ(Rules(request),
            (std::set<std::string>{"shares SUM", "shares[0].basis_points OUT_OF_RANGE",
                                   "shares[1].basis_points OUT_OF_RANGE", "shares[1].unit_id TWICE",
                                   "shares[2].unit_id UNKNOWN_UNIT", "agreed_date IN_THE_FUTURE"}));
  request = Halves();
  request.shares[1].basis_points = 4999;
  EXPECT_EQ(Rules(request), std::set<std::string>{"shares SUM"});
}

TEST(CostSplitTest, AcuteIsDeclaredOnceNearTheDayAndBeforeTheSplitIsWritten) {
  const auto acute = DeclareAcute({}, "", "Ingen säker bostad i natt.", kNow);
  ASSERT_TRUE(acute.ok()) << acute.status();
  EXPECT_EQ(acute->acute->placement_date, MakeDate(2026, 11, 23));
  EXPECT_FALSE(acute->written.has_value());
  EXPECT_EQ(GetErrorDetail(DeclareAcute(*acute, "", "Igen.", kNow).status())->metadata["state"],
            "acute");
  const auto written = WriteCostSplit(*acute, Halves(), Units(), kNow);
  EXPECT_EQ(GetErrorDetail(DeclareAcute(*written, "", "Sent.", kNow).status())->metadata["state"],
            "written");
  EXPECT_TRUE(DeclareAcute({}, "2026-11-16", "Skäl.", kNow).ok());
  EXPECT_TRUE(DeclareAcute({}, "2026-11-30", "Skäl.", kNow).ok());
  for (const char* date : {"2026-11-15", "2026-12-01", "igår"}) {
    EXPECT_FALSE(DeclareAcute({}, date, "Skäl.", kNow).ok()) << date;
  }
  EXPECT_FALSE(DeclareAcute({}, "", "", kNow).ok());
}

}  // namespace
}  // namespace vardkedja::referral::domain
