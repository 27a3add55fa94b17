// Timers that change state, in the schema of the service that owns the state (architecture.md, 5).
//
//   scheduled -> running -> done
//      ^           |-> scheduled   failed, attempts left: after a back-off
//      |           |-> failed      failed too often: stays, visible, until Retry
//      |           `-> scheduled   the process died: the lease ran out, the rescuer took it back
//      `-- failed  Retry
//   scheduled -> cancelled         Cancel
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "lib/time/clock.h"

namespace vardkedja::jobs {

// The topic that Enqueue announces to the pool's listener when the job is due soon.
inline constexpr std::string_view kTopic = "jobs";

struct NewJob {
  std::string kind;     // "offer-expiry"
  std::string key;      // the resource's id; at most one live job per kind and key
  Instant run_at{};     // domain time
  std::string payload;  // the owner's own format; no personal data
};

// Schedules a job in the commit of the state that wants it. A live job of the same kind and key is
// replaced: a scheduled one moves to the new time, one that is being run loses its fence, so that
// its effects are rolled back and the new one runs instead.
absl::Status Enqueue(pg::Transaction& tx, const NewJob& job);

// Cancels the live job of this kind and key, if any; one that is being run is rolled back.
absl::Status Cancel(pg::Transaction& tx, std::string_view kind, std::string_view key);

// Schedules a failed job anew, with all its attempts. NOT_FOUND when there is none.
absl::Status Retry(pg::Pool& pool, std::string_view kind, std::string_view key,
                   pg::Deadline deadline);

// A job being run.
struct Job {
  std::int64_t id = 0;
  std::string kind;
  std::string key;
  std::string payload;
  Instant run_at{};  // domain time it was due
  Instant now{};     // domain time it is run
  int attempt = 1;
};

// Runs a job in `tx`; the effects and the mark "done", written after them, commit together or not
// at all. Must be repeatable and act through `tx` only; may enqueue the next job of its own kind
// and key.
using Handler = std::function<absl::Status(pg::Transaction& tx, const Job& job)>;

// Deletes one bounded batch of what is too old; returns how many rows went.
using Purge = std::function<absl::StatusOr<std::int64_t>(pg::Pool& pool, pg::Deadline deadline)>;

struct RunnerOptions {
  std::chrono::milliseconds poll{500};
  int batch = 16;                           // jobs claimed at once
  std::chrono::milliseconds lease{60'000};  // database time; afterwards the rescuer takes over
  std::chrono::milliseconds min_backoff{1'000};
  std::chrono::milliseconds max_backoff{300'000};
  int max_attempts = 10;
  // Run once an hour, each until nothing is left; for example commit::PurgeRequests.
  std::vector<Purge> hourly = {};
};

struct RunnerStats {
  std::int64_t done = 0;      // by this process
  std::int64_t failures = 0;  // attempts that failed
  std::int64_t rescued = 0;
  std::int64_t lost = 0;  // effects rolled back because the fence had moved
};

// The state of the queue, for metrics.
struct QueueStats {
  std::int64_t due = 0;
  std::int64_t running = 0;
  std::int64_t failed = 0;                 // anything above 0 is an alarm
  std::chrono::microseconds oldest_due{};  // how late the most overdue one is, domain time
};
absl::StatusOr<QueueStats> ReadQueue(pg::Pool& pool, Instant now, pg::Deadline deadline);

// Any number of replicas. One thread. `pool` and `clock` outlive it.
class Runner {
 public:
  Runner(pg::Pool& pool, const Clock& clock, std::map<std::string, Handler, std::less<>> handlers,
         RunnerOptions options = {});
  ~Runner();  // stops
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void Start();
  void Stop();  // finishes the job in hand, gives the other claimed ones back; idempotent
  void Wake();  // look now; never blocks, thread-safe

  // One round: rescue, claim what is due of the known kinds, run it. Returns how many were run.
  // For tests, instead of Start.
  absl::StatusOr<int> RunDue();

  RunnerStats stats() const;  // thread-safe

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::jobs
