// Every list in pages: nothing twice, nothing left out, and an end.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

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
