// Facilities changed by calls: their beds, extra places, seasons, prices and history.
#include "placement-service/usecases/facilities.h"

#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;
using usecases::ReadBeds;

class FacilitiesTest : public PlacementFixture {
 protected:
  domain::Facility Novus() {
    return ReadBeds(store_).Facility(As("novus"), domain::FacilityId("novus"))->facility;
  }
  usecases::SeenFacility Seen() {
    return {domain::FacilityId("novus"), std::to_string(Novus().version)};
  }
  domain::Bed NewBed(const std::string& id, bool extra) {
    domain::Bed bed;
    bed.id = domain::BedId(id);
    bed.facility_id = domain::FacilityId("novus");
    bed.extra = extra;
    bed.operational = {Today(), std::nullopt};
    return bed;
  }
  absl::StatusOr<usecases::BedAnswer> Retire(const std::string& bed, std::optional<Date> to) {
    const auto found = store_.FindBed(As("novus"), domain::BedId(bed));
    return usecases::RetireBed(store_).Run(
        Writing("novus"), {domain::BedId(bed), std::to_string((*found)->bed.version), to});
  }
  absl::StatusOr<usecases::FacilityAnswer> CloseIntake(Date from, std::optional<Date> to) {
    return usecases::CloseIntake(store_).Run(Writing("novus"), {Seen(), {from, to}});
  }
  absl::StatusOr<usecases::FacilityAnswer> SetPrice(Date from, std::int64_t ore) {
    return usecases::SetPrice(store_).Run(Writing("novus"),
                                          {Seen(), {domain::BedKind::kRegular, from, ore}});
  }
  domain::DayCount NovusOn(Date date) {
    const auto answer = ReadBeds(store_).Availability(
        As("novus"), {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, {}});
    return answer->days.at(0);
  }
  std::vector<std::string> History() {
    const auto page = ReadBeds(store_).History(As("novus"), {domain::FacilityId("novus"), "", 100});
    std::vector<std::string> lines;
    for (const domain::FacilityFact& fact : page->facts) {
      lines.push_back(fact.kind + " " + fact.field + ": " + fact.before + " -> " + fact.after);
    }
    return lines;
  }
};

TEST_F(FacilitiesTest, DetailsAreReplacedAndEveryChangedFieldIsADatedFact) {
  domain::FacilityDetails details = Novus().details;
  details.name = "Novus stödboende";
  details.operator_type = domain::OperatorType::kMunicipality;
  details.in_house_health_care = true;
  details.terms = {48, 12};
  const usecases::SeenFacility seen = Seen();
  const usecases::ChangeFacilityDetails change(store_);
  EXPECT_EQ(ReasonOf(change.Run(Writing("ekeliden"), {seen, details}).status()), "UNIT_NOT_YOURS");
  const auto ctx = Writing("placement-board", "novus");
  const auto changed = change.Run(ctx, {seen, details});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->facility.details, details);
  EXPECT_EQ(changed->facility.version, 2);
  EXPECT_TRUE(change.Run(ctx, {seen, details}).ok()) << "a repeated call is no second change";
  EXPECT_EQ(ReasonOf(change.Run(Writing("novus"), {seen, details}).status()), "STALE_ETAG");

  const auto events = Events("facility_registered");
  EXPECT_EQ(events.back().facility_registered().name(), "Novus stödboende");
  EXPECT_EQ(events.back().facility_registered().operator_code(), "municipality");
  const std::vector<std::string> history = History();
  ASSERT_GE(history.size(), 5u);
  EXPECT_EQ(history[4], "changed name: Novus -> Novus stödboende");
  EXPECT_EQ(history[1], "changed offer_deadline_hours: 72 -> 48");
  EXPECT_EQ(history.back(), "registered :  -> ");
}

TEST_F(FacilitiesTest, AllThatIsWrongWithTheDetailsIsToldAtOnce) {
  domain::FacilityDetails details;
  details.care_level = "Stödboende!";
  details.ivo_reference = "4.1.2 <b>";
  details.terms = {0, 0};
  const auto refused =
      usecases::ChangeFacilityDetails(store_).Run(Writing("novus"), {Seen(), details});
  std::vector<std::string> fields;
  const auto detail = GetErrorDetail(refused.status());
  ASSERT_TRUE(detail.has_value());
  for (const auto& one : detail->violations) fields.push_back(one.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"name", "care_level", "ivo_reference",
                                              "offer_deadline_hours", "offer_reminder_hours"}));
}

