#include "reporting-service/domain/cost_allocation.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vardkedja::reporting::domain {
namespace {

Ore ThousandSek(std::int64_t thousands) { return {thousands * 100'000}; }

// The agreement of the framework proposal and the outcome of 2022 (FP table 1).
Agreement Proposal() {
  Agreement agreement;
  agreement.agreement_id = "proposal";
  agreement.valid_from = MakeDate(2022, 1, 1);
  agreement.region_name = "Region Kronoberg";
  agreement.region_basis_points = 5000;
  agreement.key = {{"0780", "Växjö", 4479, {}, {}},     {"0781", "Ljungby", 1448, {}, {}},
                   {"0761", "Lessebo", 449, {}, {}},    {"0763", "Tingsryd", 694, {}, {}},
                   {"0760", "Uppvidinge", 530, {}, {}}, {"0767", "Markaryd", 507, {}, {}},
                   {"0765", "Älmhult", 847, {}, {}},    {"0764", "Alvesta", 1046, {}, {}}};
  agreement.rent_bearer = "0780";
  return agreement;
}

std::vector<FacilityCost> Outcome2022() {
  return {{"novus", "Novus", ThousandSek(11202), ThousandSek(1521), ThousandSek(1579), {}},
          {"ekeliden", "Ekeliden", ThousandSek(9564), ThousandSek(751), ThousandSek(1789), {}}};
}

TEST(CostAllocationTest, PrintsTheTableOfTheFrameworkProposalExactly) {
  EXPECT_EQ(PrintTable(Allocate(Proposal(), Outcome2022(), 2022), Language::kEnglish),
            "| | staff | rent | other | total |\n"
            "|---|---|---|---|---|\n"
            "| Novus | 11 202 | 1 521 | 1 579 | 14 302 |\n"
            "| Ekeliden | 9 564 | 751 | 1 789 | 12 104 |\n"
            "| total | 20 766 | 2 272 | 3 368 | 26 406 |\n"
            "| Region Kronoberg 50 % | 10 383 | 1 136 | 1 684 | 13 203 |\n"
            "| Växjö 44.79 % | 4 651 | 1 136 | 754 | 6 541 |\n"
            "| Ljungby 14.48 % | 1 503 | 0 | 244 | 1 747 |\n"
            "| Lessebo 4.49 % | 466 | 0 | 76 | 542 |\n"
            "| Tingsryd 6.94 % | 721 | 0 | 117 | 837 |\n"
            "| Uppvidinge 5.30 % | 550 | 0 | 89 | 640 |\n"
            "| Markaryd 5.07 % | 526 | 0 | 85 | 612 |\n"
            "| Älmhult 8.47 % | 879 | 0 | 143 | 1 022 |\n"
            "| Alvesta 10.46 % | 1 086 | 0 | 176 | 1 262 |\n"
            "| municipalities | 10 383 | 1 136 | 1 684 | 13 203 |\n");
}

TEST(CostAllocationTest, SwedishTableHasDecimalCommaAndSwedishWords) {
  const std::string table =
      PrintTable(Allocate(Proposal(), Outcome2022(), 2022), Language::kSwedish);
  EXPECT_NE(table.find("| | personal | hyra | övrigt | summa |"), std::string::npos);
  EXPECT_NE(table.find("| Växjö 44,79 % | 4 651 |"), std::string::npos);
  EXPECT_NE(table.find("| kommunerna | 10 383 |"), std::string::npos);
}

Ore SumOf(const CostAllocation& allocation, CostColumn column) {
  Ore sum = allocation.region.cells[column].ore;
  for (const CostLine& line : allocation.municipalities) sum += line.cells[column].ore;
  sum += allocation.unallocated.cells[column].ore;
  return sum;
}

RC_GTEST_PROP(CostAllocationProperty, EveryOreIsBorneExactlyOnce, ()) {
  Agreement agreement = Proposal();
  agreement.renormalise = *rc::gen::arbitrary<bool>();
  agreement.deduct_revenue = *rc::gen::arbitrary<bool>();
  agreement.region_basis_points = *rc::gen::inRange<std::int64_t>(0, kWhole + 1);
  if (*rc::gen::arbitrary<bool>()) agreement.rent_bearer.reset();
  agreement.key[1].joined = MakeDate(2026, 3, 17);
  agreement.key[4].left = MakeDate(2026, 11, 2);
  const auto amount = [] { return Ore{*rc::gen::inRange<std::int64_t>(0, 10'000'000'000)}; };
  const std::vector<FacilityCost> costs = {
      {"novus", "Novus", amount(), amount(), amount(), amount()},
      {"ekeliden", "Ekeliden", amount(), amount(), amount(), amount()}};
  const CostAllocation allocation = Allocate(agreement, costs, 2026);
  for (const CostColumn column : {kStaff, kRent, kOther, kRevenue, kRowTotal}) {
    RC_ASSERT(SumOf(allocation, column) == allocation.total.cells[column].ore);
  }
  if (agreement.renormalise) RC_ASSERT(allocation.unallocated.cells[kRowTotal].ore == Ore{});
}

TEST(CostAllocationTest, WhoHasNotJoinedBearsNothingAndIsShown) {
  Agreement agreement = Proposal();
  for (std::size_t i = 1; i < 7; ++i) agreement.key[i].joined = MakeDate(2027, 1, 1);
  const CostAllocation open = Allocate(agreement, Outcome2022(), 2022);
  EXPECT_EQ(open.municipalities[1].cells[kRowTotal].ore, Ore{});
  // 100 - 44.79 - 10.46 = 44.75 % of the municipal staff cost.
  EXPECT_EQ(open.unallocated.cells[kStaff].ore, Ore{464'639'250});
  EXPECT_NE(PrintTable(open, Language::kEnglish).find("unallocated"), std::string::npos);

  agreement.renormalise = true;
  const CostAllocation scaled = Allocate(agreement, Outcome2022(), 2022);
  EXPECT_EQ(scaled.unallocated.cells[kRowTotal].ore, Ore{});
  EXPECT_EQ(scaled.municipalities[0].percent, "81.07");  // 4479 / 5525
  EXPECT_EQ(scaled.municipalities[7].percent, "18.93");
}

TEST(CostAllocationTest, JoiningInsideAYearCountsByDays) {
  Agreement agreement;
  agreement.region_name = "Region";
  agreement.region_basis_points = 0;
  agreement.renormalise = true;
  agreement.key = {{"0001", "A", 5000, {}, {}}, {"0002", "B", 5000, MakeDate(2026, 7, 2), {}}};
  ASSERT_EQ(KeyPeriods(agreement, 2026).size(), 2u);
  // 182 days of A alone, 183 of both: B bears 183 / 365 / 2.
  const CostAllocation allocation =
      Allocate(agreement, {{"f", "F", Ore{730}, Ore{0}, Ore{0}, {}}}, 2026);
  EXPECT_EQ(allocation.municipalities[1].cells[kStaff].ore, Ore{183});
  EXPECT_EQ(allocation.municipalities[0].cells[kStaff].ore, Ore{547});
}

TEST(CostAllocationTest, RevenueIsDeductedOnlyWhenAgreed) {
  Agreement agreement = Proposal();
  std::vector<FacilityCost> costs = Outcome2022();
  costs[0].revenue = ThousandSek(100);
  EXPECT_EQ(Allocate(agreement, costs, 2022).total.cells[kRowTotal].ore, ThousandSek(26406));
  agreement.deduct_revenue = true;
  const CostAllocation allocation = Allocate(agreement, costs, 2022);
  EXPECT_EQ(allocation.total.cells[kRowTotal].ore, ThousandSek(26306));
  EXPECT_EQ(allocation.region.cells[kRevenue].ore, ThousandSek(-50));
  EXPECT_NE(PrintTable(allocation, Language::kSwedish).find("intäkter"), std::string::npos);
}

TEST(CostAllocationTest, TiesGoToTheSmallerMunicipalityCodeWhateverThePrintedOrder) {
  Agreement agreement;
  agreement.region_basis_points = 0;
  agreement.key = {{"0002", "B", 5000, {}, {}}, {"0001", "A", 5000, {}, {}}};
  const CostAllocation allocation =
      Allocate(agreement, {{"f", "F", Ore{1}, Ore{0}, Ore{0}, {}}}, 2026);
  EXPECT_EQ(allocation.municipalities[0].code, "0002");
  EXPECT_EQ(allocation.municipalities[0].cells[kStaff].ore, Ore{0});
  EXPECT_EQ(allocation.municipalities[1].cells[kStaff].ore, Ore{1});
}

}  // namespace
}  // namespace vardkedja::reporting::domain
