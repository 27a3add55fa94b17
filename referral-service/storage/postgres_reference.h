// Reference data and the directory, read whole and kept for a short while.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "lib/pg/pool.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::storage {

// A bed as of now, as placement-service tells.
absl::Status KeepBed(pg::Transaction& tx, const std::string& bed_id, const domain::BedInfo& bed);

// Thread-safe. The pool outlives it. What it says is at most `keep` old, and as much longer as one
// caller takes to read it anew: the others go on with what there is.
class PostgresReference final : public usecases::ReferenceSource {
 public:
  explicit PostgresReference(pg::Pool& pool,
                             std::chrono::milliseconds keep = std::chrono::milliseconds(2000))
      : pool_(pool), keep_(keep) {}

  absl::StatusOr<std::shared_ptr<const domain::Reference>> Current(
      const auth::CallContext& context) override;

 private:
  pg::Pool& pool_;
  const std::chrono::milliseconds keep_;
  std::mutex mutex_;
  std::shared_ptr<const domain::Reference> kept_;
  std::chrono::steady_clock::time_point read_at_{};
  bool reading_ = false;  // somebody does
};

}  // namespace vardkedja::referral::storage
