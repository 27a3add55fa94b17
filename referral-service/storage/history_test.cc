// "Who has read this?" and what was disclosed, on a real PostgreSQL.
#include "referral-service/usecases/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "lib/audit/postgres_trail.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::Decider;
using testing::EkelidenSeat;
using testing::NovusDeputy;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

class HistoryTest : public testing::Fixture {
 protected:
  HistoryTest() : history_(*pool_) {}

  void Read(const Caller& caller, const std::string& id) {
    auth::CallContext call = Call(caller, "", "ReferralService/GetReferral");
    const auto read = usecases::GetReferral(*door_).Run(call, id);
    ASSERT_TRUE(read.ok()) << read.status();
  }

  absl::StatusOr<audit::TrailPage> Reads(const Caller& caller, const std::string& id,
                                         const usecases::Page& page = {}) {
    return usecases::ListReads(*door_, trail_)
        .Run(Call(caller, "", "HistoryService/ListReads"), id, page);
  }

  absl::StatusOr<usecases::DisclosurePage> Disclosures(const Caller& caller, const std::string& id,
                                                       const usecases::Page& page = {}) {
    return usecases::ListDisclosures(*door_, history_).Run(Call(caller), id, page);
  }

  storage::PostgresHistory history_;
  audit::PostgresTrail trail_{*pool_, *ring_, ""};
};

TEST_F(HistoryTest, TheOwnerSeesWhoReadByWhichRuleAndTheQuestionItselfIsARead) {
  const std::string id = Submitted();
  Read(NovusDeputy(), id);
  const auto first = Reads(Worker(), id);
  ASSERT_TRUE(first.ok()) << first.status();
  const audit::TrailRow& newest = first->rows.at(0);
  EXPECT_EQ(newest.unit_id, "placement-board");
  EXPECT_EQ(newest.organisation_id, "vaxjo");
  EXPECT_EQ(newest.role_codes, std::vector<std::string>{"board_deputy"});
  EXPECT_EQ(newest.seat, "novus");
  EXPECT_EQ(newest.purpose, "case_work");
  EXPECT_EQ(newest.action, "ReferralService/GetReferral");
  EXPECT_EQ(newest.rule_id, "board.ground_live");
  const std::vector<std::string> categories = audit::CategoriesOf(newest);
  EXPECT_TRUE(std::count(categories.begin(), categories.end(), "identity"));
  EXPECT_EQ(newest.at, clock_.Now());
  EXPECT_EQ(newest.subject, "") << "whom another employer has at work is not the owner's to know";

  const auto second = Reads(Decider(), id);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->rows.at(0).action, "HistoryService/ListReads");
  EXPECT_EQ(second->rows.at(0).subject, "worker-1");
  EXPECT_EQ(second->rows.size(), first->rows.size() + 1);
}

TEST_F(HistoryTest, NobodyElseLearnsWhoHasRead) {
  const std::string id = Submitted();
  const std::string nowhere = "3f0a2f3e-6f57-4a0e-9f8d-0123456789ab";
  for (const Caller& caller : {EkelidenSeat(), OtherWorker()}) {
    const auto denied = Reads(caller, id);
    EXPECT_EQ(denied.status(), Reads(caller, nowhere).status());
    EXPECT_EQ(Reason(denied.status()), "NOT_FOUND");
    EXPECT_EQ(Disclosures(caller, id).status(), denied.status());
  }
}

TEST_F(HistoryTest, DeniedAttemptsAreNoReads) {
  const std::string id = Submitted();
  const auto before = Reads(Worker(), id);
  EXPECT_FALSE(usecases::GetReferral(*door_).Run(Call(OtherWorker()), id).ok());
  const auto after = Reads(Worker(), id);
  for (const auto& read : after->rows) EXPECT_NE(read.unit_id, "vaxjo-ifo1");
  EXPECT_EQ(after->rows.size(), before->rows.size() + 1);
}

TEST_F(HistoryTest, ReadsArePagedNewestFirstWithoutGapOrRepeat) {
  const std::string id = Submitted();
  for (int i = 0; i < 5; ++i) Read(EkelidenSeat(), id);
  const auto all = Reads(Worker(), id, {100, ""});
  ASSERT_TRUE(all.ok()) << all.status();
  std::vector<std::int64_t> wanted;
  for (const auto& read : all->rows) wanted.push_back(read.entry_id);
  EXPECT_TRUE(std::is_sorted(wanted.rbegin(), wanted.rend()));
  std::vector<std::int64_t> found;
  // The first page holds the row of the question before it; later pages must not shift.
  std::string cursor = std::to_string(wanted.front() + 1);
  do {
    const auto page = Reads(Worker(), id, {3, cursor});
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->rows.size(), 3U);
    for (const auto& read : page->rows) found.push_back(read.entry_id);
    cursor = page->next;
  } while (!cursor.empty());
  EXPECT_EQ(found, wanted);
  for (const char* bad : {"x", "0", "-1", "1x"}) {
    EXPECT_EQ(Reason(Reads(Worker(), id, {0, bad}).status()), "FIELD_VIOLATIONS") << bad;
  }
  EXPECT_EQ(Reason(Reads(Worker(), id, {101, ""}).status()), "FIELD_VIOLATIONS");
}

TEST_F(HistoryTest, DisclosuresAreOneLineForEachUnitRuleAndSetOfCategories) {
  const std::string id = Submitted();
  EXPECT_TRUE(Disclosures(Worker(), id)->disclosures.empty()) << "the owner discloses nothing";
  Read(EkelidenSeat(), id);
  const Instant first = clock_.Now();
  clock_.Advance(std::chrono::hours(1));
  Read(EkelidenSeat(), id);
  const auto page = Disclosures(Worker(), id);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->disclosures.size(), 1U);
  const usecases::DisclosureRecord& one = page->disclosures[0];
  EXPECT_EQ(one.unit_id, "placement-board");
  EXPECT_EQ(one.organisation_id, "region-kronoberg");
  EXPECT_EQ(one.rule_id, "board.ground_live");
  EXPECT_EQ(one.categories,
            (std::vector<std::string>{"identity", "messages", "needs", "placement", "plan"}));
  EXPECT_EQ(one.first_at, first);
  EXPECT_EQ(one.last_at, first + std::chrono::hours(1));
  EXPECT_EQ(one.times, 2);

  Read(NovusDeputy(), id);
  const auto head = Disclosures(Worker(), id, {1, ""});
  ASSERT_EQ(head->disclosures.size(), 1U);
  ASSERT_FALSE(head->next.empty());
  const auto tail = Disclosures(Worker(), id, {1, head->next});
  ASSERT_EQ(tail->disclosures.size(), 1U);
  EXPECT_EQ(tail->disclosures[0].organisation_id, "vaxjo");
  EXPECT_EQ(tail->next, "");
}

}  // namespace
}  // namespace vardkedja::referral
