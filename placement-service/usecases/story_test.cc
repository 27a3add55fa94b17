// The story of the chain on PostgreSQL: queue, offer, expiry, cascade, move-in, transfer,
// departure.
#include <thread>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using domain::Criteria;
using std::chrono::days;
using std::chrono::hours;

class StoryTest : public PlacementFixture {
 protected:
  std::vector<std::string> QueueOf(const std::string& facility) {
    usecases::QueuePage page;
    page.facility_id = domain::FacilityId(facility);
    const auto queue =
        usecases::ListQueue(store_, disclosure_).Run(As("placement-board", "novus"), page);
    EXPECT_TRUE(queue.ok()) << queue.status();
    std::vector<std::string> cases;
    for (const auto& entry : queue->entries) cases.push_back(entry.entry.case_id.value);
    return cases;
  }
  domain::DayCount Count(const std::string& facility, Date date) {
    const auto counts = usecases::ReadBeds(store_).Availability(
        As("novus"), {domain::FacilityId(facility), domain::BedKind::kRegular, date, {}, {}});
    EXPECT_TRUE(counts.ok()) << counts.status();
    return counts->days.at(0);
  }
};

TEST_F(StoryTest, QueueOrdersByRuleAndSaysWhy) {
  PlayedCase late = NewCase();
  PlayedCase early = NewCase();
  PlayedCase with_child = NewCase();
  PlayedCase under_lvm = NewCase();
  Decide(late, "novus", Today());
  Decide(early, "novus", Today() - days(10));
  Decide(with_child, "novus", Today(), {.child_perspective = true});
  Decide(under_lvm, "novus", Today(), {.lvm_investigation = true});
  EXPECT_EQ(QueueOf("novus"), (std::vector<std::string>{under_lvm.case_id, with_child.case_id,
                                                        early.case_id, late.case_id}));

  access_.Deny("alvesta-authority", early.case_id);
  const auto entry = EntryOf(late, "novus");
  const auto why =
      usecases::ExplainPosition(store_, disclosure_).Run(As("alvesta-authority"), entry->id);
  ASSERT_TRUE(why.ok()) << why.status();
  EXPECT_EQ(why->entry.position, 4);
  ASSERT_EQ(why->before.size(), 3u);
  EXPECT_EQ(why->before[0].position, 1);
  EXPECT_EQ(why->before[0].column, domain::RuleColumn::kLvmInvestigation);
  EXPECT_EQ(why->before[1].column, domain::RuleColumn::kChildPerspective);
  EXPECT_EQ(why->before[2].column, domain::RuleColumn::kDecisionDate);
  EXPECT_EQ(why->before[2].case_number, "");  // may not be seen
  EXPECT_NE(why->before[1].case_number, "");
  EXPECT_NE(why->why.sv.find("på plats 4"), std::string::npos) << why->why.sv;
  ASSERT_EQ(why->history.size(), 1u);
  EXPECT_EQ(why->history[0].kind, "queued");

  // Criteria are dated facts: the current ones rank.
  auto event = EventOf(late);
  event.mutable_criteria_changed()->mutable_criteria()->set_lvm_investigation(true);
  ASSERT_TRUE(Consume(event).ok());
  // Equal in all else, the earlier entry stands first.
  EXPECT_EQ(QueueOf("novus")[0], late.case_id);
}

TEST_F(StoryTest, ADecisionIsTakenInOnceAndALaterOneExtends) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  const auto first = EntryOf(played, "novus");
  auto again = EventOf(played);
  again.mutable_decision_made()->set_decision_id(played.decision_id);
  again.mutable_decision_made()->set_facility_id("novus");
  again.mutable_decision_made()->set_decision_date(FormatDate(Today()));
  ASSERT_TRUE(Consume(again).ok());
  EXPECT_EQ(Events("queued").size(), 1u);
  Decide(played, "novus", Today() + days(30));
  EXPECT_EQ(Events("queued").size(), 1u);
  const auto extended = EntryOf(played, "novus");
  EXPECT_EQ(extended->id, first->id);
  EXPECT_EQ(extended->facts.decision_date, first->facts.decision_date);
  EXPECT_GT(extended->decision_to, first->decision_to);
}

