// The exceptions from the queue's order, on PostgreSQL: overrides by two seats, parked entries and
// held beds.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement {
namespace {

using domain::OverrideAction;
using std::chrono::days;

class ExceptionsTest : public PlacementFixture {
 protected:
  ExceptionsTest() : first_(NewCase()), second_(NewCase()), third_(NewCase("vaxjo-ifo1")) {
    Decide(first_, "novus", Today() - days(3));
    Decide(second_, "novus", Today() - days(2));
    Decide(third_, "novus", Today() - days(1));
  }

  absl::StatusOr<usecases::OverrideAnswer> Propose(const PlayedCase& played, const std::string& bed,
                                                   const std::string& seat = "ekeliden") {
    return usecases::ProposeQueueOverride(store_, disclosure_)
        .Run(Board(seat), {EntryOf(played, "novus")->id,
                           domain::BedId(bed),
                           {},
                           domain::OverrideReason::kAcuteNeed});
  }
  absl::StatusOr<usecases::OverrideAnswer> Settle(const usecases::OverrideAnswer& proposal,
                                                  OverrideAction action, const std::string& seat) {
    return usecases::SettleQueueOverride(store_, disclosure_)
        .Run(Board(seat), {proposal.record.proposal.id, "1", action});
  }
  auth::CallContext Board(const std::string& seat) {
    auth::CallContext ctx = Writing("placement-board", seat);
    ctx.principal.roles = {auth::Role::kBoardMember};
    return ctx;
  }

  absl::StatusOr<usecases::EntryAnswer> Park(const PlayedCase& played, const std::string& unit,
                                             std::optional<Date> until = std::nullopt) {
    const auto entry = EntryOf(played, "novus");
    return usecases::ParkEntry(store_, disclosure_)
        .Run(Writing(unit), {entry->id, std::to_string(entry->version), true,
                             domain::ParkReason::kInHospital, until});
  }
  absl::StatusOr<usecases::EntryAnswer> Resume(const PlayedCase& played, const std::string& unit) {
    const auto entry = EntryOf(played, "novus");
    return usecases::ParkEntry(store_, disclosure_)
        .Run(Writing(unit), {entry->id, std::to_string(entry->version), false, {}, {}});
  }

  absl::StatusOr<usecases::HoldAnswer> Hold(const std::string& bed, Date from, Date to,
                                            const std::string& seat = "novus") {
    const auto found = store_.FindBed(As("novus"), domain::BedId(bed));
    usecases::HoldBedCommand command{
        domain::BedId(bed), std::to_string((*found)->bed.version), from, {}};
    command.plan = {{}, to, from, domain::HoldReason::kSection27Announced};
    return usecases::HoldBed(store_).Run(Board(seat), command);
  }
  std::string OfferReason(const std::string& bed) {
    return ReasonOf(usecases::MakeOffer(store_, disclosure_)
                        .Run(Writing("novus"), {domain::BedId(bed), {}})
                        .status());
  }
  int Held(Date date) {
    const auto counts = usecases::ReadBeds(store_).Availability(
        As("novus"), {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, {}});
    return counts->days.at(0).held;
  }

  PlayedCase first_;
  PlayedCase second_;
  PlayedCase third_;
};

TEST_F(ExceptionsTest, OneSeatProposesTheOtherConfirmsAndTheOfferCarriesTheFacts) {
  const auto proposed = Propose(third_, "novus-01");
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_EQ(proposed->actions, std::vector<std::string>{"RejectOverride"});
  EXPECT_EQ(Events("override_proposed")[0].override_proposed().reason_code(), "acute_need");
  EXPECT_TRUE(Events("offer_made").empty());
  EXPECT_EQ(ReasonOf(Settle(*proposed, OverrideAction::kConfirm, "ekeliden").status()),
            "SAME_SEAT");
  EXPECT_EQ(ReasonOf(Settle(*proposed, OverrideAction::kConfirm, "").status()), "NO_SEAT");

  const auto confirmed = Settle(*proposed, OverrideAction::kConfirm, "novus");
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  EXPECT_EQ(confirmed->record.eligible_before, 2);
  const auto made = Events("offer_made");
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].case_id(), third_.case_id);
  EXPECT_TRUE(made[0].offer_made().override());
  EXPECT_EQ(Events("override_settled")[0].override_settled().offer_id(),
            made[0].offer_made().offer_id());
  const auto offer = usecases::ReadOffers(store_, disclosure_)
                         .Get(As("vaxjo-ifo1"), *confirmed->record.proposal.offer_id);
  ASSERT_TRUE(offer.ok()) << offer.status();
  const domain::Eligibility& facts = offer->record.offer.eligibility;
  EXPECT_EQ(facts.first_eligible, EntryOf(first_, "novus")->id);
  EXPECT_EQ(facts.eligible_before, 2);
  EXPECT_EQ(facts.override_id, confirmed->record.proposal.id);

  // Those who are passed by it raise the alert, as with every place that goes past somebody.
  ASSERT_TRUE(Accept(offer->record.offer.id, Today(), "vaxjo-ifo1").ok());
  EXPECT_EQ(Events("queue_alert").size(), 2u);
}

