// From events to facts to figures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reporting-service/events/story_fixture.h"

namespace vardkedja::reporting {
namespace {

class ConsumeTest : public StoryFixture {
 protected:
  v1::OccupancyReport Occupancy() {
    return Must(
        handlers_.Occupancy(Call(auth::Role::kBoardMember), Year<v1::GetOccupancyRequest>()));
  }
  v1::QueueRow Queues() {
    return Must(handlers_.Queue(Call(auth::Role::kBoardMember), Year<v1::GetQueueReportRequest>()))
        .total();
  }
  v1::WaitingTimesReport Waiting() {
    return Must(
        handlers_.WaitingTimes(Call(auth::Role::kBoardMember), Year<v1::GetWaitingTimesRequest>()));
  }
};

TEST_F(ConsumeTest, WithoutEventsEveryReportIsNil) {
  const v1::OccupancyReport occupancy = Occupancy();
  EXPECT_EQ(occupancy.total().bed_days(), 0);
  EXPECT_FALSE(occupancy.total().has_occupancy_percent());
  EXPECT_EQ(Queues().waiting_first_placement(), 0);
  EXPECT_EQ(Waiting().first_placement().decisions(), 0);
  EXPECT_TRUE(Waiting().first_placement().has_decisions());
}

TEST_F(ConsumeTest, AnExtensionOfAStayOpensNoWait) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  auto event = Referral("a", "0780");
  event.mutable_decision_made()->set_decision_id("decision-2");
  event.mutable_decision_made()->set_facility_id("novus");
  event.mutable_decision_made()->set_decision_date("2026-02-10");
  event.mutable_decision_made()->set_extension(true);
  Append(event);
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Waiting().first_placement().decisions(), 0);
}

TEST_F(ConsumeTest, ACaseThatIsTakenOverIsCountedInItsNewMunicipality) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  auto begun = Referral("a");
  begun.mutable_handed_over()->set_to_unit_id("vaxjo-ifo1");
  Append(begun);
  auto taken = Referral("a", "0780");
  taken.mutable_taken_over()->set_former_owner_unit_id("alvesta-authority");
  Append(taken);
  auto draft = Referral("b", "0780");
  draft.mutable_taken_over()->set_former_owner_unit_id("alvesta-authority");
  Append(draft);
  Consume();
  EXPECT_EQ(Parked(), 0);
  const auto rows = database_.Query(
      "reporting",
      "SELECT municipality_code || ' ' || (superseded_seq IS NULL)::text AS text FROM case_fact"
      " ORDER BY fact_id");
  ASSERT_EQ(rows.size(), 2) << "a draft is no case yet";
  EXPECT_EQ(rows[0].Text("text"), "0764 false");
  EXPECT_EQ(rows[1].Text("text"), "0780 true");
}

TEST_F(ConsumeTest, AnErasureChangesNoNumber) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  At(MakeDate(2026, 2, 10));
  Decide("a", "novus");
  Queue("a", "novus");
  At(MakeDate(2026, 2, 12));
  Offer("a", "novus", "1");
  At(MakeDate(2026, 2, 20));
  Enrol("a", "novus");
  At(MakeDate(2026, 3, 2));
  Discharge("a", "novus");
  Close("a", "executed");
  Consume();
  const std::string before = AllNumbers();
  auto due = Referral("a");
  due.mutable_erasure_due();
  Append(due);
  auto erased = Referral("a");
  erased.mutable_erased();
  Append(erased);
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(AllNumbers(), before);
}

TEST_F(ConsumeTest, FromSubmissionToDeparture) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  At(MakeDate(2026, 2, 10));
  Decide("a", "novus");
  Queue("a", "novus");
  At(MakeDate(2026, 2, 12));
  Offer("a", "novus", "1");
  auto accepted = Placement("a", "novus", "decision-a-novus");
  accepted.mutable_offer_accepted()->set_offer_id("offer-a-1");
  Append(accepted);
  At(MakeDate(2026, 2, 20));
  Enrol("a", "novus");
  At(MakeDate(2026, 3, 2));
  Discharge("a", "novus");
  Close("a", "executed");
  Consume();
  EXPECT_EQ(Parked(), 0);

  const v1::OccupancyReport occupancy = Occupancy();
  EXPECT_EQ(occupancy.total().bed_days(), 10);      // 20 February to 1 March
  EXPECT_EQ(occupancy.total().reserved_days(), 8);  // 12 to 19 February
  EXPECT_EQ(occupancy.total().available_days(), 2 * 61);
  EXPECT_EQ(occupancy.total().people(), 1);
  EXPECT_EQ(Waiting().first_placement().median_days(), 10);
  EXPECT_EQ(Queues().placed(), 1);
  EXPECT_EQ(Queues().waiting_first_placement(), 0);
  EXPECT_EQ(Queues().offers_accepted(), 1);
}

