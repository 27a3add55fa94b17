// Facts by `as_of`, from the tables that the consumers fill.
#pragma once

#include "lib/pg/pool.h"
#include "reporting-service/usecases/ports.h"

namespace vardkedja::reporting::storage {

// Thread-safe. The pool outlives it.
class PostgresFactStore final : public usecases::FactStore {
 public:
  explicit PostgresFactStore(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<usecases::Snapshot> Load(const auth::CallContext& context,
                                          std::optional<Instant> as_of,
                                          const std::set<usecases::FactKind>& kinds) override;
  absl::StatusOr<std::map<std::string, std::string>> SubstituteIds(
      const auth::CallContext& context, const std::vector<std::string>& references) override;

 private:
  absl::StatusOr<Instant> Fix(const auth::CallContext& context, std::optional<Instant> as_of);

  pg::Pool& pool_;
};

// Empties the read model and sets the consumers back to the beginning of their logs; what was known
// when, and the substitutes, stay. The consumers may be running: they start over by themselves, at
// the latest after one long poll, and reports answer REBUILDING until the facts reach far enough.
absl::Status Rebuild(pg::Pool& pool, pg::Deadline deadline);

// The names under which this service keeps its cursors: those of the logs.
inline constexpr auto kSources =
    std::to_array<std::string_view>({"referral", "placement", "notification"});

}  // namespace vardkedja::reporting::storage
