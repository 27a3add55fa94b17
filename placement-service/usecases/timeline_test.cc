// The history of a case on PostgreSQL: order, who did it, and who may see what of it.
#include "placement-service/usecases/timeline.h"

#include "lib/id/uuid.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/overrides.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using Lines = std::vector<std::string>;

constexpr char kOwner[] = "alvesta-authority";

class TimelineTest : public PlacementFixture {
 protected:
  TimelineTest() : person_(NewCase()) { access_.Permit(kOwner, person_.case_id, "owner"); }

  absl::StatusOr<usecases::ReadTimeline::Page> Ask(const std::string& unit, int limit = 100,
                                                   const std::string& cursor = "") {
    return usecases::ReadTimeline(store_, disclosure_)
        .Run(As(unit), domain::CaseId(person_.case_id), limit, cursor);
  }
  // "resource kind unit seat", oldest first.
  Lines Timeline(const std::string& unit) {
    const auto page = Ask(unit);
    EXPECT_TRUE(page.ok()) << page.status();
    Lines lines;
    if (!page.ok()) return lines;
    EXPECT_EQ(page->next, "");
    for (const usecases::TimelineRow& row : page->rows) {
      std::string line = row.resource + " " + row.kind;
      for (const std::string& who : {row.unit_id, row.seat}) {
        if (!who.empty()) line += " " + who;
      }
      lines.push_back(std::move(line));
    }
    return lines;
  }
  auth::CallContext Seat(const std::string& seat) {
    auth::CallContext ctx = Writing("placement-board", seat);
    ctx.principal.roles = {auth::Role::kBoardMember};
    return ctx;
  }
  void Incident(const domain::Stay& stay, const std::string& etag) {
    domain::Incident incident;
    incident.kind = domain::IncidentKind::kRelapse;
    incident.consequence = domain::Consequence::kConversation;
    const auto done = usecases::RecordStayIncident(stays_).Run(Writing("ekeliden"),
                                                               {stay.id, etag, {}, incident});
    ASSERT_TRUE(done.ok()) << done.status();
  }

  PlayedCase person_;
};

TEST_F(TimelineTest, TellsTheWayThroughQueueOfferAndStayWithWhoDidWhat) {
  Decide(person_, "ekeliden", Today());
  Advance(minutes(1));
  const auto offer = MakeOffer("ekeliden-01");
  Advance(minutes(1));
  ASSERT_TRUE(Accept(offer.record.offer.id, Today()).ok());
  Advance(minutes(1));
  const domain::Stay stay = Enrol(offer.record.offer.id, "ekeliden").record.stay;
  Advance(minutes(1));
  Incident(stay, "1");
  const Lines expected{"entry queued",
                       "offer offered placement-board novus",
                       "offer accepted alvesta-authority",
                       "offer placed ekeliden",
                       "stay enrolled ekeliden",
                       "stay relapse ekeliden"};
  EXPECT_EQ(Timeline(kOwner), expected);
  const auto page = Ask(kOwner);
  const usecases::TimelineRow& offered = page->rows[1];
  EXPECT_EQ(offered.resource_id, offer.record.offer.id.value);
  EXPECT_EQ(offered.bed_id.value, "ekeliden-01");
  EXPECT_EQ(offered.facility_id.value, "ekeliden");
  EXPECT_TRUE(offered.deputy);
  const usecases::TimelineRow& relapse = page->rows[5];
  EXPECT_EQ(relapse.resource_id, stay.id.value);
  EXPECT_EQ(relapse.consequence, "conversation");
  EXPECT_EQ(relapse.on, Today());
  EXPECT_EQ(relapse.position.at, clock_.Now());
}

TEST_F(TimelineTest, AReconsiderationStandsInItWithOutcomeAndReason) {
  const domain::Stay stay = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay;
  const auto periods = store_.ListCarePeriods(As(kOwner), stay.entry_id);
  ASSERT_TRUE(periods.ok() && periods->size() == 1u) << periods.status();
  Advance(days(30));
  const auto done = usecases::RecordReconsideration(stays_).Run(
      Writing(kOwner),
      {periods->front().period.id, "1", Today() - days(1), domain::ReconsiderationOutcome::kGoesOn,
       domain::ReconsiderationReason::kNeedRemains});
  ASSERT_TRUE(done.ok()) << done.status();
  const auto page = Ask(kOwner);
  ASSERT_TRUE(page.ok()) << page.status();
  const usecases::TimelineRow& last = page->rows.back();
  EXPECT_EQ(last.resource + " " + last.kind, "care_period reconsidered");
  EXPECT_EQ(last.resource_id, periods->front().period.id.value);
  EXPECT_EQ(last.code, "need_remains");
  EXPECT_EQ(last.consequence, "goes_on");
  EXPECT_EQ(last.on, Today() - days(1));
  EXPECT_EQ(last.unit_id, kOwner);
  access_.Permit("novus", person_.case_id, "facility.own_stay_record");
  EXPECT_EQ(Timeline("novus"), Lines{});
}

TEST_F(TimelineTest, IncidentsAreForTheOwnerAndTheFacilityWhereTheyHappened) {
  Incident(PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay, "1");
  const auto sees = [this](const std::string& unit) {
    const Lines lines = Timeline(unit);
    return std::find(lines.begin(), lines.end(), "stay relapse ekeliden") != lines.end();
  };
  EXPECT_TRUE(sees(kOwner));
  EXPECT_TRUE(sees("ekeliden"));
  EXPECT_FALSE(sees("placement-board"));
  EXPECT_FALSE(sees("novus"));
}

