// Connections to one schema of PostgreSQL, and the only way to run statements.
//
// Errors, as every function here returns them (no text of the driver or the server is in them):
//   UNAVAILABLE        reason DATABASE_UNAVAILABLE: no connection, a broken one, or a commit whose
//                      outcome is not known (then the caller's request id makes a retry safe)
//   ABORTED            reason DATABASE_CONTENTION: still serialisation failures or deadlocks after
//                      all retries the deadline had room for
//   DEADLINE_EXCEEDED  the deadline or the statement timeout passed
//   ALREADY_EXISTS     a unique or an exclusion constraint was violated: see ViolatedConstraint
//   FAILED_PRECONDITION  a foreign key or a CHECK was violated: see ViolatedConstraint
//   INTERNAL           anything else; a defect
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pg/value.h"

namespace vardkedja::pg {

using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoDeadline = Deadline::max();

class Connection;

// The name of the constraint that a statement violated, as written in the migration.
std::optional<std::string> ViolatedConstraint(const absl::Status& status);

// The SQLSTATE behind a status, for tests and operators.
std::optional<std::string> SqlState(const absl::Status& status);

// One open transaction. Not thread-safe. After an error nothing but the return of that error makes
// sense: the server has aborted the transaction.
class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  virtual ~Transaction() = default;

  // Runs one statement; prepared once per connection, so `sql` should be one of few texts.
  virtual absl::StatusOr<Result> Execute(std::string_view sql, const Params& params = {}) = 0;

  // Runs `action` once when, and only when, this transaction has committed; on the same thread,
  // after the connection was given back. It must not throw or block.
  virtual void AfterCommit(std::function<void()> action) = 0;

  // Tells the pool's listener of `topic` after the commit; said twice counts once.
  virtual void Announce(std::string_view topic) = 0;

 protected:
  Transaction() = default;
};

enum class Isolation { kReadCommitted, kRepeatableRead, kSerializable };

struct TransactionOptions {
  Deadline deadline = kNoDeadline;
  Isolation isolation = Isolation::kReadCommitted;
  bool read_only = false;
};

struct PoolOptions {
  std::string dsn;  // "host=... dbname=... user=..."; not a URI
  int size = 8;     // connections at most; opened when first needed
  // What the server allows one statement, whatever the caller's deadline is.
  std::chrono::milliseconds statement_timeout{5000};
  std::chrono::milliseconds connect_timeout{2000};  // whole seconds, at least two
  // The server ends a session that was idle for so long, so that a peak does not hold memory for
  // ever; the pool opens another one when it is needed.
  std::chrono::milliseconds idle_timeout{60'000};
  // A session this old gives way to a new one when it is returned. The server never forgets what it
  // once thought a plan cost: a session that began on empty tables plans its statements anew at
  // each use, for ever (measured: a quarter of a submit).
  std::chrono::milliseconds longest_life{1'800'000};
  std::string application_name = "vardkedja";  // seen in pg_stat_activity
  int prepared_statements = 256;               // kept per connection; the oldest goes first
};

struct PoolStats {
  int open = 0;
  int in_use = 0;
  int waiting = 0;
  std::int64_t connects = 0;   // since the start
  std::int64_t discarded = 0;  // broken, in an unknown state or too old
  std::int64_t retries = 0;    // transactions run again
};

// Thread-safe. A caller that finds every connection in use waits until its deadline.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  Pool(std::string dsn, int size, std::chrono::milliseconds statement_timeout);
  ~Pool();  // no call may be in progress
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // One statement that only reads, in one round trip; run again once if the connection turned out
  // to be broken.
  absl::StatusOr<Result> Read(std::string_view sql, const Params& params = {},
                              Deadline deadline = kNoDeadline);

  // One statement that writes and commits by itself, in one round trip. Serialisation failures and
  // deadlocks are retried. `announce`, if not empty, is told to the listener after the commit.
  absl::StatusOr<Result> Write(std::string_view sql, const Params& params = {},
                               Deadline deadline = kNoDeadline, std::string_view announce = {});

  // Runs `body` and commits when it returns OK, else rolls back and returns its status. BEGIN
  // is sent before the first statement. On a serialisation failure, a deadlock or a connection that
  // breaks before the commit was sent, it is run again with jitter within the deadline, at most
  // five times: `body` must be repeatable and must not act outside the transaction.
  absl::Status InTransaction(const TransactionOptions& options,
                             const std::function<absl::Status(Transaction&)>& body);

  // Called with the topic after each commit that announced one, on the committing thread. Set once,
  // before the first transaction; the listener must not block.
  void SetListener(std::function<void(std::string_view topic)> listener);

  // Whether a connection can be had and answers, within the deadline.
  absl::Status Ping(Deadline deadline);

  PoolStats stats() const;
  const PoolOptions& options() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vardkedja::pg
