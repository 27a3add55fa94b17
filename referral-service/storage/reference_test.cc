// The directory and the reference data are read anew by one caller at a time.
#include <chrono>
#include <thread>

#include "lib/testing/pg_cluster.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral::testing {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class ReferenceTest : public Fixture {
 protected:
  // A call that may last so long.
  auth::CallContext Patient(seconds patience) const {
    auth::CallContext context = Call(Worker());
    context.deadline = steady_clock::now() + patience;
    return context;
  }

  bool SomebodyWaitsForALock() {
    const auto end = steady_clock::now() + seconds(20);
    while (steady_clock::now() < end) {
      if (Count("SELECT count(*) AS n FROM pg_locks WHERE NOT granted") > 0) return true;
    }
    return false;
  }

  storage::PostgresReference always_anew_{*pool_, std::chrono::milliseconds(0)};
};

TEST_F(ReferenceTest, WhileOneCallerReadsTheOthersGoOnWithWhatThereIs) {
  const auto first = always_anew_.Current(Patient(seconds(20)));
  ASSERT_TRUE(first.ok()) << first.status();
  absl::StatusOr<std::shared_ptr<const domain::Reference>> anew;
  std::jthread reader;
  pg::Pool superuser(vardkedja::testing::PgCluster::Get().SuperuserDsn(database_.name()), 1,
                     seconds(60));
  const absl::Status locked = superuser.InTransaction({}, [&](pg::Transaction& tx) {
    const absl::Status lock = tx.Execute("LOCK TABLE referral.unit", {}).status();
    reader = std::jthread([&] { anew = always_anew_.Current(Patient(seconds(60))); });
    EXPECT_TRUE(SomebodyWaitsForALock());
    const auto meanwhile = always_anew_.Current(Patient(seconds(2)));
    EXPECT_TRUE(meanwhile.ok()) << meanwhile.status();
    EXPECT_EQ(meanwhile.value_or(nullptr), *first);
    return lock;
  });
  ASSERT_TRUE(locked.ok()) << locked;
  reader.join();
  ASSERT_TRUE(anew.ok()) << anew.status();
  EXPECT_NE(*anew, *first);
}

TEST_F(ReferenceTest, WhoFailsToReadLeavesItToTheNext) {
  const auto first = always_anew_.Current(Patient(seconds(20)));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(always_anew_.Current(Patient(seconds(0))).ok());
  const auto next = always_anew_.Current(Patient(seconds(20)));
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_NE(*next, *first);
}

}  // namespace
}  // namespace vardkedja::referral::testing
