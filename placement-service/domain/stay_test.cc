#include "placement-service/domain/stay.h"

#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/transfer.h"

namespace vardkedja::placement::domain {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Date kToday = MakeDate(2026, 11, 23);

std::string Reason(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  return detail ? detail->reason : std::string(status.ok() ? "OK" : "NONE");
}

QueueEntry Entry() {
  QueueEntry entry;
  entry.id = EntryId("entry");
  entry.case_id = CaseId("case");
  entry.person_id = PersonId("person");
  entry.facts.decision_date = kToday - days(10);
  entry.decision_to = kToday + days(100);
  return entry;
}

Offer Accepted(Date move_in) {
  Offer offer;
  offer.id = OfferId("offer");
  offer.entry_id = EntryId("entry");
  offer.bed_id = BedId("novus-01");
  offer.state = OfferState::kAccepted;
  offer.available_from = move_in;
  offer.move_in = move_in;
  return offer;
}

Stay Active(Date move_in) {
  Stay stay;
  stay.id = StayId("stay");
  stay.case_id = CaseId("case");
  stay.person_id = PersonId("person");
  stay.move_in = move_in;
  return stay;
}

TEST(RoutineGateTest, ExactlyFourteenDaysIsInTime) {
  const auto gate = [](Date planned, ExceptionReason given) {
    return RoutineGate("It", planned, kToday, given);
  };
  EXPECT_EQ(*gate(kToday - days(14), ExceptionReason::kNone), ExceptionReason::kNone);
  EXPECT_EQ(Reason(gate(kToday - days(13), ExceptionReason::kNone).status()), "EXCEPTION_REQUIRED");
  EXPECT_EQ(*gate(kToday - days(13), ExceptionReason::kAcuteNeed), ExceptionReason::kAcuteNeed);
  // An exception that was not needed is not counted.
  EXPECT_EQ(*gate(kToday - days(14), ExceptionReason::kAcuteNeed), ExceptionReason::kNone);
}

TEST(StayTest, BedDays) {
  Stay stay = Active(kToday);
  EXPECT_EQ(BedDays(stay, kToday), 0);
  EXPECT_EQ(BedDays(stay, kToday + days(3)), 3);
  stay.departure = kToday;
  EXPECT_EQ(BedDays(stay, kToday), 1);
  stay.counts_elsewhere = true;
  EXPECT_EQ(BedDays(stay, kToday), 0);
  stay.counts_elsewhere = false;
  stay.departure = kToday + days(1);
  EXPECT_EQ(BedDays(stay, kToday + days(9)), 1);
  stay.departure = kToday + days(2);
  EXPECT_EQ(BedDays(stay, kToday + days(9)), 2);
}

TEST(StayTest, EnrolNeedsADecisionThatCoversAndADateThatHasCome) {
  const Offer offer = Accepted(kToday);
  EXPECT_TRUE(Enrol(StayId("s"), Entry(), offer, kToday, kToday).ok());
  EXPECT_EQ(Reason(Enrol(StayId("s"), Entry(), offer, kToday + days(1), kToday).status()),
            "FIELD_VIOLATIONS");
  QueueEntry ended = Entry();
  ended.decision_to = kToday;  // the first day not covered
  EXPECT_EQ(Reason(Enrol(StayId("s"), ended, offer, kToday, kToday).status()), "NO_DECISION");
}

TEST(StayTest, DepartureIsBetweenMoveInAndToday) {
  const Stay stay = Active(kToday - days(3));
  const auto leave = [&](Date date) {
    return Discharge(stay, kFacility, date, kToday, DischargeReason::kOther, {});
  };
  EXPECT_TRUE(leave(kToday).ok());
  EXPECT_TRUE(leave(kToday - days(3)).ok());
  EXPECT_EQ(Reason(leave(kToday - days(4)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(leave(kToday + days(1)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(Discharge(*leave(kToday), kFacility, kToday, kToday, DischargeReason::kOther, {})
                       .status()),
            "ILLEGAL_STATE");
  EXPECT_EQ(Reason(Discharge(stay, kBoard, kToday, kToday, DischargeReason::kOther, {}).status()),
            "UNIT_NOT_YOURS");
}

TEST(OfferTest, TheDeadlineItselfIsTooLate) {
  const Instant now = StartOfDay(kToday);
  const Offer offer = MakeOffer(OfferId("o"), Entry(), BedId("b"), kToday, {72, 24}, now, false);
  EXPECT_EQ(offer.deadline, now + hours(72));
  EXPECT_EQ(ReminderAt(offer, {72, 24}), now + hours(48));
  const Instant last = offer.deadline - std::chrono::microseconds(1);
  EXPECT_TRUE(Accept(offer, Entry(), {72, 24}, kOwner, kToday + days(3), last).ok());
  EXPECT_EQ(
      Reason(Accept(offer, Entry(), {72, 24}, kOwner, kToday + days(3), offer.deadline).status()),
      "ILLEGAL_STATE");
  EXPECT_EQ(Reason(Expire(offer, last).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Expire(offer, offer.deadline)->state, OfferState::kExpired);
}

TEST(OfferTest, AcceptChecksDatesAndDecision) {
  const Instant now = StartOfDay(kToday);
  const Offer offer =
      MakeOffer(OfferId("o"), Entry(), BedId("b"), kToday + days(2), {72, 24}, now, false);
  const auto accept = [&](unsigned party, Date move_in, int within_days) {
    return Reason(Accept(offer, Entry(), {72, 24, within_days}, party, move_in, now).status());
  };
  EXPECT_EQ(accept(kOwner, kToday + days(1), 31), "FIELD_VIOLATIONS");
  EXPECT_EQ(accept(kOwner, kToday + days(100), 98), "NO_DECISION");
  EXPECT_EQ(accept(kOwner, kToday + days(100), 97), "FIELD_VIOLATIONS") << "too late";
  EXPECT_EQ(accept(kFacility, kToday + days(2), 31), "UNIT_NOT_YOURS");
}

TEST(OfferTest, EachPartyDeclinesForItself) {
  const Instant now = StartOfDay(kToday);
  const Offer offer = MakeOffer(OfferId("o"), Entry(), BedId("b"), kToday, {72, 24}, now, false);
  const auto decline = [&](unsigned parties, DeclinedBy by) {
    return Reason(Decline(offer, parties, by, DeclineReason::kOther, now).status());
  };
  EXPECT_EQ(decline(kOwner, DeclinedBy::kPerson), "OK");
  EXPECT_EQ(decline(kOwner, DeclinedBy::kOwner), "OK");
  EXPECT_EQ(decline(kOwner, DeclinedBy::kFacility), "UNIT_NOT_YOURS");
  EXPECT_EQ(decline(kFacility, DeclinedBy::kFacility), "OK");
  EXPECT_EQ(decline(kFacility, DeclinedBy::kPerson), "UNIT_NOT_YOURS");
  EXPECT_EQ(decline(kBoard, DeclinedBy::kOwner), "UNIT_NOT_YOURS");
}

TEST(TransferTest, BothConfirmOnceAndAReplanTakesConfirmationsBack) {
  const Stay stay = Active(kToday - days(30));
  const Instant now = StartOfDay(kToday);
  const TransferPlan plan{kToday, kToday + days(14), ExceptionReason::kNone};
  auto transfer = PlanTransfer(TransferId("t"), stay, Accepted(kToday + days(14)), Entry(), {},
                               kFacility, plan, now);
  ASSERT_TRUE(transfer.ok()) << transfer.status();
  transfer = Confirm(*transfer, kFacility);
  EXPECT_EQ(transfer->state, TransferState::kPlanned);
  EXPECT_EQ(Reason(Confirm(*transfer, kFacility).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Reason(Complete(*transfer, kFacility, kToday, StayId("n")).status()), "ILLEGAL_STATE");
  const auto confirmed = Confirm(*transfer, kNextFacility);
  EXPECT_EQ(confirmed->state, TransferState::kConfirmed);
  const auto again = PlanTransfer(TransferId("u"), stay, Accepted(kToday + days(14)), Entry(),
                                  *confirmed, kOwner, plan, now);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id.value, "t");
  EXPECT_EQ(again->state, TransferState::kPlanned);
  EXPECT_FALSE(again->confirmed_by_from);
  EXPECT_EQ(Complete(*confirmed, kNextFacility, kToday, StayId("n"))->state, TransferState::kDone);
}

TEST(TransferTest, AnotherPersonsOfferIsRefused) {
  const TransferPlan plan{kToday, kToday + days(14), ExceptionReason::kNone};
  QueueEntry other = Entry();
  other.person_id = PersonId("another");
  EXPECT_EQ(Reason(PlanTransfer(TransferId("t"), Active(kToday), Accepted(kToday + days(14)), other,
                                {}, kFacility, plan, StartOfDay(kToday))
                       .status()),
            "OFFER_MISMATCH");
}

BedCalendar Bed() {
  BedCalendar bed;
  bed.bed_id = BedId("novus-01");
  bed.operational = {kToday - days(100), std::nullopt};
  return bed;
}

const Date kLongAgo = kToday - days(300);

TEST(AvailabilityTest, TheFirstFactThatHoldsCounts) {
  BedCalendar bed = Bed();
  EXPECT_EQ(FactOn(bed, kToday, kLongAgo), DayFact::kFree);
  bed.offered_from = kToday;
  EXPECT_EQ(FactOn(bed, kToday, kLongAgo), DayFact::kOffered);
  EXPECT_EQ(FactOn(bed, kToday - days(1), kLongAgo), DayFact::kFree);
  bed.holds = {{kToday, kToday + days(1)}};
  EXPECT_EQ(FactOn(bed, kToday, kLongAgo), DayFact::kHeld);
  EXPECT_EQ(FactOn(bed, kToday - days(1), kLongAgo), DayFact::kHeld)
      << "it cannot be offered before either";
  bed.reservations = {{kToday, std::nullopt}};
  EXPECT_EQ(FactOn(bed, kToday, kLongAgo), DayFact::kReserved);
  EXPECT_EQ(FactOn(bed, kToday - days(1), kLongAgo), DayFact::kReserved);
  bed.closures = {{kToday, kToday + days(2)}};
  EXPECT_EQ(FactOn(bed, kToday, kLongAgo), DayFact::kClosed);
  bed.stays = {{kToday, std::nullopt}};
  EXPECT_EQ(FactOn(bed, kToday, kLongAgo), DayFact::kOccupied);
  EXPECT_TRUE(InConflictOn(bed, kToday));
  const std::vector<Conflict> conflicts = ConflictsOf(bed, kToday - days(5));
  ASSERT_EQ(conflicts.size(), 3u);
  EXPECT_EQ(conflicts[0], (Conflict{ConflictKind::kLivedInWhenReserved, kToday, std::nullopt}));
  EXPECT_EQ(conflicts[1],
            (Conflict{ConflictKind::kLivedInWhenClosed, kToday, bed.closures.front()}));
  EXPECT_EQ(conflicts[2],
            (Conflict{ConflictKind::kReservedWhenClosed, kToday, bed.closures.front()}));
  EXPECT_EQ(FactOn(bed, kToday - days(200), kLongAgo), DayFact::kClosed);  // not operational yet
}

TEST(AvailabilityTest, ADayThatHasPassedCountsAsWhatHeldOnIt) {
  BedCalendar bed = Bed();
  bed.reservations = {{kToday + days(1), std::nullopt}};
  EXPECT_EQ(FactOn(bed, kToday, kToday), DayFact::kReserved);
  EXPECT_EQ(FactOn(bed, kToday - days(1), kToday), DayFact::kFree);
  bed.reservations.clear();
  bed.holds = {{kToday - days(3), kToday - days(2)}};
  EXPECT_EQ(FactOn(bed, kToday - days(4), kToday), DayFact::kFree);
  EXPECT_EQ(FactOn(bed, kToday - days(3), kToday), DayFact::kHeld);
}

TEST(AvailabilityTest, AnOverstayKeepsTheBedUntilAnEndIsPlannedAnew) {
  const Period over = OccupiedPeriod(kToday - days(9), std::nullopt, kToday - days(1), kToday);
  EXPECT_TRUE(over.Contains(kToday));
  EXPECT_TRUE(over.Contains(kToday + days(1)));
  EXPECT_FALSE(over.to.has_value());
  const Period planned = OccupiedPeriod(kToday - days(9), std::nullopt, kToday, kToday);
  EXPECT_TRUE(planned.Contains(kToday));
  EXPECT_FALSE(planned.Contains(kToday + days(1)));
  const Period one_day = OccupiedPeriod(kToday, kToday, std::nullopt, kToday);
  EXPECT_TRUE(one_day.Contains(kToday));
  EXPECT_FALSE(one_day.Contains(kToday + days(1)));
}

TEST(AvailabilityTest, ExtraPlacesCountOnlyWhenLivedIn) {
  BedCalendar extra = Bed();
  extra.extra = true;
  extra.stays = {{kToday, kToday + days(1)}};
  const auto counts = CountDays({Bed(), extra}, kToday, kToday + days(2), kToday);
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].beds, 1);
  EXPECT_EQ(counts[0].free, 1);
  EXPECT_EQ(counts[0].extra_occupied, 1);
  EXPECT_EQ(counts[1].extra_occupied, 0);
}

TEST(AvailabilityTest, OfferableOnlyWhenNothingReachesBeyondTheDate) {
  const auto reason = [](const BedCalendar& bed, Date from) {
    return Reason(CheckOfferable(bed, from));
  };
  BedCalendar bed = Bed();
  EXPECT_EQ(reason(bed, kToday), "OK");
  bed.stays = {{kToday - days(9), kToday + days(5)}};
  EXPECT_EQ(reason(bed, kToday + days(4)), "BED_OCCUPIED");
  EXPECT_EQ(reason(bed, kToday + days(5)), "OK");
  bed.reservations = {{kToday + days(20), std::nullopt}};
  EXPECT_EQ(reason(bed, kToday + days(5)), "BED_RESERVED");
  bed.reservations.clear();
  bed.holds = {{kToday + days(5), kToday + days(6)}};
  EXPECT_EQ(reason(bed, kToday + days(5)), "BED_HELD");
  bed.closures = {{kToday + days(5), kToday + days(6)}};
  EXPECT_EQ(reason(bed, kToday + days(5)), "BED_CLOSED");
  bed.offered_from = kToday;
  EXPECT_EQ(reason(bed, kToday + days(7)), "BED_OFFERED");
}

}  // namespace
}  // namespace vardkedja::placement::domain
