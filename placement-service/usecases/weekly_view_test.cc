// The board's week in one call: what is there, what is left out, and who may ask.
#include "placement-service/usecases/weekly_view.h"

#include <gmock/gmock.h>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class WeeklyViewTest : public PlacementFixture {
 protected:
  absl::StatusOr<usecases::WeeklyAnswer> Ask(const usecases::WeeklyQuestion& question = {},
                                             const std::string& unit = "placement-board") {
    return usecases::WeeklyView(store_, disclosure_).Run(As(unit), question);
  }
  usecases::WeeklyAnswer View(const usecases::WeeklyQuestion& question = {}) {
    auto answer = Ask(question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : usecases::WeeklyAnswer();
  }
  static std::vector<std::string> Kinds(const usecases::WeeklyAnswer& view) {
    std::vector<std::string> kinds;
    for (const auto& one : view.deadlines.rows) kinds.push_back(one.row.kind);
    return kinds;
  }
  const usecases::QueueAnswer& NovusQueue(const usecases::WeeklyAnswer& view) {
    return *std::find_if(view.queues.begin(), view.queues.end(), [](const auto& queue) {
      return queue.facility_id.value == "novus" && queue.kind == domain::BedKind::kRegular;
    });
  }
};

TEST_F(WeeklyViewTest, OnlyTheBoardAndWithinItsLimits) {
  EXPECT_EQ(ReasonOf(Ask({}, "novus").status()), "UNIT_NOT_YOURS");
  usecases::WeeklyQuestion wrong;
  wrong.since = clock_.Now() - days(93);
  wrong.limit = 51;
  wrong.horizon_days = 0;
  const auto refused = Ask(wrong);
  EXPECT_EQ(GetErrorDetail(refused.status())->violations.size(), 3u);
  EXPECT_EQ(ReasonOf(Ask({.facility = domain::FacilityId("nowhere")}).status()), "NOT_FOUND");
}

TEST_F(WeeklyViewTest, AnEmptyRegionHasItsQueuesAndBeds) {
  const usecases::WeeklyAnswer view = View();
  EXPECT_EQ(view.queues.size(), 3u);
  EXPECT_EQ(view.beds.size(), 3u * 7);
  EXPECT_THAT(view.attention.rows, IsEmpty());
  EXPECT_THAT(view.deadlines.rows, IsEmpty());
  EXPECT_EQ(view.change_counts.at("bed_added"), 5);
  EXPECT_EQ(View({.facility = domain::FacilityId("ekeliden")}).queues.size(), 1u);
}

TEST_F(WeeklyViewTest, WhoWaitsForAKindOfPlaceThatIsNotThereIsSeen) {
  PlayedCase played = NewCase();
  auto event = EventOf(played);
  auto* made = event.mutable_decision_made();
  made->set_decision_id(NewUuidV7());
  made->set_facility_id("ekeliden");
  made->set_bed_kind(common::v1::BED_KIND_INTAKE);
  made->set_decision_date(FormatDate(Today()));
  ASSERT_TRUE(Consume(event).ok());
  const usecases::WeeklyAnswer view = View({.facility = domain::FacilityId("ekeliden")});
  ASSERT_EQ(view.queues.size(), 2u);
  EXPECT_EQ(view.queues[1].kind, domain::BedKind::kIntake);
  EXPECT_EQ(view.queues[1].waiting, 1);
}

TEST_F(WeeklyViewTest, WhoWasPassedOrWaitsLongComesFirstAndEachPlaceHasItsReason) {
  PlayedCase first = NewCase();
  PlayedCase second = NewCase();
  PlayedCase child = NewCase();
  Decide(first, "novus", Today() - days(40));
  Decide(second, "novus", Today() - days(3));
  Decide(child, "novus", Today() - days(1), {.child_perspective = true});
  Advance(days(1));
  const usecases::WeeklyAnswer view = View();
  ASSERT_EQ(view.attention.rows.size(), 1u);
  EXPECT_EQ(view.attention.rows[0].entry.case_id.value, first.case_id);
  EXPECT_EQ(view.attention.rows[0].position, 2);
  const usecases::QueueAnswer& queue = NovusQueue(view);
  ASSERT_EQ(queue.entries.size(), 3u);
  EXPECT_EQ(queue.waiting, 3);
  EXPECT_EQ(queue.entries[0].column, std::nullopt);
  EXPECT_EQ(queue.entries[1].column, domain::RuleColumn::kChildPerspective);
  EXPECT_EQ(queue.entries[2].column, domain::RuleColumn::kDecisionDate);
}