TEST_F(ExceptionsTest, ARejectedProposalOffersNothingAndAnotherCanBeMade) {
  const auto proposed = Propose(third_, "novus-01");
  EXPECT_EQ(ReasonOf(Propose(third_, "novus-02").status()), "OVERRIDE_PROPOSED");
  const auto rejected = Settle(*proposed, OverrideAction::kReject, "novus");
  ASSERT_TRUE(rejected.ok()) << rejected.status();
  EXPECT_EQ(ReasonOf(Settle(*proposed, OverrideAction::kConfirm, "novus").status()),
            "ILLEGAL_STATE");
  EXPECT_TRUE(Events("offer_made").empty());
  EXPECT_TRUE(Propose(third_, "novus-02").ok());
}

TEST_F(ExceptionsTest, AnOverrideIsRefusedWhereTheRuleSufficesOrTheBedIsAnothers) {
  EXPECT_EQ(ReasonOf(Propose(first_, "novus-01").status()), "OVERRIDE_NOT_NEEDED");
  EXPECT_EQ(ReasonOf(Propose(third_, "ekeliden-01").status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Propose(third_, "nowhere").status()), ReasonOf(NotFound()));
  MakeOffer("novus-01");
  EXPECT_EQ(ReasonOf(Propose(third_, "novus-01").status()), "BED_OFFERED");
  EXPECT_EQ(ReasonOf(Propose(first_, "novus-02").status()), "ILLEGAL_STATE");
}

TEST_F(ExceptionsTest, WhatChangedSinceTheProposalIsJudgedAgain) {
  const auto proposed = Propose(third_, "novus-01");
  MakeOffer("novus-01");
  EXPECT_EQ(ReasonOf(Settle(*proposed, OverrideAction::kConfirm, "novus").status()), "BED_OFFERED");
  EXPECT_EQ(Events("override_settled").size(), 0u);
}

TEST_F(ExceptionsTest, TheDatabaseRefusesAnOfferPastTheFirstAndASeatThatConfirmsItself) {
  MakeOffer("novus-01");
  const auto passes = pool_->Write("UPDATE offer SET first_eligible = $1, eligible_before = 1",
                                   {EntryOf(third_, "novus")->id.value});
  EXPECT_EQ(pg::ViolatedConstraint(passes.status()), "offer_first_or_override");
  ASSERT_TRUE(Propose(third_, "novus-02").ok());
  const auto alone = pool_->Write(
      "UPDATE queue_override SET state = 'confirmed', settled_by_seat = proposed_by_seat,"
      " settled_by_deputy = true, settled_at = now(), offer_id = (SELECT offer_id FROM offer)",
      {});
  EXPECT_EQ(pg::ViolatedConstraint(alone.status()), "override_two_seats");
}