TEST_F(ConsumeTest, AnExternalStayIsOccupancyAndRevenueUntilItIsCorrected) {
  Reference();
  At(MakeDate(2026, 2, 1));
  auto sold = Placement("", "novus", "");
  sold.set_bed_kind(common::v1::BED_KIND_REGULAR);
  auto* stay = sold.mutable_external_stay_recorded();
  stay->set_external_stay_id("external-1");
  stay->set_bed_id("novus-01");
  stay->set_move_in_date("2026-01-20");
  stay->set_purchaser_code("kalmar");
  stay->set_ore_per_day(250'000);
  stay->set_state_code("active");
  Append(sold);
  stay->set_departure_date("2026-01-30");
  stay->set_state_code("ended");
  Append(sold);
  Consume();
  EXPECT_EQ(Parked(), 0);
  const v1::OccupancyRow total = Occupancy().total();
  EXPECT_EQ(total.bed_days(), 10);
  EXPECT_EQ(total.external_days(), 10);
  EXPECT_EQ(total.external_revenue_ore(), 2'500'000);
  EXPECT_EQ(total.people(), 0);

  At(MakeDate(2026, 2, 3));
  stay->set_state_code("corrected");
  Append(sold);
  Consume();
  EXPECT_EQ(Occupancy().total().bed_days(), 0);
}

TEST_F(ConsumeTest, ATransferIsOneMoveAndNeverTwoBeds) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "ekeliden");
  Enrol("a", "ekeliden");
  At(MakeDate(2026, 2, 15));
  Decide("a", "novus", "0764", true);
  Queue("a", "novus", true);
  auto planned = Placement("a", "ekeliden", "decision-a-novus");
  planned.mutable_transfer_planned()->set_exception(true);
  Append(planned);
  At(MakeDate(2026, 3, 1));
  auto done = Placement("a", "novus", "decision-a-novus");
  done.mutable_transfer_done()->set_from_stay_id("stay-a-ekeliden");
  done.mutable_transfer_done()->set_to_stay_id("stay-a-novus");
  done.mutable_transfer_done()->set_to_bed_id("novus-01");
  done.mutable_transfer_done()->set_move_date("2026-03-01");
  done.mutable_transfer_done()->set_exception(true);
  Append(done);
  At(MakeDate(2026, 3, 10));
  Consume();
  EXPECT_EQ(Parked(), 0);

  const v1::OccupancyReport occupancy = Occupancy();
  ASSERT_EQ(occupancy.totals_size(), 2);
  EXPECT_EQ(occupancy.totals(0).bed_days(), 28);  // ekeliden, February
  EXPECT_EQ(occupancy.totals(1).bed_days(), 10);  // novus, 1 to 10 March
  EXPECT_EQ(occupancy.total().people(), 1);
  EXPECT_EQ(Waiting().transfer().median_days(), 14);
  EXPECT_EQ(Queues().placed(), 1);
  const auto board = Must(
      handlers_.BoardFigures(Call(auth::Role::kBoardMember), Year<v1::GetBoardFiguresRequest>()));
  ASSERT_EQ(board.exceptions_size(), 2);
  EXPECT_EQ(board.exceptions(0).code(), "placement_agreement");
  EXPECT_EQ(board.exceptions(0).count(), 1);
  EXPECT_EQ(board.exceptions(1).code(), "transfer_meeting");
}

