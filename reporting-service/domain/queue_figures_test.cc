#include "reporting-service/domain/queue_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardkedja::reporting::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const Period kMarch{MakeDate(2026, 3, 1), MakeDate(2026, 4, 1)};

QueueEntry Entry(const std::string& id, Date decided, Date queued) {
  QueueEntry entry;
  entry.entry_id = id;
  entry.facility_id = "novus";
  entry.kind = BedKind::kRegular;
  entry.decision_date = decided;
  entry.queued_on = queued;
  return entry;
}

Offer MadeOn(Date date, OfferOutcome outcome) {
  Offer offer;
  offer.facility_id = "novus";
  offer.kind = BedKind::kRegular;
  offer.made_on = date;
  offer.outcome = outcome;
  return offer;
}

TEST(QueueFiguresTest, EveryQueueHasALineAlsoWhenEmpty) {
  Facts facts;
  facts.facilities = {{"novus", "Novus"}};
  facts.beds = {{"i1", "novus", BedKind::kIntake, MakeDate(2020, 1, 1), {}, false}};
  const QueueFigures figures = ComputeQueueFigures(facts, "", kMarch, MakeDate(2026, 4, 1));
  ASSERT_EQ(figures.rows.size(), 1u);
  EXPECT_EQ(figures.rows[0].facility_name, "Novus");
  EXPECT_EQ(figures.rows[0].waiting_first_placement, 0);
  EXPECT_EQ(figures.rows[0].longest_wait_days, std::nullopt);
}

TEST(QueueFiguresTest, WaitingPlacedAndDequeuedAreApart) {
  Facts facts;
  QueueEntry placed = Entry("1", MakeDate(2026, 2, 1), MakeDate(2026, 2, 2));
  placed.left_on = MakeDate(2026, 3, 5);
  placed.left_reason = "placed";
  QueueEntry left = Entry("2", MakeDate(2026, 3, 1), MakeDate(2026, 3, 1));
  left.left_on = MakeDate(2026, 3, 31);
  left.left_reason = "withdrawn";
  QueueEntry waiting = Entry("3", MakeDate(2025, 12, 31), MakeDate(2026, 3, 1));
  QueueEntry transfer = Entry("4", MakeDate(2026, 3, 11), MakeDate(2026, 3, 11));
  transfer.transfer = true;
  facts.queue_entries = {placed, left, waiting, transfer};
  const QueueLine line = ComputeQueueFigures(facts, "", kMarch, MakeDate(2026, 3, 31)).total;
  EXPECT_EQ(line.waiting_first_placement, 1);
  EXPECT_EQ(line.waiting_transfer, 1);
  EXPECT_EQ(line.waiting_over_three_months, 1);
  EXPECT_EQ(line.longest_wait_days, 90);
  EXPECT_EQ(line.queued, 3);
  EXPECT_EQ(line.placed, 1);
  EXPECT_EQ(line.dequeued, 1);
}

TEST(QueueFiguresTest, EachOfferOfThePeriodHasExactlyOneOutcome) {
  Facts facts;
  Offer declined = MadeOn(MakeDate(2026, 3, 2), OfferOutcome::kDeclined);
  declined.decline_code = "person:wants_other_facility";
  declined.override_rule = true;
  facts.offers = {declined, MadeOn(MakeDate(2026, 3, 3), OfferOutcome::kExpired),
                  MadeOn(MakeDate(2026, 3, 31), OfferOutcome::kOpen),
                  MadeOn(MakeDate(2026, 3, 1), OfferOutcome::kAccepted),
                  MadeOn(MakeDate(2026, 4, 1), OfferOutcome::kAccepted)};
  facts.alerts = {{"3", "novus", BedKind::kRegular, "passed", MakeDate(2026, 3, 9)},
                  {"3", "novus", BedKind::kRegular, "passed", MakeDate(2026, 2, 28)}};
  const QueueLine line = ComputeQueueFigures(facts, "", kMarch, MakeDate(2026, 5, 1)).total;
  EXPECT_EQ(line.offers_made, 4);
  EXPECT_EQ(line.offers_accepted + line.offers_declined + line.offers_expired + line.offers_open,
            4);
  EXPECT_EQ(line.offers_accepted, 1);
  EXPECT_EQ(line.offers_override, 1);
  EXPECT_THAT(line.decline_reasons, ElementsAre(Pair("person:wants_other_facility", 1)));
  EXPECT_THAT(line.alerts, ElementsAre(Pair("passed", 1)));
}

TEST(QueueFiguresTest, OneFacilityAloneHasATotalOfItsOwn) {
  Facts facts;
  facts.queue_entries = {Entry("1", MakeDate(2026, 3, 1), MakeDate(2026, 3, 1))};
  EXPECT_EQ(ComputeQueueFigures(facts, "ekeliden", kMarch, MakeDate(2026, 4, 1)).total.queued, 0);
}

}  // namespace
}  // namespace vardkedja::reporting::domain
