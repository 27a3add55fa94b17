#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lib/audit/seal.h"

namespace vardkedja::pg {
class Pool;
}

namespace vardkedja::audit {

struct SealerOptions {
  std::chrono::milliseconds interval{1000};
  // Where the head is exported after each advance; empty: nowhere. A file whose head the trail does
  // not hold (its end was removed, or an older backup restored) is left as it is until somebody
  // moves it away; each advance then counts as a failed export.
  std::string head_file;
  int64_t batch_rows = 5000;
  // Looked for unsealed rows among those that followed the row sealed this many positions ago: the
  // ordinary pass, and the wide one each minute for rows of transactions that stayed open long.
  int64_t near_rows = 2000;
  int64_t wide_rows = 200'000;
  std::chrono::seconds wide_every{60};
};

// Seals the committed audit rows of one schema. Any number may run on one schema; one works at a
// time. Thread-safe. Pool and ring must outlive it.
class Sealer {
 public:
  Sealer(pg::Pool& pool, vault::KeyRing& ring, SealerOptions options = {});
  ~Sealer();  // Stop()

  // Starts the thread that seals at each interval. Without it SealOnce may be called by hand.
  void Start();
  // Seals what is committed and ends the thread. Idempotent.
  void Stop();

  // One pass: at most `batch_rows` rows. Returns how many were sealed; 0 also when another one is
  // at work.
  absl::StatusOr<int64_t> SealOnce();

  // For metrics.
  struct Stats {
    SealHead head;                // of the last pass that worked
    int64_t sealed = 0;           // rows, since the start
    int64_t failures = 0;         // passes
    int64_t export_failures = 0;  // of the head
  };
  Stats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::audit
