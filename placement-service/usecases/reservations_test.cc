// An accepted offer until the move-in: given back, moved, overdue, over with its decision, and in a
// bed that is to be closed.
#include <gmock/gmock.h>

#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/stay_life.h"
#include "placement-service/usecases/weekly_view.h"

namespace vardkedja::placement {
namespace {

using domain::DeclinedBy;
using domain::DeclineReason;
using std::chrono::days;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class ReservationTest : public PlacementFixture {
 protected:
  // A place at Novus, reserved for the person from a date on.
  void ReserveFor(PlayedCase& person, Date date, const std::string& bed = "novus-01") {
    Decide(person, "novus", Today());
    offer_ = MakeOffer(bed).record.offer;
    ASSERT_EQ(Read().entry.case_id.value, person.case_id);
    ASSERT_TRUE(Keep(Accept(offer_.id, date, person.owner)).ok());
  }
  absl::StatusOr<usecases::OfferAnswer> GiveBack(
      const std::string& unit = "alvesta-authority", DeclinedBy by = DeclinedBy::kPerson,
      DeclineReason reason = DeclineReason::kPersonDeclinesCare) {
    return Keep(usecases::GiveBackOffer(store_, disclosure_)
                    .Run(Writing(unit), {offer_.id, Etag(), by, reason}));
  }
  absl::StatusOr<usecases::OfferAnswer> Change(Date date, const std::string& bed = "",
                                               const std::string& unit = "novus") {
    usecases::ChangeMoveInCommand command{offer_.id, Etag(), date, std::nullopt};
    if (!bed.empty()) command.bed = domain::BedId(bed);
    return Keep(usecases::ChangeMoveIn(store_, disclosure_).Run(Writing(unit), command));
  }
  usecases::OfferRecord Read() {
    return usecases::ReadOffers(store_, disclosure_).Get(As("novus"), offer_.id)->record;
  }
  std::string Etag() const { return std::to_string(offer_.version); }
  usecases::BedAnswer BedOf(const std::string& id) {
    return *usecases::ReadBeds(store_).Bed(As("novus"), domain::BedId(id));
  }
  absl::StatusOr<usecases::BedAnswer> Close(const std::string& bed, Date from,
                                            std::optional<Date> to = {}) {
    return usecases::CloseBed(store_).Run(
        Writing("novus"),
        {domain::BedId(bed), Version(bed), {from, to}, domain::ClosureReason::kRepair});
  }
  std::string Version(const std::string& bed) {
    return std::to_string(BedOf(bed).record.bed.version);
  }
  std::vector<std::string> ConflictsOf(const usecases::BedAnswer& bed) {
    std::vector<std::string> texts;
    for (const domain::Conflict& one : bed.conflicts) {
      texts.push_back(std::string(domain::Code(one.kind)) + " " + FormatDate(one.from));
    }
    return texts;
  }
  // "conflict 2026-01-02" and the like.
  std::vector<std::string> Deadlines() {
    const auto view =
        usecases::WeeklyView(store_, disclosure_).Run(As("placement-board"), {.horizon_days = 92});
    EXPECT_TRUE(view.ok()) << view.status();
    std::vector<std::string> texts;
    for (const auto& one : view->deadlines.rows) {
      texts.push_back(one.row.kind + " " + FormatDate(one.row.date));
    }
    return texts;
  }
  domain::DayCount Count(Date date) {
    return usecases::ReadBeds(store_)
        .Availability(As("novus"),
                      {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, {}})
        ->days.at(0);
  }

  const usecases::ReadStays reads_{stays_};
  PlayedCase person_ = NewCase();
  PlayedCase next_ = NewCase();
  domain::Offer offer_;

 private:
  absl::StatusOr<usecases::OfferAnswer> Keep(absl::StatusOr<usecases::OfferAnswer> answer) {
    if (answer.ok()) offer_ = answer->record.offer;
    return answer;
  }
};

TEST_F(ReservationTest, GivenBackThePersonWaitsInTheirPlaceAndTheBedGoesToTheNext) {
  ReserveFor(person_, Today() + days(5));
  Decide(next_, "novus", Today());
  EXPECT_EQ(ReasonOf(GiveBack("novus").status()), "UNIT_NOT_YOURS") << "not for the person";
  EXPECT_EQ(ReasonOf(GiveBack("placement-board", DeclinedBy::kFacility).status()),
            "UNIT_NOT_YOURS");
  const auto back = GiveBack();
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(offer_.state, domain::OfferState::kGivenBack);
  EXPECT_TRUE(back->actions.empty());
  EXPECT_EQ(EntryOf(person_, "novus")->state, domain::EntryState::kWaiting);
  ASSERT_EQ(Events("reservation_ended").size(), 1u);
  const auto told = Events("reservation_ended")[0].reservation_ended();
  EXPECT_EQ(told.by_code(), "person");
  EXPECT_EQ(told.reason_code(), "person_declines_care");
  EXPECT_EQ(told.move_in_date(), FormatDate(Today() + days(5)));
  EXPECT_EQ(Events("offer_made").back().case_id(), next_.case_id);
  EXPECT_EQ(Count(Today() + days(5)).reserved, 0);
  EXPECT_EQ(Count(Today()).offered, 1);
  EXPECT_EQ(ReasonOf(GiveBack().status()), "ILLEGAL_STATE");
  // First in the queue still, and not offered the same bed again.
  EXPECT_EQ(MakeOffer("novus-02").record.entry.case_id.value, person_.case_id);
}

TEST_F(ReservationTest, AFacilityGivesBackABedThatCannotBeUsedAndItGoesToNobody) {
  ReserveFor(person_, Today() + days(5));
  Decide(next_, "novus", Today());
  const auto back = GiveBack("novus", DeclinedBy::kFacility, DeclineReason::kBedNotUsable);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(Events("reservation_ended")[0].reservation_ended().by_code(), "facility");
  EXPECT_EQ(Events("offer_made").size(), 1u);
}

TEST_F(ReservationTest, ATransferIsCancelledWithTheOfferItWasToUse) {
  const domain::StayId stay = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay.id;
  ReserveFor(person_, Today() + days(14));
  ASSERT_TRUE(
      usecases::PlanStayTransfer(stays_)
          .Run(Writing("ekeliden"), {stay, "1", offer_.id, {Today(), Today() + days(14), {}}})
          .ok());
  EXPECT_EQ(ReasonOf(Change(Today() + days(15)).status()), "FIELD_VIOLATIONS") << "after the move";
  ASSERT_TRUE(Change(Today() + days(13), "novus-02").ok());
  ASSERT_TRUE(GiveBack().ok());
  EXPECT_EQ(Events("transfer_cancelled").size(), 1u);
  const auto left = usecases::ReadStays(stays_).Get(As("ekeliden"), stay);
  EXPECT_FALSE(left->record.transfer.has_value());
}

TEST_F(ReservationTest, TheMoveInIsMovedToAnotherDayAndAnotherBed) {
  ReserveFor(person_, Today() + days(5));
  PlaceIn(next_, "novus", "novus-02");
  EXPECT_EQ(ReasonOf(Change(Today() + days(6), "novus-02").status()), "BED_OCCUPIED");
  EXPECT_EQ(ReasonOf(Change(Today() + days(6), "ekeliden-01").status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Change(Today() + days(6), "nowhere").status()), "NOT_FOUND");
  EXPECT_EQ(ReasonOf(Change(Today() - days(1)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Change(Today() + days(32)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Change(Today() + days(6), "", "ekeliden").status()), "UNIT_NOT_YOURS");
  AddBed("novus", "novus-03");
  const auto changed = Change(Today() + days(2), "novus-03", "alvesta-authority");
  ASSERT_TRUE(changed.ok()) << changed.status();
  const auto told = Events("reservation_changed").at(0).reservation_changed();
  EXPECT_EQ(told.bed_id(), "novus-03");
  EXPECT_EQ(told.move_in_date(), FormatDate(Today() + days(2)));
  EXPECT_FALSE(BedOf("novus-01").reserved);
  EXPECT_TRUE(BedOf("novus-03").reserved);
  Advance(days(2));
  const auto stay =
      usecases::EnrolPerson(stays_).Run(Writing("novus"), {offer_.id, Etag(), {}, kNotAgreed});
  ASSERT_TRUE(stay.ok()) << stay.status();
  EXPECT_EQ(stay->record.stay.bed_id.value, "novus-03");
  EXPECT_EQ(ReasonOf(Change(Today()).status()), "ILLEGAL_STATE");
}

TEST_F(ReservationTest, AnotherPersonsReservationIsNotMovedInto) {
  ReserveFor(next_, Today() + days(10), "novus-02");
  ReserveFor(person_, Today() + days(5));
  EXPECT_EQ(ReasonOf(Change(Today() + days(6), "novus-02").status()), "BED_RESERVED");
}

TEST_F(ReservationTest, WhoDoesNotComeIsToldOnceTheDayAfter) {
  const Date due = Today() + days(5);
  ReserveFor(person_, due);
  EXPECT_THAT(Deadlines(), Contains("move_in " + FormatDate(due)));
  Advance(days(5));
  EXPECT_TRUE(Events("move_in_overdue").empty());
  Advance(days(1));
  ASSERT_EQ(Events("move_in_overdue").size(), 1u);
  EXPECT_EQ(Events("move_in_overdue")[0].case_id(), person_.case_id);
  EXPECT_EQ(Events("move_in_overdue")[0].move_in_overdue().move_in_date(), FormatDate(due));
  Advance(days(5));
  EXPECT_EQ(Events("move_in_overdue").size(), 1u);
  // The way on: another day, which is watched again.
  ASSERT_TRUE(Change(Today() + days(3)).ok());
  EXPECT_THAT(Deadlines(), Not(Contains("move_in " + FormatDate(due))));
  Advance(days(4));
  EXPECT_EQ(Events("move_in_overdue").size(), 2u);
}

TEST_F(ReservationTest, APlannedTransferIsOverdueAfterItsMove) {
  const domain::StayId stay = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay.id;
  ReserveFor(person_, Today() + days(3));
  const Date move = Today() + days(20);
  ASSERT_TRUE(usecases::PlanStayTransfer(stays_)
                  .Run(Writing("ekeliden"), {stay, "1", offer_.id, {Today(), move, {}}})
                  .ok());
  Advance(days(10));
  EXPECT_TRUE(Events("move_in_overdue").empty());
  Advance(days(11));
  ASSERT_EQ(Events("move_in_overdue").size(), 1u);
  EXPECT_EQ(Events("move_in_overdue")[0].move_in_overdue().move_in_date(), FormatDate(move));
}

TEST_F(ReservationTest, AReservationEndsWithItsDecisionInOneCommit) {
  auto event = EventOf(person_);
  auto* made = event.mutable_decision_made();
  made->set_decision_id("ending");
  made->set_facility_id("novus");
  made->set_bed_kind(common::v1::BED_KIND_REGULAR);
  made->set_decision_date(FormatDate(Today()));
  made->set_to_date(FormatDate(Today() + days(4)));
  ASSERT_TRUE(Consume(event).ok());
  offer_ = MakeOffer("novus-01").record.offer;
  ASSERT_TRUE(Accept(offer_.id, Today() + days(1)).ok());
  Decide(next_, "novus", Today());
  Advance(days(3));
  EXPECT_EQ(EntryOf(person_, "novus")->state, domain::EntryState::kReserved);
  Advance(days(1));
  EXPECT_EQ(EntryOf(person_, "novus")->left_reason, "decision_ended");
  EXPECT_EQ(Read().offer.state, domain::OfferState::kWithdrawn);
  EXPECT_EQ(Events("reservation_ended").at(0).reservation_ended().reason_code(), "decision_ended");
  EXPECT_EQ(Events("dequeued").size(), 1u);
  EXPECT_EQ(Events("offer_made").back().case_id(), next_.case_id);
  EXPECT_THAT(Deadlines(), Not(Contains("move_in " + FormatDate(Today() - days(3)))));
}

TEST_F(ReservationTest, AMoveInIsReservedForAMonthAtMostOrAsTheFacilitySays) {
  Decide(person_, "novus", Today());
  offer_ = MakeOffer("novus-01").record.offer;
  EXPECT_EQ(ReasonOf(Accept(offer_.id, Today() + days(32)).status()), "FIELD_VIOLATIONS");
  database_.Query("placement",
                  "UPDATE facility SET move_in_within_days = 7 WHERE facility_id = 'novus'"
                  " RETURNING facility_id");
  EXPECT_EQ(ReasonOf(Accept(offer_.id, Today() + days(8)).status()), "FIELD_VIOLATIONS");
  EXPECT_TRUE(Accept(offer_.id, Today() + days(7)).ok());
}

TEST_F(ReservationTest, ABedIsReservedBeforeTheMoveInAndHeldBeforeTheHoldBecauseItCannotBeOffered) {
  const Instant before = clock_.Now();
  Advance(std::chrono::hours(1));
  ReserveFor(person_, Today() + days(10));
  usecases::HoldBedCommand hold{domain::BedId("novus-02"), "1", Today() + days(10), {}};
  hold.plan.to = Today() + days(12);
  hold.plan.expected = Today() + days(10);
  hold.plan.reason = domain::HoldReason::kSection27Announced;
  ASSERT_TRUE(usecases::HoldBed(store_).Run(Writing("placement-board", "novus"), hold).ok());
  for (const Date date : {Today(), Today() + days(9), Today() + days(10)}) {
    EXPECT_EQ(Count(date).reserved, 1);
    EXPECT_EQ(Count(date).held, 1);
    EXPECT_EQ(Count(date).free, 0);
  }
  EXPECT_EQ(Count(Today() + days(12)).held, 0);
  EXPECT_EQ(Count(Today() - days(1)).free, 2) << "as it was";
  const auto known = [&](Instant at) {
    return usecases::ReadBeds(store_)
        .Availability(As("novus"), {domain::FacilityId("novus"), domain::BedKind::kRegular, Today(),
                                    std::nullopt, at})
        ->days.at(0);
  };
  EXPECT_EQ(known(clock_.Now()).reserved, 1);
  EXPECT_EQ(known(clock_.Now()).held, 1);
  EXPECT_EQ(known(before).free, 2);
}

TEST_F(ReservationTest, AClosureOverAReservationIsAConflictThatIsNamedAndTold) {
  const Date due = Today() + days(20);
  ReserveFor(person_, due);
  const auto closed = Close("novus-01", Today() + days(1), Today() + days(60));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_THAT(ConflictsOf(*closed), ElementsAre("reserved_when_closed " + FormatDate(due)));
  ASSERT_EQ(Events("bed_conflict").size(), 1u);
  const auto told = Events("bed_conflict")[0];
  EXPECT_EQ(told.case_id(), person_.case_id);
  EXPECT_EQ(told.bed_conflict().offer_id(), offer_.id.value);
  EXPECT_EQ(told.bed_conflict().closure_id(), closed->record.closures.at(0).id.value);
  EXPECT_EQ(told.bed_conflict().due_date(), FormatDate(due));
  EXPECT_THAT(Deadlines(), Contains("conflict " + FormatDate(due)));
  Advance(days(16));
  EXPECT_EQ(Events("bed_conflict").size(), 1u);
  Advance(days(1));
  EXPECT_EQ(Events("bed_conflict").size(), 2u) << "three days before";
  ASSERT_TRUE(Change(due, "novus-02").ok());
  EXPECT_THAT(Deadlines(), Not(Contains("conflict " + FormatDate(due))));
  EXPECT_TRUE(BedOf("novus-01").conflicts.empty());
  Advance(days(2));
  EXPECT_EQ(Events("bed_conflict").size(), 2u);
}

TEST_F(ReservationTest, AClosureOfABedThatIsLivedInIsAConflict) {
  const auto stay = PlaceIn(person_, "novus", "novus-01").record.stay;
  const Date from = Today() + days(10);
  const auto closed = Close("novus-01", from);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_THAT(ConflictsOf(*closed), ElementsAre("lived_in_when_closed " + FormatDate(from)));
  EXPECT_EQ(Events("bed_conflict").at(0).bed_conflict().stay_id(), stay.id.value);
  EXPECT_THAT(Deadlines(), Contains("conflict " + FormatDate(from)));
  EXPECT_EQ(reads_.Get(As("novus"), stay.id)->record.conflict_from, from);
  EXPECT_EQ(Count(from).conflicts, 1);
  Advance(days(7));
  EXPECT_EQ(Events("bed_conflict").size(), 2u) << "three days before";
  // Whoever leaves in time is in nobody's way.
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"),
                       {stay.id, "1", from, domain::ExceptionReason::kIndividualAssessment})
                  .ok());
  EXPECT_TRUE(BedOf("novus-01").conflicts.empty());
  EXPECT_EQ(reads_.Get(As("novus"), stay.id)->record.conflict_from, std::nullopt);
  EXPECT_THAT(Deadlines(), Not(Contains("conflict " + FormatDate(from))));
  Advance(days(2));
  EXPECT_EQ(Events("bed_conflict").size(), 2u);
  Advance(days(1));
  EXPECT_EQ(Events("bed_conflict").size(), 3u) << "whoever has not left on the day is";
}

TEST_F(ReservationTest, AMoveIntoABedThatIsToBeClosedIsAConflict) {
  const Date from = Today() + days(2);
  const auto stay = PlaceIn(person_, "novus", "novus-01").record.stay;
  ASSERT_TRUE(Close("novus-02", from).ok());
  EXPECT_TRUE(Events("bed_conflict").empty());
  const auto moved = usecases::MoveToBed(stays_).Run(Writing("novus"),
                                                     {stay.id, "1", domain::BedId("novus-02"), {}});
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->record.conflict_from, from);
  EXPECT_EQ(Events("bed_conflict").size(), 1u);
  usecases::StayPage page;
  page.in_conflict = true;
  EXPECT_EQ(reads_.List(As("novus"), page)->stays.size(), 1u);
}

TEST_F(ReservationTest, AClosureOverATransfersBedAndOverAReturnAreConflicts) {
  const auto stay = PlaceIn(next_, "novus", "novus-02").record.stay;
  const auto home = usecases::GoHomeForATime(stays_).Run(Writing("novus"),
                                                         {stay.id, "1", {}, Today() + days(7), {}});
  ASSERT_TRUE(home.ok()) << home.status();
  const auto closed = Close("novus-02", Today() + days(5));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->conflicts.size(), 1u);
  EXPECT_EQ(Events("bed_conflict").at(0).bed_conflict().alternation_id(),
            home->record.alternation.id.value);
  EXPECT_TRUE(usecases::ReadAlternations(stays_)
                  .Get(As("novus"), home->record.alternation.id)
                  ->record.conflict);
  const domain::StayId from = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay.id;
  ReserveFor(person_, Today() + days(14));
  ASSERT_TRUE(
      usecases::PlanStayTransfer(stays_)
          .Run(Writing("ekeliden"), {from, "1", offer_.id, {Today(), Today() + days(14), {}}})
          .ok());
  ASSERT_TRUE(Close("novus-01", Today() + days(20)).ok());
  EXPECT_EQ(Events("bed_conflict").back().case_id(), person_.case_id);
  EXPECT_EQ(Events("bed_conflict").back().bed_conflict().due_date(),
            FormatDate(Today() + days(20)));
}

