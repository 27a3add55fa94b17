// Hundreds of callers at once on one free bed: one of them gets it, the others are told why in
// words that name no person, and nobody waits for ever.
#include <barrier>
#include <thread>

#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;

constexpr int kCallers = 500;

class ContentionTest : public PlacementFixture {
 protected:
  // Calls at the same moment from as many threads; statuses in any order.
  static std::vector<absl::Status> AllAtOnce(int callers,
                                             const std::function<absl::Status(int)>& call) {
    std::vector<absl::Status> statuses(static_cast<std::size_t>(callers));
    std::barrier start(callers);
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        statuses[static_cast<std::size_t>(i)] = call(i);
      });
    }
    for (std::thread& thread : threads) thread.join();
    return statuses;
  }

  static std::map<std::string, int> CountReasons(const std::vector<absl::Status>& statuses) {
    std::map<std::string, int> reasons;
    for (const absl::Status& status : statuses) ++reasons[ReasonOf(status)];
    return reasons;
  }

  // An answer to a loser may be read by a unit that may not see the case.
  void ExpectNeutral(const std::vector<absl::Status>& statuses) {
    for (const absl::Status& status : statuses) {
      if (status.ok()) continue;
      std::string said(status.message());
      const auto detail = GetErrorDetail(status);
      ASSERT_TRUE(detail.has_value()) << status;
      for (const auto& [key, value] : detail->metadata) said += " " + key + "=" + value;
      for (const PlayedCase& played : cases_) {
        EXPECT_EQ(said.find(played.case_id), std::string::npos) << said;
        EXPECT_EQ(said.find(played.person_id), std::string::npos) << said;
        EXPECT_EQ(said.find(played.number), std::string::npos) << said;
      }
    }
  }

  // As many callers as there are worker threads and waiting calls on a busy day take turns on eight
  // connections; sanitizers make that slow.
  auth::CallContext Patient(auth::CallContext ctx) {
    ctx.deadline += std::chrono::seconds(100);
    return ctx;
  }

  void QueueUp(int people) {
    for (int i = 0; i < people; ++i) {
      cases_.push_back(NewCase());
      Decide(cases_.back(), "novus", Today() - days(i));
    }
  }

  std::vector<PlayedCase> cases_;
};

TEST_F(ContentionTest, OneFreeBedIsOfferedAcceptedAndMovedIntoOnce) {
  QueueUp(5);
  const auto offered = AllAtOnce(kCallers, [&](int) {
    return usecases::MakeOffer(store_, disclosure_)
        .Run(Patient(Writing("placement-board", "novus")), {domain::BedId("novus-01"), {}})
        .status();
  });
  EXPECT_EQ(CountReasons(offered),
            (std::map<std::string, int>{{"OK", 1}, {"BED_OFFERED", kCallers - 1}}));
  ExpectNeutral(offered);
  const auto offers = Events("offer_made");
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(offers[0].case_id(), cases_.back().case_id);

  const domain::OfferId id(offers[0].offer_made().offer_id());
  const auto accepted = AllAtOnce(kCallers, [&](int) {
    return usecases::AcceptOffer(store_, disclosure_)
        .Run(Patient(Writing("alvesta-authority")), {id, "1", Today()})
        .status();
  });
  EXPECT_EQ(CountReasons(accepted),
            (std::map<std::string, int>{{"OK", 1}, {"ILLEGAL_STATE", kCallers - 1}}));
  ExpectNeutral(accepted);
  EXPECT_EQ(Events("offer_accepted").size(), 1u);

  const auto enrolled = AllAtOnce(kCallers, [&](int) {
    return usecases::EnrolPerson(stays_)
        .Run(Patient(Writing("novus")), {id, "2", {}, kNotAgreed})
        .status();
  });
  EXPECT_EQ(CountReasons(enrolled),
            (std::map<std::string, int>{{"OK", 1}, {"ILLEGAL_STATE", kCallers - 1}}));
  ExpectNeutral(enrolled);
  EXPECT_EQ(Events("enrolled").size(), 1u);
  EXPECT_EQ(pool_->stats().retries, 0) << "a deadlock was broken by the database";
}