TEST_F(FacilitiesTest, AnExtraPlaceIsLivedInAndNeverCountedAsAvailable) {
  const usecases::AddBedToFacility add(store_);
  EXPECT_EQ(ReasonOf(add.Run(Writing("ekeliden"), NewBed("novus-x1", true)).status()),
            "UNIT_NOT_YOURS");
  const auto added = add.Run(Writing("novus"), NewBed("novus-x1", true));
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(ReasonOf(add.Run(Writing("novus"), NewBed("novus-x1", false)).status()), "BED_EXISTS");
  EXPECT_EQ(ReasonOf(add.Run(Writing("novus"), NewBed("Novus X", false)).status()),
            "FIELD_VIOLATIONS");
  EXPECT_TRUE(Events("bed_registered").back().bed_registered().extra());
  EXPECT_EQ(NovusOn(Today()).beds, 2);

  PlayedCase first = NewCase();
  PlayedCase second = NewCase();
  PlayedCase third = NewCase();
  PlaceIn(first, "novus", "novus-01");
  PlaceIn(second, "novus", "novus-02");
  PlaceIn(third, "novus", "novus-x1");
  EXPECT_EQ(NovusOn(Today()).beds, 2);
  EXPECT_EQ(NovusOn(Today()).occupied, 2);
  EXPECT_EQ(NovusOn(Today()).extra_occupied, 1);
  EXPECT_EQ(History()[0], "bed_added extra_place:  -> regular");
}

TEST_F(FacilitiesTest, ABedIsRetiredOnlyFromADateOnWhichNothingStandsOnIt) {
  PlayedCase person = NewCase();
  const auto stay = PlaceIn(person, "novus", "novus-01");
  EXPECT_EQ(ReasonOf(Retire("novus-01", Today() + days(30)).status()), "BED_OCCUPIED");
  ASSERT_TRUE(usecases::PlanStayDischarge(stays_)
                  .Run(Writing("novus"), {stay.record.stay.id, "1", Today() + days(30), {}})
                  .ok());
  EXPECT_EQ(ReasonOf(Retire("novus-01", Today() + days(29)).status()), "BED_OCCUPIED");
  EXPECT_EQ(ReasonOf(Retire("novus-01", Today() - days(1)).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Retire("novus-01", std::nullopt).status()), "ILLEGAL_STATE");
  const auto retired = Retire("novus-01", Today() + days(30));
  ASSERT_TRUE(retired.ok()) << retired.status();
  EXPECT_EQ(NovusOn(Today() + days(30)).closed, 1);
  EXPECT_EQ(Events("bed_registered").back().bed_registered().operational_to(),
            FormatDate(Today() + days(30)));

  ASSERT_TRUE(Retire("novus-01", std::nullopt).ok());
  EXPECT_EQ(NovusOn(Today() + days(30)).free, 2);
  EXPECT_EQ(Events("bed_registered").back().bed_registered().operational_to(), "");
  ASSERT_TRUE(Retire("novus-02", Today()).ok());
  EXPECT_EQ(ReasonOf(Retire("novus-02", std::nullopt).status()), "ILLEGAL_STATE");
  EXPECT_EQ(History()[0], "bed_retired :  -> ");
}

TEST_F(FacilitiesTest, OverlappingClosuresAreRefusedByTheDatabase) {
  const auto close = [&](Date from, Date to) {
    const auto bed = store_.FindBed(As("novus"), domain::BedId("novus-01"));
    return usecases::CloseBed(store_).Run(Writing("novus"), {domain::BedId("novus-01"),
                                                             std::to_string((*bed)->bed.version),
                                                             {from, to},
                                                             domain::ClosureReason::kRepair});
  };
  ASSERT_TRUE(close(Today() + days(5), Today() + days(10)).ok());
  EXPECT_EQ(ReasonOf(close(Today() + days(9), Today() + days(12)).status()), "BED_CLOSED");
  EXPECT_TRUE(close(Today() + days(10), Today() + days(12)).ok());
  EXPECT_EQ(History()[0], "bed_closed reason:  -> repair");
}

TEST_F(FacilitiesTest, WhilePlannedIntakeIsClosedOnlyAcuteEntriesAreOffered) {
  PlayedCase planned = NewCase();
  PlayedCase acute = NewCase();
  Decide(planned, "novus", Today() - days(5), {.child_perspective = true});
  const Date summer = Today() + days(10);
  ASSERT_TRUE(CloseIntake(summer, summer + days(30)).ok());
  EXPECT_EQ(ReasonOf(CloseIntake(summer + days(29), std::nullopt).status()), "INTAKE_CLOSED");
  const usecases::MakeOffer offer(store_, disclosure_);
  EXPECT_EQ(ReasonOf(offer.Run(Writing("novus"), {domain::BedId("novus-01"), summer}).status()),
            "INTAKE_CLOSED");
  const usecases::CheckEligibility check(store_, disclosure_);
  const auto lacks = check.Run(As("novus"), {EntryOf(planned, "novus")->id, {}, summer});
  ASSERT_TRUE(lacks.ok()) << lacks.status();
  EXPECT_EQ(lacks->missing, std::vector<domain::Lack>{domain::Lack::kIntakeClosed});
  EXPECT_TRUE(check.Run(As("novus"), {EntryOf(planned, "novus")->id, {}, {}})->missing.empty());

  // Further back in the queue, but acute.
  Decide(acute, "novus", Today(), {.lvm_section_27 = true});
  const auto made = offer.Run(Writing("novus"), {domain::BedId("novus-01"), summer});
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->record.entry.case_id.value, acute.case_id);
  EXPECT_EQ(NovusOn(summer).closed, 0) << "the beds stay operational";
  EXPECT_TRUE(NovusOn(summer).intake_closed);
  EXPECT_FALSE(NovusOn(summer - days(1)).intake_closed);
}

