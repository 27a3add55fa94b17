// What happens during a stay, on PostgreSQL: leave, interruption, moves between beds, incidents.
#include "placement-service/usecases/stay_life.h"

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using domain::StayAction;
using std::chrono::days;

class StayLifeTest : public PlacementFixture {
 protected:
  StayLifeTest() : person_(NewCase()) {
    stay_ = PlaceIn(person_, "novus", "novus-01").record.stay;
    Advance(days(30));
  }

  absl::StatusOr<usecases::StayAnswer> Change(StayAction action, Date date,
                                              const std::string& unit = "novus") {
    return Keep(
        usecases::RecordAbsence(stays_).Run(Writing(unit), {stay_.id, Etag(), action, date}));
  }
  absl::StatusOr<usecases::StayAnswer> Move(const std::string& bed, std::optional<Date> date = {}) {
    return Keep(usecases::MoveToBed(stays_).Run(Writing("novus"),
                                                {stay_.id, Etag(), domain::BedId(bed), date}));
  }
  absl::StatusOr<usecases::StayAnswer> Leave(Date departure) {
    return Keep(usecases::DischargePerson(stays_).Run(
        Writing("novus"), {stay_.id, Etag(), departure, domain::DischargeReason::kCompleted, {}}));
  }
  // The stay as it is after a write, which may be another one.
  absl::StatusOr<usecases::StayAnswer> Keep(absl::StatusOr<usecases::StayAnswer> answer) {
    if (answer.ok()) stay_ = answer->record.stay;
    return answer;
  }
  std::string Etag() const { return std::to_string(stay_.version); }
  std::vector<std::string> History(const std::string& unit, const domain::StayId& id) {
    const auto facts = usecases::ReadStayHistory(stays_, As(unit), id);
    EXPECT_TRUE(facts.ok()) << facts.status();
    std::vector<std::string> kinds;
    for (const auto& fact : *facts) kinds.push_back(fact.kind);
    return kinds;
  }
  domain::DayCount Count(Date date) {
    return usecases::ReadBeds(store_)
        .Availability(As("novus"),
                      {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, {}})
        ->days.at(0);
  }
  static bool Has(const std::vector<std::string>& actions, const std::string& one) {
    return std::find(actions.begin(), actions.end(), one) != actions.end();
  }

  PlayedCase person_;
  domain::Stay stay_;
};

TEST_F(StayLifeTest, LeaveKeepsTheBedAndIsCountedApart) {
  EXPECT_EQ(ReasonOf(Change(StayAction::kBeginLeave, Today(), "alvesta-authority").status()),
            "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(Change(StayAction::kBeginLeave, Today() + days(1)).status()),
            "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Change(StayAction::kEndLeave, Today()).status()), "ILLEGAL_STATE");
  const auto away = Change(StayAction::kBeginLeave, Today() - days(4));
  ASSERT_TRUE(away.ok()) << away.status();
  EXPECT_FALSE(Has(away->actions, "BeginLeave"));
  EXPECT_TRUE(Has(away->actions, "InterruptStay"));
  EXPECT_TRUE(Has(away->actions, "EndLeave"));
  EXPECT_EQ(away->record.leave_days, 4);
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(ReasonOf(Change(StayAction::kInterrupt, Today() - days(5)).status()),
            "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Change(StayAction::kEndLeave, Today() - days(5)).status()),
            "FIELD_VIOLATIONS");

  const auto back = Change(StayAction::kEndLeave, Today() - days(1));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->record.leave_days, 3);
  EXPECT_EQ(back->bed_days, 30);
  EXPECT_EQ(ReasonOf(Change(StayAction::kBeginLeave, Today() - days(2)).status()),
            "ABSENCE_OVERLAPS");
  const auto events = Events("leave_recorded");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].leave_recorded().to_date(), "");
  EXPECT_EQ(events[1].leave_recorded().from_date(), FormatDate(Today() - days(4)));
  EXPECT_EQ(events[1].leave_recorded().to_date(), FormatDate(Today() - days(1)));
  EXPECT_EQ(History("novus", stay_.id),
            (std::vector<std::string>{"enrolled", "leave_begun", "leave_ended"}));
}

