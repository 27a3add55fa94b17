#include "reporting-service/domain/occupancy.h"

#include <gtest/gtest.h>

#include <chrono>

namespace vardkedja::reporting::domain {
namespace {

using std::chrono::days;

Bed RegularBed(const std::string& bed_id, const std::string& facility_id) {
  return {bed_id, facility_id, BedKind::kRegular, MakeDate(2020, 1, 1), std::nullopt, false};
}

Stay StayIn(const std::string& bed_id, const std::string& person_id, Date from,
            std::optional<Date> to) {
  return {"stay-" + bed_id + "-" + person_id + FormatDate(from),
          "case-" + person_id,
          person_id,
          "decision-" + person_id,
          "novus",
          BedKind::kRegular,
          bed_id,
          from,
          to};
}

class OccupancyTest : public ::testing::Test {
 protected:
  OccupancyTest() {
    facts_.facilities = {{"novus", "Novus"}};
    facts_.beds = {RegularBed("b1", "novus"), RegularBed("b2", "novus")};
  }
  OccupancyLine Total(Period period) const {
    return ComputeOccupancy(facts_, "", period, Granularity::kPeriod, kLater).total;
  }
  OccupancyCounts Counts(Period period) const { return Total(period).counts; }

  static constexpr Date kLater = Date(std::chrono::year(2030) / 1 / 1);
  const Period march_{MakeDate(2026, 3, 1), MakeDate(2026, 4, 1)};
  Facts facts_;
};

TEST_F(OccupancyTest, NothingHappenedIsZerosNotAbsence) {
  const Occupancy report = ComputeOccupancy(facts_, "", march_, Granularity::kMonth, kLater);
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0].facility_name, "Novus");
  EXPECT_EQ(report.rows[0].counts, (OccupancyCounts{.available_days = 62}));
  EXPECT_EQ(report.total.people, 0);
}

TEST_F(OccupancyTest, SoldPlacesAreBedDaysWithTheirRevenueAndNoPerson) {
  facts_.external_stays = {{"x1", "novus", BedKind::kRegular, "b1", "kalmar", 250'000,
                            MakeDate(2026, 3, 30), MakeDate(2026, 4, 3)},
                           {"x2", "novus", BedKind::kRegular, "b2", "kalmar", 100,
                            MakeDate(2026, 3, 2), MakeDate(2026, 3, 2)}};
  const OccupancyLine total = Total(march_);
  EXPECT_EQ(total.counts.bed_days, 3);  // the 2nd, 30th and 31st
  EXPECT_EQ(total.counts.external_days, 3);
  EXPECT_EQ(total.counts.external_revenue_ore, 2 * 250'000 + 100);
  EXPECT_EQ(total.people, 0);
}

TEST_F(OccupancyTest, DepartureDateIsNotCounted) {
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 10), MakeDate(2026, 3, 13))};
  EXPECT_EQ(Counts(march_).bed_days, 3);
}

TEST_F(OccupancyTest, BegunAndEndedOnOneDateCountsOne) {
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 10), MakeDate(2026, 3, 10))};
  EXPECT_EQ(Counts(march_).bed_days, 1);
}

// A bed-day is one per date and person (domain.md, 9): on the date of a move it counts where the
// person went.
TEST_F(OccupancyTest, MovesOnOneDateCountOnce) {
  const Date day = MakeDate(2026, 3, 10);
  facts_.beds.push_back(RegularBed("b3", "ekeliden"));
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 8), day), StayIn("b2", "p1", day, day),
                  StayIn("b3", "p1", day, MakeDate(2026, 3, 12)),
                  StayIn("b2", "p2", day, MakeDate(2026, 3, 11))};
  facts_.stays[2].facility_id = "ekeliden";
  EXPECT_EQ(Counts(march_).bed_days, 5);
  const Occupancy novus = ComputeOccupancy(facts_, "novus", march_, Granularity::kPeriod, kLater);
  EXPECT_EQ(novus.total.counts.bed_days, 3);
  // Moved and left on the date: it counts for the bed moved to.
  facts_.stays = {StayIn("b1", "p1", day, day), StayIn("b2", "p1", day, day)};
  EXPECT_EQ(Counts(march_).bed_days, 1);
}

TEST_F(OccupancyTest, DaysAreCalendarDaysAcrossSummerTime) {
  // The clock goes forward on 29 March 2026 and back on 25 October: 23 and 25 hours, one day each.
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 28), MakeDate(2026, 3, 31)),
                  StayIn("b1", "p2", MakeDate(2026, 10, 24), MakeDate(2026, 10, 27))};
  EXPECT_EQ(Counts(march_).bed_days, 3);
  EXPECT_EQ(Counts({MakeDate(2026, 10, 1), MakeDate(2026, 11, 1)}).bed_days, 3);
}

TEST_F(OccupancyTest, MonthsAddUpToThePeriodAndSplitAStay) {
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 2, 27), MakeDate(2026, 4, 2))};
  const Occupancy report = ComputeOccupancy(
      facts_, "", {MakeDate(2026, 2, 1), MakeDate(2026, 5, 1)}, Granularity::kMonth, kLater);
  ASSERT_EQ(report.rows.size(), 3u);
  EXPECT_EQ(report.rows[0].counts.bed_days, 2);
  EXPECT_EQ(report.rows[1].counts.bed_days, 31);
  EXPECT_EQ(report.rows[2].counts.bed_days, 1);
  EXPECT_EQ(report.total.counts.bed_days, 34);
}