TEST_F(StoryTest, AnUnansweredOfferRemindsExpiresAndGoesToTheNext) {
  PlayedCase first = NewCase();
  PlayedCase second = NewCase("vaxjo-ifo1");
  Decide(first, "novus", Today() - days(3));
  Decide(second, "novus", Today() - days(2));
  const auto offer = MakeOffer("novus-01");
  EXPECT_EQ(offer.record.entry.case_id.value, first.case_id);
  EXPECT_EQ(Count("novus", Today()).offered, 1);

  Advance(hours(47));
  EXPECT_TRUE(Events("offer_expiring").empty());
  Advance(hours(1));
  EXPECT_EQ(Events("offer_expiring").size(), 1u);
  EXPECT_TRUE(Events("offer_expired").empty());
  Advance(hours(24));
  ASSERT_EQ(Events("offer_expired").size(), 1u);
  const auto made = Events("offer_made");
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[1].case_id(), second.case_id);
  // The first keeps its place.
  EXPECT_EQ(QueueOf("novus")[0], first.case_id);

  const domain::OfferId next(made[1].offer_made().offer_id());
  const auto late = Accept(offer.record.offer.id, Today());
  EXPECT_EQ(ReasonOf(late.status()), "ILLEGAL_STATE");
  const auto accepted = Accept(next, Today(), "vaxjo-ifo1");
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  const auto alerts = Events("queue_alert");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].case_id(), first.case_id);
  EXPECT_EQ(alerts[0].queue_alert().kind_code(), "passed");

  const auto stay = Enrol(next, "novus");
  EXPECT_EQ(stay.record.stay.bed_id.value, "novus-01");
  EXPECT_EQ(Events("enrolled").size(), 1u);
  EXPECT_EQ(QueueOf("novus"), std::vector<std::string>{first.case_id});
  EXPECT_EQ(Count("novus", Today()).occupied, 1);
  EXPECT_EQ(Count("novus", Today()).free, 1);
}

TEST_F(StoryTest, WhoHasDiedIsOfferedAndKeptNothing) {
  PlayedCase waits = NewCase();
  PlayedCase offered = NewCase();
  PlayedCase reserved = NewCase();
  Decide(reserved, "novus", Today() - days(3));
  Decide(offered, "novus", Today() - days(2));
  Decide(waits, "novus", Today() - days(1));
  ASSERT_TRUE(Accept(MakeOffer("novus-01").record.offer.id, Today()).ok());
  MakeOffer("novus-02");
  for (const PlayedCase& played : {waits, offered, reserved}) {
    auto died = EventOf(played);
    died.mutable_person_died()->set_death_date(FormatDate(Today()));
    ASSERT_TRUE(Consume(died).ok());
    ASSERT_TRUE(Consume(died).ok()) << "told twice";
    EXPECT_EQ(EntryOf(played, "novus")->left_reason, "deceased");
  }
  EXPECT_EQ(Count("novus", Today()).free, 2);
  const auto left = Events("dequeued");
  ASSERT_EQ(left.size(), 3u);
  for (const auto& event : left) EXPECT_EQ(event.dequeued().reason_code(), "deceased");
}

TEST_F(StoryTest, NobodyMovesInBeforeTheCostSplitIsWritten) {
  PlayedCase played = NewCase("alvesta-authority");
  Decide(played, "novus", Today());
  const domain::OfferId offer = MakeOffer("novus-01").record.offer.id;
  ASSERT_TRUE(Accept(offer, Today()).ok());
  access_.AwaitCostSplit(true);
  const auto refused = usecases::EnrolPerson(stays_).Run(Writing("novus"), {offer, "2", {}});
  EXPECT_EQ(ReasonOf(refused.status()), "COST_SPLIT_MISSING");
  EXPECT_TRUE(Events("enrolled").empty());
  access_.AwaitCostSplit(false);
  EXPECT_EQ(Enrol(offer, "novus").record.stay.case_id.value, played.case_id);
}