TEST_F(ConsumeTest, ADeclinedAndAnExpiredOfferKeepThePlaceAndTheClock) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Queue("a", "novus");
  Offer("a", "novus", "1");
  Offer("a", "novus", "2");
  auto declined = Placement("a", "novus", "decision-a-novus");
  declined.mutable_offer_declined()->set_offer_id("offer-a-1");
  declined.mutable_offer_declined()->set_by_code("person");
  declined.mutable_offer_declined()->set_reason_code("wants_other_facility");
  Append(declined);
  auto expired = Placement("a", "novus", "decision-a-novus");
  expired.mutable_offer_expired()->set_offer_id("offer-a-2");
  Append(expired);
  At(MakeDate(2026, 6, 1));
  Consume();
  const v1::QueueRow queues = Queues();
  EXPECT_EQ(queues.waiting_first_placement(), 1);
  EXPECT_EQ(queues.waiting_over_three_months(), 1);
  EXPECT_EQ(queues.longest_wait_days(), 120);
  EXPECT_EQ(queues.offers_declined(), 1);
  EXPECT_EQ(queues.offers_expired(), 1);
  ASSERT_EQ(queues.decline_reasons_size(), 1);
  EXPECT_EQ(queues.decline_reasons(0).code(), "person:wants_other_facility");
  EXPECT_EQ(Waiting().first_placement().still_waiting(), 1);
}

TEST_F(ConsumeTest, ClosuresHoldsLeaveAndInterruptions) {
  Reference();
  At(MakeDate(2026, 2, 1));
  placement::v1::PlacementEvent closed;
  closed.set_facility_id("ekeliden");
  closed.mutable_bed_closed()->set_bed_id("ekeliden-01");
  closed.mutable_bed_closed()->set_closure_id("closure");
  closed.mutable_bed_closed()->set_from_date("2026-02-01");
  Append(closed);
  closed.mutable_bed_closed()->set_to_date("2026-02-11");
  Append(closed);
  placement::v1::PlacementEvent hold;
  hold.mutable_bed_hold()->set_hold_id("hold");
  hold.mutable_bed_hold()->set_bed_id("ekeliden-01");
  hold.mutable_bed_hold()->set_from_date("2026-02-11");
  hold.mutable_bed_hold()->set_to_date("2026-02-14");
  hold.mutable_bed_hold()->set_held(true);
  Append(hold);
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  auto leave = Placement("a", "novus", "decision-a-novus");
  leave.mutable_leave_recorded()->set_stay_id("stay-a-novus");
  leave.mutable_leave_recorded()->set_from_date("2026-02-05");
  Append(leave);
  leave.mutable_leave_recorded()->set_to_date("2026-02-08");
  Append(leave);
  auto interrupted = Placement("a", "novus", "decision-a-novus");
  interrupted.mutable_interruption_recorded()->set_stay_id("stay-a-novus");
  interrupted.mutable_interruption_recorded()->set_date("2026-02-20");
  Append(interrupted);
  At(MakeDate(2026, 6, 30));
  Consume();
  EXPECT_EQ(Parked(), 0);
  const v1::OccupancyReport occupancy = Occupancy();
  EXPECT_EQ(occupancy.totals(0).available_days(), 181 - 10);
  EXPECT_EQ(occupancy.totals(0).held_days(), 3);
  EXPECT_EQ(occupancy.totals(1).leave_days(), 3);

  v1::GetNonExecutedDecisionsRequest request;
  request.set_year(2026);
  request.set_quarter(2);
  const auto call = Call(auth::Role::kSocialWorker, "alvesta");
  auto report = Must(handlers_.NonExecuted(call, request));
  ASSERT_EQ(report.items_size(), 1);
  EXPECT_TRUE(report.items(0).interruption());
  EXPECT_EQ(report.items(0).rule(), v1::REPORTABLE_RULE_NOT_EXECUTED);

  interrupted.mutable_interruption_recorded()->set_date("2026-06-30");
  interrupted.mutable_interruption_recorded()->set_resumed(true);
  Append(interrupted);
  Consume();
  report = Must(handlers_.NonExecuted(Call(auth::Role::kSocialWorker, "alvesta"), request));
  ASSERT_EQ(report.items_size(), 1);
  EXPECT_EQ(report.items(0).rule(), v1::REPORTABLE_RULE_EXECUTED_LATE);
}

