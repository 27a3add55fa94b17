#include "lib/pg/pool.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "lib/pg/connection.h"
#include "lib/pg/errors.h"
#include "lib/status/status.h"

namespace vardkedja::pg {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kMaxAttempts = 5;
constexpr milliseconds kFirstBackoff{4};
// How long a COMMIT's answer is waited for when the caller's deadline is already over: better late
// than in doubt.
constexpr milliseconds kCommitGrace{2000};

// Full jitter, doubling. False when the deadline leaves no room.
bool BackOff(int attempt, Deadline deadline) {
  thread_local std::minstd_rand random(std::random_device{}());
  const microseconds most = kFirstBackoff * (1 << attempt);
  const microseconds delay{
      std::uniform_int_distribution<microseconds::rep>(0, most.count())(random)};
  if (deadline != kNoDeadline && steady_clock::now() + delay >= deadline) return false;
  std::this_thread::sleep_for(delay);
  return true;
}

class OpenTransaction final : public Transaction {
 public:
  OpenTransaction(Connection& connection, const TransactionOptions& options)
      : connection_(connection), options_(options) {}

  absl::StatusOr<Result> Execute(std::string_view sql, const Params& params) override {
    if (!failure_.ok()) return failure_;
    if (!begun_) failure_ = connection_.Begin(options_);
    if (!failure_.ok()) return failure_;
    begun_ = true;
    auto result = connection_.Execute(sql, params, options_.deadline);
    if (!result.ok()) failure_ = result.status();
    return result;
  }

  void AfterCommit(std::function<void()> action) override {
    after_commit_.push_back(std::move(action));
  }

  void Announce(std::string_view topic) override { topics_.emplace(topic); }

  enum class End { kCommitted, kFailed, kInDoubt };

  // Never cancels: a COMMIT that was sent is waited for.
  End Commit() {
    if (!failure_.ok()) return End::kFailed;
    if (!begun_) return End::kCommitted;
    failure_ = connection_.Commit(
        std::max(options_.deadline, Deadline(steady_clock::now() + kCommitGrace)));
    if (failure_.ok()) return End::kCommitted;
    return connection_.broken() ? End::kInDoubt : End::kFailed;
  }

  void Rollback() { connection_.Rollback(); }

  const absl::Status& failure() const { return failure_; }

  void Finish(const std::function<void(std::string_view)>& listener) {
    for (const auto& action : after_commit_) action();
    if (!listener) return;
    for (const std::string& topic : topics_) listener(topic);
  }

 private:
  Connection& connection_;
  const TransactionOptions& options_;
  bool begun_ = false;
  absl::Status failure_;
  std::vector<std::function<void()>> after_commit_;
  std::set<std::string, std::less<>> topics_;
};

}  // namespace

struct Pool::State {
  explicit State(PoolOptions given) : options(std::move(given)) {}

  // A connection on loan. Goes back, or away when broken.
  class Loan {
   public:
    Loan(State* state, std::unique_ptr<Connection> connection)
        : state_(state), connection_(std::move(connection)) {}
    Loan(Loan&& other) noexcept
        : state_(std::exchange(other.state_, nullptr)), connection_(std::move(other.connection_)) {}
    Loan& operator=(Loan&&) = delete;
    ~Loan() { Return(); }

    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }
    void Return() {
      if (state_ != nullptr) std::exchange(state_, nullptr)->Return(std::move(connection_));
    }

   private:
    State* state_;
    std::unique_ptr<Connection> connection_;
  };

  absl::StatusOr<Loan> Acquire(Deadline deadline);
  void Return(std::unique_ptr<Connection> connection);
  void ForgetOne();
  void CountRetry();

  const PoolOptions options;
  std::function<void(std::string_view)> listener;
  mutable std::mutex mutex;
  std::condition_variable freed;
  std::vector<std::unique_ptr<Connection>> idle;  // the last one used first
  PoolStats stats;
};

void Pool::State::ForgetOne() {
  const std::lock_guard lock(mutex);
  --stats.open;
  --stats.in_use;
  freed.notify_one();
}

void Pool::State::CountRetry() {
  const std::lock_guard lock(mutex);
  ++stats.retries;
}

