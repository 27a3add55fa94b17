// Alternating stays on PostgreSQL: home with the bed free, and back to a reserved one.
#include <thread>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/external_stays.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/stay_life.h"
#include "placement-service/usecases/weekly_view.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;

class AlternationTest : public PlacementFixture {
 protected:
  AlternationTest() : person_(NewCase()) {
    stay_ = PlaceIn(person_, "novus", "novus-01").record.stay;
    Advance(days(30));
  }

  absl::StatusOr<usecases::AlternationAnswer> GoHome(std::optional<Date> from, Date back,
                                                     std::optional<std::string> bed = {}) {
    return Keep(usecases::GoHomeForATime(stays_).Run(
        Writing("novus"), {stay_.id, std::to_string(stay_.version), from, back, BedOf(bed)}));
  }
  absl::StatusOr<usecases::AlternationAnswer> Change(Date back,
                                                     std::optional<std::string> bed = {}) {
    return Keep(usecases::ChangePlannedReturn(stays_).Run(Writing("novus"),
                                                          {home_.id, Etag(), back, BedOf(bed)}));
  }
  absl::StatusOr<usecases::AlternationAnswer> Return(std::optional<Date> date = {}) {
    const auto back =
        Keep(usecases::ReturnToFacility(stays_).Run(Writing("novus"), {home_.id, Etag(), date}));
    if (back.ok()) stay_ = Read(*home_.to_stay);
    return back;
  }
  absl::StatusOr<usecases::AlternationAnswer> Discharge(std::optional<Date> date = {}) {
    return Keep(usecases::DischargeAtHome(stays_).Run(Writing("novus"),
                                                      {home_.id,
                                                       Etag(),
                                                       date,
                                                       domain::DischargeReason::kCompleted,
                                                       {domain::ChecklistItem::kOccupation}}));
  }
  domain::Stay Read(const domain::StayId& id) {
    return usecases::ReadStays(stays_).Get(As("novus"), id)->record.stay;
  }
  std::string Etag() const { return std::to_string(home_.version); }
  domain::DayCount Count(Date date, std::optional<Instant> as_of = {}) {
    return usecases::ReadBeds(store_)
        .Availability(As("novus"),
                      {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, as_of})
        ->days.at(0);
  }
  absl::Status Sell(const std::string& bed, Date from, std::optional<Date> until) {
    return usecases::BeginExternalStay(store_)
        .Run(Writing("novus"), {domain::BedId(bed), {"kalmar", "K-7", 250'000}, from, until})
        .status();
  }
  void Extend(Date until) {
    auto event = EventOf(person_);
    auto* made = event.mutable_decision_made();
    made->set_decision_id(NewUuidV7());
    made->set_facility_id("novus");
    made->set_bed_kind(common::v1::BED_KIND_REGULAR);
    made->set_decision_date(FormatDate(Today()));
    made->set_to_date(FormatDate(until));
    ASSERT_TRUE(Consume(event).ok());
  }

  PlayedCase person_;
  domain::Stay stay_;
  domain::Alternation home_;

 private:
  static std::optional<domain::BedId> BedOf(const std::optional<std::string>& bed) {
    return bed ? std::optional(domain::BedId(*bed)) : std::nullopt;
  }
  absl::StatusOr<usecases::AlternationAnswer> Keep(
      absl::StatusOr<usecases::AlternationAnswer> answer) {
    if (answer.ok()) home_ = answer->record.alternation;
    return answer;
  }
};

TEST_F(AlternationTest, TheBedIsFreeAtHomeAndTheReturnReserved) {
  const domain::StayId first = stay_.id;
  const Instant before = clock_.Now() - std::chrono::seconds(1);
  const Date left = Today() - days(1);
  const Date back = Today() + days(10);
  const auto home = GoHome(left, back);
  ASSERT_TRUE(home.ok()) << home.status();
  EXPECT_EQ(home->actions,
            (std::vector<std::string>{"ChangeReturn", "ReturnFromHome", "DischargeFromHome"}));
  EXPECT_FALSE(home->overdue);
  EXPECT_FALSE(home->record.conflict);
  EXPECT_EQ(Count(left - days(1)).occupied, 1);
  EXPECT_EQ(Count(left).occupied, 0);
  EXPECT_EQ(Count(Today()).reserved, 1) << "it cannot be offered";
  EXPECT_EQ(Count(back).reserved, 1);
  EXPECT_EQ(Count(left, before).occupied, 1) << "what was known then";
  const auto old = usecases::ReadStays(stays_).Get(As("novus"), first);
  EXPECT_EQ(old->bed_days, 29);
  EXPECT_EQ(old->record.stay.discharge_reason, domain::DischargeReason::kAlternating);
  EXPECT_EQ(old->record.alternation, home_.id);
  EXPECT_EQ(EntryOf(person_, "novus")->state, domain::EntryState::kPlaced);
  EXPECT_TRUE(Events("discharged").empty());
  ASSERT_EQ(Events("went_home").size(), 1u);
  EXPECT_EQ(Events("went_home")[0].went_home().departure_date(), FormatDate(left));
  EXPECT_EQ(Events("went_home")[0].went_home().return_bed_id(), "novus-01");

  Advance(days(10));
  const auto returned = Return();
  ASSERT_TRUE(returned.ok()) << returned.status();
  EXPECT_TRUE(returned->actions.empty());
  EXPECT_EQ(stay_.continues, first);
  EXPECT_EQ(stay_.bed_id.value, "novus-01");
  EXPECT_EQ(stay_.decision_id.value, person_.decision_id);
  EXPECT_EQ(Count(Today()).occupied, 1);
  EXPECT_EQ(Count(Today()).reserved, 0);
  EXPECT_EQ(Events("returned_from_home")[0].returned_from_home().from_stay_id(), first.value);
  EXPECT_EQ(Events("enrolled").size(), 1u);
  // And so on, by the plan.
  ASSERT_TRUE(GoHome({}, Today() + days(7)).ok());
  Advance(days(7));
  ASSERT_TRUE(Return().ok());
  EXPECT_EQ(Read(first).state, domain::StayState::kEnded);
}

TEST_F(AlternationTest, APlanThatCannotBeIsRefused) {
  const Date today = Today();
  EXPECT_EQ(ReasonOf(GoHome(today + days(1), today + days(5)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(GoHome(stay_.move_in - days(1), today + days(5)).status()),
            "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(GoHome({}, today).status()), "FIELD_VIOLATIONS") << "no night at home";
  EXPECT_EQ(ReasonOf(GoHome({}, today + days(93)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(GoHome(today - days(20), today - days(10)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(GoHome({}, today + days(5), "ekeliden-01").status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(GoHome({}, today + days(5), "novus-insluss-01").status()), "FIELD_VIOLATIONS");
  EXPECT_TRUE(absl::IsNotFound(GoHome({}, today + days(5), "nowhere").status()));
  EXPECT_EQ(
      ReasonOf(usecases::GoHomeForATime(stays_)
                   .Run(Writing("alvesta-authority"), {stay_.id, "1", {}, today + days(5), {}})
                   .status()),
      "UNIT_NOT_YOURS");
  ++stay_.version;
  EXPECT_EQ(ReasonOf(GoHome({}, today + days(5)).status()), "STALE_ETAG");
  --stay_.version;
  // The decision covers six months from the move-in, 30 days ago.
  Advance(days(100));
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(60)).status()), "NO_DECISION");
  Extend(Today() + days(120));
  EXPECT_TRUE(GoHome({}, Today() + days(60)).ok());
}

TEST_F(AlternationTest, NotWhileOnLeaveNorPastAPlannedMoveOut) {
  const auto away = usecases::RecordAbsence(stays_).Run(
      Writing("novus"), {stay_.id, "1", domain::StayAction::kBeginLeave, Today()});
  ASSERT_TRUE(away.ok());
  EXPECT_EQ(std::count(away->actions.begin(), away->actions.end(), "GoHome"), 0);
  stay_ = away->record.stay;
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(5)).status()), "ILLEGAL_STATE");
  stay_ = usecases::RecordAbsence(stays_)
              .Run(Writing("novus"), {stay_.id, "2", domain::StayAction::kEndLeave, Today()})
              ->record.stay;
  stay_ = usecases::PlanStayDischarge(stays_)
              .Run(Writing("novus"), {stay_.id, "3", Today() + days(20), {}})
              ->record.stay;
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(20)).status()), "FIELD_VIOLATIONS");
  ASSERT_TRUE(GoHome({}, Today() + days(19)).ok());
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(19)).status()), "ILLEGAL_STATE");
}