TEST_F(StoryTest, AMovedCaseAndACorrectedPersonAreFollowed) {
  PlayedCase played = NewCase("alvesta-authority");
  const usecases::StayAnswer stay = PlaceIn(played, "novus", "novus-01");
  referral::v1::ReferralEvent moved = EventOf(played);
  moved.set_owner_unit_id("vaxjo-ifo1");
  moved.mutable_case_moved()->set_former_unit_id("alvesta-authority");
  ASSERT_TRUE(Consume(moved).ok());
  referral::v1::ReferralEvent corrected = EventOf(played);
  corrected.set_person_id("another-person");
  corrected.mutable_person_corrected()->set_former_person_id(played.person_id);
  ASSERT_TRUE(Consume(corrected).ok());
  const pg::Result rows = database_.Query(
      "placement",
      "SELECT s.owner_unit_id, s.person_id, s.decision_id::text AS decision_id,"
      " e.owner_unit_id AS entry_owner,"
      " e.person_id AS entry_person FROM stay s JOIN queue_entry e ON e.entry_id = s.entry_id"
      " WHERE s.stay_id = $1::uuid",
      {stay.record.stay.id.value});
  EXPECT_EQ(rows[0].Text("owner_unit_id"), "vaxjo-ifo1");
  EXPECT_EQ(rows[0].Text("entry_owner"), "vaxjo-ifo1");
  EXPECT_EQ(rows[0].Text("person_id"), "another-person");
  EXPECT_EQ(rows[0].Text("decision_id"), stay.record.stay.decision_id.value)
      << "the decision is still the one that was made";
  EXPECT_EQ(rows[0].Text("entry_person"), "another-person");

  // Two cases that turn out to be one person in two beds: somebody must look.
  PlayedCase other = NewCase("vaxjo-ifo1");
  PlaceIn(other, "novus", "novus-02");
  referral::v1::ReferralEvent same = EventOf(other);
  same.set_person_id("another-person");
  same.mutable_person_corrected()->set_former_person_id(other.person_id);
  EXPECT_EQ(Consume(same).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(StoryTest, ADeclinedBedIsNotOfferedToTheSameEntryAgain) {
  PlayedCase only = NewCase();
  Decide(only, "novus", Today());
  const auto offer = MakeOffer("novus-01");
  const auto declined =
      usecases::DeclineOffer(store_, disclosure_)
          .Run(Writing(only.owner), {offer.record.offer.id, "1", domain::DeclinedBy::kPerson,
                                     domain::DeclineReason::kDate});
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_EQ(Events("offer_declined")[0].offer_declined().by_code(), "person");
  const auto again = usecases::MakeOffer(store_, disclosure_)
                         .Run(Writing("novus"), {domain::BedId("novus-01"), {}});
  EXPECT_EQ(ReasonOf(again.status()), "QUEUE_EMPTY");
  EXPECT_EQ(MakeOffer("novus-02").record.entry.case_id.value, only.case_id);
}

TEST_F(StoryTest, TransferMovesAtomicallyAndDischargeFreesTheBed) {
  PlayedCase person = NewCase();
  const auto stay = PlaceIn(person, "ekeliden", "ekeliden-01");
  Decide(person, "novus", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("novus-01");
  const Date move = Today() + days(14);
  ASSERT_TRUE(Accept(offer.record.offer.id, move).ok());

  usecases::PlanTransferCommand plan{
      stay.record.stay.id, "1", offer.record.offer.id, {Today() + days(1), move, {}}};
  const usecases::PlanStayTransfer planner(stays_);
  EXPECT_EQ(ReasonOf(planner.Run(Writing("ekeliden"), plan).status()), "EXCEPTION_REQUIRED");
  plan.plan.meeting = Today();  // exactly 14 days before
  const auto planned = planner.Run(Writing("ekeliden"), plan);
  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_FALSE(Events("transfer_planned")[0].transfer_planned().exception());
  EXPECT_EQ(Count("ekeliden", move).free, 2);
  EXPECT_EQ(Count("novus", move).reserved, 1);

  const domain::TransferId id = planned->record.transfer.id;
  const usecases::ConfirmStayTransfer confirm(stays_);
  const usecases::CompleteStayTransfer complete(stays_);
  ASSERT_TRUE(confirm.Run(Writing("ekeliden"), {id, "1"}).ok());
  EXPECT_EQ(ReasonOf(confirm.Run(Writing("ekeliden"), {id, "2"}).status()), "ILLEGAL_STATE");
  EXPECT_EQ(ReasonOf(complete.Run(Writing("novus"), {id, "2", {}}).status()), "ILLEGAL_STATE");
  ASSERT_TRUE(confirm.Run(Writing("novus"), {id, "2"}).ok());
  EXPECT_EQ(ReasonOf(complete.Run(Writing("novus"), {id, "2", {}}).status()), "STALE_ETAG");
  Advance(days(14));
  EXPECT_EQ(ReasonOf(complete.Run(Writing("novus"), {id, "3", {}}).status()), "AGREEMENT_MISSING");
  AgreeAll(offer.record.offer.id, "novus");
  const auto done = complete.Run(Writing("novus"), {id, "3", {}});
  ASSERT_TRUE(done.ok()) << done.status();
  ASSERT_TRUE(done->record.transfer.to_stay.has_value());
  const auto events = Events("transfer_done");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].decision_id(), person.decision_id);
  EXPECT_EQ(events[0].transfer_done().from_bed_id(), "ekeliden-01");
  EXPECT_FALSE(events[0].transfer_done().exception());
  EXPECT_EQ(Count("ekeliden", Today()).occupied, 0);
  EXPECT_EQ(Count("novus", Today()).occupied, 1);
  EXPECT_EQ(Count("novus", Today()).reserved, 0);

  const usecases::ReadStays reads(stays_);
  const domain::StayId home = *done->record.transfer.to_stay;
  ASSERT_EQ(
      reads.Get(As("novus"), home)->actions,
      (std::vector<std::string>{"PlanTransfer", "BeginLeave", "InterruptStay", "MoveBed", "GoHome",
                                "RecordIncident", "CorrectStay", "PlanDischarge", "Discharge"}));
  const usecases::PlanStayDischarge discharge(stays_);
  EXPECT_EQ(ReasonOf(discharge.Run(Writing("novus"), {home, "1", Today() + days(13), {}}).status()),
            "EXCEPTION_REQUIRED");
  ASSERT_TRUE(discharge.Run(Writing("novus"), {home, "1", Today() + days(14), {}}).ok());
  Advance(days(14));
  const auto left = usecases::DischargePerson(stays_).Run(
      Writing("novus"),
      {home, "2", {}, domain::DischargeReason::kCompleted, {domain::ChecklistItem::kOccupation}});
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->bed_days, 14);
  EXPECT_EQ(Events("discharged")[0].discharged().unmet_items(), 1);
  EXPECT_EQ(Count("novus", Today()).free, 2);
}

