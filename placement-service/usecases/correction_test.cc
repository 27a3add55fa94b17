// Corrections on PostgreSQL: of stays, moves, transfers and times at home.
#include <set>

#include "placement-service/storage/record_fixture.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/holding.h"

namespace vardkedja::placement {
namespace {

using domain::CorrectionReason;
using domain::StayAction;
using std::chrono::days;

class StayCorrectionTest : public RecordFixture {};

TEST_F(StayCorrectionTest, TheDateOfAMoveIsThatOfBothStays) {
  const domain::Stay first = stay_;
  ASSERT_TRUE(Move("novus-02", Today() - days(2)).ok());
  const domain::Stay second = stay_;
  EXPECT_EQ(FieldOf(CorrectMoveIn(first.move_in - days(1)).status()), "move_in_date RANGE");
  EXPECT_EQ(ReasonOf(Correct({CorrectionReason::kWrongDate, {}, Today(), {}}, "ekeliden").status()),
            "UNIT_NOT_YOURS");
  const auto right = CorrectMoveIn(Today() - days(5));
  ASSERT_TRUE(right.ok()) << right.status();
  const domain::Stay before = Replacing(first.id);
  EXPECT_EQ(before.departure, Today() - days(5));
  EXPECT_EQ(before.discharge_reason, domain::DischargeReason::kMoved);
  EXPECT_EQ(stay_.move_in, Today() - days(5));
  EXPECT_EQ(stay_.continues, before.id);
  EXPECT_EQ(stay_.corrects, second.id);
  EXPECT_EQ(Read(first.id).state, domain::StayState::kCorrected);
  EXPECT_EQ(Read(second.id).state, domain::StayState::kCorrected);
  EXPECT_EQ(right->bed_days, 5);
  for (Date day = first.move_in; day <= Today(); day += days(1)) {
    EXPECT_EQ(Count(day).occupied, 1) << Text(day);
  }
  const auto told = Events("stay_corrected");
  ASSERT_EQ(told.size(), 2u);
  std::set<std::string> former;
  for (const auto& event : told) former.insert(event.stay_corrected().former_move_in_date());
  EXPECT_EQ(former, (std::set<std::string>{FormatDate(first.move_in), FormatDate(second.move_in)}));
  // What was known before can still be asked for.
  const pg::Result known = database_.Query(
      "placement",
      "SELECT to_date, known_to IS NULL AS now FROM bed_fact WHERE bed_id = 'novus-01'"
      " AND kind = 'stay' AND to_date IS NOT NULL ORDER BY known_from",
      {});
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].Date("to_date"), Today() - days(2));
  EXPECT_FALSE(known[0].Bool("now"));
  EXPECT_EQ(known[1].Date("to_date"), Today() - days(5));
  EXPECT_TRUE(known[1].Bool("now"));

  // And from the other half; the one that was corrected before has nothing to do with it any more.
  stay_ = before;
  EXPECT_EQ(FieldOf(CorrectDeparture(Today() + days(1)).status()), "departure_date RANGE");
  ASSERT_TRUE(CorrectDeparture(Today()).ok());
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(Count(Today() - days(1)).occupied, 1);
  EXPECT_EQ(Replacing(right->record.stay.id).move_in, Today());
}

TEST_F(StayCorrectionTest, AMoveThatNeverWasIsCorrectedToTheBedBefore) {
  ASSERT_TRUE(Move("novus-insluss-01", Today() - days(2)).ok());
  EXPECT_EQ(
      FieldOf(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}}).status()),
      "bed_id OTHER_FACILITY");
  const auto right = Correct({CorrectionReason::kWrongBed, domain::BedId("novus-01"), {}, {}});
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_EQ(stay_.bed_kind, domain::BedKind::kRegular);
  EXPECT_TRUE(stay_.continues.has_value());
  EXPECT_EQ(Count(Today(), domain::BedKind::kIntake).occupied, 0);
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(Events("stay_corrected").back().bed_kind(), common::v1::BED_KIND_REGULAR);
}

TEST_F(StayCorrectionTest, ACorrectedStayMovesOnAsAnyOther) {
  ASSERT_TRUE(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}}).ok());
  const auto moved = Move("novus-01", Today());
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_FALSE(stay_.corrects.has_value());
}

