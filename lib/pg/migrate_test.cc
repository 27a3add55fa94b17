#include "lib/pg/migrate.h"

#include <gtest/gtest.h>

#include <thread>

#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"

namespace vardkedja::pg {
namespace {

using testing::TestDatabase;

class MigrateTest : public ::testing::Test {
 protected:
  MigrateTest() : database_("placement", {}), pool_(database_.NewPool("placement")) {}

  absl::Status Apply(std::vector<MigrationSet> sets) {
    MigrateOptions options;
    options.migrator_dsn = database_.Dsn("placement_migrator");
    options.schema = "placement";
    return Migrate(options, sets);
  }
  absl::Status Check(std::vector<MigrationSet> sets) {
    return CheckSchema(*pool_, sets, kNoDeadline);
  }

  TestDatabase database_;
  std::unique_ptr<Pool> pool_;
  const Migration one_{1, "0001_one", "CREATE TABLE one (n integer)"};
  const Migration two_{2, "0002_two", "CREATE TABLE two (n integer)"};
  const Migration breaking_{2, "0002_two", "-- compatible-from: 2\nDROP TABLE one"};
};

TEST_F(MigrateTest, AppliesWhatIsMissingOnce) {
  EXPECT_EQ(Check({{"a", {one_}}}).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Apply({{"a", {one_}}}).ok());
  EXPECT_TRUE(Check({{"a", {one_}}}).ok());
  EXPECT_FALSE(Check({{"a", {one_, two_}}}).ok());
  ASSERT_TRUE(Apply({{"a", {one_, two_}}}).ok());
  EXPECT_TRUE(Check({{"a", {one_, two_}}}).ok());
  EXPECT_TRUE(Check({{"a", {one_}}}).ok()) << "an expand migration lets the old binary live";
}

TEST_F(MigrateTest, ContractShutsOldBinariesOut) {
  ASSERT_TRUE(Apply({{"a", {one_, breaking_}}}).ok());
  EXPECT_TRUE(Check({{"a", {one_, breaking_}}}).ok());
  const absl::Status old = Check({{"a", {one_}}});
  EXPECT_EQ(GetErrorDetail(old)->reason, "SCHEMA_INCOMPATIBLE");
}

TEST_F(MigrateTest, EditedFileIsRefused) {
  ASSERT_TRUE(Apply({{"a", {one_}}}).ok());
  const Migration edited{1, "0001_one", "CREATE TABLE one (n bigint)"};
  EXPECT_EQ(Apply({{"a", {edited}}}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(Check({{"a", {edited}}}).ok());
}

TEST_F(MigrateTest, GapIsRefusedAndFailureLeavesNothing) {
  EXPECT_FALSE(Apply({{"a", {two_}}}).ok());
  const Migration broken{2, "0002_broken", "CREATE TABLE half (n integer); SELECT 1 / 0"};
  EXPECT_FALSE(Apply({{"a", {one_, broken}}}).ok());
  EXPECT_TRUE(Check({{"a", {one_}}}).ok());
  EXPECT_TRUE(database_.Query("placement", "SELECT to_regclass('half') AS t")[0].IsNull("t"));
}

TEST_F(MigrateTest, ManyAtOnce) {
  std::vector<std::thread> threads;
  std::vector<absl::Status> results(6);
  for (absl::Status& result : results) {
    threads.emplace_back([&] { result = Apply({{"a", {one_, two_}}}); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) EXPECT_TRUE(result.ok()) << result;
}

TEST_F(MigrateTest, OwnerOwnsAndRuntimeOnlyUses) {
  ASSERT_TRUE(Apply({{"a", {one_}}}).ok());
  const auto owner =
      database_.Query("placement",
                      "SELECT tableowner FROM pg_tables WHERE schemaname = 'placement'"
                      " AND tablename = 'one'");
  EXPECT_EQ(owner[0].Text("tableowner"), "placement_owner");
  EXPECT_TRUE(pool_->Write("INSERT INTO one VALUES (1)").ok());
  for (const char* sql : {"CREATE TABLE mine (n integer)", "DROP TABLE one", "TRUNCATE one",
                          "ALTER TABLE one ADD m integer", "DELETE FROM schema_migration",
                          "CREATE TEMPORARY TABLE t (n integer)", "SET ROLE placement_owner",
                          "CREATE TABLE public.mine (n integer)"}) {
    EXPECT_EQ(SqlState(pool_->Write(sql).status()), "42501") << sql;
  }
}

// Every service's login finds nothing but closed doors in the other schemas.
TEST_F(MigrateTest, RolesSeeOnlyTheirOwnSchema) {
  const std::vector<std::string> parts = {"referral", "placement", "notification", "reporting",
                                          "keystore"};
  for (const std::string& part : parts) {
    database_.Query(part, "CREATE TABLE secret (n integer)");
    database_.Query(part, "ALTER TABLE secret OWNER TO " + part + "_owner");
  }
  for (const std::string& who : parts) {
    for (const std::string& login : {who + "_runtime", who + "_migrator"}) {
      Pool pool(database_.Dsn(login), 1, std::chrono::seconds(5));
      for (const std::string& whose : parts) {
        if (who == whose) continue;
        for (const std::string& sql :
             {"SELECT n FROM " + whose + ".secret", "INSERT INTO " + whose + ".secret VALUES (1)",
              "CREATE TABLE " + whose + ".mine (n integer)", "SET ROLE " + whose + "_owner",
              "SET ROLE " + whose + "_runtime"}) {
          EXPECT_EQ(SqlState(pool.Write(sql).status()), "42501") << login << ": " << sql;
        }
      }
      EXPECT_EQ(SqlState(pool.Write("SET ROLE postgres").status()), "42501") << login;
    }
  }
}

}  // namespace
}  // namespace vardkedja::pg