TEST_F(StoryTest, WhoIsDischargedBeforeTheTransferIsEnrolledAndNotMoved) {
  PlayedCase person = NewCase();
  const auto stay = PlaceIn(person, "ekeliden", "ekeliden-01");
  Decide(person, "novus", Today(), {}, /*transfer=*/true);
  const domain::OfferId offer = MakeOffer("novus-01").record.offer.id;
  ASSERT_TRUE(Accept(offer, Today()).ok());
  const usecases::ReadOffers reads(store_, disclosure_);
  std::vector<std::string> actions = {"GiveBackOffer", "ChangeMoveIn", "PlanTransfer"};
  EXPECT_EQ(reads.Get(As(person.owner), offer)->actions, actions);
  ASSERT_TRUE(usecases::DischargePerson(stays_)
                  .Run(Writing("ekeliden"),
                       {stay.record.stay.id, "1", {}, domain::DischargeReason::kOwnWish, {}})
                  .ok());
  actions.pop_back();
  EXPECT_EQ(reads.Get(As(person.owner), offer)->actions, actions);
  usecases::OfferPage page;
  page.case_id = person.case_id;
  EXPECT_EQ(reads.List(As(person.owner), page)->offers.at(0).actions, actions);
  EXPECT_EQ(Enrol(offer, "novus").record.stay.bed_id.value, "novus-01");
}