TEST_F(ConsumeTest, APlaceThatIsGivenBackIsReservedUntilThenAndAnUndoneDischargeCountsOn) {
  Reference();
  placement::v1::PlacementEvent bed;
  bed.set_facility_id("novus");
  bed.set_bed_kind(common::v1::BED_KIND_REGULAR);
  bed.mutable_bed_registered()->set_bed_id("novus-02");
  bed.mutable_bed_registered()->set_operational_from("2020-01-01");
  Append(bed);
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Queue("a", "novus");
  Offer("a", "novus", "1");
  auto accepted = Placement("a", "novus", "decision-a-novus");
  accepted.mutable_offer_accepted()->set_offer_id("offer-a-1");
  Append(accepted);
  At(MakeDate(2026, 2, 5));
  auto changed = Placement("a", "novus", "decision-a-novus");
  changed.mutable_reservation_changed()->set_offer_id("offer-a-1");
  changed.mutable_reservation_changed()->set_bed_id("novus-02");
  Append(changed);
  auto overdue = Placement("a", "novus", "decision-a-novus");
  overdue.mutable_move_in_overdue()->set_offer_id("offer-a-1");
  Append(overdue);
  At(MakeDate(2026, 2, 9));
  auto ended = Placement("a", "novus", "decision-a-novus");
  ended.mutable_reservation_ended()->set_offer_id("offer-a-1");
  Append(ended);
  At(MakeDate(2026, 2, 20));
  Enrol("a", "novus");
  At(MakeDate(2026, 2, 22));
  Discharge("a", "novus");
  auto undone = Placement("a", "novus", "decision-a-novus");
  undone.mutable_discharge_undone()->set_stay_id("stay-a-novus");
  Append(undone);
  auto cleared = Placement("a", "novus", "decision-a-novus");
  cleared.mutable_discharge_plan_cleared()->set_stay_id("stay-a-novus");
  Append(cleared);
  At(MakeDate(2026, 2, 28));
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().reserved_days(), 8);  // 1 to 8 February
  EXPECT_EQ(Occupancy().total().bed_days(), 9);       // 20 to 28 February
}

TEST_F(ConsumeTest, AMoveWithinTheFacilityEndsOneStayAndBeginsTheNext) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  auto moved = Placement("a", "novus", "decision-a-novus");
  moved.mutable_stay_moved()->set_from_stay_id("stay-a-novus");
  moved.mutable_stay_moved()->set_to_stay_id("stay-a-novus-2");
  moved.mutable_stay_moved()->set_to_bed_id("novus-02");
  moved.mutable_stay_moved()->set_move_date("2026-02-05");
  Append(moved);
  At(MakeDate(2026, 2, 28));
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().bed_days(), 28);
  EXPECT_EQ(Occupancy().total().people(), 1);
}

TEST_F(ConsumeTest, DaysAtHomeInAnAlternatingStayAreNoBedDays) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  auto home = Placement("a", "novus", "decision-a-novus");
  home.mutable_went_home()->set_alternation_id("alternation-a");
  home.mutable_went_home()->set_stay_id("stay-a-novus");
  home.mutable_went_home()->set_bed_id("novus-01");
  home.mutable_went_home()->set_departure_date("2026-02-05");
  home.mutable_went_home()->set_return_date("2026-02-11");
  Append(home);
  auto overdue = Placement("a", "novus", "decision-a-novus");
  overdue.mutable_return_overdue()->set_alternation_id("alternation-a");
  Append(overdue);
  auto back = Placement("a", "novus", "decision-a-novus");
  back.mutable_returned_from_home()->set_alternation_id("alternation-a");
  back.mutable_returned_from_home()->set_from_stay_id("stay-a-novus");
  back.mutable_returned_from_home()->set_to_stay_id("stay-a-novus-2");
  back.mutable_returned_from_home()->set_to_bed_id("novus-01");
  back.mutable_returned_from_home()->set_return_date("2026-02-12");
  Append(back);
  At(MakeDate(2026, 2, 28));
  Consume();
  EXPECT_EQ(Parked(), 0);
  // 28 days without the seven at home.
  EXPECT_EQ(Occupancy().total().bed_days(), 21);
  EXPECT_EQ(Occupancy().total().people(), 1);
}