TEST_F(StayCorrectionTest, AWrongPersonsStayIsUndoneWithItsMoves) {
  const domain::Stay first = stay_;
  ASSERT_TRUE(Move("novus-02", Today() - days(2)).ok());
  ASSERT_TRUE(Correct({CorrectionReason::kWrongPerson, {}, {}, {}}).ok());
  EXPECT_EQ(stay_.state, domain::StayState::kCorrected);
  EXPECT_EQ(Read(first.id).state, domain::StayState::kCorrected);
  EXPECT_EQ(Count(Today()).occupied, 0);
  EXPECT_EQ(Count(Today()).reserved, 1);
  EXPECT_EQ(EntryOf(person_, "novus")->state, domain::EntryState::kReserved);
  const auto events = Events("stay_corrected");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].stay_corrected().replacement_stay_id(), "");
  EXPECT_EQ(events[1].stay_corrected().replacement_stay_id(), "");
}

TEST_F(StayCorrectionTest, WhatMovedOnFollowsACorrectionOfTheStayBefore) {
  ASSERT_TRUE(Move("novus-02", Today() - days(2)).ok());
  const domain::Stay second = stay_;
  stay_ = Read(*second.continues);
  AddBed("novus", "novus-03");
  ASSERT_TRUE(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-03"), {}, {}}).ok());
  const domain::Stay now = Read(second.id);
  EXPECT_EQ(now.continues, stay_.id);
  EXPECT_EQ(now.state, domain::StayState::kActive);
  EXPECT_EQ(now.version, second.version + 1);
}

class TransferCorrectionTest : public RecordFixture {
 protected:
  // An accepted offer at Ekeliden, and the move planned and confirmed by both.
  domain::TransferId Plan(Date move) {
    Decide(person_, "ekeliden", Today() - days(20), {}, /*transfer=*/true);
    const auto offer = MakeOffer("ekeliden-01");
    EXPECT_TRUE(Accept(offer.record.offer.id, Today()).ok());
    const auto planned = usecases::PlanStayTransfer(stays_).Run(
        Writing("novus"), {stay_.id,
                           Etag(),
                           offer.record.offer.id,
                           {Today(), move, domain::ExceptionReason::kPersonsWish}});
    EXPECT_TRUE(planned.ok()) << planned.status();
    stay_ = Read(stay_.id);
    return planned->record.transfer.id;
  }
  usecases::TransferRecord Transfer(const domain::TransferId& id) {
    return usecases::ReadStays(stays_).GetTransfer(As("novus"), id)->record;
  }
  std::string EtagOf(const domain::TransferId& id) {
    return std::to_string(Transfer(id).transfer.version);
  }
  void Complete(const domain::TransferId& id) {
    for (const char* unit : {"novus", "ekeliden"}) {
      ASSERT_TRUE(usecases::ConfirmStayTransfer(stays_).Run(Writing(unit), {id, EtagOf(id)}).ok());
    }
    const auto done = usecases::CompleteStayTransfer(stays_).Run(Writing("ekeliden"),
                                                                 {id, EtagOf(id), {}, kNotAgreed});
    ASSERT_TRUE(done.ok()) << done.status();
  }
};

TEST_F(TransferCorrectionTest, TheDateOfATransferIsThatOfBothFacilities) {
  const domain::TransferId id = Plan(Today());
  const domain::Stay from = stay_;
  Complete(id);
  Advance(days(10));
  stay_ = Read(*Transfer(id).transfer.to_stay, "ekeliden");
  const Date move = stay_.move_in - days(3);
  EXPECT_EQ(ReasonOf(CorrectMoveIn(move).status()), "UNIT_NOT_YOURS");
  const auto right = Correct({CorrectionReason::kWrongDate, {}, move, {}}, "ekeliden");
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_TRUE(stay_.transferred_in);
  const usecases::TransferRecord after = Transfer(id);
  EXPECT_EQ(after.transfer.move, move);
  EXPECT_EQ(after.transfer.to_stay, stay_.id);
  EXPECT_EQ(after.from.stay.corrects, from.id);
  EXPECT_EQ(after.from.stay.departure, move);
  EXPECT_EQ(Count(move).occupied, 0);
  const auto events = Events("stay_corrected");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].facility_id(), "novus");
  EXPECT_EQ(events[1].facility_id(), "ekeliden");
  EXPECT_NE(events[0].decision_id(), events[1].decision_id());
  // One of the two is told of.
  EXPECT_EQ(events[0].stay_corrected().with_stay_id(), events[1].stay_corrected().stay_id());
  EXPECT_EQ(events[1].stay_corrected().with_stay_id(), "");
  // The decision for the next facility must cover the day.
  EXPECT_EQ(
      ReasonOf(Correct({CorrectionReason::kWrongDate, {}, from.move_in, {}}, "ekeliden").status()),
      "NO_DECISION");
  EXPECT_EQ(ReasonOf(Correct({CorrectionReason::kWrongPerson, {}, {}, {}}, "ekeliden").status()),
            "PART_OF_A_MOVE");
  // The facility that was left corrects the same date.
  stay_ = after.from.stay;
  ASSERT_TRUE(CorrectDeparture(move + days(1)).ok());
  EXPECT_EQ(Transfer(id).transfer.move, move + days(1));
}