TEST_F(StoryTest, AStayBegunAndEndedOnOneDateCountsOneDayAndFreesTheBed) {
  PlayedCase brief = NewCase();
  const auto stay = PlaceIn(brief, "novus", "novus-01");
  const auto left = usecases::DischargePerson(stays_).Run(
      Writing("novus"), {stay.record.stay.id, "1", {}, domain::DischargeReason::kOwnWish, {}});
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->bed_days, 1);
  EXPECT_EQ(Count("novus", Today()).occupied, 1);  // it was lived in on that date
  EXPECT_EQ(Count("novus", Today() + days(1)).free, 2);
  PlayedCase next = NewCase();
  PlaceIn(next, "novus", "novus-02");
}

TEST_F(StoryTest, APersonsDayStayElsewhereIsNotOverlappedByAMoveInRecordedLate) {
  PlayedCase person = NewCase();
  const auto day = PlaceIn(person, "ekeliden", "ekeliden-01");
  Decide(person, "novus", Today() - days(3));
  const auto offer = MakeOffer("novus-01");
  ASSERT_TRUE(Accept(offer.record.offer.id, Today()).ok());
  ASSERT_TRUE(usecases::DischargePerson(stays_)
                  .Run(Writing("ekeliden"),
                       {day.record.stay.id, "1", {}, domain::DischargeReason::kOwnWish, {}})
                  .ok());
  const usecases::EnrolPerson enrol(stays_);
  const auto move_in = [&](Date date) {
    return ReasonOf(
        enrol.Run(Writing("novus"), {offer.record.offer.id, "2", date, kNotAgreed}).status());
  };
  // On that date the person was at Ekeliden.
  EXPECT_EQ(move_in(Today() - days(1)), "PERSON_PLACED_ELSEWHERE");
  EXPECT_EQ(move_in(Today()), "OK");
}

TEST_F(StoryTest, AClosedCaseTakesItsTransferBackSoThatTheBedIsNotShownAsFreed) {
  PlayedCase person = NewCase();
  const auto stay = PlaceIn(person, "ekeliden", "ekeliden-01");
  Decide(person, "novus", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("novus-01");
  const Date move = Today() + days(20);
  ASSERT_TRUE(Accept(offer.record.offer.id, move).ok());
  ASSERT_TRUE(
      usecases::PlanStayTransfer(stays_)
          .Run(Writing("ekeliden"),
               {stay.record.stay.id, "1", offer.record.offer.id, {Today() + days(1), move, {}}})
          .ok());
  EXPECT_EQ(Count("ekeliden", move).occupied, 0);
  auto closed = EventOf(person);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  EXPECT_EQ(Count("ekeliden", move).occupied, 1);
  EXPECT_EQ(Count("novus", move).free, 2);
  const auto left = usecases::ReadStays(stays_).Get(As("ekeliden"), stay.record.stay.id);
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_FALSE(left->record.transfer.has_value());
}

TEST_F(StoryTest, ADecisionMadeWithoutAGroundWaitsForOneInItsPlace) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today() - days(5));
  auto recorded = EventOf(played);
  recorded.mutable_ground_recorded()->set_ground_id("consent");
  recorded.mutable_ground_recorded()->add_recipient_unit_ids("placement-board");
  ASSERT_TRUE(Consume(recorded).ok());
  auto ended = EventOf(played);
  ended.mutable_ground_ended()->set_ground_id("consent");
  ended.mutable_ground_ended()->add_recipient_unit_ids("placement-board");
  ASSERT_TRUE(Consume(ended).ok());
  Decide(played, "novus", Today());
  EXPECT_TRUE(QueueOf("novus").empty());
  recorded.mutable_ground_recorded()->set_ground_id("renewed");
  ASSERT_TRUE(Consume(recorded).ok());
  EXPECT_EQ(QueueOf("novus"), std::vector<std::string>{played.case_id});
  const auto entry = EntryOf(played, "novus");
  EXPECT_EQ(entry->facts.decision_date, Today() - days(5));
  EXPECT_EQ(entry->decision_to, AddMonths(Today(), 6));
}

