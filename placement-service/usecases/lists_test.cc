// Every list in pages: nothing twice, nothing left out, and an end.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/external_stays.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement {
namespace {

class ListsTest : public PlacementFixture {
 protected:
  ListsTest() {
    PlayedCase first = NewCase();
    PlayedCase second = NewCase();
    PlayedCase third = NewCase();
    PlaceIn(first, "novus", "novus-01");
    PlaceIn(second, "novus", "novus-02");
    PlaceIn(third, "ekeliden", "ekeliden-01");
  }
};

TEST_F(ListsTest, StaysAreReadInPages) {
  const usecases::ReadStays reads(stays_);
  usecases::StayPage page;
  page.limit = 2;
  const auto first = reads.List(As("placement-board"), page);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->stays.size(), 2u);
  page.before = first->next;
  const auto second = reads.List(As("placement-board"), page);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->stays.size(), 1u);
  EXPECT_EQ(second->next, "");
  EXPECT_NE(second->stays[0].record.stay.id, first->stays[0].record.stay.id);
  EXPECT_NE(second->stays[0].record.stay.id, first->stays[1].record.stay.id);
  const auto own = reads.List(As("ekeliden"), {});
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->stays.size(), 1u);
}

// Of a facility that is not there.
template <class Page>
Page Nowhere() {
  Page page;
  page.facility_id = decltype(page.facility_id)("nowhere");
  return page;
}

TEST_F(ListsTest, AnUnknownFacilityIsNotFoundWhereverItIsNamed) {
  const auth::CallContext ctx = As("placement-board", "novus");
  const domain::FacilityId nowhere("nowhere");
  const usecases::ReadBeds beds(store_);
  const std::vector<absl::Status> answers = {
      usecases::ReadStays(stays_).List(ctx, Nowhere<usecases::StayPage>()).status(),
      usecases::ReadAlternations(stays_).List(ctx, Nowhere<usecases::AlternationPage>()).status(),
      usecases::ReadOffers(store_, disclosure_).List(ctx, Nowhere<usecases::OfferPage>()).status(),
      usecases::ReadOverrides(store_, disclosure_)
          .List(ctx, Nowhere<usecases::OverridePage>())
          .status(),
      usecases::ReadHolds(store_).List(ctx, Nowhere<usecases::HoldPage>()).status(),
      usecases::ReadExternalStays(store_).List(ctx, Nowhere<usecases::ExternalStayPage>()).status(),
      beds.Beds(ctx, nowhere, {}).status(),
      beds.Availability(ctx, {nowhere, {}, {}, {}, {}}).status(),
      beds.History(ctx, Nowhere<usecases::FacilityHistoryPage>()).status(),
      usecases::ListQueue(store_, disclosure_).Run(ctx, Nowhere<usecases::QueuePage>()).status(),
  };
  for (const absl::Status& answer : answers) EXPECT_EQ(answer, NotFound());
}

TEST_F(ListsTest, OffersAreReadInPages) {
  const usecases::ReadOffers reads(store_, disclosure_);
  usecases::OfferPage page;
  page.limit = 2;
  const auto first = reads.List(As("placement-board"), page);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->offers.size(), 2u);
  page.before = first->next;
  const auto second = reads.List(As("placement-board"), page);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->offers.size(), 1u);
}

}  // namespace
}  // namespace vardkedja::placement
