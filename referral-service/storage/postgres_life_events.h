// Life events on PostgreSQL: the record, and the change of the case it makes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/usecases/life_events.h"

namespace vardkedja::referral::storage {

// Thread-safe. What it is given outlives it.
class PostgresLifeEvents final : public usecases::LifeEventStore {
 public:
  PostgresLifeEvents(pg::Pool& pool, vault::Vault& vault, PostgresCases& cases)
      : pool_(pool), vault_(vault), cases_(cases) {}

  absl::StatusOr<std::optional<domain::LifeEvent>> Find(const auth::CallContext& context,
                                                        std::string_view life_event_id) override;
  absl::StatusOr<std::vector<domain::LifeEvent>> OfCase(const auth::CallContext& context,
                                                        std::string_view referral_id) override;
  absl::Status Save(const domain::LifeChange& change, const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
  PostgresCases& cases_;
};

// Case, timeline and record in a transaction that is not the store's; the case's content stays as
// it is. False, and nothing written, when the case is no longer at the version before.
absl::StatusOr<bool> WriteLifeChange(vault::Vault& vault, pg::Transaction& tx,
                                     const domain::LifeChange& change, const StepAuthor& author);

}  // namespace vardkedja::referral::storage