TEST_F(ConsumeTest, ACorrectedStayCountsNowhereAndItsReplacementDoes) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  auto leave = Placement("a", "novus", "decision-a-novus");
  leave.mutable_leave_recorded()->set_stay_id("stay-a-novus");
  leave.mutable_leave_recorded()->set_from_date("2026-02-12");
  leave.mutable_leave_recorded()->set_to_date("2026-02-14");
  Append(leave);
  auto corrected = Placement("a", "novus", "decision-a-novus");
  corrected.mutable_stay_corrected()->set_stay_id("stay-a-novus");
  corrected.mutable_stay_corrected()->set_replacement_stay_id("right");
  corrected.mutable_stay_corrected()->set_bed_id("novus-02");
  corrected.mutable_stay_corrected()->set_move_in_date("2026-02-11");
  Append(corrected);
  At(MakeDate(2026, 2, 28));
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().bed_days(), 18);
  EXPECT_EQ(Occupancy().total().leave_days(), 2);

  auto nobody = Placement("a", "novus", "decision-a-novus");
  nobody.mutable_stay_corrected()->set_stay_id("right");
  nobody.mutable_stay_corrected()->set_reason_code("wrong_person");
  Append(nobody);
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().bed_days(), 0);
  EXPECT_EQ(Waiting().first_placement().still_waiting(), 1);
}

TEST_F(ConsumeTest, AMoveWhoseDateWasWrongKeepsOneBedDayADay) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  auto moved = Placement("a", "novus", "decision-a-novus");
  auto* move = moved.mutable_stay_moved();
  move->set_from_stay_id("stay-a-novus");
  move->set_to_stay_id("second");
  move->set_to_bed_id("novus-02");
  move->set_move_date("2026-02-20");
  Append(moved);
  At(MakeDate(2026, 2, 28));
  Consume();
  const std::int64_t days = Occupancy().total().bed_days();

  auto first = Placement("a", "novus", "decision-a-novus");
  auto* corrected = first.mutable_stay_corrected();
  corrected->set_stay_id("stay-a-novus");
  corrected->set_replacement_stay_id("first-right");
  corrected->set_bed_id("novus-01");
  corrected->set_move_in_date("2026-02-01");
  corrected->set_departure_date("2026-02-15");
  Append(first);
  corrected->set_stay_id("second");
  corrected->set_replacement_stay_id("second-right");
  corrected->set_bed_id("novus-02");
  corrected->set_move_in_date("2026-02-15");
  corrected->clear_departure_date();
  Append(first);
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().bed_days(), days);
  EXPECT_EQ(Occupancy().total().people(), 1);
}

TEST_F(ConsumeTest, ACorrectedAbsenceIsCountedAsItWas) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  Enrol("a", "novus");
  auto leave = Placement("a", "novus", "decision-a-novus");
  leave.mutable_leave_recorded()->set_stay_id("stay-a-novus");
  leave.mutable_leave_recorded()->set_from_date("2026-02-12");
  leave.mutable_leave_recorded()->set_to_date("2026-02-16");
  Append(leave);
  auto payload = Placement("a", "novus", "decision-a-novus");
  auto* corrected = payload.mutable_absence_corrected();
  corrected->set_stay_id("stay-a-novus");
  corrected->set_kind_code("leave");
  corrected->set_from_date("2026-02-12");
  corrected->set_right_kind_code("leave");
  corrected->set_right_from_date("2026-02-13");
  corrected->set_right_to_date("2026-02-16");
  Append(payload);
  At(MakeDate(2026, 2, 28));
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().leave_days(), 3);

  corrected->set_from_date("2026-02-13");
  corrected->set_right_kind_code("interruption");
  corrected->clear_right_to_date();
  corrected->set_goes_on(true);
  Append(payload);
  Consume();
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(Occupancy().total().leave_days(), 0);
}

TEST_F(ConsumeTest, AMalformedEventIsParkedAndTheOthersGoOn) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  auto broken = Placement("a", "novus", "decision-a-novus");
  broken.mutable_enrolled()->set_stay_id("stay-a-novus");
  broken.mutable_enrolled()->set_move_in_date("yesterday");
  Append(broken);
  Append(placement::v1::PlacementEvent());  // of a kind this binary does not know
  Enrol("a", "novus");
  Consume();
  EXPECT_EQ(Parked(), 2);
  EXPECT_EQ(Occupancy().total().bed_days(), 1);
}

