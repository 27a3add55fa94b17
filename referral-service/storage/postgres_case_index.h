// Finding cases on PostgreSQL: by table case_reader, which a trigger keeps, and by blind index.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresCaseIndex final : public usecases::CaseIndex {
 public:
  PostgresCaseIndex(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::vector<usecases::StoredCase>> List(const auth::CallContext& context,
                                                         const usecases::ListQuery& query) override;
  absl::StatusOr<std::vector<usecases::StoredCase>> OfCaseNumber(
      const auth::CallContext& context, std::string_view case_number) override;
  absl::StatusOr<std::vector<usecases::StoredCase>> OfPerson(const auth::CallContext& context,
                                                             std::string_view person_id) override;
  absl::StatusOr<std::vector<usecases::StoredCase>> OfIdentityNumber(
      const auth::CallContext& context, std::string_view identity_number) override;
  absl::StatusOr<std::vector<usecases::ChangeRecord>> Changes(const auth::CallContext& context,
                                                              std::string_view owner_unit_id,
                                                              std::int64_t after,
                                                              int limit) override;

  // The statement behind List and its parameters, so that a test can ask for its plan.
  static const std::string& ListSql(const usecases::ListQuery& query);
  static pg::Params ListParams(const usecases::ListQuery& query);

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

}  // namespace vardkedja::referral::storage
