// What each unit can do about a case, on PostgreSQL.
#include "placement-service/usecases/available_actions.h"

#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;
using Lines = std::vector<std::string>;

constexpr char kOwner[] = "alvesta-authority";

class AvailableActionsTest : public PlacementFixture {
 protected:
  AvailableActionsTest() : person_(NewCase()) { access_.Permit(kOwner, person_.case_id, "owner"); }

  absl::StatusOr<std::vector<usecases::ResourceActions>> Ask(const auth::CallContext& ctx) {
    return usecases::ReadAvailableActions(stays_).Run(ctx, domain::CaseId(person_.case_id));
  }
  // "resource state: action action".
  Lines Actions(const auth::CallContext& ctx) {
    const auto resources = Ask(ctx);
    EXPECT_TRUE(resources.ok()) << resources.status();
    Lines lines;
    if (!resources.ok()) return lines;
    for (const usecases::ResourceActions& one : *resources) {
      std::string line = one.resource + " " + one.state + ":";
      for (const std::string& action : one.actions) line += " " + action;
      lines.push_back(std::move(line));
    }
    return lines;
  }
  auth::CallContext Seat(const std::string& seat) {
    auth::CallContext ctx = Writing("placement-board", seat);
    ctx.principal.roles = {auth::Role::kBoardMember};
    return ctx;
  }

  PlayedCase person_;
};

TEST_F(AvailableActionsTest, FollowTheCaseFromTheQueueToTheStay) {
  Decide(person_, "ekeliden", Today());
  EXPECT_EQ(Actions(As(kOwner)), Lines{"entry waiting: ParkEntry"});
  EXPECT_EQ(Actions(As("placement-board")),
            Lines{"entry waiting: ParkEntry ProposeOverride OfferPlace"});
  EXPECT_EQ(Actions(As("ekeliden")), Lines{"entry waiting: OfferPlace"});
  const auto offer = MakeOffer("ekeliden-01");
  EXPECT_EQ(Actions(As(kOwner)), Lines{"offer open: AcceptOffer DeclineOffer"});
  EXPECT_EQ(Actions(As("ekeliden")), Lines{"offer open: DeclineOffer"});
  ASSERT_TRUE(Accept(offer.record.offer.id, Today()).ok());
  const std::string propose = "agreement none: ProposeAgreement";
  const std::string plan = "contact_plan none: SetContactPlan";
  EXPECT_EQ(Actions(As(kOwner)),
            (Lines{"offer accepted: GiveBackOffer ChangeMoveIn", propose, plan}));
  EXPECT_EQ(Actions(As("ekeliden")),
            (Lines{"offer accepted: Enrol GiveBackOffer ChangeMoveIn", propose, plan}));
  Enrol(offer.record.offer.id, "ekeliden");
  const Lines staff = Actions(As("ekeliden"));
  ASSERT_EQ(staff.size(), 3u);
  EXPECT_TRUE(staff[0].starts_with("stay active: ")) << staff[0];
  EXPECT_EQ(staff[1], propose);
  const Lines owner = Actions(As(kOwner));
  ASSERT_EQ(owner.size(), 4u);
  EXPECT_EQ(owner[3], "care_period open: RecordReconsideration");
  EXPECT_EQ(Actions(As("placement-board")), Lines{});
}

TEST_F(AvailableActionsTest, EachPartyIsToldWhatItCanStillAgreeTo) {
  Decide(person_, "ekeliden", Today());
  const domain::OfferId offer = MakeOffer("ekeliden-01").record.offer.id;
  ASSERT_TRUE(Accept(offer, Today()).ok());
  const usecases::Agreements agreements(stays_);
  const auto agree = [&](const std::string& unit, const std::string& etag,
                         domain::AgreementParty party) {
    return ReasonOf(agreements.Agree(Writing(unit), {offer, etag, party, {}}).status());
  };
  const auto of_agreement = [&](const std::string& unit) -> std::string {
    for (const std::string& line : Actions(As(unit))) {
      if (line.starts_with("agreement")) return line;
    }
    return "";
  };
  ASSERT_TRUE(agreements.Propose(Writing("ekeliden"), {offer, "", {"2026-1", {}}}).ok());
  EXPECT_EQ(of_agreement(kOwner), "agreement proposed: ProposeAgreement AgreeToPlacement");
  EXPECT_EQ(of_agreement("placement-board"), "");
  ASSERT_EQ(agree("ekeliden", "1", domain::AgreementParty::kFacility), "OK");
  ASSERT_EQ(agree("ekeliden", "2", domain::AgreementParty::kPerson), "OK");
  EXPECT_EQ(of_agreement("ekeliden"), "agreement proposed: ProposeAgreement");
  EXPECT_EQ(of_agreement(kOwner), "agreement proposed: ProposeAgreement AgreeToPlacement");
  ASSERT_EQ(agree(kOwner, "3", domain::AgreementParty::kOwner), "OK");
  EXPECT_EQ(of_agreement(kOwner), "agreement agreed: ProposeAgreement");
}

