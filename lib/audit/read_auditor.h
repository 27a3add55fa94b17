// Batches the audit rows of concurrent reads into one insert, so that a read costs a share of a
// commit rather than a whole one. A batch is what came while the one before it was written: a lone
// read waits for nobody.
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
  size_t batch_rows = 256;  // in one insert at most
  // Rows waiting; beyond it Record answers RESOURCE_EXHAUSTED.
  size_t queue_rows = 8192;
  // How long one insert may take. The caller that writes may be late by so much; the others are
  // not.
  std::chrono::milliseconds insert_timeout{2000};
};

struct ReadAuditorStats {
  size_t waiting = 0;  // rows
  size_t writing = 0;
};

// Has no thread: the callers write, one at a time. Thread-safe. The pool must outlive it.
class ReadAuditor final : public ReadAudit {
 public:
  explicit ReadAuditor(pg::Pool& pool, ReadAuditorOptions options = {});
  ~ReadAuditor() override;  // Stop()

  absl::Status Record(std::vector<Entry> entries,
                      std::chrono::steady_clock::time_point deadline) override;

  ReadAuditorStats stats() const;

  // Flushes what waits, refuses what comes later (UNAVAILABLE). Idempotent.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::audit