TEST_F(OccupancyTest, DaysThatHaveNotHappenedAreNotCounted) {
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 10), std::nullopt)};
  const Occupancy report =
      ComputeOccupancy(facts_, "", march_, Granularity::kPeriod, MakeDate(2026, 3, 12));
  EXPECT_EQ(report.total.counts.bed_days, 3);  // the 10th, 11th and 12th
  EXPECT_EQ(report.total.counts.available_days, 24);
  const Occupancy before =
      ComputeOccupancy(facts_, "", march_, Granularity::kPeriod, MakeDate(2026, 2, 1));
  EXPECT_EQ(before.total.counts, OccupancyCounts{});
}

TEST_F(OccupancyTest, LeaveIsABedDayCountedApart) {
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 11))};
  const std::string stay = facts_.stays[0].stay_id;
  // Overlapping leaves count once, and a leave beyond the stay does not count.
  facts_.leaves = {{stay, MakeDate(2026, 3, 3), MakeDate(2026, 3, 5)},
                   {stay, MakeDate(2026, 3, 4), MakeDate(2026, 3, 6)},
                   {stay, MakeDate(2026, 3, 10), std::nullopt}};
  EXPECT_EQ(Counts(march_).bed_days, 10);
  EXPECT_EQ(Counts(march_).leave_days, 4);
}

TEST_F(OccupancyTest, ClosedAndExtraPlacesAreNotAvailableSoThatItExceedsAHundred) {
  facts_.beds.push_back(
      {"extra", "novus", BedKind::kRegular, MakeDate(2020, 1, 1), std::nullopt, true});
  facts_.closures = {{"closure", "b2", MakeDate(2026, 3, 1), std::nullopt}};
  facts_.stays = {StayIn("b1", "p1", march_.from, march_.to),
                  StayIn("extra", "p2", march_.from, MakeDate(2026, 3, 11))};
  EXPECT_EQ(Counts(march_).available_days, 31);
  EXPECT_EQ(Counts(march_).bed_days, 41);
  EXPECT_EQ(PerMille(41, 31), 1323);
}

TEST_F(OccupancyTest, ABedIsAvailableFromItsFirstToItsLastOperationalDay) {
  facts_.beds = {
      {"b1", "novus", BedKind::kRegular, MakeDate(2026, 3, 5), MakeDate(2026, 3, 8), false}};
  EXPECT_EQ(Counts(march_).available_days, 3);
}

TEST_F(OccupancyTest, HeldAndReservedDaysAreEmptyDaysBesideTheAvailable) {
  facts_.stays = {StayIn("b1", "p1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 4))};
  facts_.holds = {{"hold", "b1", MakeDate(2026, 3, 2), MakeDate(2026, 3, 6)}};
  Offer offer;
  offer.entry_id = "e";
  offer.bed_id = "b2";
  offer.outcome = OfferOutcome::kAccepted;
  offer.answered_on = MakeDate(2026, 3, 10);
  facts_.offers = {offer};
  QueueEntry entry;
  entry.entry_id = "e";
  entry.left_on = MakeDate(2026, 3, 15);
  entry.left_reason = "placed";
  facts_.queue_entries = {entry};
  const OccupancyCounts counts = Counts(march_);
  EXPECT_EQ(counts.held_days, 2);      // the 4th and 5th; occupied before
  EXPECT_EQ(counts.reserved_days, 5);  // the 10th to the 14th
  EXPECT_EQ(counts.available_days, 62);
  // Given back before that.
  facts_.offers[0].released_on = MakeDate(2026, 3, 12);
  EXPECT_EQ(Counts(march_).reserved_days, 2);
}

TEST_F(OccupancyTest, AnOfferThatWasNotAcceptedReservesNothing) {
  Offer offer;
  offer.bed_id = "b2";
  offer.outcome = OfferOutcome::kDeclined;
  offer.answered_on = MakeDate(2026, 3, 10);
  facts_.offers = {offer};
  EXPECT_EQ(Counts(march_).reserved_days, 0);
}

TEST_F(OccupancyTest, UniquePeopleAreNotTheSumOverLines) {
  facts_.beds.push_back({"i1", "novus", BedKind::kIntake, MakeDate(2020, 1, 1), {}, false});
  Stay intake = StayIn("i1", "p1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 5));
  intake.kind = BedKind::kIntake;
  facts_.stays = {intake, StayIn("b1", "p1", MakeDate(2026, 3, 5), MakeDate(2026, 3, 9))};
  const Occupancy report = ComputeOccupancy(facts_, "", march_, Granularity::kPeriod, kLater);
  ASSERT_EQ(report.totals.size(), 2u);
  EXPECT_EQ(report.totals[0].people + report.totals[1].people, 2);
  EXPECT_EQ(report.total.people, 1);
}

TEST_F(OccupancyTest, OneFacilityAlone) {
  facts_.beds.push_back(RegularBed("e1", "ekeliden"));
  facts_.facilities.push_back({"ekeliden", "Ekeliden"});
  const Occupancy report =
      ComputeOccupancy(facts_, "ekeliden", march_, Granularity::kPeriod, kLater);
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0].facility_id, "ekeliden");
  EXPECT_EQ(report.total.counts.available_days, 31);
}

TEST(PerMilleTest, RoundsHalfUp) {
  EXPECT_EQ(PerMille(1, 3), 333);
  EXPECT_EQ(PerMille(2, 3), 667);
  EXPECT_EQ(PerMille(1, 2000), 1);  // half a tenth
  EXPECT_EQ(PerMille(5, 0), std::nullopt);
}

}  // namespace
}  // namespace vardkedja::reporting::domain