TEST_F(TransferCorrectionTest, ATransferCompletedByMistakeIsTakenBack) {
  ASSERT_TRUE(Change(StayAction::kBeginLeave, Today() - days(1)).ok());
  const domain::TransferId id = Plan(Today());
  Complete(id);
  const domain::StayId to = *Transfer(id).transfer.to_stay;
  const usecases::UndoStayTransfer undo(stays_);
  EXPECT_EQ(ReasonOf(undo.Run(Writing("novus"), {id, "1"}).status()), "STALE_ETAG");
  EXPECT_EQ(ReasonOf(undo.Run(Writing("alvesta-authority"), {id, EtagOf(id)}).status()),
            "UNIT_NOT_YOURS");
  const auto undone = undo.Run(Writing("novus"), {id, EtagOf(id)});
  ASSERT_TRUE(undone.ok()) << undone.status();
  const domain::Transfer& transfer = undone->record.transfer;
  EXPECT_EQ(transfer.state, domain::TransferState::kCancelled);
  EXPECT_EQ(transfer.cancel_reason, domain::TransferCancelReason::kUndone);
  stay_ = Read(stay_.id);
  EXPECT_EQ(stay_.state, domain::StayState::kActive);
  EXPECT_EQ(stay_.departure, std::nullopt);
  EXPECT_TRUE(stay_.absence.has_value()) << "who was on leave still is";
  EXPECT_EQ(Read(to).state, domain::StayState::kCorrected);
  EXPECT_EQ(EntryOf(person_, "ekeliden")->state, domain::EntryState::kReserved);
  EXPECT_EQ(Count(Today()).occupied, 1);
  const auto corrected = Events("stay_corrected");
  ASSERT_EQ(corrected.size(), 1u);
  EXPECT_EQ(corrected[0].stay_corrected().with_stay_id(), stay_.id.value);
  EXPECT_EQ(Events("discharge_undone").size(), 1u);
  const auto periods = store_.ListCarePeriods(As("novus"), stay_.entry_id);
  EXPECT_EQ(periods->front().period.state, domain::CarePeriodState::kOpen);
  EXPECT_EQ(ReasonOf(undo.Run(Writing("novus"), {id, EtagOf(id)}).status()), "ILLEGAL_STATE");
  // The first stay was somebody else's after all: one person has one place reserved at a time.
  EXPECT_EQ(ReasonOf(Correct({CorrectionReason::kWrongPerson, {}, {}, {}}).status()),
            "PERSON_RESERVED_ELSEWHERE");
  const domain::OfferId offer = transfer.offer_id;
  const auto restored = store_.FindOffer(As("alvesta-authority"), offer)->value().offer;
  ASSERT_TRUE(usecases::GiveBackOffer(store_, disclosure_)
                  .Run(Writing("alvesta-authority"),
                       {offer, std::to_string(restored.version), domain::DeclinedBy::kPerson,
                        domain::DeclineReason::kPersonDeclinesCare})
                  .ok());
  EXPECT_TRUE(Correct({CorrectionReason::kWrongPerson, {}, {}, {}}).ok());
  EXPECT_EQ(Count(Today()).occupied, 0);
}

