// The audit trail of this service, read and verified by lib/audit.
#pragma once

#include <string>

#include "lib/pg/pool.h"
#include "lib/vault/key_ring.h"
#include "referral-service/usecases/audit_trail.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and ring outlive it. `head_file` is where the sealer exports its head; empty
// when it exports none.
class PostgresAuditTrail final : public usecases::AuditTrail {
 public:
  PostgresAuditTrail(pg::Pool& pool, const vault::KeyRing& ring, std::string head_file)
      : pool_(pool), ring_(ring), head_file_(std::move(head_file)) {}

  absl::StatusOr<std::vector<usecases::AuditRow>> Rows(
      const auth::CallContext& context, const usecases::AuditRowQuery& query) override;
  absl::StatusOr<usecases::AuditVerification> Verify(const auth::CallContext& context,
                                                     std::int64_t after_position,
                                                     std::int64_t rows) override;

 private:
  pg::Pool& pool_;
  const vault::KeyRing& ring_;
  const std::string head_file_;
};

}  // namespace vardkedja::referral::storage
