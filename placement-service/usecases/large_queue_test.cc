// No operation reads the whole queue: what PostgreSQL says it looked at, with 20 000 people
// waiting.
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/available_actions.h"

namespace vardkedja::placement {
namespace {

constexpr int kPeople = 20'000;
// Rows of queue, offers and stays, those reached through an index included.
constexpr char kRowsRead[] =
    "SELECT ((SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = ANY($1))"
    "  + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = ANY($1)))::bigint"
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
    static const std::vector<std::string> kTables = {"queue_entry", "offer", "stay"};
    return database_.Query("placement", kRowsRead, {kTables})[0].Int("n");
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

// Beside the 20 000 in the queue, 4 000 old offers and stays of theirs, and another owner with
// little of each.
class LongListsTest : public LargeQueueTest {
 protected:
  LongListsTest() {
    PlaceIn(lived_, "ekeliden", "ekeliden-01");
    Decide(waiting_, "novus", Today());
    const auto fill = [this](const std::string& sql) { database_.Query("placement", sql); };
    fill(
        "INSERT INTO offer (offer_id, entry_id, bed_id, state, available_from, made_at, deadline,"
        " cascaded, first_eligible, rule_version, sort_key)"
        " SELECT gen_random_uuid(), entry_id, 'novus-02', 'expired', decision_date,"
        " submitted_at, submitted_at + interval '3 days', false, entry_id, rule_version, sort_key"
        "  FROM queue_entry"
        " WHERE case_number LIKE 'VK-FILL-%' LIMIT 4000");
    fill(
        "INSERT INTO stay (stay_id, entry_id, offer_id, case_id, case_number, person_id,"
        " owner_unit_id, decision_id, facility_id, bed_kind, bed_id, state, move_in, departure,"
        " discharge_reason, transferred_in, agreement_exception)"
        " SELECT gen_random_uuid(), entry_id, offer_id, case_id, case_number, person_id,"
        " owner_unit_id, decision_id, facility_id, 1, 'novus-02', 'ended',"
        " DATE '1960-01-01' + number, DATE '1960-01-01' + number + 1, 1, false, 5"
        "  FROM (SELECT e.*, o.offer_id, row_number() OVER ()::integer AS number"
        "          FROM offer o JOIN queue_entry e USING (entry_id) WHERE o.state = 'expired') x");
    fill("VACUUM ANALYZE");
  }

  auth::CallContext Owner() { return As("ljungby-social"); }
  template <class Read, class Page>
  std::int64_t MostRowsOf(const Read& read, const auth::CallContext& ctx, const Page& page,
                          std::size_t expected, const auto& rows) {
    return MostRowsReadBy([&](int) {
      const auto answer = read.List(ctx, page);
      EXPECT_EQ(answer.ok() ? (*answer.*rows).size() : 0, expected);
      return answer.status();
    });
  }

  PlayedCase lived_ = NewCase("ljungby-social");
  PlayedCase waiting_ = NewCase("ljungby-social");
};

TEST_F(LongListsTest, AnOwnersListReadsItsOwn) {
  const usecases::ReadOffers offers(store_of_one_, disclosure_);
  const usecases::ReadStays stays(usecases::StayPorts{store_of_one_, disclosure_});
  EXPECT_LE(
      MostRowsOf(offers, Owner(), usecases::OfferPage(), 1, &usecases::ReadOffers::Page::offers),
      30);
  EXPECT_LE(MostRowsOf(stays, Owner(), usecases::StayPage(), 1, &usecases::ReadStays::Page::stays),
            30);
  usecases::QueuePage queue;
  queue.facility_id = domain::FacilityId("novus");
  const auto listed = MostRowsReadBy([&](int) {
    const auto page = usecases::ListQueue(store_of_one_, disclosure_).Run(Owner(), queue);
    EXPECT_EQ(page.ok() ? page->entries.size() : 0, 1u);
    return page.status();
  });
  // Its position, and how many wait, are both exact to 10 000.
  EXPECT_LE(listed, 2 * domain::kExactPositions + 100);
}

TEST_F(LongListsTest, ACasesListReadsItsOwn) {
  const usecases::ReadOffers offers(store_of_one_, disclosure_);
  const usecases::ReadStays stays(usecases::StayPorts{store_of_one_, disclosure_});
  usecases::OfferPage offer_page;
  offer_page.case_id = lived_.case_id;
  EXPECT_LE(
      MostRowsOf(offers, As("placement-board"), offer_page, 1, &usecases::ReadOffers::Page::offers),
      30);
  usecases::StayPage stay_page;
  stay_page.case_id = lived_.case_id;
  EXPECT_LE(
      MostRowsOf(stays, As("placement-board"), stay_page, 1, &usecases::ReadStays::Page::stays),
      30);
  const auto open = MostRowsReadBy([&](int) {
    return usecases::ReadAvailableActions(usecases::StayPorts{store_of_one_, disclosure_})
        .Run(As("placement-board"), domain::CaseId(lived_.case_id))
        .status();
  });
  EXPECT_LE(open, 100);
}

TEST_F(LongListsTest, AListOfOneStateReadsThose) {
  const usecases::ReadOffers offers(store_of_one_, disclosure_);
  const usecases::ReadStays stays(usecases::StayPorts{store_of_one_, disclosure_});
  usecases::OfferPage offer_page;
  offer_page.state = domain::OfferState::kOpen;
  EXPECT_LE(
      MostRowsOf(offers, As("placement-board"), offer_page, 0, &usecases::ReadOffers::Page::offers),
      30);
  usecases::StayPage stay_page;
  stay_page.state = domain::StayState::kActive;
  EXPECT_LE(
      MostRowsOf(stays, As("placement-board"), stay_page, 1, &usecases::ReadStays::Page::stays),
      30);
  stay_page.state.reset();
  stay_page.in_conflict = true;
  EXPECT_LE(
      MostRowsOf(stays, As("placement-board"), stay_page, 0, &usecases::ReadStays::Page::stays),
      30);
}

}  // namespace
}  // namespace vardkedja::placement
