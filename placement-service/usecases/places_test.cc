// A place for one person at a facility and level, whichever bed: which bed is chosen, and that
// nobody is passed by it.
#include "lib/status/status.h"
#include "placement-service/domain/place_choice.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/facilities.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;

const Date kToday = MakeDate(2026, 11, 23);

domain::BedCalendar Calendar(const std::string& id, bool extra = false) {
  domain::BedCalendar bed;
  bed.bed_id = domain::BedId(id);
  bed.extra = extra;
  bed.operational = {MakeDate(2025, 1, 1), std::nullopt};
  return bed;
}

domain::PlaceWanted Wanted(int within_days) {
  domain::PlaceWanted wanted;
  wanted.entry.facts.decision_date = kToday;
  wanted.today = kToday;
  wanted.by = kToday + days(within_days);
  return wanted;
}

std::string Chosen(const std::vector<domain::BedCalendar>& beds,
                   const domain::PlaceWanted& wanted) {
  const auto choice = domain::ChoosePlace(beds, wanted);
  if (!choice) return "none";
  return choice->bed_id.value + " in " + std::to_string((choice->from - kToday).count());
}

TEST(PlaceChoiceTest, TheEarliestThenOrdinaryBeforeExtraThenById) {
  auto soon = Calendar("a");
  soon.stays.push_back({kToday - days(9), kToday + days(3)});
  EXPECT_EQ(Chosen({soon, Calendar("c"), Calendar("b"), Calendar("a0", true)}, Wanted(9)),
            "b in 0");
  EXPECT_EQ(Chosen({soon, Calendar("z", true)}, Wanted(9)), "z in 0");
  EXPECT_EQ(Chosen({soon}, Wanted(3)), "a in 3");
  EXPECT_EQ(Chosen({soon}, Wanted(2)), "none");
}

TEST(PlaceChoiceTest, NeverWhatIsHeldPromisedClosedOrAnswered) {
  auto held = Calendar("a");
  held.holds.push_back({kToday + days(1), kToday + days(4)});
  auto reserved = Calendar("b");
  reserved.reservations.push_back({kToday + days(20), std::nullopt});
  auto offered = Calendar("c");
  offered.offered_from = kToday;
  auto closed = Calendar("d");
  closed.closures.push_back({kToday, kToday + days(2)});
  const std::vector<domain::BedCalendar> beds = {held, reserved, offered, closed, Calendar("e")};
  EXPECT_EQ(Chosen(beds, Wanted(5)), "e in 0");
  auto answered = Wanted(5);
  answered.answered = {domain::BedId("e")};
  EXPECT_EQ(Chosen(beds, answered), "d in 2");
  answered.answered.insert(domain::BedId("d"));
  EXPECT_EQ(Chosen(beds, answered), "a in 4");
}

TEST(PlaceChoiceTest, OnlyOnDatesThatTheDecisionCoversAndIntakeIsOpen) {
  auto wanted = Wanted(5);
  wanted.facility.intake_closures.push_back(
      {domain::IntakeClosureId("season"), {kToday, kToday + days(2)}});
  EXPECT_EQ(Chosen({Calendar("a")}, wanted), "a in 2");
  wanted.entry.facts.decision_date = kToday + days(4);
  EXPECT_EQ(Chosen({Calendar("a")}, wanted), "a in 4");
  wanted.entry.facts.decision_date = kToday;
  wanted.by = kToday + days(1);
  EXPECT_EQ(ReasonOf(domain::CheckPlaceWanted(wanted)), "INTAKE_CLOSED");
  wanted.acute = true;
  EXPECT_EQ(Chosen({Calendar("a")}, wanted), "a in 0");
  EXPECT_EQ(ReasonOf(domain::CheckPlaceWanted(wanted)), "OK");
  wanted.entry.decision_to = kToday;
  EXPECT_EQ(ReasonOf(domain::CheckPlaceWanted(wanted)), "NO_DECISION");
}

class PlacesTest : public PlacementFixture {
 protected:
  PlacesTest() : first_(NewCase()), second_(NewCase()) {
    Decide(first_, "novus", Today() - days(3));
    Decide(second_, "novus", Today() - days(2));
  }

  absl::StatusOr<usecases::OfferAnswer> Offer(const PlayedCase& played,
                                              std::optional<Date> by = std::nullopt,
                                              const std::string& unit = "placement-board") {
    return usecases::OfferPlace(store_, disclosure_)
        .Run(Writing(unit, "novus"), {EntryOf(played, "novus")->id, "supported_housing", by});
  }
  std::string Reason(const PlayedCase& played, std::optional<Date> by = std::nullopt,
                     const std::string& unit = "placement-board") {
    return ReasonOf(Offer(played, by, unit).status());
  }
  void Close(const std::string& bed, Date to) {
    const auto found = store_.FindBed(As("novus"), domain::BedId(bed));
    const auto closed =
        usecases::CloseBed(store_).Run(Writing("novus"), {domain::BedId(bed),
                                                          std::to_string((*found)->bed.version),
                                                          {Today(), to},
                                                          domain::ClosureReason::kRepair});
    ASSERT_TRUE(closed.ok()) << closed.status();
  }

  PlayedCase first_;
  PlayedCase second_;
};

