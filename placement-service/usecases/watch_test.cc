// What dates do by themselves: a bed that is lived in when the next one comes, a decision that
// ends.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;

class WatchTest : public PlacementFixture {
 protected:
  // Somebody lives in novus-01 until a date, and somebody else has reserved it from that date.
  void Promise(Date date) {
    stay_ = PlaceIn(staying_, "novus", "novus-01").record.stay;
    Plan(date);
    Decide(coming_, "novus", Today());
    const auto offer = usecases::MakeOffer(store_, disclosure_)
                           .Run(Writing("novus"), {domain::BedId("novus-01"), date});
    ASSERT_TRUE(offer.ok()) << offer.status();
    ASSERT_TRUE(Accept(offer->record.offer.id, date).ok());
  }
  void Plan(Date date) {
    const auto planned = usecases::PlanStayDischarge(stays_).Run(
        Writing("novus"), {stay_.id, std::to_string(stay_.version), date,
                           domain::ExceptionReason::kIndividualAssessment});
    ASSERT_TRUE(planned.ok()) << planned.status();
    stay_ = planned->record.stay;
  }
  std::vector<std::string> InConflict() {
    usecases::StayPage page;
    page.in_conflict = true;
    const auto answer = usecases::ReadStays(stays_).List(As("novus"), page);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> dates;
    for (const auto& one : answer->stays) dates.push_back(FormatDate(*one.record.conflict_from));
    return dates;
  }
  void DecideUntil(PlayedCase& played, Date to) {
    played.decision_id = "decision-" + played.number + FormatDate(to);
    auto event = EventOf(played);
    auto* made = event.mutable_decision_made();
    made->set_decision_id(played.decision_id);
    made->set_facility_id("novus");
    made->set_bed_kind(common::v1::BED_KIND_REGULAR);
    made->set_decision_date(FormatDate(Today()));
    made->set_to_date(FormatDate(to));
    ASSERT_TRUE(Consume(event).ok());
  }

  PlayedCase staying_ = NewCase();
  PlayedCase coming_ = NewCase();
  domain::Stay stay_;
};

TEST_F(WatchTest, AStayPostponedBeyondTheNextReservationIsToldAndListed) {
  const Date due = Today() + days(20);
  Promise(due);
  EXPECT_TRUE(InConflict().empty());
  Advance(days(10));
  Plan(due + days(3));
  EXPECT_EQ(InConflict(), std::vector<std::string>{FormatDate(due)});
  EXPECT_TRUE(Events("bed_conflict").empty());
  Advance(days(7));
  ASSERT_EQ(Events("bed_conflict").size(), 1u);
  EXPECT_EQ(Events("bed_conflict")[0].case_id(), coming_.case_id);
  EXPECT_EQ(Events("bed_conflict")[0].bed_conflict().due_date(), FormatDate(due));
  EXPECT_EQ(Events("bed_conflict")[0].bed_conflict().bed_id(), "novus-01");
  // Solved in time, it is not told again.
  Plan(due);
  Advance(days(2));
  EXPECT_EQ(Events("bed_conflict").size(), 1u);
  EXPECT_TRUE(InConflict().empty());
}

TEST_F(WatchTest, WhoIsStillThereOnTheDayIsToldOnTheDay) {
  const Date due = Today() + days(20);
  Promise(due);
  Advance(days(19));
  EXPECT_TRUE(Events("bed_conflict").empty());
  Advance(days(1));
  EXPECT_EQ(Events("bed_conflict").size(), 1u);
  EXPECT_EQ(InConflict(), std::vector<std::string>{FormatDate(Today())});
  Advance(days(5));
  EXPECT_EQ(Events("bed_conflict").size(), 1u);
}

TEST_F(WatchTest, AReservationThatIsGivenBackIsWatchedNoMore) {
  Promise(Today() + days(20));
  auto closed = EventOf(coming_);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  Advance(days(25));
  EXPECT_TRUE(Events("bed_conflict").empty());
}

TEST_F(WatchTest, AnEntryLeavesWhenItsDecisionEndsAndItsOfferGoesToTheNext) {
  PlayedCase ending = NewCase();
  PlayedCase next = NewCase();
  DecideUntil(ending, Today() + days(2));
  Decide(next, "novus", Today());
  const auto offer = MakeOffer("novus-01");
  ASSERT_EQ(offer.record.entry.case_id.value, ending.case_id);
  Advance(days(1));
  EXPECT_EQ(EntryOf(ending, "novus")->state, domain::EntryState::kWaiting);
  Advance(days(1));
  const auto left = EntryOf(ending, "novus");
  EXPECT_EQ(left->state, domain::EntryState::kLeft);
  EXPECT_EQ(left->left_reason, "decision_ended");
  ASSERT_EQ(Events("dequeued").size(), 1u);
  EXPECT_EQ(Events("dequeued")[0].dequeued().reason_code(), "decision_ended");
  EXPECT_EQ(Events("offer_made").back().case_id(), next.case_id);
  const auto missing = usecases::CheckEligibility(store_, disclosure_)
                           .Run(As("novus"), {left->id, std::nullopt, std::nullopt});
  ASSERT_TRUE(missing.ok()) << missing.status();
  EXPECT_EQ(missing->missing, std::vector<domain::Lack>{domain::Lack::kDecisionEnded});

  // A new decision is a new entry.
  DecideUntil(ending, Today() + days(30));
  EXPECT_EQ(EntryOf(ending, "novus")->state, domain::EntryState::kWaiting);
}

TEST_F(WatchTest, ADecisionThatWasExtendedEndsLater) {
  PlayedCase person = NewCase();
  DecideUntil(person, Today() + days(2));
  DecideUntil(person, Today() + days(10));
  Advance(days(5));
  EXPECT_EQ(EntryOf(person, "novus")->state, domain::EntryState::kWaiting);
  Advance(days(5));
  EXPECT_EQ(EntryOf(person, "novus")->state, domain::EntryState::kLeft);
}

}  // namespace
}  // namespace vardkedja::placement