TEST_F(StayLifeTest, AnInterruptionIsResumedOrEndsWithTheStay) {
  ASSERT_TRUE(Change(StayAction::kInterrupt, Today() - days(10)).ok());
  EXPECT_EQ(ReasonOf(Change(StayAction::kEndLeave, Today()).status()), "ILLEGAL_STATE");
  EXPECT_EQ(ReasonOf(Move("novus-02").status()), "ILLEGAL_STATE");
  ASSERT_TRUE(Change(StayAction::kResume, Today() - days(2)).ok());
  const auto events = Events("interruption_recorded");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].interruption_recorded().date(), FormatDate(Today() - days(10)));
  EXPECT_TRUE(events[1].interruption_recorded().resumed());
  EXPECT_EQ(events[1].interruption_recorded().date(), FormatDate(Today() - days(2)));

  ASSERT_TRUE(Change(StayAction::kInterrupt, Today()).ok());
  const auto left = Leave(Today());
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_FALSE(stay_.absence.has_value());
  EXPECT_EQ(left->actions,
            (std::vector<std::string>{"CorrectStay", "CorrectAbsence", "UndoDischarge"}));
  const pg::Result open = database_.Query(
      "placement", "SELECT departed FROM stay_absence WHERE kind = 2 ORDER BY from_date", {});
  ASSERT_EQ(open.size(), 2u);
  EXPECT_FALSE(open[0].Bool("departed"));
  EXPECT_TRUE(open[1].Bool("departed"));
}

TEST_F(StayLifeTest, WhoDoesNotComeBackFromLeaveHasBrokenOff) {
  ASSERT_TRUE(Change(StayAction::kBeginLeave, Today() - days(6)).ok());
  const auto broken_off = Change(StayAction::kInterrupt, Today() - days(2));
  ASSERT_TRUE(broken_off.ok()) << broken_off.status();
  EXPECT_EQ(stay_.absence,
            (domain::Absence{domain::AbsenceKind::kInterruption, Today() - days(2)}));
  EXPECT_EQ(broken_off->record.leave_days, 4);
  EXPECT_EQ(ReasonOf(Change(StayAction::kBeginLeave, Today()).status()), "ILLEGAL_STATE");
  EXPECT_EQ(History("novus", stay_.id),
            (std::vector<std::string>{"enrolled", "leave_begun", "leave_ended", "interrupted"}));
  EXPECT_EQ(Events("leave_recorded").back().leave_recorded().to_date(),
            FormatDate(Today() - days(2)));
  EXPECT_FALSE(Events("interruption_recorded").back().interruption_recorded().resumed());
  ASSERT_TRUE(Change(StayAction::kResume, Today()).ok());
  EXPECT_FALSE(stay_.absence.has_value());
}

TEST_F(StayLifeTest, MovesOnOneDateCountOnce) {
  const domain::StayId first = stay_.id;
  AddBed("novus", "novus-03");
  ASSERT_TRUE(Move("novus-02").ok());
  const domain::StayId passed = stay_.id;
  ASSERT_TRUE(Move("novus-03").ok());
  const usecases::ReadStays reads(stays_);
  EXPECT_EQ(reads.Get(As("novus"), passed)->bed_days, 0);
  EXPECT_EQ(reads.Get(As("novus"), first)->bed_days, 30);
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(Count(Today()).free, 2);
  // The bed passed through is anybody's on the same date.
  PlayedCase other = NewCase();
  PlaceIn(other, "novus", "novus-02");
  EXPECT_EQ(Count(Today()).occupied, 2);
  ASSERT_TRUE(Leave(Today()).ok());
  EXPECT_EQ(reads.Get(As("novus"), stay_.id)->bed_days, 1);
}