TEST_F(ExceptionsTest, AParkedEntryKeepsItsPlaceAndIsOfferedNothing) {
  EXPECT_EQ(ReasonOf(Park(first_, "novus").status()), "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(Park(first_, "alvesta-authority", Today()).status()), "FIELD_VIOLATIONS");
  const auto parked = Park(first_, "alvesta-authority");
  ASSERT_TRUE(parked.ok()) << parked.status();
  EXPECT_EQ(parked->position, 1);
  EXPECT_EQ(parked->actions, std::vector<std::string>{"ResumeEntry"});
  EXPECT_EQ(Events("entry_parked")[0].entry_parked().reason_code(), "in_hospital");
  EXPECT_EQ(ReasonOf(Park(first_, "placement-board").status()), "ILLEGAL_STATE");

  const auto offer = MakeOffer("novus-01");
  EXPECT_EQ(offer.record.entry.case_id.value, second_.case_id);
  EXPECT_EQ(offer.record.offer.eligibility.eligible_before, 0);
  // Who cannot take a place is not passed when another takes it.
  ASSERT_TRUE(Accept(offer.record.offer.id, Today()).ok());
  EXPECT_TRUE(Events("queue_alert").empty());

  const auto resumed = Resume(first_, "placement-board");
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  EXPECT_EQ(MakeOffer("novus-02").record.entry.case_id.value, first_.case_id);
  const auto entry = EntryOf(first_, "novus");
  const auto history = store_.History(As("alvesta-authority"), entry->id);
  std::vector<std::string> kinds;
  for (const auto& fact : *history) kinds.push_back(fact.kind + " " + fact.reason_code);
  EXPECT_EQ(kinds,
            (std::vector<std::string>{"queued ", "parked in_hospital", "resumed ", "offered "}));
  EXPECT_EQ(ReasonOf(Park(first_, "alvesta-authority").status()), "ILLEGAL_STATE");
}

TEST_F(ExceptionsTest, AParkingEndsByItselfAndTheClockOfTheWaitGoesOn) {
  ASSERT_TRUE(Park(first_, "alvesta-authority", Today() + days(40)).ok());
  Advance(days(39));
  EXPECT_TRUE(EntryOf(first_, "novus")->parking.has_value());
  EXPECT_EQ(Events("queue_alert").size(), 3u);  // waiting long, parked or not
  Advance(days(1));
  EXPECT_FALSE(EntryOf(first_, "novus")->parking.has_value());
  EXPECT_EQ(Events("entry_resumed").size(), 1u);
}

TEST_F(ExceptionsTest, AClosedCaseEndsTheParking) {
  ASSERT_TRUE(Park(first_, "alvesta-authority", Today() + days(5)).ok());
  auto closed = EventOf(first_);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  EXPECT_FALSE(EntryOf(first_, "novus")->parking.has_value());
  Advance(days(6));
  EXPECT_TRUE(Events("entry_resumed").empty());
}

TEST_F(ExceptionsTest, AHeldBedIsNotOfferedUntilItIsReleased) {
  EXPECT_EQ(ReasonOf(Hold("novus-01", Today(), Today() + days(5), "ekeliden").status()),
            "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(Hold("novus-01", Today(), Today() + days(93)).status()), "FIELD_VIOLATIONS");
  const auto hold = Hold("novus-01", Today() + days(1), Today() + days(11));
  ASSERT_TRUE(hold.ok()) << hold.status();
  EXPECT_EQ(Held(Today()), 1) << "it cannot be offered before it begins either";
  EXPECT_EQ(Held(Today() + days(1)), 1);
  // The place would still be lived in when the hold begins.
  EXPECT_EQ(OfferReason("novus-01"), "BED_HELD");
  EXPECT_EQ(ReasonOf(Hold("novus-01", Today() + days(10), Today() + days(12)).status()),
            "BED_HELD");

  Advance(days(4));
  const auto released =
      usecases::ReleaseHold(store_).Run(Board("novus"), {hold->record.hold.id, "1"});
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_EQ(released->empty_days, 3);
  EXPECT_TRUE(released->actions.empty());
  const auto events = Events("bed_hold");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[0].bed_hold().held());
  EXPECT_FALSE(events[1].bed_hold().held());
  EXPECT_EQ(events[1].bed_hold().to_date(), FormatDate(Today()));
  EXPECT_EQ(OfferReason("novus-01"), "OK");
}

TEST_F(ExceptionsTest, AHoldExpiresByItself) {
  const auto hold = Hold("novus-01", Today(), Today() + days(3));
  ASSERT_TRUE(hold.ok()) << hold.status();
  Advance(days(2));
  EXPECT_EQ(Events("bed_hold").size(), 1u);
  Advance(days(1));
  ASSERT_EQ(Events("bed_hold").size(), 2u);
  const auto read = usecases::ReadHolds(store_).Get(As("novus"), hold->record.hold.id);
  EXPECT_EQ(read->record.hold.state, domain::HoldState::kExpired);
  EXPECT_EQ(read->empty_days, 3);
  EXPECT_EQ(
      ReasonOf(
          usecases::ReleaseHold(store_).Run(Board("novus"), {hold->record.hold.id, "2"}).status()),
      "ILLEGAL_STATE");
}

TEST_F(ExceptionsTest, ABedIsHeldOnlyWhileItIsFree) {
  MakeOffer("novus-01");
  EXPECT_EQ(ReasonOf(Hold("novus-01", Today(), Today() + days(3)).status()), "BED_OFFERED");
  PlaceIn(first_, "ekeliden", "ekeliden-01");
  EXPECT_EQ(ReasonOf(Hold("ekeliden-01", Today(), Today() + days(3), "ekeliden").status()),
            "BED_OCCUPIED");
}

TEST_F(ExceptionsTest, AHeldBedIsUsedByOverrideForSectionTwentySevenOnly) {
  ASSERT_TRUE(Hold("novus-01", Today(), Today() + days(9)).ok());
  EXPECT_EQ(ReasonOf(Propose(third_, "novus-01").status()), "BED_HELD");
  PlayedCase compelled = NewCase();
  Decide(compelled, "novus", Today(), {.lvm_section_27 = true});
  const auto proposed = Propose(compelled, "novus-01");
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  const auto confirmed = Settle(*proposed, OverrideAction::kConfirm, "novus");
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  const auto holds = usecases::ReadHolds(store_).List(As("novus"), {});
  ASSERT_EQ(holds->holds.size(), 1u);
  EXPECT_EQ(holds->holds[0].record.hold.state, domain::HoldState::kUsed);
  // The rule puts section 27 first: nobody was passed, so no override is counted.
  EXPECT_FALSE(Events("offer_made")[0].offer_made().override());
}

}  // namespace
}  // namespace vardkedja::placement
