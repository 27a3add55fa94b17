// Batches the audit rows of concurrent reads into one insert, so that a read costs a share of a
// commit rather than a whole one.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "lib/audit/read_audit.h"

namespace vardkedja::pg {
class Pool;
}

namespace vardkedja::audit {

struct ReadAuditorOptions {
  // How long the first row of a batch waits for company; 5 ms at most (architecture.md, 4).
  std::chrono::milliseconds flush_after{2};
  // A batch this large is flushed at once.
  size_t batch_rows = 256;
  // Rows waiting; beyond it Record answers RESOURCE_EXHAUSTED.
  size_t queue_rows = 8192;
  // How long one insert may take.
  std::chrono::milliseconds insert_timeout{2000};
};

// Owns one thread. Thread-safe. The pool must outlive it.
class ReadAuditor final : public ReadAudit {
 public:
  explicit ReadAuditor(pg::Pool& pool, ReadAuditorOptions options = {});
  ~ReadAuditor() override;  // Stop()

  absl::Status Record(std::vector<Entry> entries,
                      std::chrono::steady_clock::time_point deadline) override;

  // Flushes what waits, refuses what comes later (UNAVAILABLE). Idempotent.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::audit
