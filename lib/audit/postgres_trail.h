// The audit trail in the schema of one service.
#pragma once

#include <string>
#include <utility>

#include "lib/audit/trail.h"
#include "lib/pg/pool.h"
#include "lib/vault/key_ring.h"

namespace vardkedja::audit {

// Thread-safe. Pool and ring outlive it. `head_file` is where the sealer exports its head; empty
// when it exports none.
class PostgresTrail final : public Trail {
 public:
  PostgresTrail(pg::Pool& pool, const vault::KeyRing& ring, std::string head_file)
      : pool_(pool), ring_(ring), head_file_(std::move(head_file)) {}

  absl::StatusOr<std::vector<TrailRow>> Rows(const auth::CallContext& context,
                                             const TrailQuery& query) override;
  absl::StatusOr<std::vector<TrailRow>> RowsOfCase(const auth::CallContext& context,
                                                   std::string_view case_id,
                                                   const TrailPart& part) override;
  absl::StatusOr<Verification> Verify(const auth::CallContext& context, std::int64_t after_position,
                                      std::int64_t rows) override;

 private:
  pg::Pool& pool_;
  const vault::KeyRing& ring_;
  const std::string head_file_;
};

}  // namespace vardkedja::audit
