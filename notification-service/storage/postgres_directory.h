// The directory in PostgreSQL.
#pragma once

#include "lib/pg/pool.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::storage {

// Thread-safe; `pool` outlives it.
class PostgresDirectory final : public usecases::DirectoryReader {
 public:
  explicit PostgresDirectory(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<domain::Organisation>> ListOrganisations(
      std::string_view after, int limit, usecases::CallDeadline deadline) override;
  absl::StatusOr<std::vector<usecases::UnitEntry>> ListUnits(
      std::string_view organisation_id, std::string_view after, int limit,
      usecases::CallDeadline deadline) override;
  absl::StatusOr<std::optional<usecases::UnitEntry>> FindUnit(
      std::string_view unit_id, usecases::CallDeadline deadline) override;

 private:
  pg::Pool& pool_;
};

// The unit that answers for a facility; empty when the directory knows none.
absl::StatusOr<std::string> FacilityUnit(pg::Transaction& tx, std::string_view facility_id);

// Whether messages can be delivered into this unit's inbox: it is known and its organisation takes
// part in the chain.
absl::StatusOr<bool> IsReachable(pg::Transaction& tx, std::string_view unit_id);

}  // namespace vardkedja::notification::storage
