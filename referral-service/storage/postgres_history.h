// What was disclosed of a case, from the audit trail of this service.
#pragma once

#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "referral-service/usecases/history.h"

namespace vardkedja::referral::storage {

// Thread-safe. The pool outlives it.
class PostgresHistory final : public usecases::HistoryStore {
 public:
  explicit PostgresHistory(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<usecases::DisclosureRecord>> Disclosures(
      const auth::CallContext& context, std::string_view referral_id,
      std::string_view owner_unit_id, std::int64_t after, int limit) override;

 private:
  pg::Pool& pool_;
};

}  // namespace vardkedja::referral::storage