absl::StatusOr<Pool::State::Loan> Pool::State::Acquire(Deadline deadline) {
  const auto available = [this] { return !idle.empty() || stats.open < options.size; };
  {
    std::unique_lock lock(mutex);
    ++stats.waiting;
    bool got = true;
    if (deadline == kNoDeadline) {
      freed.wait(lock, available);
    } else {
      got = freed.wait_until(lock, deadline, available);
    }
    --stats.waiting;
    if (!got) return absl::DeadlineExceededError("no connection became free in time");
    ++stats.in_use;
    while (!idle.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle.back());
      idle.pop_back();
      // The server never speaks first on an idle connection, unless it takes leave.
      if (!connection->HasInput()) return Loan(this, std::move(connection));
      --stats.open;
      ++stats.discarded;
    }
    ++stats.open;
    ++stats.connects;
  }
  auto opened = Connection::Open(options, deadline);
  if (!opened.ok()) {
    ForgetOne();
    return opened.status();
  }
  return Loan(this, *std::move(opened));
}

void Pool::State::Return(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex);
  --stats.in_use;
  const bool old = steady_clock::now() - connection->opened() > options.longest_life;
  if (old || connection->broken()) {
    --stats.open;
    ++stats.discarded;
  } else {
    idle.push_back(std::move(connection));
  }
  freed.notify_one();
}

Pool::Pool(PoolOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Pool::Pool(std::string dsn, int size, milliseconds statement_timeout)
    : Pool([&] {
        PoolOptions options;
        options.dsn = std::move(dsn);
        options.size = size;
        options.statement_timeout = statement_timeout;
        return options;
      }()) {}

Pool::~Pool() = default;

absl::StatusOr<Result> Pool::Read(std::string_view sql, const Params& params, Deadline deadline) {
  for (int attempt = 0;; ++attempt) {
    VK_ASSIGN_OR_RETURN(State::Loan loan, state_->Acquire(deadline));
    auto result = loan->Execute(sql, params, deadline);
    const bool stale = !result.ok() && loan->broken() &&
                       result.status().code() != absl::StatusCode::kDeadlineExceeded;
    if (!stale || attempt > 0) return result;
    state_->CountRetry();
  }
}

absl::StatusOr<Result> Pool::Write(std::string_view sql, const Params& params, Deadline deadline,
                                   std::string_view announce) {
  for (int attempt = 0;; ++attempt) {
    VK_ASSIGN_OR_RETURN(State::Loan loan, state_->Acquire(deadline));
    auto result = loan->Execute(sql, params, deadline);
    loan.Return();
    if (result.ok()) {
      if (!announce.empty() && state_->listener) state_->listener(announce);
      return result;
    }
    // 57P05: the server had ended the idle session before it saw the statement.
    const bool again = IsContention(result.status()) || SqlState(result.status()) == "57P05";
    if (!again || attempt + 1 >= kMaxAttempts) return result;
    if (!BackOff(attempt, deadline)) return result;
    state_->CountRetry();
  }
}

absl::Status Pool::InTransaction(const TransactionOptions& options,
                                 const std::function<absl::Status(Transaction&)>& body) {
  for (int attempt = 0;; ++attempt) {
    VK_ASSIGN_OR_RETURN(State::Loan loan, state_->Acquire(options.deadline));
    OpenTransaction transaction(*loan, options);
    absl::Status status;
    try {
      status = body(transaction);
    } catch (...) {
      transaction.Rollback();
      throw;
    }
    if (status.ok()) {
      const auto end = transaction.Commit();
      if (end == OpenTransaction::End::kCommitted) {
        loan.Return();
        transaction.Finish(state_->listener);
        return status;
      }
      status = transaction.failure();
      if (end == OpenTransaction::End::kInDoubt) {
        return Unavailable("whether the transaction was committed is not known");
      }
    }
    transaction.Rollback();
    const bool broken =
        loan->broken() && transaction.failure().code() != absl::StatusCode::kDeadlineExceeded;
    const bool again = broken || IsContention(transaction.failure());
    loan.Return();
    if (!again || attempt + 1 >= kMaxAttempts || !BackOff(attempt, options.deadline)) return status;
    state_->CountRetry();
  }
}

void Pool::SetListener(std::function<void(std::string_view topic)> listener) {
  state_->listener = std::move(listener);
}

absl::Status Pool::Ping(Deadline deadline) { return Read("SELECT 1", {}, deadline).status(); }

PoolStats Pool::stats() const {
  const std::lock_guard lock(state_->mutex);
  return state_->stats;
}

const PoolOptions& Pool::options() const { return state_->options; }

}  // namespace vardkedja::pg
