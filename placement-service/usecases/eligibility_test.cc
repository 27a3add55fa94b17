// "Eligible", or what is missing; and the same conditions as MakeOffer goes by.
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using domain::Lack;
using std::chrono::days;

class EligibilityTest : public PlacementFixture {
 protected:
  std::vector<Lack> MissingFor(const PlayedCase& played, std::optional<domain::BedId> bed = {},
                               std::optional<Date> date = {}) {
    const auto entry = EntryOf(played, "novus");
    const auto answer = usecases::CheckEligibility(store_, disclosure_)
                            .Run(As(played.owner), {entry->id, std::move(bed), date});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->missing;
  }
};

TEST_F(EligibilityTest, EachConditionIsNamed) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  using Lacks = std::vector<Lack>;
  EXPECT_EQ(MissingFor(played), Lacks{});
  EXPECT_EQ(MissingFor(played, {}, Today() - days(1)), Lacks{Lack::kDecisionNotYet});
  EXPECT_EQ(MissingFor(played, {}, AddMonths(Today(), 6)), Lacks{Lack::kDecisionEnded});
  EXPECT_EQ(MissingFor(played, domain::BedId("novus-insluss-01")), Lacks{Lack::kOtherQueue});
  EXPECT_EQ(MissingFor(played, domain::BedId("ekeliden-01")), Lacks{Lack::kOtherQueue});
  const auto offer = MakeOffer("novus-01");
  EXPECT_EQ(MissingFor(played, domain::BedId("novus-02")), Lacks{Lack::kOfferOpen});
  ASSERT_TRUE(
      usecases::DeclineOffer(store_, disclosure_)
          .Run(Writing(played.owner), {offer.record.offer.id, "1", domain::DeclinedBy::kPerson,
                                       domain::DeclineReason::kDate})
          .ok());
  EXPECT_EQ(MissingFor(played, domain::BedId("novus-01")), Lacks{Lack::kBedOfferedBefore});
  EXPECT_EQ(MissingFor(played, domain::BedId("novus-02")), Lacks{});
  ASSERT_TRUE(Accept(MakeOffer("novus-02").record.offer.id, Today()).ok());
  EXPECT_EQ(MissingFor(played), Lacks{Lack::kReserved});
}

TEST_F(EligibilityTest, WhoLeftLacksAGroundOrAnOpenCase) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  auto ended = EventOf(played);
  ended.mutable_ground_ended()->set_ground_id("consent");
  ended.mutable_ground_ended()->add_recipient_unit_ids("placement-board");
  ASSERT_TRUE(Consume(ended).ok());
  EXPECT_EQ(MissingFor(played), std::vector<Lack>{Lack::kGround});
  auto closed = EventOf(played);
  closed.mutable_closed()->set_reason_code("withdrawn");
  ASSERT_TRUE(Consume(closed).ok());
  EXPECT_EQ(MissingFor(played), std::vector<Lack>{Lack::kCaseClosed});
}

TEST_F(EligibilityTest, NothingIsToldOfACaseThatTheUnitMayNotSee) {
  PlayedCase played = NewCase();
  Decide(played, "novus", Today());
  const usecases::CheckEligibility check(store_, disclosure_);
  const auto entry = EntryOf(played, "novus");
  const absl::Status denied = check.Run(As("vaxjo-child-family"), {entry->id, {}, {}}).status();
  const absl::Status missing =
      check.Run(As("vaxjo-child-family"), {domain::EntryId(NewUuidV7()), {}, {}}).status();
  EXPECT_EQ(denied, missing);
  EXPECT_TRUE(absl::IsNotFound(denied));
  const auto unknown =
      check.Run(As(played.owner), {entry->id, domain::BedId("no-such-bed"), {}}).status();
  EXPECT_EQ(ReasonOf(unknown), "FIELD_VIOLATIONS");
  // With what could not be read, at once.
  const auto both = check.Run(As(played.owner), {entry->id,
                                                 domain::BedId("no-such-bed"),
                                                 {},
                                                 {{"date", "DATE", "Must be a date.", "Datum."}}});
  EXPECT_EQ(GetErrorDetail(both.status())->violations.size(), 2u);
}

}  // namespace
}  // namespace vardkedja::placement
