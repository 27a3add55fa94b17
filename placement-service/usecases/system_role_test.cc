// What an IT system may do: what the staff of its facility register, and nothing that is a person's
// word, a seat's or an owner's.
#include "lib/auth/policy.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/overrides.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement {
namespace {

using auth::Role;

TEST(SystemRoleTest, ItMayCallWhatFacilityStaffMayApartFromWhatIsAPersonsWord) {
  const std::string package = "/vardkedja.placement.v1.";
  const auth::Policy policy = auth::Policy::FromDescriptors();
  int writes = 0;
  for (const auto& [method, rule] : policy.rules()) {
    if (method.rfind(package, 0) != 0 || !rule.write) continue;
    const bool persons_word = method == package + "StayService/ConfirmTransfer" ||
                              method == package + "AgreementService/AgreeToPlacement";
    EXPECT_EQ(rule.roles.contains(Role::kSystem),
              rule.roles.contains(Role::kFacilityStaff) && !persons_word)
        << method;
    writes += static_cast<int>(rule.roles.contains(Role::kSystem));
  }
  EXPECT_GT(writes, 30);
}

class SystemTest : public PlacementFixture {
 protected:
  auth::CallContext System(const std::string& unit,
                           std::optional<std::string> seat = std::nullopt) {
    auth::CallContext ctx = Writing(unit, std::move(seat));
    ctx.principal.roles = {Role::kSystem};
    return ctx;
  }
  std::string Offer(const auth::CallContext& ctx) {
    return ReasonOf(usecases::MakeOffer(store_, disclosure_)
                        .Run(ctx, {domain::BedId("novus-01"), {}})
                        .status());
  }
  std::string Close(const auth::CallContext& ctx) {
    return ReasonOf(usecases::CloseBed(store_)
                        .Run(ctx, {domain::BedId("novus-02"),
                                   "1",
                                   {Today(), Today() + days_},
                                   domain::ClosureReason::kRepair})
                        .status());
  }
  static constexpr std::chrono::days days_{3};
};

TEST_F(SystemTest, AFacilitysSystemRegistersForItsFacilityOnly) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  EXPECT_EQ(Close(System("ekeliden")), "UNIT_NOT_YOURS");
  EXPECT_EQ(Close(System("novus")), "OK");
  EXPECT_EQ(Offer(System("ekeliden")), "UNIT_NOT_YOURS");
  EXPECT_EQ(Offer(System("novus")), "OK");
  const domain::OfferId offer(Events("offer_made").at(0).offer_made().offer_id());
  ASSERT_TRUE(Accept(offer, Today()).ok());
  const auto stay =
      usecases::EnrolPerson(stays_).Run(System("novus"), {offer, "2", {}, kNotAgreed});
  ASSERT_TRUE(stay.ok()) << stay.status();
}

TEST_F(SystemTest, ItHasNoSeatAndAnswersForNoOwnerWhateverItsTokenSays) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  EXPECT_EQ(Close(System("placement-board", "novus")), "UNIT_NOT_YOURS");
  EXPECT_EQ(Offer(System("placement-board", "novus")), "UNIT_NOT_YOURS");
  EXPECT_EQ(Offer(Writing("placement-board", "novus")), "OK");
  const domain::OfferId offer(Events("offer_made").at(0).offer_made().offer_id());
  const auto declined =
      usecases::DeclineOffer(store_, disclosure_)
          .Run(System("alvesta-authority"),
               {offer, "1", domain::DeclinedBy::kPerson, domain::DeclineReason::kDate});
  EXPECT_EQ(ReasonOf(declined.status()), "UNIT_NOT_YOURS");
  const auto read =
      usecases::ReadOffers(store_, disclosure_).Get(System("alvesta-authority"), offer);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->actions.empty());
  PlayedCase other = NewCase();
  Decide(other, "novus", Today());
  const auto override =
      usecases::ProposeQueueOverride(store_, disclosure_)
          .Run(System("placement-board", "novus"), {EntryOf(other, "novus")->id,
                                                    domain::BedId("novus-02"),
                                                    {},
                                                    domain::OverrideReason::kAcuteNeed});
  EXPECT_EQ(ReasonOf(override.status()), "NO_SEAT");
}

}  // namespace
}  // namespace vardkedja::placement