TEST_F(AlternationTest, TheReturnBedMustBeFreeFromThenOn) {
  PlayedCase other = NewCase();
  PlaceIn(other, "novus", "novus-02");
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(5), "novus-02").status()), "BED_OCCUPIED");
  const usecases::CloseBed close(store_);
  const auto closed = close.Run(Writing("novus"), {domain::BedId("novus-01"),
                                                   "1",
                                                   {Today() + days(4), Today() + days(8)},
                                                   domain::ClosureReason::kRepair});
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(5)).status()), "BED_CLOSED");
  ASSERT_TRUE(GoHome({}, Today() + days(9)).ok());
  // A closure decided afterwards meets the return: another bed, or another day.
  const auto again = close.Run(Writing("novus"), {domain::BedId("novus-01"),
                                                  "2",
                                                  {Today() + days(9), Today() + days(12)},
                                                  domain::ClosureReason::kInfection});
  ASSERT_TRUE(again.ok()) << again.status();
  Advance(days(9));
  EXPECT_EQ(ReasonOf(Return().status()), "BED_CLOSED");
  EXPECT_EQ(ReasonOf(Change(Today()).status()), "BED_CLOSED");
  AddBed("novus", "novus-03");
  ASSERT_TRUE(Change(Today(), "novus-03").ok());
  ASSERT_TRUE(Return().ok());
  EXPECT_EQ(stay_.bed_id.value, "novus-03");
  EXPECT_EQ(Events("return_changed")[0].return_changed().return_bed_id(), "novus-03");
}

