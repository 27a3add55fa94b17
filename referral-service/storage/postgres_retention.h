// Retention on PostgreSQL, erasure by the vault.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/export_case.h"
#include "referral-service/usecases/retention.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresRetention final : public usecases::RetentionStore {
 public:
  PostgresRetention(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<usecases::StoredRetention> Find(const auth::CallContext& context,
                                                 const domain::Referral& referral) override;
  absl::StatusOr<std::vector<std::string>> Due(const auth::CallContext& context,
                                               std::string_view owner_unit_id, Date today,
                                               const usecases::DuePosition& after,
                                               int limit) override;
  absl::Status Save(const domain::Retention& retention, const usecases::WriteTail& tail) override;
  absl::Status Erase(const domain::Referral& referral, const domain::Retention& retention,
                     const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// Makes the rows of cases whose keys are gone say so, and removes their index rows and files. For
// the scopes that Vault::ReplayLedger returns: a restored database may still hold them. Repeatable.
absl::Status FinishErasures(pg::Pool& pool, const std::vector<std::string>& scopes, Instant now,
                            pg::Deadline deadline);

// Tells the owners of up to 100 cases that these may be erased now, each once; how many were told.
absl::StatusOr<std::int64_t> FlagErasureDue(pg::Pool& pool, Instant now, pg::Deadline deadline);

}  // namespace vardkedja::referral::storage
