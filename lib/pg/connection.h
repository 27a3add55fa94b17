// One connection. Most code wants lib/pg/pool.h; this is for those who need a session of their own:
// the pool itself, the migrator, and holders of session locks and LISTEN.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "lib/pg/value.h"

struct pg_conn;  // the driver's
struct pg_result;

namespace vardkedja::pg {

// Not thread-safe. Never reconnects by itself: once broken() it stays so and is thrown away.
class Connection {
 public:
  // UNAVAILABLE when there is no server, the login is refused or the time is out. The smaller of
  // `options.connect_timeout` and `deadline` counts.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const PoolOptions& options,
                                                          Deadline deadline);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One statement in one round trip, prepared at its first use. `prologue` ("BEGIN ..."), if not
  // empty, travels with it and comes first. When the deadline passes the statement is cancelled on
  // the server and the connection is broken.
  absl::StatusOr<Result> Execute(std::string_view sql, const Params& params, Deadline deadline,
                                 std::string_view prologue = {});

  // Any number of statements without parameters, not prepared; the result is the last one's.
  absl::StatusOr<Result> ExecuteScript(const std::string& sql, Deadline deadline);

  // Channels notified since the last call; never waits. Marks the connection broken when it is.
  std::vector<std::string> TakeNotifications();

  // The server has something to say on an idle connection: a notification, or its end.
  bool HasInput() const;

  int socket() const;  // for poll(2)
  bool broken() const { return broken_; }
  void MarkBroken() { broken_ = true; }

 private:
  struct Closer {
    void operator()(pg_conn* handle) const;
  };
  struct Prepared {
    std::string name;
    std::uint64_t last_use = 0;
  };

  Connection(std::unique_ptr<pg_conn, Closer> handle, const PoolOptions& options);

  absl::Status FinishConnect(Deadline deadline);
  bool Send(std::string_view sql, const Params& params, std::string_view prologue);
  bool SendPrepared(const std::string& name, const Params& params);
  std::vector<std::string> TakeEvicted();
  absl::StatusOr<Result> Collect(std::string_view sql, Deadline deadline);
  // The next result, nullptr at the end of a statement's results.
  absl::StatusOr<pg_result*> NextResult(Deadline deadline);
  absl::Status WaitFor(short events, Deadline deadline) const;
  void Cancel();
  Deadline Cap(Deadline deadline) const;

  std::unique_ptr<pg_conn, Closer> handle_;
  const std::chrono::milliseconds statement_timeout_;
  const std::size_t capacity_;
  std::unordered_map<std::string, Prepared> prepared_;  // by text
  std::uint64_t uses_ = 0;
  bool broken_ = false;
};

}  // namespace vardkedja::pg
