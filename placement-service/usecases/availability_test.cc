// What is free, and what was known of it at past instants.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;
using std::chrono::hours;

class BedFactTest : public PlacementFixture {
 protected:
  domain::DayCount NovusOn(Date date, std::optional<Instant> as_of = {}) {
    const auto answer = usecases::ReadBeds(store_).Availability(
        As("novus"), {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, as_of});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->days.empty() ? domain::DayCount() : answer->days[0];
  }
};

TEST_F(BedFactTest, APastInstantIsAnsweredByWhatWasKnownThen) {
  const Instant before = clock_.Now() - hours(1);
  const Instant seeded = clock_.Now();
  Advance(hours(1));
  PlayedCase person = NewCase();
  const auto stay = PlaceIn(person, "novus", "novus-01");
  const Instant moved_in = clock_.Now();
  Advance(days(10));
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"), {stay.record.stay.id, "1", Today() + days(20), {}})
                  .ok());
  const Instant planned = clock_.Now();
  const Date departure = Today() - days(4);
  Advance(days(2));
  // It turns out that the person left six days ago.
  ASSERT_TRUE(usecases::DischargePerson(stays_)
                  .Run(Writing("novus"),
                       {stay.record.stay.id, "2", departure, domain::DischargeReason::kOwnWish, {}})
                  .ok());

  EXPECT_EQ(NovusOn(departure).occupied, 0);
  EXPECT_EQ(NovusOn(departure).emptied, 1);
  EXPECT_EQ(NovusOn(departure, planned).occupied, 1);
  const Date planned_date = StockholmDate(planned) + days(20);
  EXPECT_EQ(NovusOn(planned_date, planned).emptied, 1);
  EXPECT_EQ(NovusOn(planned_date, moved_in).occupied, 1);
  EXPECT_EQ(NovusOn(planned_date, moved_in).emptied, 0);
  EXPECT_EQ(NovusOn(StockholmDate(moved_in), seeded).free, 2);
  // Beds that were registered later are not counted.
  EXPECT_EQ(NovusOn(StockholmDate(moved_in), before).beds, 0);
}

TEST_F(BedFactTest, ADateCountsOncePerPersonAlsoAfterADischarge) {
  PlayedCase person = NewCase();
  const domain::StayId first = PlaceIn(person, "novus", "novus-01").record.stay.id;
  ASSERT_TRUE(usecases::DischargePerson(stays_)
                  .Run(Writing("novus"), {first, "1", {}, domain::DischargeReason::kOwnWish, {}})
                  .ok());
  const Instant discharged = clock_.Now();
  EXPECT_EQ(NovusOn(Today()).occupied, 1) << "begun and ended on one date counts one";
  Advance(hours(1));
  const domain::StayId second = PlaceIn(person, "novus", "novus-02").record.stay.id;
  const usecases::ReadStays reads(stays_);
  EXPECT_EQ(NovusOn(Today()).occupied, 1);
  EXPECT_EQ(NovusOn(Today()).free, 1);
  EXPECT_EQ(reads.Get(As("novus"), first)->bed_days, 0);
  const Instant moved_in = clock_.Now();
  EXPECT_EQ(NovusOn(Today(), moved_in).occupied, 1) << "the facts of both beds are known anew";
  EXPECT_EQ(NovusOn(Today(), discharged).occupied, 1);
  // It was somebody else who moved in: the date is the first bed's again.
  Advance(hours(1));
  ASSERT_TRUE(usecases::CorrectStayRecord(stays_)
                  .Run(Writing("novus"),
                       {second, "1", {domain::CorrectionReason::kWrongPerson, {}, {}, {}}})
                  .ok());
  EXPECT_EQ(reads.Get(As("novus"), first)->bed_days, 1);
  EXPECT_EQ(NovusOn(Today()).occupied, 1);
  EXPECT_EQ(NovusOn(Today(), clock_.Now()).occupied, 1);
}

