// One connection. Most code wants lib/pg/pool.h; this is for those who need a session of their own:
// the pool itself, the migrator, and holders of session locks and LISTEN.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "lib/pg/value.h"

namespace vardkedja::pg {

// Not thread-safe. Never reconnects by itself: once broken() it stays so and is thrown away.
class Connection {
 public:
  // UNAVAILABLE when there is no server, the login is refused or the time is out. The smaller of
  // `options.connect_timeout` and `deadline` counts, in whole seconds and at least two: what the
  // driver can do.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const PoolOptions& options,
                                                          Deadline deadline);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One statement in one round trip, prepared at its first use; in the open transaction, or
  // committed by itself. When the deadline passes the connection is broken, and the server ends the
  // statement when it notices, within half a second.
  absl::StatusOr<Result> Execute(std::string_view sql, const Params& params, Deadline deadline);

  // Any number of statements without parameters, not prepared; the result is the last one's.
  absl::StatusOr<Result> ExecuteScript(const std::string& sql, Deadline deadline);

  // Opens a transaction; none may be open.
  absl::Status Begin(const TransactionOptions& options);
  // UNAVAILABLE and broken() when the outcome is not known.
  absl::Status Commit(Deadline deadline);
  // Does nothing without an open transaction.
  void Rollback();

  // Hears of notifications on `channel` from now on.
  absl::Status Listen(const std::string& channel, Deadline deadline);

  // Channels notified since the last call; never waits. Marks the connection broken when it is.
  std::vector<std::string> TakeNotifications();

  // The server has something to say on an idle connection: a notification, or its end.
  bool HasInput() const;

  int socket() const;  // for poll(2)
  bool broken() const { return broken_; }
  std::chrono::steady_clock::time_point opened() const { return opened_; }

 private:
  struct Session;  // the driver's objects
  struct Prepared {
    std::string name;
    std::uint64_t last_use = 0;
  };
  // Finds a statement without a copy of its text.
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Connection(std::unique_ptr<Session> session, const PoolOptions& options);

  // Runs `action` on the driver within the deadline, and turns what it throws into a status.
  absl::StatusOr<Result> Guard(std::string_view sql, Deadline deadline,
                               const std::function<Result()>& action);
  absl::Status Failed(std::string_view sqlstate, std::string_view message, std::string_view sql);
  const std::string& PreparedName(std::string_view sql);
  void EvictOldest();

  std::unique_ptr<Session> session_;
  const std::chrono::milliseconds statement_timeout_;
  const std::size_t capacity_;
  std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> prepared_;  // by text
  std::uint64_t uses_ = 0;
  bool broken_ = false;
  const std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
};

}  // namespace vardkedja::pg
