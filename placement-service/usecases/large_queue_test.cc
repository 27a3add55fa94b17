// No operation reads the whole queue: what PostgreSQL says it looked at, with 20 000 people
// waiting.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

constexpr int kPeople = 20'000;
// Rows of the queue, those reached through an index included.
constexpr char kRowsRead[] =
    "SELECT ((SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'queue_entry')"
    "  + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = "
    "'queue_entry'))::bigint"
    " AS n";

class LargeQueueTest : public PlacementFixture {
 protected:
  LargeQueueTest() : one_(database_.NewPool("placement", 1)), store_of_one_(*one_) {
    FillQueue("novus", kPeople);
  }

  std::int64_t RowsRead() {
    // The one session tells its figures now instead of within a second.
    const auto flushed = one_->Read("SELECT pg_stat_force_next_flush()::text AS done");
    EXPECT_TRUE(flushed.ok()) << flushed.status();
    return database_.Query("placement", kRowsRead)[0].Int("n");
  }

  // Six times, because PostgreSQL plans a prepared statement anew for its first five.
  std::int64_t MostRowsReadBy(const std::function<absl::Status(int)>& call) {
    std::int64_t most = 0;
    for (int i = 0; i < 6; ++i) {
      const std::int64_t before = RowsRead();
      const absl::Status status = call(i);
      EXPECT_TRUE(status.ok()) << status;
      most = std::max(most, RowsRead() - before);
    }
    return most;
  }

  domain::EntryId EntryAt(int position) {
    const pg::Result rows =
        database_.Query("placement",
                        "SELECT entry_id, case_id FROM queue_entry WHERE state = 'waiting'"
                        " ORDER BY sort_key OFFSET $1 LIMIT 1",
                        {position - 1});
    access_.Permit("alvesta-authority", rows[0].Text("case_id"));
    return domain::EntryId(rows[0].Text("entry_id"));
  }

  usecases::PositionAnswer Explain(const domain::EntryId& id) {
    const auto why =
        usecases::ExplainPosition(store_of_one_, disclosure_).Run(As("alvesta-authority"), id);
    EXPECT_TRUE(why.ok()) << why.status();
    return *why;
  }

  std::unique_ptr<pg::Pool> one_;
  storage::PostgresStore store_of_one_;
};

TEST_F(LargeQueueTest, OffersAndAnswersReadAHandfulOfRows) {
  for (int bed = 0; bed < 6; ++bed) AddBed("novus", "more-" + std::to_string(bed));
  std::vector<domain::OfferId> offers;
  const auto offered = MostRowsReadBy([&](int i) {
    const auto offer = usecases::MakeOffer(store_of_one_, disclosure_)
                           .Run(Writing("novus"), {domain::BedId("more-" + std::to_string(i)), {}});
    if (offer.ok()) offers.push_back(offer->record.offer.id);
    return offer.status();
  });
  EXPECT_LE(offered, 50);
  const auto accepted = MostRowsReadBy([&](int i) {
    const domain::OfferId& offer = offers.at(static_cast<std::size_t>(i));
    const auto found = store_.FindOffer(As("novus"), offer);
    if (!found.ok()) return found.status();
    access_.Permit("alvesta-authority", (*found)->entry.case_id.value);
    return usecases::AcceptOffer(store_of_one_, disclosure_)
        .Run(Writing("alvesta-authority"), {offer, "1", Today()})
        .status();
  });
  EXPECT_LE(accepted, 50);
}

TEST_F(LargeQueueTest, APageAndAnExplanationReadNoMoreThanTheyTellOf) {
  usecases::QueuePage page;
  page.facility_id = domain::FacilityId("novus");
  const auto listed = MostRowsReadBy([&](int) {
    return usecases::ListQueue(store_of_one_, disclosure_)
        .Run(As("placement-board", "novus"), page)
        .status();
  });
  // The page, and how many wait, which is exact to 10 000.
  EXPECT_LE(listed, domain::kExactPositions + 100);

  const domain::EntryId near = EntryAt(30);
  EXPECT_LE(MostRowsReadBy([&](int) {
              EXPECT_EQ(Explain(near).entry.position, 30);
              return absl::OkStatus();
            }),
            100);
  const domain::EntryId last_exact = EntryAt(domain::kExactPositions);
  const domain::EntryId beyond = EntryAt(kPeople);
  EXPECT_EQ(Explain(last_exact).entry.position, domain::kExactPositions);
  const auto counted = MostRowsReadBy([&](int) {
    EXPECT_EQ(Explain(beyond).entry.position, domain::kExactPositions + 1);
    return absl::OkStatus();
  });
  EXPECT_LE(counted, domain::kExactPositions + 100);
  // The meter does count.
  EXPECT_GT(counted, domain::kExactPositions);
}

}  // namespace
}  // namespace vardkedja::placement