TEST_F(TransferCorrectionTest, ATransferIsNotTakenBackIntoABedThatIsTaken) {
  const domain::TransferId id = Plan(Today());
  Complete(id);
  const usecases::UndoStayTransfer undo(stays_);
  PlayedCase next = NewCase();
  PlaceIn(next, "novus", "novus-01");
  EXPECT_EQ(ReasonOf(undo.Run(Writing("ekeliden"), {id, EtagOf(id)}).status()), "BED_OCCUPIED");
  EXPECT_EQ(Transfer(id).transfer.state, domain::TransferState::kDone);
  EXPECT_TRUE(Events("stay_corrected").empty());
}

TEST_F(TransferCorrectionTest, ATransferIsTakenBackWithTheTimeAtHomeAfterIt) {
  const domain::TransferId id = Plan(Today());
  Complete(id);
  const domain::Stay to = Read(*Transfer(id).transfer.to_stay, "ekeliden");
  Advance(days(2));
  ASSERT_TRUE(usecases::GoHomeForATime(stays_)
                  .Run(Writing("ekeliden"), {to.id, "1", Today(), Today() + days(5), {}})
                  .ok());
  const auto undone = usecases::UndoStayTransfer(stays_).Run(Writing("ekeliden"), {id, EtagOf(id)});
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(Read(stay_.id).state, domain::StayState::kActive);
}

TEST_F(TransferCorrectionTest, APlannedTransferGoesOnFromTheRightStay) {
  const domain::TransferId id = Plan(Today());
  const std::string stale = EtagOf(id);
  EXPECT_EQ(ReasonOf(Correct({CorrectionReason::kWrongPerson, {}, {}, {}}).status()),
            "PART_OF_A_MOVE");
  ASSERT_TRUE(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}}).ok());
  EXPECT_EQ(Transfer(id).from.stay.id, stay_.id);
  EXPECT_EQ(
      ReasonOf(usecases::ConfirmStayTransfer(stays_).Run(Writing("novus"), {id, stale}).status()),
      "STALE_ETAG");
  Complete(id);
  EXPECT_EQ(Count(Today()).occupied, 0);
}

class UndoDischargeTest : public RecordFixture {
 protected:
  void Leave(Date date) {
    ASSERT_TRUE(
        Keep(usecases::DischargePerson(stays_).Run(
                 Writing("novus"), {stay_.id, Etag(), date, domain::DischargeReason::kOwnWish, {}}))
            .ok());
  }
  // Somebody else, for a date, in the bed that was left.
  domain::Stay StayOfOneDate() {
    PlayedCase other = NewCase();
    const domain::Stay day = PlaceIn(other, "novus", "novus-01").record.stay;
    const auto ended = usecases::DischargePerson(stays_).Run(
        Writing("novus"), {day.id, "1", Today(), domain::DischargeReason::kOwnWish, {}});
    EXPECT_TRUE(ended.ok()) << ended.status();
    return day;
  }
  std::string Undo() {
    return ReasonOf(
        usecases::UndoStayDischarge(stays_).Run(Writing("novus"), {stay_.id, Etag()}).status());
  }
};

TEST_F(UndoDischargeTest, NotWhenSomebodyHasLivedThereForADateSince) {
  Leave(Today() - days(3));
  StayOfOneDate();
  EXPECT_EQ(Undo(), "BED_OCCUPIED");
  // However long ago.
  Advance(days(500));
  EXPECT_EQ(Undo(), "BED_OCCUPIED");
  EXPECT_EQ(Count(Today()).occupied, 0);
}

TEST_F(UndoDischargeTest, ThatTheBedWasHeldMeanwhileIsOver) {
  Leave(Today());
  usecases::HoldBedCommand command{domain::BedId("novus-01"), "1", Today(), {}};
  command.plan.to = Today() + days(3);
  command.plan.expected = Today();
  command.plan.reason = domain::HoldReason::kSection27Announced;
  ASSERT_TRUE(usecases::HoldBed(store_).Run(Writing("placement-board", "novus"), command).ok());
  EXPECT_EQ(Undo(), "BED_HELD");
  Advance(days(4));
  EXPECT_EQ(Undo(), "OK");
}