TEST_F(ReservationTest, AClosureRecordedWronglyIsTakenBackWithItsReason) {
  const Date from = Today();
  const auto closed = Close("novus-01", from, from + days(2));
  ASSERT_TRUE(closed.ok()) << closed.status();
  Advance(days(5));
  EXPECT_EQ(Count(from).closed, 1);
  const pg::Result rows = database_.Query("placement", "SELECT closure_id FROM bed_closure");
  const domain::ClosureId id(rows[0].Text("closure_id"));
  const usecases::CancelClosure cancel(store_);
  const auto run = [&](const std::string& unit) {
    return cancel
        .Run(Writing(unit), {domain::BedId("novus-01"), Version("novus-01"), id,
                             usecases::ClosureCancelReason::kWrongDate})
        .status();
  };
  EXPECT_EQ(ReasonOf(run("ekeliden")), "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(run("novus")), "OK");
  EXPECT_EQ(ReasonOf(run("novus")), "ILLEGAL_STATE");
  EXPECT_EQ(Count(from).closed, 0);
  const auto told = Events("bed_closed").back().bed_closed();
  EXPECT_EQ(told.from_date(), told.to_date());
  const auto facts =
      usecases::ReadBeds(store_).History(As("novus"), {domain::FacilityId("novus"), "", 1});
  EXPECT_EQ(facts->facts.at(0).kind, "bed_closure_cancelled");
  EXPECT_EQ(facts->facts.at(0).after, "wrong_date");
  // The dates that were meant.
  EXPECT_TRUE(Close("novus-01", from + days(1), from + days(3)).ok());
}

TEST_F(ReservationTest, AMistakenDischargeIsUndoneWhileTheBedIsFree) {
  const auto stay = PlaceIn(person_, "novus", "novus-01").record.stay;
  Advance(days(10));
  const auto left = usecases::DischargePerson(stays_).Run(
      Writing("novus"), {stay.id, "1", {}, domain::DischargeReason::kOther, {}});
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_THAT(left->actions, ElementsAre("CorrectStay", "UndoDischarge"));
  Advance(days(2));
  const usecases::UndoStayDischarge undo(stays_);
  EXPECT_EQ(ReasonOf(undo.Run(Writing("novus"), {stay.id, "1"}).status()), "STALE_ETAG");
  const auto back = undo.Run(Writing("novus"), {stay.id, "2"});
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->record.stay.state, domain::StayState::kActive);
  EXPECT_EQ(back->bed_days, 12);
  EXPECT_EQ(Count(Today() - days(1)).occupied, 1);
  EXPECT_EQ(Events("discharge_undone").at(0).discharge_undone().move_in_date(),
            FormatDate(stay.move_in));
  EXPECT_EQ(ReasonOf(undo.Run(Writing("novus"), {stay.id, "3"}).status()), "ILLEGAL_STATE");

  // Somebody else was offered the bed meanwhile.
  ASSERT_TRUE(usecases::DischargePerson(stays_)
                  .Run(Writing("novus"), {stay.id, "3", {}, domain::DischargeReason::kOther, {}})
                  .ok());
  Decide(next_, "novus", Today());
  MakeOffer("novus-01");
  EXPECT_EQ(ReasonOf(undo.Run(Writing("novus"), {stay.id, "4"}).status()), "BED_OFFERED");
}