TEST_F(TimelineTest, AFacilityWithItsOwnRecordAloneSeesItsOwnStayAlone) {
  const auto stay = PlaceIn(person_, "ekeliden", "ekeliden-01");
  access_.Permit("ekeliden", person_.case_id, "facility.own_stay_record");
  access_.Permit("novus", person_.case_id, "facility.own_stay_record");
  EXPECT_EQ(Timeline("ekeliden"), Lines{"stay enrolled ekeliden"});
  EXPECT_EQ(Timeline("novus"), Lines{});
}

TEST_F(TimelineTest, AnOverrideIsToldToTheOwnerAndTheBoardWithBothSeats) {
  PlayedCase first = NewCase();
  Decide(first, "ekeliden", Today() - days(1));
  Decide(person_, "ekeliden", Today());
  const auto proposal =
      usecases::ProposeQueueOverride(store_, disclosure_)
          .Run(Seat("ekeliden"), {EntryOf(person_, "ekeliden")->id, domain::BedId("ekeliden-01"),
                                  Today(), domain::OverrideReason::kAcuteNeed});
  ASSERT_TRUE(proposal.ok()) << proposal.status();
  Advance(minutes(1));
  ASSERT_TRUE(
      usecases::SettleQueueOverride(store_, disclosure_)
          .Run(Seat("novus"), {proposal->record.proposal.id, "1", domain::OverrideAction::kConfirm})
          .ok());
  const Lines expected{"override proposed placement-board ekeliden", "entry queued",
                       "override confirmed placement-board novus",
                       "offer offered placement-board novus"};
  EXPECT_EQ(Timeline("placement-board"), expected);
  EXPECT_EQ(Timeline(kOwner), expected);
  EXPECT_EQ(Timeline("ekeliden"), (Lines{"entry queued", "offer offered placement-board novus"}));
  const auto page = Ask(kOwner);
  EXPECT_EQ(page->rows[0].code, "acute_need");
  EXPECT_EQ(page->rows[0].on, Today());
  EXPECT_FALSE(page->rows[0].deputy);
  EXPECT_EQ(page->rows[3].code, "override");
}

TEST_F(TimelineTest, ATransferIsPlannedConfirmedAndGivenUp) {
  const domain::Stay stay = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay;
  Decide(person_, "novus", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("novus-01");
  const Date move = Today() + days(20);
  ASSERT_TRUE(Accept(offer.record.offer.id, move).ok());
  Advance(minutes(1));
  const auto planned = usecases::PlanStayTransfer(stays_).Run(
      Writing("ekeliden"), {stay.id, "1", offer.record.offer.id, {Today(), move, {}}});
  ASSERT_TRUE(planned.ok()) << planned.status();
  const domain::TransferId id = planned->record.transfer.id;
  Advance(minutes(1));
  ASSERT_TRUE(usecases::ConfirmStayTransfer(stays_).Run(Writing("novus"), {id, "1"}).ok());
  Advance(minutes(1));
  ASSERT_TRUE(usecases::CancelStayTransfer(stays_)
                  .Run(Writing(kOwner), {id, "2", domain::TransferCancelReason::kPersonsWish})
                  .ok());
  auto page = Ask(kOwner);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<usecases::TimelineRow> last(page->rows.end() - 4, page->rows.end());
  EXPECT_EQ(last[0].kind, "transfer_planned");
  EXPECT_EQ(last[0].on, move);
  EXPECT_EQ(last[0].code, "novus-01");
  EXPECT_EQ(last[1].kind, "transfer_confirmed");
  EXPECT_EQ(last[1].unit_id, "novus");
  EXPECT_EQ(last[1].code, "novus");
  EXPECT_EQ(last[2].kind, "withdrawn");
  EXPECT_EQ(last[3].kind, "transfer_cancelled");
  EXPECT_EQ(last[3].unit_id, kOwner);
  EXPECT_EQ(last[3].code, "persons_wish");
}

TEST_F(TimelineTest, ATimerIsNobodysAct) {
  Decide(person_, "ekeliden", Today());
  MakeOffer("ekeliden-01");
  Advance(days(4));
  EXPECT_EQ(Timeline(kOwner),
            (Lines{"entry queued", "offer offered placement-board novus", "offer expired"}));
}

TEST_F(TimelineTest, IsPagedWithoutGapAndRefusesAForeignCursor) {
  Incident(PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay, "1");
  const auto all = Ask(kOwner);
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->rows.size(), 6u);
  Lines found;
  std::string cursor;
  do {
    const auto page = Ask(kOwner, 2, cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->rows.size(), 2u);
    for (const auto& row : page->rows) found.push_back(row.kind);
    cursor = page->next;
  } while (!cursor.empty());
  Lines wanted;
  for (const auto& row : all->rows) wanted.push_back(row.kind);
  EXPECT_EQ(found, wanted);
  const std::string good = Ask(kOwner, 2)->next;
  for (const std::string& bad : {std::string("x"), NewUuidV4(), good + "x", good.substr(1),
                                 good.substr(2), "0001" + good.substr(4)}) {
    EXPECT_EQ(ReasonOf(Ask(kOwner, 2, bad).status()), "FIELD_VIOLATIONS") << bad;
  }
}

TEST_F(TimelineTest, ToReadIsARowAndAStrangerLearnsNothing) {
  Decide(person_, "ekeliden", Today());
  audit_.Taken();
  ASSERT_TRUE(Ask(kOwner).ok());
  const auto read = audit_.Taken();
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(read[0].permitted);
  EXPECT_EQ(read[0].case_id, person_.case_id);
  EXPECT_EQ(read[0].rule_id, "owner");
  EXPECT_EQ(ReasonOf(Ask("vaxjo-ifo1").status()), "NOT_FOUND");
  const auto denied = audit_.Taken();
  ASSERT_EQ(denied.size(), 1u);
  EXPECT_FALSE(denied[0].permitted);
}

}  // namespace
}  // namespace vardkedja::placement
