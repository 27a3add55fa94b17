// Applies another service's events exactly once, with any number of replicas.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/eventlog/reader.h"
#include "lib/pg/pool.h"

namespace vardkedja::eventlog {

// Applies one event in `tx`. OK also for a known type that is of no interest.
//   UnknownEvent()  the type is not known to this binary: the event and all later ones of the same
//                   aggregate are parked and applied when a newer binary starts
//   UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, RESOURCE_EXHAUSTED, CANCELLED  tried again for ever
//   anything else   tried again `max_attempts` times, then parked like an unknown one
// Must be repeatable and act through `tx` only.
using Handler = std::function<absl::Status(pg::Transaction& tx, const v1::Event& event)>;

// UNIMPLEMENTED.
absl::Status UnknownEvent();

struct ConsumerOptions {
  std::string name;  // stable; the cursor's key, for example "referral" for the log that is read
  int batch = 100;   // events per transaction at most
  std::chrono::milliseconds wait{10'000};  // one long poll
  std::chrono::milliseconds min_backoff{50};
  std::chrono::milliseconds max_backoff{5'000};
  int max_attempts = 8;
  std::chrono::milliseconds retry_parked_every{60'000};
};

struct ConsumerStats {
  std::int64_t position = 0;  // last seq applied or parked, as this replica knows it
  std::int64_t head = 0;      // of the source, when last read; head - position is the lag
  std::int64_t applied = 0;   // by this replica since its start
  std::int64_t parked = 0;    // events now parked: anything above 0 is an alarm
  std::int64_t failures = 0;
};

// Polls outside transactions; moves its cursor by compare-and-set in the transaction of the
// effects. One thread per consumer. `pool` and `source` outlive it.
class Consumer {
 public:
  Consumer(pg::Pool& pool, ConsumerOptions options, EventSource& source, Handler handler);
  ~Consumer();  // stops
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  void Start();
  void Stop();  // waits for the transaction in progress; idempotent

  // One poll and what follows from it; returns how many events were applied or parked. For tests,
  // instead of Start.
  absl::StatusOr<int> Step(std::chrono::milliseconds wait, std::stop_token stop = {});
  // Applies parked events whose turn has come; returns how many. Start does it first.
  absl::StatusOr<int> RetryParked();

  ConsumerStats stats() const;  // thread-safe

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// How far a consumer has come: the last seq applied and when the source had sequenced it.
struct Position {
  std::int64_t seq = 0;
  Instant sequenced_at{};
};
absl::StatusOr<Position> ReadPosition(pg::Pool& pool, std::string_view consumer,
                                      pg::Deadline deadline);

// Starts over: cursor to 0 and parked events forgotten. Truncate the read model in the same `tx`.
absl::Status ResetPosition(pg::Transaction& tx, std::string_view consumer);

}  // namespace vardkedja::eventlog