TEST_F(UndoDischargeTest, TheDatabaseKeepsAStayOfOneDateOutOfEveryOther) {
  Leave(Today() - days(3));
  const domain::Stay day = StayOfOneDate();
  const auto refused = [this](const domain::StayId& id, const std::string& change) {
    return pg::ViolatedConstraint(
               pool_->Write("UPDATE stay SET " + change + " WHERE stay_id = $1", {id.value})
                   .status())
        .value_or("nothing");
  };
  const std::string before = "move_in = '" + Text(Today() - days(9)) + "', departure = ";
  const std::string after = "'" + Text(Today() + days(9)) + "'";
  EXPECT_EQ(refused(stay_.id, before + after), "stay_bed_by_day");
  EXPECT_EQ(refused(stay_.id, before + after + ", bed_id = 'novus-02', person_id = (SELECT" +
                                  " person_id FROM stay WHERE stay_id = '" + day.id.value + "')"),
            "stay_person_by_day");
  EXPECT_EQ(refused(day.id, "move_in = '" + Text(Today() - days(5)) + "', departure = '" +
                                Text(Today() - days(5)) + "'"),
            "stay_bed_by_day");
  // Where the other begins or ends it may be.
  EXPECT_EQ(refused(day.id, "move_in = '" + Text(Today() - days(3)) + "', departure = '" +
                                Text(Today() - days(3)) + "'"),
            "nothing");
}

class HomeCorrectionTest : public RecordFixture {
 protected:
  // Home since three days ago, planned to be back in five.
  HomeCorrectionTest() {
    const auto home = usecases::GoHomeForATime(stays_).Run(
        Writing("novus"), {stay_.id, Etag(), Today() - days(3), Today() + days(5), {}});
    EXPECT_TRUE(home.ok()) << home.status();
    id_ = home->record.alternation.id;
    stay_ = Read(stay_.id);
  }
  domain::Alternation Home() {
    return usecases::ReadAlternations(stays_).Get(As("novus"), id_)->record.alternation;
  }
  void Return(Date date) {
    const auto back = usecases::ReturnToFacility(stays_).Run(
        Writing("novus"), {id_, std::to_string(Home().version), date});
    ASSERT_TRUE(back.ok()) << back.status();
    stay_ = Read(*back->record.alternation.to_stay);
  }

  domain::AlternationId id_;
};

TEST_F(HomeCorrectionTest, ATimeAtHomeFollowsTheRightBed) {
  ASSERT_TRUE(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}}).ok());
  EXPECT_EQ(Home().from_stay, stay_.id);
  Return(Today());
  ASSERT_TRUE(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}}).ok());
  EXPECT_EQ(History(), std::vector<std::string>{"came_back " + Text(Today()) + " novus-02"});
}