TEST_F(AvailableActionsTest, HaveTheIdFacilityAndVersionThatTheActionNeeds) {
  Decide(person_, "ekeliden", Today());
  const auto offer = MakeOffer("ekeliden-01");
  const auto resources = Ask(As(kOwner));
  ASSERT_TRUE(resources.ok()) << resources.status();
  ASSERT_EQ(resources->size(), 1u);
  EXPECT_EQ(resources->front().id, offer.record.offer.id.value);
  EXPECT_EQ(resources->front().facility_id.value, "ekeliden");
  EXPECT_EQ(resources->front().version, offer.record.offer.version);
}

TEST_F(AvailableActionsTest, AnOverrideIsForTheOtherSeat) {
  PlayedCase first = NewCase();
  Decide(first, "ekeliden", Today() - days(1));
  Decide(person_, "ekeliden", Today());
  const auto proposal =
      usecases::ProposeQueueOverride(store_, disclosure_)
          .Run(Seat("ekeliden"), {EntryOf(person_, "ekeliden")->id, domain::BedId("ekeliden-01"),
                                  Today(), domain::OverrideReason::kAcuteNeed});
  ASSERT_TRUE(proposal.ok()) << proposal.status();
  const auto of_override = [this](const std::string& seat) {
    Lines lines = Actions(Seat(seat));
    std::erase_if(lines, [](const std::string& one) { return !one.starts_with("override"); });
    return lines;
  };
  EXPECT_EQ(of_override("novus"), Lines{"override proposed: ConfirmOverride RejectOverride"});
  EXPECT_EQ(of_override("ekeliden"), Lines{"override proposed: RejectOverride"});
}

TEST_F(AvailableActionsTest, ATransferHasItsOwnForBothFacilities) {
  const domain::Stay stay = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay;
  Decide(person_, "novus", Today(), {}, /*transfer=*/true);
  const auto offer = MakeOffer("novus-01");
  const Date move = Today() + days(20);
  ASSERT_TRUE(Accept(offer.record.offer.id, move).ok());
  ASSERT_TRUE(
      usecases::PlanStayTransfer(stays_)
          .Run(Writing("ekeliden"), {stay.id, "1", offer.record.offer.id, {Today(), move, {}}})
          .ok());
  const auto transfer_of = [this](const std::string& unit) -> std::string {
    for (const std::string& line : Actions(As(unit))) {
      if (line.starts_with("transfer")) return line;
    }
    return "";
  };
  EXPECT_NE(transfer_of("novus").find("ConfirmTransfer"), std::string::npos);
  EXPECT_NE(transfer_of("ekeliden").find("PlanTransfer"), std::string::npos);
  EXPECT_NE(transfer_of(kOwner).find("CancelTransfer"), std::string::npos);
}

TEST_F(AvailableActionsTest, AFacilityWithItsOwnRecordAloneIsToldOfThatAlone) {
  PlaceIn(person_, "ekeliden", "ekeliden-01");
  access_.Permit("ekeliden", person_.case_id, std::string(usecases::kOwnStayRecordRule));
  access_.Permit("novus", person_.case_id, std::string(usecases::kOwnStayRecordRule));
  // The stay with its agreement and contact plan.
  EXPECT_EQ(Actions(As("ekeliden")).size(), 3u);
  EXPECT_EQ(Actions(As("novus")), Lines{});
}

TEST_F(AvailableActionsTest, ToAskIsARowAndAStrangerLearnsNothing) {
  Decide(person_, "ekeliden", Today());
  audit_.Taken();
  ASSERT_TRUE(Ask(As(kOwner)).ok());
  ASSERT_EQ(audit_.Taken().size(), 1u);
  EXPECT_EQ(ReasonOf(Ask(As("vaxjo-ifo1")).status()), "NOT_FOUND");
  ASSERT_EQ(audit_.Taken().size(), 1u);
}

}  // namespace
}  // namespace vardkedja::placement