TEST_F(PlacesTest, TheFirstGetsTheBedThatIsFreeAndTheNextTheNext) {
  EXPECT_EQ(Reason(second_), "NOT_FIRST");
  const auto refused = GetErrorDetail(Offer(second_).status());
  EXPECT_EQ(refused->metadata, (std::map<std::string, std::string>{{"bed_id", "novus-01"}}));

  const auto offered = Offer(first_, {}, "novus");
  ASSERT_TRUE(offered.ok()) << offered.status();
  EXPECT_EQ(offered->record.offer.bed_id, domain::BedId("novus-01"));
  EXPECT_EQ(offered->record.offer.available_from, Today());
  EXPECT_EQ(offered->record.offer.eligibility.first_eligible, EntryOf(first_, "novus")->id);
  EXPECT_EQ(Reason(first_), "ILLEGAL_STATE");

  const auto next = Offer(second_);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->record.offer.bed_id, domain::BedId("novus-02"));
  EXPECT_EQ(Events("offer_made").size(), 2u);
}

TEST_F(PlacesTest, ABedThatWasAnsweredIsNotChosenAgain) {
  const auto offered = Offer(first_);
  const auto declined = usecases::DeclineOffer(store_, disclosure_)
                            .Run(Writing("alvesta-authority"),
                                 {offered->record.offer.id, "1", domain::DeclinedBy::kPerson,
                                  domain::DeclineReason::kNotSuitable});
  ASSERT_TRUE(declined.ok()) << declined.status();
  // It went to the next, as every bed does.
  EXPECT_EQ(Reason(second_), "ILLEGAL_STATE");
  const auto again = Offer(first_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->record.offer.bed_id, domain::BedId("novus-02"));
}

TEST_F(PlacesTest, ASoonFreeBedIsOfferedFromTheDayItIsFree) {
  Close("novus-01", Today() + days(8));
  Close("novus-02", Today() + days(5));
  EXPECT_EQ(Reason(first_), "NO_FREE_PLACE");
  EXPECT_EQ(Reason(first_, Today() + days(4)), "NO_FREE_PLACE");
  const auto offered = Offer(first_, Today() + days(30));
  ASSERT_TRUE(offered.ok()) << offered.status();
  EXPECT_EQ(offered->record.offer.bed_id, domain::BedId("novus-02"));
  EXPECT_EQ(offered->record.offer.available_from, Today() + days(5));
}

TEST_F(PlacesTest, EverythingWrongIsToldAtOnceAndToStrangersNothing) {
  const auto entry = EntryOf(first_, "novus")->id;
  const auto run = [&](const std::string& unit, const std::string& level, Date by) {
    return usecases::OfferPlace(store_, disclosure_).Run(Writing(unit), {entry, level, by});
  };
  const auto wrong = GetErrorDetail(run("placement-board", "hvb", Today() - days(1)).status());
  ASSERT_TRUE(wrong.has_value());
  ASSERT_EQ(wrong->violations.size(), 2u);
  EXPECT_EQ(wrong->violations[0].field, "care_level");
  EXPECT_EQ(wrong->violations[1].field, "free_by_date");
  const auto far =
      GetErrorDetail(run("placement-board", "supported_housing", Today() + days(93)).status());
  EXPECT_EQ(far->violations.at(0).rule, "TOO_LATE");
  EXPECT_EQ(ReasonOf(run("ekeliden", "supported_housing", Today()).status()), "UNIT_NOT_YOURS");
  access_.Deny("placement-board", first_.case_id);
  EXPECT_EQ(ReasonOf(run("placement-board", "supported_housing", Today()).status()), "NOT_FOUND");
}

TEST_F(PlacesTest, ARepeatedCallIsAnsweredWithTheOfferItMade) {
  const auth::CallContext ctx = Writing("placement-board", "novus");
  const usecases::OfferPlaceCommand command{EntryOf(first_, "novus")->id, "supported_housing", {}};
  const auto once = usecases::OfferPlace(store_, disclosure_).Run(ctx, command);
  const auto again = usecases::OfferPlace(store_, disclosure_).Run(ctx, command);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->record.offer.id, once->record.offer.id);
  EXPECT_EQ(Events("offer_made").size(), 1u);
}

TEST_F(PlacesTest, PastTheFirstItTakesBothSeatsAndNeedsNoBed) {
  const auto seat = [&](const std::string& name) {
    auth::CallContext ctx = Writing("placement-board", name);
    ctx.principal.roles = {auth::Role::kBoardMember};
    return ctx;
  };
  const auto propose = [&](const PlayedCase& played) {
    return usecases::ProposeQueueOverride(store_, disclosure_)
        .Run(seat("ekeliden"), {EntryOf(played, "novus")->id,
                                {},
                                Today() + days(9),
                                domain::OverrideReason::kChildAtRisk});
  };
  EXPECT_EQ(ReasonOf(propose(first_).status()), "OVERRIDE_NOT_NEEDED");
  Close("novus-01", Today() + days(8));
  Close("novus-02", Today() + days(5));
  const auto proposed = propose(second_);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_EQ(proposed->record.proposal.bed_id, domain::BedId("novus-02"));
  EXPECT_EQ(proposed->record.proposal.available_from, Today() + days(5));
  const auto confirmed = usecases::SettleQueueOverride(store_, disclosure_)
                             .Run(seat("novus"), {proposed->record.proposal.id, "1",
                                                  domain::OverrideAction::kConfirm});
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  EXPECT_EQ(Events("offer_made").at(0).case_id(), second_.case_id);
}

}  // namespace
}  // namespace vardkedja::placement
