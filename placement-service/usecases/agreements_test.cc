// Placement agreements and contact plans on PostgreSQL.
#include "placement-service/usecases/agreements.h"

#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using domain::AgreementParty;
using std::chrono::days;

class AgreementTest : public PlacementFixture {
 protected:
  AgreementTest() : person_(NewCase()) {
    Decide(person_, "novus", Today());
    offer_ = MakeOffer("novus-01").record.offer.id;
    EXPECT_TRUE(Accept(offer_, Today()).ok());
  }
  absl::StatusOr<usecases::AgreementAnswer> Propose(const std::string& etag,
                                                    const std::string& unit = "novus") {
    return agreements_.Propose(
        Writing(unit),
        {offer_,
         etag,
         {"2026-1", {domain::AgreementCondition::kSobriety, domain::AgreementCondition::kTests}}});
  }
  absl::StatusOr<usecases::AgreementAnswer> Agree(AgreementParty party, const std::string& unit,
                                                  const std::string& etag,
                                                  std::optional<Date> date = {}) {
    return agreements_.Agree(Writing(unit), {offer_, etag, party, date});
  }
  absl::StatusOr<usecases::ContactPlanAnswer> Plan(const domain::ContactPlan& plan,
                                                   const std::string& etag) {
    return agreements_.SetContactPlan(Writing("novus"), {offer_, etag, plan});
  }
  absl::Status MoveIn(std::optional<Date> date = {},
                      domain::ExceptionReason exception = domain::ExceptionReason::kNone) {
    return usecases::EnrolPerson(stays_)
        .Run(Writing("novus"), {offer_, "2", date, exception})
        .status();
  }
  // Version 5 of the agreement has been proposed.
  void AgreeAgain() {
    ASSERT_TRUE(Agree(AgreementParty::kFacility, "novus", "5").ok());
    ASSERT_TRUE(Agree(AgreementParty::kOwner, "alvesta-authority", "6").ok());
    ASSERT_TRUE(Agree(AgreementParty::kPerson, "novus", "7").ok());
  }
  domain::Stay Stay() {
    const domain::StayId id(Events("enrolled").at(0).enrolled().stay_id());
    return store_.FindStay(As("novus"), id)->value().stay;
  }
  static std::string FieldOf(const absl::Status& status) {
    const auto detail = GetErrorDetail(status);
    if (!detail || detail->violations.empty()) return "none";
    return detail->violations[0].field + " " + detail->violations[0].rule;
  }

  PlayedCase person_;
  domain::OfferId offer_;
  const usecases::Agreements agreements_{stays_};
};

TEST_F(AgreementTest, AllThreeAgreeAndNewTermsTakeItBack) {
  EXPECT_EQ(ReasonOf(Agree(AgreementParty::kOwner, "alvesta-authority", "1").status()),
            "ILLEGAL_STATE");
  EXPECT_EQ(ReasonOf(Propose("1").status()), "STALE_ETAG");
  ASSERT_TRUE(Propose("").ok());
  EXPECT_EQ(ReasonOf(Agree(AgreementParty::kOwner, "novus", "1").status()), "UNIT_NOT_YOURS");
  EXPECT_EQ(FieldOf(Agree(AgreementParty::kFacility, "novus", "1", Today() + days(1)).status()),
            "date IN_THE_FUTURE");
  ASSERT_TRUE(Agree(AgreementParty::kFacility, "novus", "1").ok());
  EXPECT_EQ(ReasonOf(Agree(AgreementParty::kFacility, "novus", "2").status()), "ILLEGAL_STATE");
  ASSERT_TRUE(Agree(AgreementParty::kPerson, "novus", "2").ok());
  const auto all = Agree(AgreementParty::kOwner, "alvesta-authority", "3");
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->versions.size(), 4u);
  EXPECT_TRUE(IsComplete(all->versions[0]));
  EXPECT_EQ(all->versions[0].unit, "alvesta-authority");
  EXPECT_FALSE(IsComplete(all->versions[1]));
  EXPECT_TRUE(Events("agreement_recorded").back().agreement_recorded().complete());
  const auto anew = Propose("4", "alvesta-authority");
  ASSERT_TRUE(anew.ok()) << anew.status();
  EXPECT_FALSE(anew->versions[0].facility.has_value());
  EXPECT_TRUE(IsComplete(anew->versions[1]));
}