TEST_F(StayLifeTest, AMoveToAnotherBedIsAtomicAndTheStayGoesOn) {
  const domain::Stay first = stay_;
  EXPECT_EQ(ReasonOf(Move("novus-01").status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Move("ekeliden-01").status()), "FIELD_VIOLATIONS");
  EXPECT_TRUE(absl::IsNotFound(Move("nowhere").status()));
  const auto moved = Move("novus-02", Today() - days(2));
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->record.stay.continues, first.id);
  EXPECT_EQ(moved->bed_days, 2);
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(Count(Today() - days(3)).occupied, 1);
  const auto events = Events("stay_moved");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].decision_id(), person_.decision_id);
  EXPECT_EQ(events[0].stay_moved().from_bed_id(), "novus-01");
  EXPECT_EQ(events[0].stay_moved().to_bed_id(), "novus-02");
  EXPECT_TRUE(Events("discharged").empty());
  const auto old = usecases::ReadStays(stays_).Get(As("novus"), first.id);
  EXPECT_EQ(old->record.stay.discharge_reason, domain::DischargeReason::kMoved);
  EXPECT_EQ(old->bed_days, 28);
  EXPECT_EQ(History("novus", first.id), (std::vector<std::string>{"enrolled", "moved_out"}));
  EXPECT_EQ(History("novus", stay_.id), (std::vector<std::string>{"moved_in"}));
  EXPECT_TRUE(Leave(Today()).ok());
}

TEST_F(StayLifeTest, AMoveTakesNoBedThatIsTakenAndNoPlaceThatOthersWaitFor) {
  PlayedCase other = NewCase();
  PlaceIn(other, "novus", "novus-02");
  EXPECT_EQ(ReasonOf(Move("novus-02").status()), "BED_OCCUPIED");
  PlayedCase waiting = NewCase();
  auto event = EventOf(waiting);
  auto* made = event.mutable_decision_made();
  made->set_decision_id(NewUuidV7());
  made->set_facility_id("novus");
  made->set_bed_kind(common::v1::BED_KIND_INTAKE);
  made->set_decision_date(FormatDate(Today()));
  ASSERT_TRUE(Consume(event).ok());
  EXPECT_EQ(ReasonOf(Move("novus-insluss-01").status()), "QUEUE_WAITS");
  auto closed = EventOf(waiting);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  const auto moved = Move("novus-insluss-01");
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->record.stay.bed_kind, domain::BedKind::kIntake);
  EXPECT_EQ(Count(Today()).occupied, 1);
}

