// Implementation plans (encrypted) and home support legs on PostgreSQL.
#pragma once

#include <string_view>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/ports.h"

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

}  // namespace vardkedja::referral::storage