TEST_F(AgreementTest, OthersFindNothing) {
  ASSERT_TRUE(Propose("").ok());
  EXPECT_TRUE(agreements_.Get(As("alvesta-authority"), offer_).ok());
  EXPECT_TRUE(absl::IsNotFound(agreements_.Get(As("placement-board"), offer_).status()));
  EXPECT_TRUE(absl::IsNotFound(agreements_.Get(As("ekeliden"), offer_).status()));
  EXPECT_TRUE(absl::IsNotFound(Propose("1", "ekeliden").status()));
  EXPECT_TRUE(absl::IsNotFound(agreements_.GetContactPlan(As("novus"), offer_).status()));
}

TEST_F(AgreementTest, NobodyMovesInBeforeAllHaveAgreed) {
  EXPECT_EQ(ReasonOf(MoveIn()), "AGREEMENT_MISSING");
  EXPECT_EQ(GetErrorDetail(MoveIn())->metadata.at("not_agreed"), "person,owner,facility");
  ASSERT_TRUE(Propose("").ok());
  ASSERT_TRUE(Agree(AgreementParty::kFacility, "novus", "1").ok());
  ASSERT_TRUE(Agree(AgreementParty::kOwner, "alvesta-authority", "2").ok());
  EXPECT_FALSE(store_.FindOffer(As("novus"), offer_)->value().offer.agreed);
  EXPECT_EQ(GetErrorDetail(MoveIn())->metadata.at("not_agreed"), "person");
  ASSERT_TRUE(Agree(AgreementParty::kPerson, "novus", "3").ok());
  EXPECT_TRUE(store_.FindOffer(As("novus"), offer_)->value().offer.agreed);
  // New terms take it back.
  ASSERT_TRUE(Propose("4").ok());
  EXPECT_EQ(ReasonOf(MoveIn()), "AGREEMENT_MISSING");
  EXPECT_TRUE(Events("enrolled").empty());
  AgreeAgain();
  // An exception that was not needed is not counted.
  EXPECT_EQ(ReasonOf(MoveIn(Today(), domain::ExceptionReason::kAcuteNeed)), "OK");
  EXPECT_FALSE(Events("enrolled").at(0).enrolled().exception());
  EXPECT_EQ(Stay().agreement_exception, domain::ExceptionReason::kNone);
}

TEST_F(AgreementTest, WhoMovesInByExceptionAgreesAfterwardsAndTheExceptionStays) {
  ASSERT_EQ(ReasonOf(MoveIn(Today(), domain::ExceptionReason::kAcuteNeed)), "OK");
  EXPECT_TRUE(Events("enrolled").at(0).enrolled().exception());
  EXPECT_FALSE(Stay().agreed);
  ASSERT_TRUE(Propose("").ok());
  ASSERT_TRUE(Agree(AgreementParty::kPerson, "alvesta-authority", "1").ok());
  ASSERT_TRUE(Agree(AgreementParty::kOwner, "alvesta-authority", "2").ok());
  ASSERT_TRUE(Agree(AgreementParty::kFacility, "novus", "3").ok());
  EXPECT_TRUE(Stay().agreed);
  EXPECT_EQ(Stay().agreement_exception, domain::ExceptionReason::kAcuteNeed);
  ASSERT_TRUE(Propose("4").ok());
  EXPECT_FALSE(Stay().agreed);
}

TEST_F(AgreementTest, WhatStandsInTheWayOfAMoveInIsSaidAtOnce) {
  ASSERT_TRUE(usecases::CloseBed(store_)
                  .Run(Writing("novus"), {domain::BedId("novus-01"),
                                          "1",
                                          {Today(), std::nullopt},
                                          domain::ClosureReason::kRepair})
                  .ok());
  const auto closed = GetErrorDetail(MoveIn());
  ASSERT_TRUE(closed.has_value());
  EXPECT_EQ(closed->reason, "BED_CLOSED");
  EXPECT_EQ(closed->metadata.at("also"), "AGREEMENT_MISSING");
  EXPECT_EQ(closed->metadata.at("not_agreed"), "person,owner,facility");
  const auto ahead = GetErrorDetail(MoveIn(Today() + days(1)));
  ASSERT_TRUE(ahead.has_value());
  EXPECT_EQ(ahead->reason, "FIELD_VIOLATIONS");
  EXPECT_EQ(ahead->violations.at(0).field, "move_in_date");
  EXPECT_EQ(ahead->metadata.at("also"), "BED_CLOSED,AGREEMENT_MISSING");
}

