// The forms of cases as they were, from the versions that the database keeps.
#pragma once

#include <string>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/form_history.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresFormHistory final : public usecases::FormHistoryStore {
 public:
  PostgresFormHistory(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::vector<usecases::WrittenForm>> Forms(
      const auth::CallContext& context, const usecases::FormQuery& query) override;
  absl::StatusOr<std::optional<usecases::OpenedForm>> FormAt(const auth::CallContext& context,
                                                             const std::string& referral_id,
                                                             std::int64_t version,
                                                             bool sent_only) override;
  absl::StatusOr<std::vector<usecases::AskedInformation>> Questions(
      const auth::CallContext& context, const std::string& referral_id, std::int64_t after,
      int limit) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

}  // namespace vardkedja::referral::storage
