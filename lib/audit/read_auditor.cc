#include "lib/audit/read_auditor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "lib/audit/append.h"
#include "lib/pg/pool.h"
#include "lib/status/status.h"

namespace vardkedja::audit {

class ReadAuditor::Impl {
 public:
  Impl(pg::Pool& pool, ReadAuditorOptions options)
      : pool_(pool), options_(options), thread_([this] { Loop(); }) {}

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
                       ErrorDetail{"OVERLOADED", {}, {}, std::chrono::milliseconds(100)});
    }
    queued_rows_ += waiter->entries.size();
    queue_.push_back(waiter);
    work_.notify_one();
    if (!waiter->finished.wait_until(lock, deadline, [&] { return waiter->done; })) {
      return MakeError(absl::StatusCode::kDeadlineExceeded, "the audit row was not durable in time",
                       "DEADLINE_EXCEEDED");
    }
    return waiter->status;
  }

  ReadAuditorStats stats() const {
    const std::lock_guard lock(mutex_);
    return {queued_rows_, writing_rows_};
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct Waiter {
    std::vector<Entry> entries;
    std::condition_variable finished;
    absl::Status status;
    bool done = false;
  };
  using Batch = std::vector<std::shared_ptr<Waiter>>;

  void Loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const Batch batch = TakeBatch();
      lock.unlock();
      std::vector<absl::Status> outcomes = Insert(batch);
      lock.lock();
      writing_rows_ = 0;
      for (size_t i = 0; i < batch.size(); ++i) {
        batch[i]->status = std::move(outcomes[i]);
        batch[i]->done = true;
        batch[i]->finished.notify_all();
      }
    }
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
  std::condition_variable work_;
  std::deque<std::shared_ptr<Waiter>> queue_;
  size_t queued_rows_ = 0;
  size_t writing_rows_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
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
