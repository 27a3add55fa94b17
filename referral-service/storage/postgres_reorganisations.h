// Reorganisations of units on PostgreSQL, their cases moved by a job.
#pragma once

#include "lib/jobs/jobs.h"
#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/reorganisations.h"

namespace vardkedja::referral::storage {

// The job that moves the cases, a batch each time it runs; its key is the reorganisation's id.
inline constexpr std::string_view kReorganisationJob = "unit-reorganisation";

// Cases per commit: a case is locked for as long as its batch takes.
inline constexpr int kReorganisationBatch = 25;

// Thread-safe. Pool and vault outlive it.
class PostgresReorganisations final : public usecases::ReorganisationStore {
 public:
  PostgresReorganisations(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::optional<domain::UnitReorganisation>> Find(
      const auth::CallContext& context, std::string_view reorganisation_id) override;
  absl::StatusOr<std::vector<usecases::ReorganisedCase>> Cases(
      const auth::CallContext& context, const usecases::ReorganisedCaseQuery& query) override;
  absl::StatusOr<std::set<std::string>> OwnCases(
      const auth::CallContext& context, const std::vector<std::string>& referral_ids) override;
  absl::Status Begin(const domain::UnitReorganisation& reorganisation,
                     const std::vector<std::string>& referral_ids,
                     const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// One batch: each case moved whole or refused, and the next batch scheduled, in `tx`. Nothing when
// the reorganisation has ended.
absl::Status ReorganiseBatch(vault::Vault& vault, pg::Transaction& tx, const jobs::Job& job);

}  // namespace vardkedja::referral::storage