TEST_F(FacilitiesTest, AnAcuteNeedGoesByOverrideWhilePlannedIntakeIsClosed) {
  PlayedCase planned = NewCase();
  Decide(planned, "novus", Today() - days(5));
  ASSERT_TRUE(CloseIntake(Today(), std::nullopt).ok());
  const auto seat = [&](const std::string& name) {
    auth::CallContext ctx = Writing("placement-board", name);
    ctx.principal.roles = {auth::Role::kBoardMember};
    return ctx;
  };
  const auto propose = [&](domain::OverrideReason reason) {
    return usecases::ProposeQueueOverride(store_, disclosure_)
        .Run(seat("novus"), {EntryOf(planned, "novus")->id, domain::BedId("novus-01"), {}, reason});
  };
  EXPECT_EQ(ReasonOf(propose(domain::OverrideReason::kIndividualAssessment).status()),
            "INTAKE_CLOSED");
  const auto proposed = propose(domain::OverrideReason::kAcuteNeed);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  const auto confirmed = usecases::SettleQueueOverride(store_, disclosure_)
                             .Run(seat("ekeliden"), {proposed->record.proposal.id, "1",
                                                     domain::OverrideAction::kConfirm});
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  EXPECT_EQ(confirmed->record.eligible_before, 0);
}

TEST_F(FacilitiesTest, PlannedIntakeOpensAgainBeforeItsTime) {
  const auto closed = CloseIntake(Today(), Today() + days(30));
  ASSERT_TRUE(closed.ok()) << closed.status();
  const domain::IntakeClosureId id = closed->facility.intake_closures.at(0).id;
  const usecases::OpenIntake open(store_);
  EXPECT_EQ(
      ReasonOf(
          open.Run(Writing("novus"), {Seen(), domain::IntakeClosureId("nothing"), {}}).status()),
      "NOT_FOUND");
  EXPECT_EQ(ReasonOf(open.Run(Writing("novus"), {Seen(), id, Today() + days(31)}).status()),
            "FIELD_VIOLATIONS");
  const auto opened = open.Run(Writing("novus"), {Seen(), id, {}});
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_FALSE(domain::IntakeClosedOn(opened->facility, Today()));
  EXPECT_EQ(History()[0], "intake_opened :  -> ");
}

TEST_F(FacilitiesTest, APriceHoldsFromItsDateAndThePastIsLeftAlone) {
  ASSERT_TRUE(SetPrice(Today() - days(300), 184'200).ok()) << "the first may begin in the past";
  EXPECT_EQ(ReasonOf(SetPrice(Today() - days(1), 190'000).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(SetPrice(Today(), 0).status()), "FIELD_VIOLATIONS");
  // Beside what cannot be read, all that can be is judged.
  const auto wrong = GetErrorDetail(usecases::SetPrice(store_).Judge(
      As("novus"),
      {{domain::FacilityId("novus"), ""}, {domain::BedKind::kRegular, Today() - days(1), 0}}));
  ASSERT_TRUE(wrong.has_value());
  ASSERT_EQ(wrong->violations.size(), 2u);
  EXPECT_EQ(wrong->violations[0].field, "ore_per_day");
  EXPECT_EQ(wrong->violations[1].field, "from_date");
  ASSERT_TRUE(SetPrice(Today() + days(30), 190'000).ok());
  const auto replaced = SetPrice(Today() + days(30), 191'000);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  ASSERT_EQ(replaced->prices.size(), 2u);
  EXPECT_EQ(replaced->prices[1].ore_per_day, 191'000);
  EXPECT_EQ(History()[0], "price_set regular: 190000 -> 191000");
  EXPECT_EQ(History()[2], "price_set regular:  -> 184200");
}

TEST_F(FacilitiesTest, HistoryIsReadInPages) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(SetPrice(Today() + days(i), 100'000 + i).ok());
  const ReadBeds reads(store_);
  const domain::FacilityId novus("novus");
  const auto first = reads.History(As("novus"), {novus, "", 2});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->facts.size(), 2u);
  const auto second = reads.History(As("novus"), {novus, first->next, 2});
  EXPECT_EQ(second->facts[0].after, "100000");
  EXPECT_EQ(ReasonOf(reads.History(As("novus"), {domain::FacilityId("nowhere"), "", 2}).status()),
            "NOT_FOUND");
}

}  // namespace
}  // namespace vardkedja::placement