TEST_F(WeeklyViewTest, SectionsAreBoundedAndSayThatThereIsMore) {
  for (int i = 0; i < 4; ++i) {
    PlayedCase one = NewCase();
    Decide(one, "novus", Today() - days(40 + i));
  }
  Advance(days(1));
  const usecases::WeeklyAnswer view = View({.limit = 2});
  EXPECT_EQ(view.attention.rows.size(), 2u);
  EXPECT_TRUE(view.attention.more);
  EXPECT_EQ(NovusQueue(view).entries.size(), 2u);
  EXPECT_NE(NovusQueue(view).next, "");
  EXPECT_EQ(view.changes.rows.size(), 2u);
  EXPECT_TRUE(view.changes.more);
  EXPECT_EQ(view.change_counts.at("queued"), 4);
  EXPECT_FALSE(View({.limit = 4}).attention.more);
}

TEST_F(WeeklyViewTest, DeparturesArrivalsOffersAndWhatIsDue) {
  PlayedCase leaving = NewCase();
  PlayedCase coming = NewCase();
  PlayedCase asked = NewCase();
  const auto stay = PlaceIn(leaving, "novus", "novus-01").record.stay;
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"), {stay.id, "1", Today() + days(14), {}})
                  .ok());
  Decide(coming, "novus", Today() - days(85));
  const auto offer = MakeOffer("novus-02");
  ASSERT_TRUE(Accept(offer.record.offer.id, Today() + days(3)).ok());
  Decide(asked, "ekeliden", Today());
  MakeOffer("ekeliden-01");

  const usecases::WeeklyAnswer view = View();
  ASSERT_EQ(view.departures.rows.size(), 1u);
  EXPECT_EQ(view.departures.rows[0].row.kind, "discharge");
  EXPECT_EQ(view.departures.rows[0].who.display_name, "Test Testsson");
  ASSERT_EQ(view.arrivals.rows.size(), 1u);
  EXPECT_EQ(view.arrivals.rows[0].row.bed_id.value, "novus-02");
  ASSERT_EQ(view.offers.size(), 1u);
  EXPECT_EQ(view.offers[0].record.offer.bed_id.value, "ekeliden-01");
  EXPECT_THAT(Kinds(view), ElementsAre("move_in", "offer", "execution"));
  const Date decided = Today() - days(85);
  EXPECT_EQ(view.deadlines.rows[2].row.date, AddMonths(decided, 3));
  EXPECT_THAT(View({.horizon_days = 1}).departures.rows, IsEmpty());
  // How long that may take is the rule of the day on which the decision was made.
  database_.Query("placement",
                  "INSERT INTO deadline_rule (kind, valid_from, months)"
                  " VALUES ('execution', $1, 1), ('execution', $2, 2)",
                  {decided, decided + days(1)});
  const usecases::WeeklyAnswer shorter = View();
  EXPECT_EQ(shorter.deadlines.rows[0].row.kind, "execution");
  EXPECT_EQ(shorter.deadlines.rows[0].row.date, AddMonths(decided, 1));
  database_.Query("placement", "DELETE FROM deadline_rule WHERE valid_from > '2024-01-01'");

  // Who stays over the planned date is a departure that is overdue.
  Advance(days(16));
  const usecases::WeeklyAnswer late = View();
  EXPECT_TRUE(late.departures.rows.at(0).row.overdue);
  // Nobody knows until when, so the bed is not free tomorrow.
  for (const domain::DayCount& day : late.beds) {
    if (day.facility_id.value == "novus" && day.bed_kind == domain::BedKind::kRegular) {
      EXPECT_EQ(day.occupied, 1) << FormatDate(day.date);
      EXPECT_EQ(day.free, 0) << FormatDate(day.date);
    }
  }
}