TEST_F(ConsumeTest, LifeEventsDateOwnerPersonAndWhatIsWithheld) {
  Reference();
  At(MakeDate(2026, 2, 1));
  Submit("a");
  Decide("a", "novus");
  auto moved = Referral("a", "0780");
  moved.mutable_case_moved()->set_reason_code("moved_municipality");
  Append(moved);
  auto corrected = Referral("a", "0780");
  corrected.set_person_id("person-b");
  corrected.mutable_person_corrected()->set_legal_sex(common::v1::LEGAL_SEX_MALE);
  Append(corrected);
  auto hidden = Referral("a", "0780");
  hidden.set_person_id("person-b");
  hidden.mutable_protection_set()->set_protected_identity(true);
  Append(hidden);
  Consume();
  EXPECT_EQ(Parked(), 0);
  const auto cases = database_.Query(
      "reporting",
      "SELECT person_id, municipality_code, legal_sex FROM case_fact WHERE superseded_seq IS NULL");
  ASSERT_EQ(cases.size(), 1);
  EXPECT_EQ(cases[0].Text("person_id"), "person-b");
  EXPECT_EQ(cases[0].Text("municipality_code"), "0780");
  EXPECT_EQ(cases[0].Int("legal_sex"), 0);
  EXPECT_EQ(database_.Query("reporting", "SELECT person_id FROM case_fact").size(), 4)
      << "what was known before stays";
  const auto decisions = database_.Query(
      "reporting",
      "SELECT person_id, municipality_code FROM decision_fact WHERE superseded_seq IS NULL");
  ASSERT_EQ(decisions.size(), 1);
  EXPECT_EQ(decisions[0].Text("person_id"), "person-b");
  EXPECT_EQ(decisions[0].Text("municipality_code"), "0764") << "it made the decision";
}

// The story of a case that is moved with a decision that waits: the former municipality's report
// row and clock are as before, and what the new owner decides is the new owner's.
TEST_F(ConsumeTest, AMoveLeavesDecisionsWithTheMunicipalityThatMadeThem) {
  Reference();
  At(MakeDate(2026, 1, 10));
  Submit("a");
  At(MakeDate(2026, 1, 15));
  Decide("a", "novus");
  Queue("a", "novus");
  At(MakeDate(2026, 3, 1));
  auto moved = Referral("a", "0780");
  moved.mutable_case_moved()->set_reason_code("moved_municipality");
  moved.mutable_case_moved()->set_former_municipality_code("0764");
  Append(moved);
  At(MakeDate(2026, 3, 10));
  auto extended = Referral("a", "0780");
  extended.mutable_decision_made()->set_decision_id("decision-2");
  extended.mutable_decision_made()->set_former_decision_id("decision-a-novus");
  extended.mutable_decision_made()->set_facility_id("novus");
  extended.mutable_decision_made()->set_decision_date("2026-03-10");
  extended.mutable_decision_made()->set_extension(true);
  Append(extended);
  At(MakeDate(2026, 7, 1));
  Consume();
  EXPECT_EQ(Parked(), 0);
  // Each municipality sees its own row.
  const auto not_executed = [this](const std::string& organisation, const std::string& code,
                                   int quarter) {
    v1::GetNonExecutedDecisionsRequest request;
    request.set_year(2026);
    request.set_quarter(quarter);
    const auto report =
        Must(handlers_.NonExecuted(Call(auth::Role::kSocialWorker, organisation), request));
    for (const auto& row : report.rows()) {
      if (row.municipality_code() == code) return row.not_executed();
    }
    return std::int64_t{-1};
  };
  EXPECT_EQ(not_executed("alvesta", "0764", 1), 0);
  EXPECT_EQ(not_executed("vaxjo", "0780", 1), 0);
  EXPECT_EQ(not_executed("alvesta", "0764", 2), 1) << "three months ended on 15 April";
  EXPECT_EQ(not_executed("vaxjo", "0780", 2), 1) << "three months ended on 10 June";
  const v1::WaitingTimesReport waiting = Waiting();
  EXPECT_EQ(waiting.first_placement().decisions(), 2);
}

}  // namespace
}  // namespace vardkedja::reporting