TEST_F(StoryTest, ARevokedGroundTakesTheOfferBackAtOnceAndANewOneRestoresThePlace) {
  PlayedCase first = NewCase();
  PlayedCase second = NewCase();
  Decide(first, "novus", Today() - days(5));
  Decide(second, "novus", Today());
  MakeOffer("novus-01");
  const auto record = [&](const std::string& id, const std::string& unit) {
    auto recorded = EventOf(first);
    recorded.mutable_ground_recorded()->set_ground_id(id);
    recorded.mutable_ground_recorded()->add_recipient_unit_ids(unit);
    return Consume(recorded);
  };
  const auto end = [&](const std::string& id, const std::string& unit) {
    auto ended = EventOf(first);
    ended.mutable_ground_ended()->set_ground_id(id);
    ended.mutable_ground_ended()->add_recipient_unit_ids(unit);
    return Consume(ended);
  };
  ASSERT_TRUE(record("consent", "placement-board").ok());
  ASSERT_TRUE(record("other", "placement-board").ok());
  // Another ground covers the board still.
  ASSERT_TRUE(end("other", "placement-board").ok());
  EXPECT_TRUE(Events("dequeued").empty());
  ASSERT_TRUE(end("consent", "placement-board").ok());
  EXPECT_EQ(Events("dequeued")[0].dequeued().reason_code(), "ground_ended");
  const auto made = Events("offer_made");
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[1].case_id(), second.case_id);
  EXPECT_EQ(QueueOf("novus"), std::vector<std::string>{second.case_id});

  ASSERT_TRUE(record("third", "placement-board").ok());
  EXPECT_EQ(QueueOf("novus"), (std::vector<std::string>{first.case_id, second.case_id}));
}

TEST_F(StoryTest, AClosedCaseLeavesAndReleasesItsReservation) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  const auto offer = MakeOffer("novus-01");
  ASSERT_TRUE(Accept(offer.record.offer.id, Today() + days(3)).ok());
  EXPECT_EQ(Count("novus", Today() + days(3)).reserved, 1);
  auto closed = EventOf(played);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  EXPECT_EQ(Events("dequeued")[0].dequeued().reason_code(), "withdrawn");
  EXPECT_EQ(Count("novus", Today() + days(3)).free, 2);
}

TEST_F(StoryTest, WaitingLongAlertsTheBoardOnce) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  Advance(days(30));
  EXPECT_TRUE(Events("queue_alert").empty());
  Advance(days(1));
  ASSERT_EQ(Events("queue_alert").size(), 1u);
  EXPECT_EQ(Events("queue_alert")[0].queue_alert().kind_code(), "waiting_long");
  Advance(days(60));
  EXPECT_EQ(Events("queue_alert").size(), 1u);
}

TEST_F(StoryTest, DeniedIsAsMissingAndBothAreAudited) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  const auto offer = MakeOffer("novus-01");
  audit_.Taken();
  const usecases::ReadOffers reads(store_, disclosure_);
  const absl::Status denied = reads.Get(As("vaxjo-child-family"), offer.record.offer.id).status();
  const absl::Status missing =
      reads.Get(As("vaxjo-child-family"), domain::OfferId(NewUuidV7())).status();
  EXPECT_EQ(denied, missing);
  EXPECT_TRUE(absl::IsNotFound(denied));
  const auto rows = audit_.Taken();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_FALSE(rows[0].permitted);
  EXPECT_FALSE(rows[1].permitted);

  access_.Break();
  EXPECT_TRUE(absl::IsUnavailable(reads.Get(As(played.owner), offer.record.offer.id).status()));
}

TEST_F(StoryTest, ARepeatedRequestRepeatsNothing) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  const auth::CallContext ctx = Writing("novus");
  const usecases::MakeOffer make(store_, disclosure_);
  const auto once = make.Run(ctx, {domain::BedId("novus-01"), {}});
  const auto twice = make.Run(ctx, {domain::BedId("novus-01"), {}});
  ASSERT_TRUE(twice.ok()) << twice.status();
  EXPECT_EQ(once->record.offer.id, twice->record.offer.id);
  EXPECT_EQ(Events("offer_made").size(), 1u);
  auth::CallContext other = ctx;
  other.request_key->fingerprint = "another body";
  EXPECT_EQ(ReasonOf(make.Run(other, {domain::BedId("novus-01"), {}}).status()),
            "REQUEST_ID_REUSED");
}