TEST_F(AgreementTest, TheDatabaseRefusesAMoveInThatNotAllHaveAgreedTo) {
  ASSERT_TRUE(Propose("").ok());
  ASSERT_TRUE(Agree(AgreementParty::kPerson, "alvesta-authority", "1").ok());
  const auto move_in = [this](int exception) {
    return pool_
        ->Write(
            "INSERT INTO stay (stay_id, entry_id, offer_id, case_id, case_number, person_id,"
            " owner_unit_id, decision_id, facility_id, bed_kind, bed_id, state, move_in,"
            " transferred_in, agreement_exception)"
            " SELECT gen_random_uuid(), e.entry_id, o.offer_id, e.case_id, e.case_number,"
            " e.person_id, e.owner_unit_id, e.decision_id, e.facility_id, e.bed_kind, o.bed_id,"
            " 'active', o.move_in, false, $2"
            " FROM offer o JOIN queue_entry e USING (entry_id) WHERE o.offer_id = $1",
            {offer_.value, exception})
        .status();
  };
  EXPECT_EQ(pg::ViolatedConstraint(move_in(0)), "stay_agreed");
  EXPECT_EQ(pg::ViolatedConstraint(move_in(6)), "stay_agreement_exception_check");
  EXPECT_EQ(move_in(2), absl::OkStatus());
}

TEST_F(AgreementTest, NothingIsAgreedOnBeforeTheOfferIsAccepted) {
  PlayedCase other = NewCase();
  Decide(other, "novus", Today());
  const auto open = MakeOffer("novus-02").record.offer.id;
  const auto refused = agreements_.Propose(Writing("novus"), {open, "", {"2026-1", {}}});
  EXPECT_EQ(ReasonOf(refused.status()), "ILLEGAL_STATE");
}

TEST_F(AgreementTest, ARepeatedCallRecordsNothingMore) {
  const auth::CallContext ctx = Writing("novus");
  const usecases::ProposeCommand command = {offer_, "", {"2026-1", {}}};
  ASSERT_TRUE(agreements_.Propose(ctx, command).ok());
  const auto again = agreements_.Propose(ctx, command);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->versions.size(), 1u);
}

TEST_F(AgreementTest, ContactIsPlannedAnewByVersions) {
  domain::ContactPlan plan;
  plan.contact_person = "19840514-2384";
  EXPECT_EQ(FieldOf(Plan(plan, "").status()), "contact_person_subject FORMAT");
  plan.contact_person = "contact-1";
  EXPECT_EQ(FieldOf(Plan(plan, "").status()), "social_worker_every_days RANGE");
  plan.social_worker_days = 14;
  plan.children_days = 7;
  EXPECT_EQ(FieldOf(Plan(plan, "").status()), "child_contact_forms CONTRADICTION");
  plan.child_forms = {domain::ChildContactForm::kVisit, domain::ChildContactForm::kVideo};
  plan.next_unit_from = Today() + days(60);
  ASSERT_TRUE(Plan(plan, "").ok());
  plan.next_unit_from = Today() + days(30);
  EXPECT_EQ(FieldOf(Plan(plan, "1").status()), "earlier_by_persons_wish CONTRADICTION");
  plan.earlier_by_wish = true;
  const auto earlier = Plan(plan, "1");
  ASSERT_TRUE(earlier.ok()) << earlier.status();
  ASSERT_EQ(earlier->versions.size(), 2u);
  EXPECT_EQ(earlier->versions[0].next_unit_from, Today() + days(30));
  EXPECT_EQ(earlier->versions[1].next_unit_from, Today() + days(60));
  EXPECT_EQ(Events("contact_planned").size(), 2u);
}

}  // namespace
}  // namespace vardkedja::placement
