#include "lib/audit/read_auditor.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "lib/audit/append.h"
#include "lib/pg/pool.h"
#include "lib/status/status.h"

namespace vardkedja::audit {

// One of the callers leads: it writes what waits until its own rows are durable, then another one
// goes on. So a lone read is written by its own thread, without a hand-over.
class ReadAuditor::Impl {
 public:
  Impl(pg::Pool& pool, ReadAuditorOptions options) : pool_(pool), options_(options) {}

  ~Impl() { Stop(); }

  absl::Status Record(std::vector<Entry> entries, std::chrono::steady_clock::time_point deadline) {
    if (entries.empty()) return absl::OkStatus();
    const auto waiter = std::make_shared<Waiter>();
    waiter->entries = std::move(entries);
    std::unique_lock lock(mutex_);
    if (stopping_) {
      return MakeError(absl::StatusCode::kUnavailable, "the audit trail is stopping", "STOPPING");
    }
    if (queued_rows_ + waiter->entries.size() > options_.queue_rows) {
      return MakeError(absl::StatusCode::kResourceExhausted, "too many reads wait for their audit",
                       "OVERLOADED", std::chrono::milliseconds(100));
    }
    queued_rows_ += waiter->entries.size();
    queue_.push_back(waiter);
    const auto turn = [&] { return waiter->done || !leading_; };
    waiter->present = waiter->turn.wait_until(lock, deadline, turn);
    if (!waiter->present) {
      return MakeError(absl::StatusCode::kDeadlineExceeded, "the audit row was not durable in time",
                       "DEADLINE_EXCEEDED");
    }
    if (!waiter->done) Lead(lock, *waiter);
    return waiter->status;
  }

  ReadAuditorStats stats() const {
    const std::lock_guard lock(mutex_);
    return {queued_rows_, writing_rows_};
  }

  void Stop() {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    idle_.wait(lock, [this] { return !leading_ && queue_.empty(); });
  }

 private:
  struct Waiter {
    std::vector<Entry> entries;
    std::condition_variable turn;
    absl::Status status;
    bool done = false;
    bool present = true;  // its caller has not given up
  };
  using Batch = std::vector<std::shared_ptr<Waiter>>;

  void Lead(std::unique_lock<std::mutex>& lock, const Waiter& self) {
    leading_ = true;
    while (!queue_.empty()) {
      if (self.done && HandOver()) return;
      const Batch batch = TakeBatch();
      lock.unlock();
      std::vector<absl::Status> outcomes = Insert(batch);
      lock.lock();
      writing_rows_ = 0;
      for (size_t i = 0; i < batch.size(); ++i) {
        batch[i]->status = std::move(outcomes[i]);
        batch[i]->done = true;
        batch[i]->turn.notify_all();
      }
    }
    leading_ = false;
    idle_.notify_all();
  }

  // False when nobody is left who could: rows whose callers gave up are written all the same.
  bool HandOver() {
    for (const auto& waiter : queue_) {
      if (!waiter->present) continue;
      leading_ = false;
      waiter->turn.notify_all();
      return true;
    }
    return false;
  }

  // At least one waiter, and whole waiters only.
  Batch TakeBatch() {
    Batch batch;
    size_t rows = 0;
    while (!queue_.empty() &&
           (batch.empty() || rows + queue_.front()->entries.size() <= options_.batch_rows)) {
      rows += queue_.front()->entries.size();
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    queued_rows_ -= rows;
    writing_rows_ = rows;
    return batch;
  }

  absl::Status InsertRows(const std::vector<Entry>& entries) {
    return AppendAll(pool_, entries, std::chrono::steady_clock::now() + options_.insert_timeout);
  }

  std::vector<absl::Status> Insert(const Batch& batch) {
    std::vector<Entry> rows;
    for (const auto& waiter : batch) {
      rows.insert(rows.end(), waiter->entries.begin(), waiter->entries.end());
    }
    const absl::Status together = InsertRows(rows);
    std::vector<absl::Status> outcomes(batch.size(), together);
    // One caller's bad row must not fail the others. Where the database itself is away, or the
    // outcome is in doubt, there is nothing to gain.
    if (together.code() == absl::StatusCode::kInternal && batch.size() > 1) {
      for (size_t i = 0; i < batch.size(); ++i) outcomes[i] = InsertRows(batch[i]->entries);
    }
    return outcomes;
  }

  pg::Pool& pool_;
  const ReadAuditorOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<std::shared_ptr<Waiter>> queue_;
  size_t queued_rows_ = 0;
  size_t writing_rows_ = 0;
  bool leading_ = false;
  bool stopping_ = false;
};

ReadAuditor::ReadAuditor(pg::Pool& pool, ReadAuditorOptions options)
    : impl_(std::make_unique<Impl>(pool, options)) {}
ReadAuditor::~ReadAuditor() = default;

absl::Status ReadAuditor::Record(std::vector<Entry> entries,
                                 std::chrono::steady_clock::time_point deadline) {
  return impl_->Record(std::move(entries), deadline);
}

ReadAuditorStats ReadAuditor::stats() const { return impl_->stats(); }

void ReadAuditor::Stop() { impl_->Stop(); }

}  // namespace vardkedja::audit
