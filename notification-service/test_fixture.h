// For this service's tests: a fresh database seeded with deploy/kronoberg, a real vault, and fakes
// of what other services answer.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "lib/audit/read_audit.h"
#include "lib/auth/case_access.h"
#include "lib/pg/pool.h"
#include "lib/testing/pg_cluster.h"
#include "lib/time/clock.h"
#include "lib/vault/vault.h"
#include "notification-service/storage/postgres_deadlines.h"
#include "notification-service/storage/postgres_directory.h"
#include "notification-service/storage/postgres_messages.h"
#include "notification-service/storage/postgres_seed.h"
#include "notification-service/storage/vault_content.h"

namespace vardkedja::notification {

inline constexpr char kCase[] = "0b9d2f1e-6d7c-4d0e-9a55-0123456789ab";
inline constexpr char kOtherCase[] = "7c1d2f1e-6d7c-4d0e-9a55-0123456789ab";

// Permits what a test says, per unit and case, with the category "messages".
class FakeCaseAccess final : public auth::CaseAccess {
 public:
  void Permit(const std::string& unit, const std::string& case_id);
  void Revoke(const std::string& unit, const std::string& case_id);
  void SetDown(bool down) { down_ = down; }

  absl::StatusOr<std::vector<auth::AccessDecision>> Authorize(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override;
  absl::StatusOr<std::vector<auth::CaseDescription>> Describe(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override;

 private:
  std::set<std::pair<std::string, std::string>> permitted_;
  bool down_ = false;
};

// Remembers the rows.
class FakeReadAudit final : public audit::ReadAudit {
 public:
  absl::Status Record(std::vector<audit::Entry> entries,
                      std::chrono::steady_clock::time_point deadline) override;
  std::vector<audit::Entry> Take();
  void SetDown(bool down) { down_ = down; }

 private:
  std::vector<audit::Entry> entries_;
  bool down_ = false;
};

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest();
  ~ServiceTest() override;
  void SetUp() override;

  // A call of a social worker of `unit`; a write when `request_id` is given.
  auth::CallContext Call(const std::string& unit, const std::string& request_id = "") const;

  // One value of one column, as text.
  std::string Value(const std::string& sql) const;

  testing::TestDatabase database_;
  std::string key_directory_;
  FakeClock clock_;
  std::unique_ptr<pg::Pool> pool_;
  std::unique_ptr<pg::Pool> key_store_;
  std::unique_ptr<vault::KeyRing> ring_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<storage::VaultContent> content_;
  std::unique_ptr<storage::PostgresMessages> messages_;
  std::unique_ptr<storage::PostgresDirectory> directory_;
  std::unique_ptr<storage::PostgresDeadlines> deadlines_;
  FakeCaseAccess access_;
  FakeReadAudit read_audit_;
};

// The reason of an error, or its text.
std::string Reason(const absl::Status& status);

}  // namespace vardkedja::notification