TEST_F(ContentionTest, OnePersonIsOfferedOnePlaceAndOneBedGoesToOne) {
  QueueUp(3);
  std::vector<domain::EntryId> entries;
  for (const PlayedCase& played : cases_) entries.push_back(EntryOf(played, "novus")->id);
  const auto offer = [&](std::size_t who) {
    return usecases::OfferPlace(store_, disclosure_)
        .Run(Patient(Writing("placement-board", "novus")),
             {entries.at(who), "supported_housing", {}})
        .status();
  };
  // Two beds are free, and all call for the first in the queue.
  const auto to_one = AllAtOnce(kCallers, [&](int) { return offer(2); });
  EXPECT_EQ(CountReasons(to_one),
            (std::map<std::string, int>{{"OK", 1}, {"ILLEGAL_STATE", kCallers - 1}}));
  ExpectNeutral(to_one);

  // One bed is left: by name, and by level for the two who wait.
  const auto for_the_last = AllAtOnce(kCallers, [&](int i) -> absl::Status {
    if (i % 3 != 0) return offer(static_cast<std::size_t>(i % 3 - 1));
    return usecases::MakeOffer(store_, disclosure_)
        .Run(Patient(Writing("novus")), {domain::BedId("novus-02"), {}})
        .status();
  });
  const auto reasons = CountReasons(for_the_last);
  EXPECT_EQ(reasons.at("OK"), 1);
  for (const auto& [reason, count] : reasons) {
    EXPECT_TRUE(reason == "OK" || reason == "ILLEGAL_STATE" || reason == "BED_OFFERED" ||
                reason == "NO_FREE_PLACE" || reason == "NOT_FIRST")
        << reason << " " << count;
  }
  ExpectNeutral(for_the_last);
  const auto made = Events("offer_made");
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[1].case_id(), cases_[1].case_id);
  EXPECT_EQ(pool_->stats().retries, 0) << "a deadlock was broken by the database";
}

TEST_F(ContentionTest, AnswersCollideWithClosingsAndWithEndsOfCasesWithoutDeadlock) {
  QueueUp(40);
  std::vector<domain::OfferId> offers = {MakeOffer("novus-01").record.offer.id,
                                         MakeOffer("novus-02").record.offer.id};
  const auto statuses = AllAtOnce(120, [&](int i) -> absl::Status {
    const domain::OfferId& offer = offers[static_cast<std::size_t>(i / 6 % 2)];
    switch (i % 6) {
      case 0:
        return usecases::AcceptOffer(store_, disclosure_)
            .Run(Patient(Writing("alvesta-authority")), {offer, "1", Today()})
            .status();
      case 1:
        return usecases::DeclineOffer(store_, disclosure_)
            .Run(Patient(Writing("alvesta-authority")),
                 {offer, "1", domain::DeclinedBy::kPerson, domain::DeclineReason::kDate})
            .status();
      case 2: {
        auto closed = EventOf(cases_[static_cast<std::size_t>(i / 3)]);
        closed.mutable_closed()->set_reason_code("withdrawn");
        return Consume(closed);
      }
      case 3: {
        auto changed = EventOf(cases_[static_cast<std::size_t>(i / 3)]);
        changed.mutable_criteria_changed()->mutable_criteria()->set_child_perspective(true);
        return Consume(changed);
      }
      case 4:
        return usecases::EnrolPerson(stays_)
            .Run(Patient(Writing("novus")), {offer, "2", {}, kNotAgreed})
            .status();
      default:
        return usecases::MakeOffer(store_, disclosure_)
            .Run(Patient(Writing("novus")), {domain::BedId("novus-01"), {}})
            .status();
    }
  });
  for (const auto& [reason, count] : CountReasons(statuses)) {
    EXPECT_TRUE(reason == "OK" || reason == "ILLEGAL_STATE" || reason == "STALE_ETAG" ||
                reason == "BED_OFFERED" || reason == "BED_RESERVED" || reason == "BED_OCCUPIED")
        << reason << " " << count;
  }
  ExpectNeutral(statuses);
  const pg::Result doubled =
      database_.Query("placement",
                      "SELECT bed_id FROM offer WHERE state IN ('open', 'accepted')"
                      " GROUP BY bed_id HAVING count(*) > 1");
  EXPECT_TRUE(doubled.empty());
  EXPECT_EQ(pool_->stats().retries, 0) << "a deadlock was broken by the database";
}

}  // namespace
}  // namespace vardkedja::placement