TEST_F(BedFactTest, OffersReservationsAndClosuresAreKnownFromTheirCommitToTheirEnd) {
  PlayedCase person = NewCase();
  Decide(person, "novus", Today());
  const auto offer = MakeOffer("novus-01");
  const Instant offered = clock_.Now();
  Advance(hours(1));
  ASSERT_TRUE(Accept(offer.record.offer.id, Today() + days(3)).ok());
  const Instant accepted = clock_.Now();
  Advance(hours(1));
  auto closed = EventOf(person);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  const auto shut =
      usecases::CloseBed(store_).Run(Writing("novus"), {domain::BedId("novus-02"),
                                                        "1",
                                                        {Today(), Today() + days(7)},
                                                        domain::ClosureReason::kRepair});
  ASSERT_TRUE(shut.ok()) << shut.status();
  const Instant shut_at = clock_.Now();
  Advance(hours(1));
  ASSERT_TRUE(usecases::ReopenBed(store_)
                  .Run(Writing("novus"),
                       {domain::BedId("novus-02"), "2", shut->record.closures.at(0).id, {}})
                  .ok());
  const Date day = Today() + days(3);
  EXPECT_EQ(NovusOn(day, offered).offered, 1);
  EXPECT_EQ(NovusOn(day, offered).reserved, 0);
  EXPECT_EQ(NovusOn(day, accepted).offered, 0);
  EXPECT_EQ(NovusOn(day, accepted).reserved, 1);
  EXPECT_EQ(NovusOn(day, accepted).closed, 0);
  EXPECT_EQ(NovusOn(day, shut_at).reserved, 0);
  EXPECT_EQ(NovusOn(day, shut_at).closed, 1);
  EXPECT_EQ(NovusOn(day).free, 2);
}

TEST_F(BedFactTest, NothingIsKnownOfTheFuture) {
  const auto ahead = usecases::ReadBeds(store_).Availability(
      As("novus"), {{}, {}, {}, {}, clock_.Now() + std::chrono::seconds(1)});
  EXPECT_EQ(ReasonOf(ahead.status()), "FIELD_VIOLATIONS");
  const auto endless = usecases::ReadBeds(store_).Availability(
      As("novus"), {{}, {}, Today(), Today() + days(367), {}});
  EXPECT_EQ(ReasonOf(endless.status()), "FIELD_VIOLATIONS");
}

TEST_F(BedFactTest, CountsAreAskedForByCareLevel) {
  usecases::AvailabilityQuestion question;
  question.care_level = "hvb";
  const auto answer = usecases::ReadBeds(store_).Availability(As("novus"), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->days.size(), 1u);
  EXPECT_EQ(answer->days[0].facility_id.value, "ekeliden");
  EXPECT_EQ(answer->days[0].care_level, "hvb");
  question.care_level = "hvp";
  const auto unknown = usecases::ReadBeds(store_).Availability(As("novus"), question);
  ASSERT_EQ(ReasonOf(unknown.status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(GetErrorDetail(unknown.status())->violations[0].field, "care_level");
}

TEST_F(BedFactTest, ABedSaysWhenItBecomesEmpty) {
  PlayedCase person = NewCase();
  const auto stay = PlaceIn(person, "novus", "novus-01");
  const usecases::ReadBeds reads(store_);
  const domain::BedId bed("novus-01");
  EXPECT_EQ(reads.Bed(As("novus"), bed)->empty_from, std::nullopt);
  const Date planned = Today() + days(15);
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"), {stay.record.stay.id, "1", planned, {}})
                  .ok());
  EXPECT_EQ(reads.Bed(As("novus"), bed)->empty_from, planned);
  Advance(days(20));
  EXPECT_EQ(reads.Bed(As("novus"), bed)->empty_from, std::nullopt) << "nobody knows";
}

}  // namespace
}  // namespace vardkedja::placement
