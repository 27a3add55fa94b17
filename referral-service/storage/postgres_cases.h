// Cases on PostgreSQL, their content in the vault.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/commit/commit.h"
#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/domain/referral.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::storage {

// The write tail's part of a commit.
commit::Write MakeWrite(const usecases::WriteTail& tail, commit::Outcome outcome,
                        std::vector<eventlog::NewEvent> events);

// What the constraints over one case's hand-overs and one person's cases mean to the caller:
// REROUTE_OPEN, REFERRAL_EXISTS, LIVE_CASE_EXISTS; any other status as it is.
absl::Status ExplainConflict(pg::Pool& pool, const absl::Status& status,
                             const domain::Referral& referral, const usecases::WriteTail& tail);

// One version of what is written of a case, opened.
absl::StatusOr<domain::Content> OpenContent(vault::Vault& vault, std::string_view referral_id,
                                            const std::string& sealed);

// FAILED_PRECONDITION, reason LIVE_CASE_EXISTS; who can end one of the two cases as metadata.
absl::Status LiveCaseExists(std::string_view resolved_by, std::string_view message);

struct SealedCase {
  std::optional<std::string> content;
  std::optional<std::string> name;  // none without a name
};

// Thread-safe. Pool and vault outlive it.
class PostgresCases final : public usecases::CaseStore {
 public:
  PostgresCases(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::optional<std::string>> FindReplay(const auth::CallContext& context) override;
  absl::StatusOr<std::optional<usecases::StoredCase>> Find(const auth::CallContext& context,
                                                           std::string_view referral_id) override;
  absl::StatusOr<std::vector<usecases::StoredCase>> FindAll(
      const auth::CallContext& context, const std::vector<std::string>& referral_ids) override;
  absl::StatusOr<std::vector<usecases::StepRecord>> Steps(const auth::CallContext& context,
                                                          std::string_view referral_id,
                                                          std::int64_t after, int limit) override;
  absl::StatusOr<std::vector<usecases::StepRecord>> Timeline(
      const auth::CallContext& context, const usecases::TimelineQuery& query) override;
  absl::Status OpenContent(usecases::StoredCase& stored) override;
  absl::StatusOr<std::vector<std::string>> OpenNames(
      const std::vector<const usecases::StoredCase*>& cases) override;
  absl::StatusOr<std::string> ResolvePerson(const auth::CallContext& context,
                                            std::string_view identity_number) override;
  absl::Status Insert(domain::Change& change, const usecases::WriteTail& tail) override;
  absl::Status Save(const domain::Change& change, const usecases::WriteTail& tail) override;

  // The encrypted parts of a case, under its keys.
  absl::StatusOr<SealedCase> Seal(const domain::Referral& referral);
  // ExplainConflict for whoever tried to write `after`.
  absl::Status Explain(const absl::Status& status, const domain::Referral& after,
                       const usecases::WriteTail& tail);

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

}  // namespace vardkedja::referral::storage