TEST_F(AlternationTest, OthersMayUseTheBedUntilTheReturnAndNotLonger) {
  const Date back = Today() + days(20);
  ASSERT_TRUE(GoHome({}, back).ok());
  PlayedCase waiting = NewCase();
  Decide(waiting, "novus", Today());
  const usecases::MakeOffer make(store_, disclosure_);
  EXPECT_EQ(
      ReasonOf(
          make.Run(Writing("placement-board", "novus"), {domain::BedId("novus-01"), {}}).status()),
      "BED_RESERVED")
      << "an offer has no end";
  auto closed = EventOf(waiting);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  EXPECT_EQ(ReasonOf(Sell("novus-01", Today(), back + days(1))), "BED_RESERVED");
  EXPECT_EQ(ReasonOf(Sell("novus-01", Today(), back)), "OK");
  EXPECT_EQ(Count(Today()).occupied, 1);
  Advance(days(5));
  EXPECT_EQ(ReasonOf(Return().status()), "BED_OCCUPIED") << "earlier than planned, and it is taken";
  EXPECT_EQ(ReasonOf(Change(Today() + days(2)).status()), "BED_OCCUPIED");

  // The purchaser's person stays over: a visible conflict, told, and another bed solves it.
  Advance(days(15));
  const auto now = usecases::ReadAlternations(stays_).Get(As("novus"), home_.id);
  EXPECT_TRUE(now->record.conflict);
  EXPECT_EQ(Events("bed_conflict").back().bed_conflict().alternation_id(), home_.id.value);
  EXPECT_EQ(ReasonOf(Return().status()), "BED_OCCUPIED");
  ASSERT_TRUE(Change(Today(), "novus-02").ok());
  EXPECT_TRUE(Return().ok());
}

