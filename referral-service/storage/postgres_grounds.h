// Grounds for disclosure on PostgreSQL, their text in the vault, their end as a job.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/jobs/jobs.h"
#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::storage {

// The job that ends a ground when its term is over; its key is the ground's id.
inline constexpr std::string_view kGroundExpiryJob = "ground-expiry";

// Thread-safe. Pool and vault outlive it.
class PostgresGrounds final : public usecases::GroundStore {
 public:
  PostgresGrounds(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::optional<usecases::StoredGround>> Find(const auth::CallContext& context,
                                                             std::string_view ground_id) override;
  absl::StatusOr<std::vector<usecases::StoredGround>> OfCase(const auth::CallContext& context,
                                                             std::string_view referral_id) override;
  absl::StatusOr<std::string> OpenText(const usecases::StoredGround& stored) override;
  absl::Status Insert(const domain::Referral& referral, const domain::DisclosureGround& ground,
                      std::string_view text, const usecases::WriteTail& tail) override;
  absl::Status SaveEnded(const domain::Referral& referral, const domain::DisclosureGround& ground,
                         const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// Ends a ground whose term is over and tells; nothing when it has ended already. The date alone has
// stopped disclosures before this runs.
absl::Status ExpireGround(pg::Transaction& tx, const jobs::Job& job);

}  // namespace vardkedja::referral::storage