TEST_F(HomeCorrectionTest, WhoComesBackLivesInTheKindOfPlaceThatWasReserved) {
  Return(Today());
  ASSERT_TRUE(Move("novus-insluss-01", Today()).ok());
  Advance(days(4));
  const auto home = usecases::GoHomeForATime(stays_).Run(
      Writing("novus"), {stay_.id, Etag(), Today() - days(1), Today() + days(5), {}});
  ASSERT_TRUE(home.ok()) << home.status();
  id_ = home->record.alternation.id;
  stay_ = Read(stay_.id);
  // The person had never moved, but the return is planned to the other place.
  ASSERT_TRUE(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-01"), {}, {}}).ok());
  EXPECT_EQ(stay_.bed_kind, domain::BedKind::kRegular);
  Return(Today());
  EXPECT_EQ(stay_.bed_id, domain::BedId("novus-insluss-01"));
  EXPECT_EQ(stay_.bed_kind, domain::BedKind::kIntake);
  EXPECT_EQ(pg::ViolatedConstraint(
                pool_->Write("UPDATE stay SET bed_kind = 1 WHERE stay_id = $1", {stay_.id.value})
                    .status()),
            "stay_place");
}

TEST_F(HomeCorrectionTest, BothItsDatesAreCorrectedEachWithoutTheOther) {
  const domain::StayId left = stay_.id;
  ASSERT_TRUE(CorrectDeparture(Today() - days(4)).ok());
  EXPECT_EQ(Home().home_from, Today() - days(4));
  EXPECT_EQ(Home().from_stay, stay_.id);
  EXPECT_EQ(stay_.corrects, left);
  EXPECT_EQ(Home().return_date, Today() + days(5)) << "the plan stands";
  EXPECT_EQ(Count(Today() - days(4)).occupied, 0);
  const domain::Stay before = stay_;
  Return(Today());
  EXPECT_EQ(FieldOf(CorrectMoveIn(Today() - days(4)).status()), "move_in_date RANGE");
  ASSERT_TRUE(CorrectMoveIn(Today() - days(1)).ok());
  EXPECT_EQ(Home().ended_on, Today() - days(1));
  EXPECT_EQ(Home().to_stay, stay_.id);
  EXPECT_EQ(stay_.continues, before.id);
  EXPECT_EQ(Read(before.id).state, domain::StayState::kEnded) << "the other end is left alone";
  EXPECT_EQ(Count(Today() - days(2)).occupied, 0);
  EXPECT_EQ(Count(Today() - days(1)).occupied, 1);
  // Home for a night at least.
  stay_ = before;
  EXPECT_EQ(FieldOf(CorrectDeparture(Today() - days(1)).status()), "departure_date RANGE");
  EXPECT_TRUE(CorrectDeparture(Today() - days(2)).ok());
}

TEST_F(HomeCorrectionTest, AWrongPersonsTimeAtHomeIsTakenBackWithTheStays) {
  const domain::StayId left = stay_.id;
  const auto undone = Correct({CorrectionReason::kWrongPerson, {}, {}, {}});
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(Home().state, domain::AlternationState::kCorrected);
  EXPECT_EQ(Home().from_stay, left) << "what was recorded stays visible";
  const auto reserved = database_.Query(
      "placement", "SELECT state FROM reservation WHERE alternation_id = $1", {id_.value});
  EXPECT_EQ(reserved[0].Text("state"), "released");
  EXPECT_EQ(EntryOf(person_, "novus")->state, domain::EntryState::kReserved);
  Advance(days(10));
  EXPECT_TRUE(Events("return_overdue").empty()) << "nobody is waited for";
}

TEST_F(HomeCorrectionTest, AWrongPersonsStaysOnBothSidesOfATimeAtHomeAreUndoneTogether) {
  const domain::StayId left = stay_.id;
  Return(Today());
  ASSERT_TRUE(Correct({CorrectionReason::kWrongPerson, {}, {}, {}}).ok());
  EXPECT_EQ(Home().state, domain::AlternationState::kCorrected);
  EXPECT_EQ(Read(left).state, domain::StayState::kCorrected);
  EXPECT_EQ(Read(stay_.id).state, domain::StayState::kCorrected);
  const auto events = Events("stay_corrected");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].stay_corrected().with_stay_id(), stay_.id.value);
  EXPECT_EQ(events[1].stay_corrected().with_stay_id(), "");
  EXPECT_EQ(Count(Today()).occupied, 0);
  EXPECT_EQ(Count(Today()).reserved, 1);
}

TEST_F(StayCorrectionTest, ACorrectionGoesAroundNobodysDay) {
  // Somebody else's stay of one day, which has an empty range.
  PlayedCase other = NewCase();
  const domain::Stay day = PlaceIn(other, "novus", "novus-02").record.stay;
  ASSERT_TRUE(
      usecases::DischargePerson(stays_)
          .Run(
              Writing("novus"),
              {day.id, std::to_string(day.version), Today(), domain::DischargeReason::kOwnWish, {}})
          .ok());
  Advance(days(2));
  EXPECT_EQ(
      ReasonOf(Correct({CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}}).status()),
      "BED_OCCUPIED");
}

}  // namespace
}  // namespace vardkedja::placement