TEST_F(AlternationTest, AHeldBedIsNotEnteredBeforeThePlannedDay) {
  const Date back = Today() + days(20);
  ASSERT_TRUE(GoHome({}, back).ok());
  const auto held = usecases::HoldBed(store_).Run(
      Writing("placement-board", "novus"),
      {domain::BedId("novus-01"),
       "1",
       {},
       {{}, back, Today() + days(1), domain::HoldReason::kSection27Announced}});
  ASSERT_TRUE(held.ok()) << held.status();
  Advance(days(2));
  EXPECT_EQ(ReasonOf(Return().status()), "BED_HELD");
  Advance(days(18));
  EXPECT_TRUE(Return().ok());
}

TEST_F(AlternationTest, EarlierThanPlannedWhenTheBedIsFree) {
  ASSERT_TRUE(GoHome({}, Today() + days(20)).ok());
  EXPECT_EQ(ReasonOf(Return().status()), "FIELD_VIOLATIONS") << "no night at home";
  Advance(days(3));
  EXPECT_EQ(ReasonOf(Return(Today() + days(1)).status()), "FIELD_VIOLATIONS");
  ASSERT_TRUE(Return(Today() - days(1)).ok());
  EXPECT_EQ(stay_.move_in, Today() - days(1));
  EXPECT_EQ(Count(Today() + days(30)).occupied, 1);
}

TEST_F(AlternationTest, WhoDoesNotComeBackIsSeenToldAndDischargedFromHome) {
  const domain::StayId first = stay_.id;
  const Date left = Today();
  ASSERT_TRUE(GoHome({}, Today() + days(5)).ok());
  Advance(days(4));
  EXPECT_TRUE(Events("return_overdue").empty());
  Advance(days(2));
  ASSERT_EQ(Events("return_overdue").size(), 1u);
  Advance(days(10));
  EXPECT_EQ(Events("return_overdue").size(), 1u) << "told once";
  EXPECT_TRUE(usecases::ReadAlternations(stays_).Get(As("novus"), home_.id)->overdue);
  EXPECT_EQ(Count(Today()).reserved, 1) << "kept until somebody decides";
  EXPECT_EQ(ReasonOf(Discharge(left - days(1)).status()), "FIELD_VIOLATIONS");
  const auto ended = Discharge();
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_TRUE(ended->actions.empty());
  EXPECT_EQ(Count(Today()).free, 2);
  const domain::Stay stay = Read(first);
  EXPECT_EQ(stay.discharge_reason, domain::DischargeReason::kCompleted);
  EXPECT_EQ(stay.departure, left);
  const auto events = Events("discharged");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].discharged().departure_date(), FormatDate(left));
  EXPECT_EQ(events[0].discharged().unmet_items(), 1);
  EXPECT_EQ(ReasonOf(Return().status()), "ILLEGAL_STATE");
  // It was somebody else: the time at home is taken back with the stay.
  EXPECT_EQ(
      ReasonOf(usecases::CorrectStayRecord(stays_)
                   .Run(Writing("novus"), {first,
                                           std::to_string(stay.version),
                                           {domain::CorrectionReason::kWrongPerson, {}, {}, {}}})
                   .status()),
      "OK");
}

TEST_F(AlternationTest, ANewDecisionExtendsAndDoesNotQueueWhoIsAtHome) {
  ASSERT_TRUE(GoHome({}, Today() + days(5)).ok());
  const auto queued = Events("queued").size();
  Extend(Today() + days(300));
  EXPECT_EQ(Events("queued").size(), queued);
  const auto entry = EntryOf(person_, "novus");
  EXPECT_EQ(entry->state, domain::EntryState::kPlaced);
  EXPECT_EQ(entry->decision_to, Today() + days(300));
  ASSERT_TRUE(Change(Today() + days(90)).ok());
  Advance(days(90));
  EXPECT_TRUE(Return().ok());
}

