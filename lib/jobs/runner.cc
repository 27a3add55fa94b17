#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "lib/jobs/jobs.h"
#include "lib/status/status.h"

namespace vardkedja::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kStatementLimit{10};
constexpr std::chrono::hours kPurgeEvery{1};
constexpr int kPurgeBatches = 100;

struct Claimed {
  Job job;
  std::int64_t fence = 0;
};

pg::Deadline Soon() { return steady_clock::now() + kStatementLimit; }

// What is stored of a failure: codes, never text that might hold personal data.
std::string ErrorText(const absl::Status& status) {
  std::string text = absl::StatusCodeToString(status.code());
  if (const auto detail = GetErrorDetail(status)) text += " " + detail->reason;
  return text;
}

milliseconds BackOff(const RunnerOptions& options, int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const milliseconds most =
      std::min(options.max_backoff, options.min_backoff * (1 << std::min(attempt - 1, 16)));
  return milliseconds(
      std::uniform_int_distribution<milliseconds::rep>(most.count() / 2, most.count())(random));
}

// Done and cancelled jobs are kept a week for those who ask what happened; failed ones stay.
absl::StatusOr<std::int64_t> PurgeFinished(pg::Pool& pool, pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result gone,
                      pool.Write("DELETE FROM job WHERE id IN (SELECT id FROM job"
                                 " WHERE state IN ('done', 'cancelled')"
                                 "  AND finished_at < clock_timestamp() - interval '7 days'"
                                 " LIMIT 5000 FOR UPDATE SKIP LOCKED)",
                                 {}, deadline));
  return gone.affected();
}

}  // namespace

class Runner::Impl {
 public:
  Impl(pg::Pool& pool, const Clock& clock, std::map<std::string, Handler, std::less<>> handlers,
       RunnerOptions options)
      : pool_(pool), clock_(clock), handlers_(std::move(handlers)), options_(options) {
    for (const auto& [kind, handler] : handlers_) kinds_.push_back(kind);
  }

  ~Impl() { Stop(); }

  void Start() {
    thread_ = std::jthread([this](std::stop_token stop) { Run(std::move(stop)); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
  }

  void Wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

  absl::StatusOr<int> RunDue(const std::stop_token& stop);

  RunnerStats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  enum class Outcome { kDone, kFailed, kLost };

  void Run(std::stop_token stop);
  absl::Status Rescue();
  absl::StatusOr<std::vector<Claimed>> Claim();
  Outcome RunOne(const Claimed& claimed);
  absl::Status Finish(pg::Transaction& tx, const Claimed& claimed, bool& lost);
  absl::Status RecordFailure(const Claimed& claimed, const absl::Status& status);
  absl::Status GiveBack(std::span<const Claimed> rest);
  void PurgeAll();

  pg::Pool& pool_;
  const Clock& clock_;
  const std::map<std::string, Handler, std::less<>> handlers_;
  const RunnerOptions options_;
  std::vector<std::string> kinds_;
  steady_clock::time_point purge_at_ = steady_clock::now();

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  RunnerStats stats_;
  std::jthread thread_;
};

void Runner::Impl::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto ran = RunDue(stop);
    if (ran.ok() && *ran == options_.batch) continue;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, options_.poll, [this] { return woken_; });
    woken_ = false;
  }
}

absl::StatusOr<int> Runner::Impl::RunDue(const std::stop_token& stop) {
  VK_RETURN_IF_ERROR(Rescue());
  if (steady_clock::now() >= purge_at_) {
    PurgeAll();
    purge_at_ = steady_clock::now() + kPurgeEvery;
  }
  const auto claimed_at = steady_clock::now();
  VK_ASSIGN_OR_RETURN(const std::vector<Claimed> claimed, Claim());
  int ran = 0;
  for (const Claimed& one : claimed) {
    // Late in the lease another runner may soon rescue what is left: better to hand it back.
    const bool late = steady_clock::now() - claimed_at > options_.lease / 2;
    if (stop.stop_requested() || late) {
      VK_RETURN_IF_ERROR(GiveBack(std::span(claimed).subspan(static_cast<std::size_t>(ran))));
      break;
    }
    const Outcome outcome = RunOne(one);
    ++ran;
    const std::lock_guard lock(mutex_);
    stats_.done += outcome == Outcome::kDone ? 1 : 0;
    stats_.failures += outcome == Outcome::kFailed ? 1 : 0;
    stats_.lost += outcome == Outcome::kLost ? 1 : 0;
  }
  return ran;
}

