// Concerns about children on PostgreSQL, their content encrypted.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/child_concerns.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresConcerns final : public usecases::ConcernStore {
 public:
  PostgresConcerns(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::optional<usecases::StoredConcern>> Find(const auth::CallContext& context,
                                                              std::string_view concern_id) override;
  absl::StatusOr<std::vector<usecases::ChildConcern>> ReceivedBy(const auth::CallContext& context,
                                                                 std::string_view unit_id,
                                                                 std::string_view before,
                                                                 int limit) override;
  absl::StatusOr<std::vector<usecases::StoredConcern>> OfCase(
      const auth::CallContext& context, std::string_view referral_id) override;
  absl::StatusOr<usecases::ConcernContent> Open(const usecases::StoredConcern& stored) override;
  absl::Status Insert(const domain::Referral& referral, const usecases::ConcernView& concern,
                      const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

}  // namespace vardkedja::referral::storage
