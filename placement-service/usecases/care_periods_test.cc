// LVM at most six months, and a voluntary placement reconsidered every six, on PostgreSQL.
#include "placement-service/usecases/care_periods.h"

#include <gmock/gmock.h>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/stay_life.h"
#include "placement-service/usecases/weekly_view.h"

namespace vardkedja::placement {
namespace {

using domain::CarePeriodKind;
using domain::CarePeriodState;
using std::chrono::days;
using ::testing::Contains;

class CarePeriodsTest : public PlacementFixture {
 protected:
  std::vector<usecases::CarePeriodAnswer> List(const domain::StayId& stay,
                                               const std::string& unit = "alvesta-authority") {
    auto listed = usecases::ReadCarePeriods(stays_).List(As(unit), stay);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return listed.ok() ? *listed : std::vector<usecases::CarePeriodAnswer>();
  }
  // The newest of the stay.
  domain::CarePeriod Newest(const domain::StayId& stay) {
    const auto listed = List(stay);
    EXPECT_FALSE(listed.empty());
    return listed.empty() ? domain::CarePeriod() : listed[0].record.period;
  }
  absl::StatusOr<usecases::CarePeriodAnswer> Reconsider(
      const domain::CarePeriod& period, std::optional<Date> date = std::nullopt,
      const std::string& unit = "alvesta-authority") {
    return usecases::RecordReconsideration(stays_).Run(
        Writing(unit),
        {period.id, std::to_string(period.version), date, domain::ReconsiderationOutcome::kGoesOn,
         domain::ReconsiderationReason::kNeedRemains});
  }
  usecases::StayAnswer Place(PlayedCase& played, const domain::Criteria& criteria = {}) {
    Decide(played, "novus", Today(), criteria);
    const auto offer = MakeOffer("novus-01");
    EXPECT_TRUE(Accept(offer.record.offer.id, Today()).ok());
    return Enrol(offer.record.offer.id, "novus");
  }
  void Discharge(const usecases::StayAnswer& stay) {
    const auto left = usecases::DischargePerson(stays_).Run(
        Writing("novus"), {stay.record.stay.id,
                           std::to_string(stay.record.stay.version),
                           {},
                           domain::DischargeReason::kOwnWish,
                           {}});
    ASSERT_TRUE(left.ok()) << left.status();
  }
};

TEST_F(CarePeriodsTest, AVoluntaryPlacementIsReconsideredAndTheNextPeriodBegins) {
  PlayedCase played = NewCase();
  const auto stay = Place(played);
  const Date moved_in = Today();
  const domain::CarePeriod first = Newest(stay.record.stay.id);
  EXPECT_EQ(first.kind, CarePeriodKind::kReconsideration);
  EXPECT_EQ(first.due, AddMonths(moved_in, 6));
  EXPECT_EQ(Events("care_period_began").at(0).care_period_began().kind_code(), "reconsideration");

  Advance(days(100));
  const auto done = Reconsider(first, Today() - days(1));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->record.period.state, CarePeriodState::kReconsidered);
  EXPECT_EQ(done->record.period.reconsidered->by_unit.value, "alvesta-authority");
  EXPECT_EQ(done->record.period.reconsidered->by_subject, "subject-of-alvesta-authority");
  EXPECT_TRUE(done->actions.empty());
  const domain::CarePeriod next = Newest(stay.record.stay.id);
  EXPECT_EQ(next.start, Today() - days(1));
  EXPECT_EQ(next.due, AddMonths(Today() - days(1), 6));
  EXPECT_EQ(Events("placement_reconsidered").at(0).placement_reconsidered().outcome_code(),
            "goes_on");
  EXPECT_EQ(Events("care_period_began").size(), 2u);
  EXPECT_EQ(ReasonOf(Reconsider(done->record.period).status()), "ILLEGAL_STATE");
}

TEST_F(CarePeriodsTest, OnlyTheOwnerReconsidersAndNotAheadNorBeforeThePeriod) {
  PlayedCase played = NewCase();
  const auto stay = Place(played);
  const domain::CarePeriod period = Newest(stay.record.stay.id);
  EXPECT_EQ(ReasonOf(Reconsider(period, {}, "novus").status()), "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(Reconsider(period, {}, "vaxjo-ifo1").status()), "NOT_FOUND");
  EXPECT_EQ(GetErrorDetail(Reconsider(period, Today() + days(1)).status())->violations.at(0).rule,
            "IN_THE_FUTURE");
  EXPECT_EQ(GetErrorDetail(Reconsider(period, Today() - days(1)).status())->violations.at(0).rule,
            "BEFORE_PERIOD");
  domain::CarePeriod stale = period;
  ++stale.version;
  EXPECT_EQ(ReasonOf(Reconsider(stale).status()), "STALE_ETAG");
  EXPECT_EQ(List(stay.record.stay.id, "novus").at(0).actions, std::vector<std::string>{});
  EXPECT_EQ(List(stay.record.stay.id).at(0).actions,
            std::vector<std::string>{"RecordReconsideration"});
}

TEST_F(CarePeriodsTest, LvmIsNotProlongedByAReconsiderationAndStandsInTheWeek) {
  PlayedCase played = NewCase();
  const auto stay = Place(played, {.lvm_section_27 = true});
  const domain::CarePeriod period = Newest(stay.record.stay.id);
  EXPECT_EQ(period.kind, CarePeriodKind::kLvm);
  EXPECT_EQ(period.due, AddMonths(Today(), 6));
  EXPECT_EQ(ReasonOf(Reconsider(period).status()), "ILLEGAL_STATE");
  Advance(days(150));
  const auto view =
      usecases::WeeklyView(store_, disclosure_).Run(As("placement-board"), {.horizon_days = 92});
  ASSERT_TRUE(view.ok()) << view.status();
  std::vector<std::string> kinds;
  for (const auto& one : view->deadlines.rows) kinds.push_back(one.row.kind);
  EXPECT_THAT(kinds, Contains("lvm"));
}

TEST_F(CarePeriodsTest, ItEndsWithTheStayAndGoesOnWithADischargeThatIsUndone) {
  PlayedCase played = NewCase();
  const auto stay = Place(played);
  const Date moved_in = Today();
  Advance(days(10));
  Discharge(stay);
  EXPECT_EQ(Newest(stay.record.stay.id).state, CarePeriodState::kEnded);
  const auto undone =
      usecases::UndoStayDischarge(stays_).Run(Writing("novus"), {stay.record.stay.id, "2"});
  ASSERT_TRUE(undone.ok()) << undone.status();
  const domain::CarePeriod again = Newest(stay.record.stay.id);
  EXPECT_EQ(again.state, CarePeriodState::kOpen);
  EXPECT_EQ(again.start, moved_in);
}

TEST_F(CarePeriodsTest, ANewDecisionWithoutLvmIsReconsideredFromItsDate) {
  PlayedCase played = NewCase();
  const auto stay = Place(played, {.lvm_section_27 = true});
  Advance(days(30));
  Decide(played, "novus", Today());
  const domain::CarePeriod now = Newest(stay.record.stay.id);
  EXPECT_EQ(now.kind, CarePeriodKind::kReconsideration);
  EXPECT_EQ(now.start, Today());
  EXPECT_EQ(List(stay.record.stay.id).at(1).record.period.state, CarePeriodState::kReplaced);
}

TEST_F(CarePeriodsTest, WhoLivedThereBeforeThereWereRulesIsWatchedWhenTheyCome) {
  database_.Query("placement", "DELETE FROM care_period_rule");
  PlayedCase played = NewCase();
  const auto stay = Place(played);
  EXPECT_TRUE(List(stay.record.stay.id).empty());
  const absl::Status seeded = pool_->InTransaction({}, [&](pg::Transaction& tx) {
    return storage::RunInSession(tx, {clock_.Now(), "", ""}, [&](usecases::Session& session) {
      return usecases::SeedCarePeriodRules(
                 session, {{CarePeriodKind::kReconsideration, MakeDate(2024, 1, 1), 6}})
          .status();
    });
  });
  ASSERT_TRUE(seeded.ok()) << seeded;
  EXPECT_EQ(Newest(stay.record.stay.id).start, Today());
}

TEST_F(CarePeriodsTest, TheDatabaseRefusesTwoOpenPeriodsAndHalfAReconsideration) {
  PlayedCase played = NewCase();
  const auto stay = Place(played);
  const auto refused = [&](const std::string& sql) {
    return pg::ViolatedConstraint(pool_->Write(sql, {}).status()).value_or("nothing");
  };
  EXPECT_EQ(refused("INSERT INTO care_period (care_period_id, entry_id, stay_id, kind, state,"
                    " start_date, due_date) SELECT gen_random_uuid(), entry_id, stay_id, kind,"
                    " state, start_date, due_date FROM care_period"),
            "care_period_one_open");
  EXPECT_EQ(refused("UPDATE care_period SET state = 'reconsidered'"), "care_period_reconsidered");
}

}  // namespace
}  // namespace vardkedja::placement
