#include "lib/jobs/jobs.h"

#include <chrono>

#include "lib/status/status.h"

namespace vardkedja::jobs {
namespace {

// What comes later, or is due only because domain time is ahead, is found by the runner's own look.
constexpr std::chrono::seconds kSoon{1};

}  // namespace

absl::Status Enqueue(pg::Transaction& tx, const NewJob& job) {
  VK_RETURN_IF_ERROR(
      tx.Execute("INSERT INTO job (kind, key, run_at, payload) VALUES ($1, $2, $3, $4)"
                 " ON CONFLICT (kind, key) WHERE state IN ('scheduled', 'running')"
                 " DO UPDATE SET state = 'scheduled', run_at = excluded.run_at,"
                 "  payload = excluded.payload, fence = job.fence + 1, attempts = 0,"
                 "  lease_until = NULL, not_before = NULL, last_error = NULL",
                 {job.kind, job.key, job.run_at, pg::Bytes{job.payload}})
          .status());
  if (job.run_at <= std::chrono::system_clock::now() + kSoon) tx.Announce(kTopic);
  return absl::OkStatus();
}

absl::Status Cancel(pg::Transaction& tx, std::string_view kind, std::string_view key) {
  return tx
      .Execute(
          "UPDATE job SET state = 'cancelled', fence = fence + 1, lease_until = NULL,"
          " finished_at = clock_timestamp()"
          " WHERE kind = $1 AND key = $2 AND state IN ('scheduled', 'running')",
          {kind, key})
      .status();
}

absl::Status Retry(pg::Pool& pool, std::string_view kind, std::string_view key,
                   pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result changed,
      pool.Write("UPDATE job SET state = 'scheduled', attempts = 0, not_before = NULL,"
                 " finished_at = NULL WHERE id = (SELECT max(id) FROM job"
                 "  WHERE kind = $1 AND key = $2 AND state = 'failed')",
                 {kind, key}, deadline, kTopic));
  return changed.affected() == 0 ? NotFound() : absl::OkStatus();
}

absl::StatusOr<QueueStats> ReadQueue(pg::Pool& pool, Instant now, pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool.Read("SELECT count(*) FILTER (WHERE state = 'scheduled' AND run_at <= $1) AS due,"
                " count(*) FILTER (WHERE state = 'running') AS running,"
                " count(*) FILTER (WHERE state = 'failed') AS failed,"
                " min(run_at) FILTER (WHERE state = 'scheduled' AND run_at <= $1) AS oldest"
                " FROM job WHERE state IN ('scheduled', 'running', 'failed')",
                {now}, deadline));
  const pg::Row row = rows[0];
  QueueStats stats{row.Int("due"), row.Int("running"), row.Int("failed"), {}};
  if (const auto oldest = row.OptionalInstant("oldest")) stats.oldest_due = now - *oldest;
  return stats;
}

}  // namespace vardkedja::jobs