TEST_F(AlternationTest, NoOtherPlaceIsReservedForWhoComesBack) {
  Decide(person_, "ekeliden", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("ekeliden-01");
  ASSERT_TRUE(GoHome({}, Today() + days(5)).ok());
  EXPECT_EQ(ReasonOf(Accept(offer.record.offer.id, Today() + days(6)).status()),
            "PERSON_RESERVED_ELSEWHERE");
  Advance(days(1));
  ASSERT_TRUE(Return().ok());
  ASSERT_TRUE(Accept(offer.record.offer.id, Today() + days(6)).ok());
  EXPECT_EQ(ReasonOf(GoHome({}, Today() + days(5)).status()), "PERSON_RESERVED_ELSEWHERE");
}

TEST_F(AlternationTest, TheSameRequestRepeatsNothingAndTwoAtOnceHaveOneWinner) {
  const auth::CallContext once = Writing("novus");
  const usecases::GoHomeCommand command{stay_.id, "1", {}, Today() + days(5), {}};
  const usecases::GoHomeForATime go(stays_);
  const auto first = go.Run(once, command);
  const auto second = go.Run(once, command);
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  EXPECT_EQ(first->record.alternation.id, second->record.alternation.id);
  home_ = first->record.alternation;

  Advance(days(5));
  std::vector<std::string> reasons(8);
  std::vector<std::thread> callers;
  for (std::string& reason : reasons) {
    callers.emplace_back([this, &reason, ctx = Writing("novus")] {
      reason = ReasonOf(usecases::ReturnToFacility(stays_).Run(ctx, {home_.id, "1", {}}).status());
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "OK"), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "ILLEGAL_STATE"), 7);
  EXPECT_EQ(Count(Today()).occupied, 1);
}

TEST_F(AlternationTest, WhatMustNeverHappenIsRefusedByTheDatabase) {
  ASSERT_TRUE(GoHome({}, Today() + days(5)).ok());
  const auto refused = [&](const std::string& sql) {
    const auto result = pool_->Write(sql, {home_.id.value});
    return pg::ViolatedConstraint(result.status()).value_or("nothing");
  };
  EXPECT_EQ(refused("UPDATE alternation SET state = 'returned', ended_on = return_date"
                    " WHERE alternation_id = $1"),
            "alternation_returned");
  EXPECT_EQ(refused("UPDATE alternation SET return_date = home_from WHERE alternation_id = $1"),
            "alternation_period");
  EXPECT_EQ(refused("UPDATE alternation SET ended_on = home_from WHERE alternation_id = $1"),
            "alternation_ended");
  EXPECT_EQ(refused("UPDATE reservation SET alternation_id = NULL WHERE alternation_id = $1"),
            "reservation_of_one");
  EXPECT_EQ(refused("INSERT INTO reservation (alternation_id, bed_id, person_id, from_date, state)"
                    " SELECT NULL, bed_id, person_id, from_date, state FROM reservation"
                    "  WHERE alternation_id = $1"),
            "reservation_of_one");
}

TEST_F(AlternationTest, TheBoardSeesWhoIsExpectedBackAndListsArePermitted) {
  const Date back = Today() + days(3);
  ASSERT_TRUE(GoHome({}, back).ok());
  const auto first = usecases::WeeklyView(store_, disclosure_).Run(As("placement-board"), {});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->arrivals.rows.size(), 1u);
  EXPECT_EQ(first->arrivals.rows[0].row.kind, "return");
  EXPECT_EQ(first->arrivals.rows[0].row.resource_id, home_.id.value);
  EXPECT_EQ(first->arrivals.rows[0].row.date, back);
  const auto& deadlines = first->deadlines.rows;
  EXPECT_EQ(std::count_if(deadlines.begin(), deadlines.end(),
                          [](const auto& one) { return one.row.kind == "return"; }),
            1);

  const usecases::ReadAlternations reads(stays_);
  const auto listed = reads.List(As("alvesta-authority"), {});
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->alternations.size(), 1u);
  EXPECT_TRUE(listed->alternations[0].actions.empty());
  EXPECT_TRUE(reads.List(As("ekeliden"), {})->alternations.empty());
  EXPECT_TRUE(absl::IsNotFound(reads.Get(As("clinic-region-vaxjo"), home_.id).status()));
  // A facility keeps its own record when the ground has ended.
  access_.Deny("novus", person_.case_id);
  EXPECT_TRUE(reads.Get(As("novus"), home_.id).ok());
  EXPECT_TRUE(Return().status().code() == absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace vardkedja::placement