absl::Status Runner::Impl::Rescue() {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rescued,
      pool_.Write(
          "UPDATE job SET fence = fence + 1, lease_until = NULL, last_error = 'LEASE_EXPIRED',"
          " state = CASE WHEN attempts >= $1::integer THEN 'failed' ELSE 'scheduled' END,"
          " finished_at = CASE WHEN attempts >= $1::integer THEN clock_timestamp() END"
          " WHERE id IN (SELECT id FROM job WHERE state = 'running'"
          "  AND lease_until < clock_timestamp() LIMIT 1000 FOR UPDATE SKIP LOCKED)",
          {options_.max_attempts}, Soon()));
  const std::lock_guard lock(mutex_);
  stats_.rescued += rescued.affected();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Claimed>> Runner::Impl::Claim() {
  const Instant now = clock_.Now();
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Write("UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1,"
                  " lease_until = clock_timestamp() + $3::bigint * interval '1 millisecond'"
                  " WHERE id IN (SELECT id FROM job WHERE state = 'scheduled' AND run_at <= $1"
                  "  AND kind = ANY ($2::text[])"
                  "  AND (not_before IS NULL OR not_before <= clock_timestamp())"
                  "  ORDER BY run_at, id LIMIT $4::integer FOR UPDATE SKIP LOCKED)"
                  " RETURNING id, kind, key, payload, run_at, attempts, fence",
                  {now, kinds_, options_.lease.count(), options_.batch}, Soon()));
  std::vector<Claimed> claimed;
  for (const pg::Row row : rows) {
    claimed.push_back({{row.Int("id"), row.Text("kind"), row.Text("key"), row.Bytes("payload"),
                        row.Instant("run_at"), now, static_cast<int>(row.Int("attempts"))},
                       row.Int("fence")});
  }
  std::sort(claimed.begin(), claimed.end(), [](const Claimed& a, const Claimed& b) {
    return std::pair(a.job.run_at, a.job.id) < std::pair(b.job.run_at, b.job.id);
  });
  return claimed;
}

Runner::Impl::Outcome Runner::Impl::RunOne(const Claimed& claimed) {
  const Handler& handler = handlers_.find(claimed.job.kind)->second;
  pg::TransactionOptions transaction;
  transaction.deadline = steady_clock::now() + options_.lease / 2;
  bool lost = false;
  absl::Status status;
  try {
    status = pool_.InTransaction(transaction, [&](pg::Transaction& tx) -> absl::Status {
      lost = false;
      VK_RETURN_IF_ERROR(handler(tx, claimed.job));
      return Finish(tx, claimed, lost);
    });
  } catch (const std::exception&) {
    status = absl::InternalError("the handler threw");
  }
  if (status.ok()) return Outcome::kDone;
  if (lost) return Outcome::kLost;
  // When even this fails, the lease runs out and the rescuer does it.
  RecordFailure(claimed, status).IgnoreError();
  return Outcome::kFailed;
}

// The mark comes last, so that a handler takes its locks in the same order as everybody else: state
// first, job second. A handler that has enqueued its own kind and key anew holds the row itself.
absl::Status Runner::Impl::Finish(pg::Transaction& tx, const Claimed& claimed, bool& lost) {
  VK_ASSIGN_OR_RETURN(const pg::Result marked,
                      tx.Execute("UPDATE job SET state = 'done', lease_until = NULL,"
                                 " finished_at = clock_timestamp(), last_error = NULL"
                                 " WHERE id = $1 AND fence = $2 AND state = 'running'",
                                 {claimed.job.id, claimed.fence}));
  if (marked.affected() == 1) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const pg::Result own,
                      tx.Execute("SELECT 1 AS one FROM job WHERE id = $1 AND fence = $2::bigint + 1"
                                 " AND xmin = pg_current_xact_id()::xid",
                                 {claimed.job.id, claimed.fence}));
  if (!own.empty()) return absl::OkStatus();
  lost = true;
  return absl::AbortedError("the job was taken away");
}

absl::Status Runner::Impl::RecordFailure(const Claimed& claimed, const absl::Status& status) {
  const bool last = claimed.job.attempt >= options_.max_attempts;
  return pool_
      .Write(
          "UPDATE job SET state = CASE WHEN $3::boolean THEN 'failed' ELSE 'scheduled' END,"
          " finished_at = CASE WHEN $3::boolean THEN clock_timestamp() END,"
          " not_before = clock_timestamp() + $4::bigint * interval '1 millisecond',"
          " lease_until = NULL, fence = fence + 1, last_error = $5"
          " WHERE id = $1 AND fence = $2 AND state = 'running'",
          {claimed.job.id, claimed.fence, last, BackOff(options_, claimed.job.attempt).count(),
           ErrorText(status)},
          Soon())
      .status();
}

absl::Status Runner::Impl::GiveBack(std::span<const Claimed> rest) {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> fences;
  for (const Claimed& one : rest) {
    ids.push_back(one.job.id);
    fences.push_back(one.fence);
  }
  return pool_
      .Write(
          "UPDATE job SET state = 'scheduled', lease_until = NULL, attempts = attempts - 1,"
          " fence = job.fence + 1"
          " FROM unnest($1::bigint[], $2::bigint[]) AS mine (id, fence)"
          " WHERE job.id = mine.id AND job.fence = mine.fence AND state = 'running'",
          {ids, fences}, Soon())
      .status();
}

// What cannot be deleted now is deleted an hour later.
void Runner::Impl::PurgeAll() {
  std::vector<Purge> purges = options_.hourly;
  purges.emplace_back(PurgeFinished);
  for (const Purge& purge : purges) {
    for (int batch = 0; batch < kPurgeBatches; ++batch) {
      const auto gone = purge(pool_, Soon());
      if (!gone.ok() || *gone == 0) break;
    }
  }
}

Runner::Runner(pg::Pool& pool, const Clock& clock,
               std::map<std::string, Handler, std::less<>> handlers, RunnerOptions options)
    : impl_(std::make_unique<Impl>(pool, clock, std::move(handlers), options)) {}
Runner::~Runner() = default;
void Runner::Start() { impl_->Start(); }
void Runner::Stop() { impl_->Stop(); }
void Runner::Wake() { impl_->Wake(); }
absl::StatusOr<int> Runner::RunDue() { return impl_->RunDue({}); }
RunnerStats Runner::stats() const { return impl_->stats(); }

}  // namespace vardkedja::jobs