TEST_F(StoryTest, ManyBedsAtOnceGoToDifferentPeopleInOrder) {
  std::vector<PlayedCase> cases;
  for (int i = 0; i < 4; ++i) {
    cases.push_back(NewCase());
    Decide(cases.back(), "novus", Today() - days(i));
  }
  std::vector<std::thread> threads;
  for (const char* bed : {"novus-01", "novus-02"}) {
    threads.emplace_back([this, bed] { MakeOffer(bed); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> offered;
  for (const auto& event : Events("offer_made")) offered.insert(event.case_id());
  EXPECT_EQ(offered, (std::set<std::string>{cases[3].case_id, cases[2].case_id}));
}

TEST_F(StoryTest, TheDatabaseRefusesTwoPeopleInOneBedAndOnePersonInTwo) {
  PlayedCase first = NewCase();
  const auto stay = PlaceIn(first, "novus", "novus-01");
  const std::string copy =
      "INSERT INTO stay (stay_id, entry_id, offer_id, case_id, case_number, person_id,"
      " owner_unit_id, decision_id, facility_id, bed_kind, bed_id, state, move_in,"
      " transferred_in, agreement_exception)"
      " SELECT gen_random_uuid(), entry_id, $1, case_id, case_number, $2,"
      " owner_unit_id, decision_id, facility_id, bed_kind, $3, state, move_in + 5, false, 5"
      " FROM stay WHERE stay_id = $4";
  PlayedCase second = NewCase();
  Decide(second, "novus", Today());
  const std::string other = MakeOffer("novus-02").record.offer.id.value;
  const auto same_bed =
      pool_->Write(copy, {other, second.person_id, "novus-01", stay.record.stay.id.value});
  EXPECT_EQ(pg::ViolatedConstraint(same_bed.status()), "stay_bed");
  const auto same_person =
      pool_->Write(copy, {other, first.person_id, "novus-02", stay.record.stay.id.value});
  EXPECT_EQ(pg::ViolatedConstraint(same_person.status()), "stay_person");
}

TEST_F(StoryTest, ClosuresAreCountedAndOnlyTheOwnFacilityCloses) {
  const usecases::CloseBed close(store_);
  const usecases::CloseBedCommand command{
      domain::BedId("novus-01"), "1", {Today(), Today() + days(7)}, domain::ClosureReason::kRepair};
  EXPECT_EQ(ReasonOf(close.Run(Writing("ekeliden"), command).status()), "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(close.Run(Writing("placement-board", "ekeliden"), command).status()),
            "UNIT_NOT_YOURS");
  const auto closed = close.Run(Writing("placement-board", "novus"), command);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(Count("novus", Today()).closed, 1);
  EXPECT_EQ(Count("novus", Today() + days(7)).closed, 0);
  const auto offer = usecases::MakeOffer(store_, disclosure_)
                         .Run(Writing("novus"), {domain::BedId("novus-01"), {}});
  EXPECT_EQ(ReasonOf(offer.status()), "BED_CLOSED");
  const auto open = usecases::ReopenBed(store_).Run(
      Writing("novus"), {domain::BedId("novus-01"), "2", closed->record.closures.at(0).id, {}});
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(Count("novus", Today()).free, 2);
}

TEST_F(StoryTest, AFacilityCanWriteDownADepartureAfterTheGroundHasEnded) {
  PlayedCase played = NewCase();
  const auto stay = PlaceIn(played, "novus", "novus-01");
  access_.Deny("novus", played.case_id);
  const auto left = usecases::DischargePerson(stays_).Run(
      Writing("novus"), {stay.record.stay.id, "1", {}, domain::DischargeReason::kOther, {}});
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->who.display_name, "");
  access_.Deny("ekeliden", played.case_id);
  EXPECT_TRUE(absl::IsNotFound(
      usecases::ReadStays(stays_).Get(As("ekeliden"), stay.record.stay.id).status()));
}

}  // namespace
}  // namespace vardkedja::placement
