// Implementation plans (encrypted) and home support legs on PostgreSQL.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/export_case.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresPlans final : public usecases::PlanStore {
 public:
  PostgresPlans(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<domain::Plans> Find(const auth::CallContext& context,
                                     std::string_view referral_id) override;
  absl::Status Save(const domain::Referral& referral, const domain::Plans& plans, What what,
                    const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// One revision of implementation_plan, opened.
absl::StatusOr<domain::ImplementationPlan> OpenPlan(vault::Vault& vault,
                                                    std::string_view referral_id,
                                                    const pg::Row& row);

// The home support as planned each time, oldest first, after a version.
absl::StatusOr<std::vector<usecases::HomeSupportVersion>> HomeSupportVersions(
    pg::Pool& pool, std::string_view referral_id, std::int64_t after, int limit,
    pg::Deadline deadline);

}  // namespace vardkedja::referral::storage
