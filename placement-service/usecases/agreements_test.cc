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

TEST_F(AgreementTest, AMissingAgreementStandsOnOfferAndStayAndBlocksNothing) {
  ASSERT_TRUE(Propose("").ok());
  ASSERT_TRUE(Agree(AgreementParty::kFacility, "novus", "1").ok());
  ASSERT_TRUE(Agree(AgreementParty::kOwner, "alvesta-authority", "2").ok());
  EXPECT_FALSE(store_.FindOffer(As("novus"), offer_)->value().offer.agreed);
  const auto stay = usecases::EnrolPerson(stays_).Run(Writing("novus"), {offer_, "2", {}});
  ASSERT_TRUE(stay.ok()) << stay.status();
  EXPECT_FALSE(stay->record.stay.agreed);
  // Afterwards it is agreed on as usual, until somebody proposes other terms.
  ASSERT_TRUE(Agree(AgreementParty::kPerson, "alvesta-authority", "3").ok());
  EXPECT_TRUE(store_.FindOffer(As("novus"), offer_)->value().offer.agreed);
  EXPECT_TRUE(store_.FindStay(As("novus"), stay->record.stay.id)->value().stay.agreed);
  ASSERT_TRUE(Propose("4").ok());
  EXPECT_FALSE(store_.FindStay(As("novus"), stay->record.stay.id)->value().stay.agreed);
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