TEST_F(StayLifeTest, ATransferThatIsGivenUpFreesThePlaceAndTheEntryWaitsAgain) {
  Decide(person_, "ekeliden", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("ekeliden-01");
  const Date move = Today() + days(20);
  ASSERT_TRUE(Accept(offer.record.offer.id, move).ok());
  PlayedCase next = NewCase();
  Decide(next, "ekeliden", Today());
  const auto planned = usecases::PlanStayTransfer(stays_).Run(
      Writing("novus"), {stay_.id, Etag(), offer.record.offer.id, {Today(), move, {}}});
  ASSERT_TRUE(planned.ok()) << planned.status();
  ++stay_.version;
  // The transfer goes on from another bed.
  ASSERT_TRUE(Move("novus-02").ok());
  EXPECT_TRUE(Has(planned->actions, "CancelTransfer"));
  const usecases::CancelStayTransfer cancel(stays_);
  const domain::TransferId id = planned->record.transfer.id;
  const auto carried = usecases::ReadStays(stays_).GetTransfer(As("novus"), id);
  EXPECT_EQ(carried->record.from.stay.id, stay_.id);
  EXPECT_EQ(carried->record.transfer.version, 2);
  const auto reason = domain::TransferCancelReason::kStayGoesOn;
  EXPECT_EQ(ReasonOf(cancel.Run(Writing("placement-board", "novus"), {id, "2", reason}).status()),
            "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(cancel.Run(Writing("alvesta-authority"), {id, "1", reason}).status()),
            "STALE_ETAG");
  const auto cancelled = cancel.Run(Writing("alvesta-authority"), {id, "2", reason});
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_TRUE(cancelled->actions.empty());
  EXPECT_EQ(ReasonOf(cancel.Run(Writing("ekeliden"), {id, "3", reason}).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Events("transfer_cancelled")[0].transfer_cancelled().reason_code(), "stay_goes_on");

  // The entry keeps its place, and the bed that it gave back goes to the next.
  EXPECT_EQ(EntryOf(person_, "ekeliden")->state, domain::EntryState::kWaiting);
  const auto made = Events("offer_made");
  EXPECT_EQ(made.back().case_id(), next.case_id);
  EXPECT_EQ(made.back().offer_made().bed_id(), "ekeliden-01");
  EXPECT_FALSE(made.back().offer_made().override());
  EXPECT_EQ(MakeOffer("ekeliden-02").record.entry.case_id.value, person_.case_id);
}

TEST_F(StayLifeTest, AnIncidentHasAConsequenceAndNeverEndsTheStay) {
  const auto record = [&](domain::IncidentKind kind, domain::TestResult result) {
    return Keep(usecases::RecordStayIncident(stays_).Run(
        Writing("novus"), {stay_.id,
                           Etag(),
                           Today() - days(1),
                           {kind, {}, result, domain::Consequence::kPlanRevised}}));
  };
  EXPECT_EQ(ReasonOf(record(domain::IncidentKind::kDrugTest, {}).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(
      ReasonOf(record(domain::IncidentKind::kRelapse, domain::TestResult::kPositive).status()),
      "FIELD_VIOLATIONS");
  const auto test = record(domain::IncidentKind::kDrugTest, domain::TestResult::kPositive);
  ASSERT_TRUE(test.ok()) << test.status();
  ASSERT_TRUE(record(domain::IncidentKind::kRelapse, {}).ok());
  EXPECT_EQ(stay_.state, domain::StayState::kActive);
  // The log says that, not what.
  const auto events = Events("incident_recorded");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].incident_recorded().stay_id(), stay_.id.value);

  const auto facts = usecases::ReadStayHistory(stays_, As(person_.owner), stay_.id);
  ASSERT_EQ(facts->size(), 3u);
  EXPECT_EQ(facts->at(1).kind, "drug_test");
  EXPECT_EQ(facts->at(1).code, "positive");
  EXPECT_EQ(facts->at(1).consequence, "plan_revised");
  EXPECT_EQ(facts->at(1).unit, "novus");
  // The board sees bed and dates after enrolment, not content.
  EXPECT_EQ(History("placement-board", stay_.id), std::vector<std::string>{"enrolled"});
}

class CorrectionTest : public StayLifeTest {
 protected:
  absl::StatusOr<usecases::StayAnswer> Correct(const domain::Correction& correction) {
    return Keep(
        usecases::CorrectStayRecord(stays_).Run(Writing("novus"), {stay_.id, Etag(), correction}));
  }
  domain::Stay Read(const domain::StayId& id) {
    return usecases::ReadStays(stays_).Get(As("novus"), id)->record.stay;
  }
};

TEST_F(CorrectionTest, AWrongBedIsReplacedAndStaysVisible) {
  const domain::Stay wrong = stay_;
  ASSERT_TRUE(Change(StayAction::kBeginLeave, Today() - days(3)).ok());
  const auto unnamed = Correct({domain::CorrectionReason::kWrongBed, {}, {}, {}});
  ASSERT_EQ(ReasonOf(unnamed.status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(GetErrorDetail(unnamed.status())->violations[0].field, "bed_id");
  EXPECT_EQ(GetErrorDetail(unnamed.status())->violations[0].rule, "REQUIRED");
  EXPECT_EQ(
      ReasonOf(
          Correct({domain::CorrectionReason::kWrongBed, domain::BedId("novus-02"), Today(), {}})
              .status()),
      "FIELD_VIOLATIONS");
  const auto right =
      Correct({domain::CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}});
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_EQ(right->record.stay.corrects, wrong.id);
  EXPECT_EQ(right->record.stay.bed_id.value, "novus-02");
  EXPECT_EQ(right->bed_days, 30);
  EXPECT_EQ(right->record.leave_days, 3);
  EXPECT_TRUE(Has(right->actions, "EndLeave"));
  const auto old = usecases::ReadStays(stays_).Get(As("novus"), wrong.id);
  EXPECT_EQ(old->record.stay.state, domain::StayState::kCorrected);
  EXPECT_EQ(old->bed_days, 0);
  EXPECT_TRUE(old->actions.empty());
  EXPECT_EQ(History("novus", wrong.id),
            (std::vector<std::string>{"enrolled", "leave_begun", "corrected"}));
  EXPECT_EQ(Count(Today() - days(20)).occupied, 1);
  const auto events = Events("stay_corrected");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].stay_corrected().bed_id(), "novus-02");
  EXPECT_EQ(events[0].stay_corrected().reason_code(), "wrong_bed");
}

TEST_F(CorrectionTest, WrongDatesAreReplacedWithinTheDecision) {
  const Date move_in = stay_.move_in;
  EXPECT_EQ(
      ReasonOf(Correct({domain::CorrectionReason::kWrongDate, {}, move_in - days(1), {}}).status()),
      "NO_DECISION");
  EXPECT_EQ(ReasonOf(Correct({domain::CorrectionReason::kWrongDate, {}, {}, Today()}).status()),
            "FIELD_VIOLATIONS");
  ASSERT_TRUE(Correct({domain::CorrectionReason::kWrongDate, {}, move_in + days(2), {}}).ok());
  EXPECT_EQ(Count(move_in).occupied, 0);
  ASSERT_TRUE(Leave(Today()).ok());
  const auto right = Correct({domain::CorrectionReason::kWrongDate, {}, {}, Today() - days(5)});
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_EQ(right->bed_days, 23);
  EXPECT_EQ(right->record.stay.state, domain::StayState::kEnded);
  EXPECT_EQ(Count(Today() - days(5)).occupied, 0);
}

TEST_F(CorrectionTest, AWrongPersonsStayIsUndoneAndThePlaceReservedAgain) {
  const domain::StayId wrong = stay_.id;
  const auto undone = Correct({domain::CorrectionReason::kWrongPerson, {}, {}, {}});
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->record.stay.id, wrong);
  EXPECT_EQ(Count(Today()).occupied, 0);
  EXPECT_EQ(Count(Today()).reserved, 1);
  EXPECT_EQ(EntryOf(person_, "novus")->state, domain::EntryState::kReserved);
  EXPECT_EQ(Events("stay_corrected")[0].stay_corrected().replacement_stay_id(), "");
  EXPECT_EQ(ReasonOf(Correct({domain::CorrectionReason::kWrongPerson, {}, {}, {}}).status()),
            "ILLEGAL_STATE");
  // The person moves in after all.
  const auto again = usecases::EnrolPerson(stays_).Run(
      Writing("novus"), {undone->record.stay.offer_id, "4", {}, kNotAgreed});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Read(wrong).state, domain::StayState::kCorrected);
}

TEST_F(CorrectionTest, ACorrectionMeetsTheSameWallsAsAnyStay) {
  PlayedCase other = NewCase();
  PlaceIn(other, "novus", "novus-02");
  EXPECT_EQ(
      ReasonOf(Correct({domain::CorrectionReason::kWrongBed, domain::BedId("novus-02"), {}, {}})
                   .status()),
      "BED_OCCUPIED");
  EXPECT_EQ(Read(stay_.id).state, domain::StayState::kActive);
}

}  // namespace
}  // namespace vardkedja::placement
