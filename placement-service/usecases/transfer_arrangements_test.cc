// How a planned move is arranged, on PostgreSQL.
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/stays.h"
#include "placement-service/usecases/timeline.h"

namespace vardkedja::placement {
namespace {

using domain::TransferArrangements;
using std::chrono::days;
using Names = std::vector<std::string>;

class ArrangementsTest : public PlacementFixture {
 protected:
  ArrangementsTest() {
    stay_ = PlaceIn(person_, "ekeliden", "ekeliden-01").record.stay;
    Decide(person_, "novus", Today(), {}, /*transfer=*/true);
    offer_ = MakeOffer("novus-01").record.offer.id;
    EXPECT_TRUE(Accept(offer_, Today() + days(20)).ok());
    Plan("1");
  }

  void Plan(const std::string& etag) {
    const auto planned = usecases::PlanStayTransfer(stays_).Run(
        Writing("ekeliden"), {stay_.id, etag, offer_, {Today(), Today() + days(20), {}}});
    ASSERT_TRUE(planned.ok()) << planned.status();
    id_ = planned->record.transfer.id;
  }
  absl::StatusOr<usecases::TransferAnswer> Arrange(const auth::CallContext& ctx,
                                                   const std::string& etag,
                                                   const TransferArrangements& arrangements) {
    return usecases::ArrangeStayTransfer(stays_).Run(ctx, {id_, etag, arrangements});
  }
  static TransferArrangements Settled() {
    return {630,
            domain::Transport::kNextFacility,
            domain::Belongings::kBrought,
            domain::Told::kTold,
            domain::Told::kNone,
            14};
  }
  domain::Transfer Read() {
    return usecases::ReadStays(stays_).GetTransfer(As("alvesta-authority"), id_)->record.transfer;
  }

  PlayedCase person_ = NewCase();
  domain::Stay stay_;
  domain::OfferId offer_;
  domain::TransferId id_;
};

TEST_F(ArrangementsTest, WhatIsNotSettledIsShownAndStopsNothing) {
  const Names all{"move_time", "transport", "belongings",
                  "relatives", "children",  "follow_up_days"};
  EXPECT_EQ(domain::OpenArrangements(Read().arrangements), all);
  TransferArrangements some;
  some.transport = domain::Transport::kRelatives;
  ASSERT_TRUE(Arrange(Writing("alvesta-authority"), "1", some).ok());
  const domain::Transfer read = Read();
  EXPECT_EQ(read.arrangements, some);
  EXPECT_EQ(read.arranged_by.value, "alvesta-authority");
  EXPECT_EQ(read.arranged_at, clock_.Now());
  EXPECT_EQ(domain::OpenArrangements(read.arrangements).size(), 5u);
  EXPECT_TRUE(usecases::ConfirmStayTransfer(stays_).Run(Writing("novus"), {id_, "2"}).ok());
}

TEST_F(ArrangementsTest, BothFacilitiesWriteItAndConfirmationsAndANewPlanKeepIt) {
  ASSERT_TRUE(Arrange(Writing("ekeliden"), "1", {}).ok());
  ASSERT_TRUE(usecases::ConfirmStayTransfer(stays_).Run(Writing("novus"), {id_, "2"}).ok());
  ASSERT_TRUE(usecases::ConfirmStayTransfer(stays_).Run(Writing("ekeliden"), {id_, "3"}).ok());
  ASSERT_TRUE(Arrange(Writing("novus"), "4", Settled()).ok());
  EXPECT_EQ(Read().state, domain::TransferState::kConfirmed);
  Plan("2");
  EXPECT_EQ(Read().arrangements, Settled());
  EXPECT_EQ(Read().state, domain::TransferState::kPlanned);
}

TEST_F(ArrangementsTest, IsAFactOfTheTimeline) {
  ASSERT_TRUE(Arrange(Writing("novus"), "1", Settled()).ok());
  access_.Permit("alvesta-authority", person_.case_id, "owner");
  const auto page = usecases::ReadTimeline(store_, disclosure_)
                        .Run(As("alvesta-authority"), domain::CaseId(person_.case_id), 100, "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->rows.back().kind, "transfer_arranged");
  EXPECT_EQ(page->rows.back().unit_id, "novus");
}

TEST_F(ArrangementsTest, IsRefusedWhenItCannotBe) {
  TransferArrangements late = Settled();
  late.follow_up_days = domain::kLatestFollowUpDays + 1;
  EXPECT_EQ(ReasonOf(Arrange(Writing("novus"), "1", late).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Arrange(Writing("novus"), "7", Settled()).status()), "STALE_ETAG");
  EXPECT_EQ(ReasonOf(Arrange(Writing("placement-board", "novus"), "1", Settled()).status()),
            "UNIT_NOT_YOURS");
  EXPECT_EQ(ReasonOf(Arrange(Writing("vaxjo-ifo1"), "1", Settled()).status()), "NOT_FOUND");
  ASSERT_TRUE(usecases::CancelStayTransfer(stays_)
                  .Run(Writing("ekeliden"), {id_, "1", domain::TransferCancelReason::kPersonsWish})
                  .ok());
  EXPECT_EQ(ReasonOf(Arrange(Writing("novus"), "2", Settled()).status()), "ILLEGAL_STATE");
}

TEST_F(ArrangementsTest, TheSameRequestWritesOnce) {
  const auth::CallContext ctx = Writing("novus");
  ASSERT_TRUE(Arrange(ctx, "1", Settled()).ok());
  ASSERT_TRUE(Arrange(ctx, "1", Settled()).ok());
  EXPECT_EQ(Read().version, 2);
}

}  // namespace
}  // namespace vardkedja::placement