TEST_F(ReservationTest, AnInterruptionGoesOnWhenItsDischargeIsUndone) {
  const auto stay = PlaceIn(person_, "novus", "novus-01").record.stay;
  ASSERT_TRUE(usecases::RecordAbsence(stays_)
                  .Run(Writing("novus"), {stay.id, "1", domain::StayAction::kInterrupt, {}})
                  .ok());
  ASSERT_TRUE(usecases::DischargePerson(stays_)
                  .Run(Writing("novus"), {stay.id, "2", {}, domain::DischargeReason::kOther, {}})
                  .ok());
  const auto back = usecases::UndoStayDischarge(stays_).Run(Writing("novus"), {stay.id, "3"});
  ASSERT_TRUE(back.ok()) << back.status();
  ASSERT_TRUE(back->record.stay.absence.has_value());
  EXPECT_EQ(Events("discharge_undone").at(0).discharge_undone().interrupted_date(),
            FormatDate(Today()));
}

TEST_F(ReservationTest, APlannedDischargeIsTakenBackAndActionsSayWhatIsPossible) {
  const auto stay = PlaceIn(person_, "novus", "novus-01").record.stay;
  const usecases::ClearStayDischarge clear(stays_);
  EXPECT_EQ(ReasonOf(clear.Run(Writing("novus"), {stay.id, "1"}).status()), "ILLEGAL_STATE");
  EXPECT_THAT(reads_.Get(As("novus"), stay.id)->actions, Not(Contains("ClearPlannedDischarge")));
  const auto planned = usecases::PlanStayDischarge(stays_).Run(
      Writing("novus"), {stay.id, "1", Today() + days(20), {}});
  EXPECT_THAT(planned->actions, Contains("ClearPlannedDischarge"));
  const auto cleared = clear.Run(Writing("novus"), {stay.id, "2"});
  ASSERT_TRUE(cleared.ok()) << cleared.status();
  EXPECT_FALSE(cleared->record.stay.planned_departure.has_value());
  EXPECT_EQ(Count(Today() + days(25)).occupied, 1);
  EXPECT_EQ(Events("discharge_plan_cleared").size(), 1u);
  EXPECT_THAT(cleared->actions, Contains("CorrectStay"));
  const auto moved = usecases::MoveToBed(stays_).Run(Writing("novus"),
                                                     {stay.id, "3", domain::BedId("novus-02"), {}});
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_THAT(moved->actions, Contains("CorrectStay")) << "with the other half of the move";
  EXPECT_THAT(reads_.Get(As("novus"), stay.id)->actions, ElementsAre("CorrectStay"));
}

}  // namespace
}  // namespace vardkedja::placement