TEST_F(WeeklyViewTest, WhoComesByATransferComesOnTheDayOfTheMove) {
  PlayedCase moving = NewCase();
  const auto stay = PlaceIn(moving, "ekeliden", "ekeliden-01").record.stay;
  Decide(moving, "novus", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("novus-01");
  ASSERT_TRUE(Accept(offer.record.offer.id, Today() + days(15)).ok());
  EXPECT_EQ(View({.horizon_days = 30}).arrivals.rows.at(0).row.date, Today() + days(15));
  const auto planned = usecases::PlanStayTransfer(stays_).Run(
      Writing("ekeliden"),
      {stay.id, "1", offer.record.offer.id, {Today() + days(3), Today() + days(20), {}}});
  ASSERT_TRUE(planned.ok()) << planned.status();
  const usecases::WeeklyAnswer view = View({.horizon_days = 30});
  ASSERT_EQ(view.arrivals.rows.size(), 1u);
  EXPECT_EQ(view.arrivals.rows[0].row.kind, "transfer");
  EXPECT_EQ(view.arrivals.rows[0].row.date, Today() + days(20));
  ASSERT_EQ(view.departures.rows.size(), 1u);
  EXPECT_EQ(view.departures.rows[0].row.kind, "transfer");
  EXPECT_EQ(view.departures.rows[0].row.date, Today() + days(20));
  EXPECT_THAT(View({.horizon_days = 16}).arrivals.rows, IsEmpty());
}

TEST_F(WeeklyViewTest, ABedThatIsLivedInWhenTheNextOneComesIsAConflictWithADate) {
  PlayedCase staying = NewCase();
  PlayedCase coming = NewCase();
  const auto stay = PlaceIn(staying, "novus", "novus-01").record.stay;
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"), {stay.id, "1", Today() + days(14), {}})
                  .ok());
  Decide(coming, "novus", Today());
  const auto offer = usecases::MakeOffer(store_, disclosure_)
                         .Run(Writing("novus"), {domain::BedId("novus-01"), Today() + days(14)});
  ASSERT_TRUE(offer.ok()) << offer.status();
  ASSERT_TRUE(Accept(offer->record.offer.id, Today() + days(14)).ok());
  EXPECT_THAT(Kinds(View()), Not(Contains("conflict")));
  const Date due = Today() + days(14);
  Advance(days(14));
  const usecases::WeeklyAnswer view = View();
  const auto conflict = std::find_if(view.deadlines.rows.begin(), view.deadlines.rows.end(),
                                     [](const auto& one) { return one.row.kind == "conflict"; });
  ASSERT_NE(conflict, view.deadlines.rows.end());
  EXPECT_EQ(conflict->row.date, due);
  EXPECT_EQ(conflict->row.bed_id.value, "novus-01");
}

TEST_F(WeeklyViewTest, CasesThatMayNotBeSeenAreLeftOutButABedsDatesAreNot) {
  PlayedCase hidden = NewCase();
  PlayedCase waiting = NewCase();
  const auto stay = PlaceIn(hidden, "novus", "novus-01").record.stay;
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"), {stay.id, "1", Today() + days(14), {}})
                  .ok());
  Decide(waiting, "novus", Today() - days(1));
  access_.Deny("placement-board", hidden.case_id);
  access_.Deny("placement-board", waiting.case_id);
  audit_.Taken();
  const usecases::WeeklyAnswer view = View();
  ASSERT_EQ(view.departures.rows.size(), 1u);
  EXPECT_EQ(view.departures.rows[0].row.bed_id.value, "novus-01");
  EXPECT_EQ(view.departures.rows[0].row.resource_id, "");
  EXPECT_EQ(view.departures.rows[0].who.case_number, "");
  EXPECT_THAT(NovusQueue(view).entries, IsEmpty());
  EXPECT_EQ(NovusQueue(view).waiting, 1);
  for (const auto& change : view.changes.rows) EXPECT_EQ(change.row.case_id, "");
  EXPECT_THAT(audit_.Taken(), IsEmpty());
}

TEST_F(WeeklyViewTest, WhatIsShownIsWrittenDownOnceAndNothingIsShownWhenReferralIsSilent) {
  PlayedCase person = NewCase();
  Decide(person, "novus", Today() - days(40));
  Advance(days(1));
  audit_.Taken();
  View();
  const auto trail = audit_.Taken();
  ASSERT_EQ(trail.size(), 1u) << "in attention, queue and changes, and one row of the trail";
  EXPECT_EQ(trail[0].case_id, person.case_id);
  access_.Break();
  EXPECT_FALSE(Ask().ok());
}

TEST_F(WeeklyViewTest, OnlyWhatHappenedSinceTheLastMeetingIsAChange) {
  PlayedCase person = NewCase();
  Decide(person, "novus", Today());
  Advance(days(8));
  EXPECT_THAT(View().changes.rows, IsEmpty());
  const usecases::WeeklyAnswer view = View({.since = clock_.Now() - days(9)});
  EXPECT_EQ(view.change_counts.at("queued"), 1);
  // A relapse is not the board's.
  const auto stay = PlaceIn(person, "novus", "novus-01").record.stay;
  usecases::IncidentCommand relapse;
  relapse.stay_id = stay.id;
  relapse.etag = "1";
  relapse.incident = {domain::IncidentKind::kRelapse, Today(), domain::TestResult::kUnspecified,
                      domain::Consequence::kConversation};
  ASSERT_TRUE(usecases::RecordStayIncident(stays_).Run(Writing("novus"), relapse).ok());
  EXPECT_EQ(View().change_counts.count("relapse"), 0u);
}

}  // namespace
}  // namespace vardkedja::placement
