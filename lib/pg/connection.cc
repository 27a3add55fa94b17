#include "lib/pg/connection.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <pqxx/pqxx>
#include <utility>

#include "lib/pg/deadline_watch.h"
#include "lib/pg/errors.h"
#include "lib/status/status.h"

// How the driver sees a parameter.
template <>
struct pqxx::string_traits<vardkedja::pg::Param> {
  static bool is_null(const vardkedja::pg::Param& param) { return !param.text().has_value(); }
  static std::string to_string(const vardkedja::pg::Param& param) { return *param.text(); }
};

#if defined(__SANITIZE_ADDRESS__)
// libpqxx 6.4 forgets to free the server's last words when a statement meets a broken connection:
// some 3 kB each, and the connection is thrown away. Its inner functions have no names to tell by.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libpqxx\n";
}
extern "C" const char* __lsan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "print_suppressions=0";
}
#endif

namespace vardkedja::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// How much longer than the server's own timeout we wait for its word before giving up on it.
constexpr milliseconds kServerGrace{3000};
// What taking leave may last.
constexpr milliseconds kGoodbye{1000};
// libpq's smallest connect_timeout.
constexpr seconds kShortestConnect{2};

absl::Status TooLate() { return absl::DeadlineExceededError("the deadline passed"); }
absl::Status Broke() { return Unavailable("the connection to the database broke"); }

std::string Quoted(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string SessionOptions(const PoolOptions& options) {
  const std::string timeout = std::to_string(options.statement_timeout.count());
  return "-c statement_timeout=" + timeout +
         " -c idle_session_timeout=" + std::to_string(options.idle_timeout.count()) +
         " -c idle_in_transaction_session_timeout=60000 -c lock_timeout=" + timeout +
         " -c client_connection_check_interval=500"
         " -c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c jit=off";
}

std::string ConnectionString(const PoolOptions& options, Deadline deadline) {
  auto timeout = std::chrono::ceil<seconds>(options.connect_timeout);
  if (deadline != kNoDeadline) {
    timeout = std::min(timeout, std::chrono::ceil<seconds>(deadline - steady_clock::now()));
  }
  timeout = std::max(timeout, kShortestConnect);
  return options.dsn + " application_name=" + Quoted(options.application_name) +
         " options=" + Quoted(SessionOptions(options)) +
         " connect_timeout=" + std::to_string(timeout.count()) +
         " client_encoding=UTF8 tcp_user_timeout=10000 keepalives_idle=10 keepalives_interval=5"
         " keepalives_count=3 gssencmode=disable";
}

std::unique_ptr<pqxx::dbtransaction> NewTransaction(pqxx::connection& connection,
                                                    const TransactionOptions& options) {
  using pqxx::read_only;
  using pqxx::read_write;
  switch (options.isolation) {
    case Isolation::kRepeatableRead:
      if (options.read_only) {
        return std::make_unique<pqxx::transaction<pqxx::repeatable_read, read_only>>(connection);
      }
      return std::make_unique<pqxx::transaction<pqxx::repeatable_read, read_write>>(connection);
    case Isolation::kSerializable:
      if (options.read_only) {
        return std::make_unique<pqxx::transaction<pqxx::serializable, read_only>>(connection);
      }
      return std::make_unique<pqxx::transaction<pqxx::serializable, read_write>>(connection);
    case Isolation::kReadCommitted:
      break;
  }
  if (options.read_only) {
    return std::make_unique<pqxx::transaction<pqxx::read_committed, read_only>>(connection);
  }
  return std::make_unique<pqxx::transaction<pqxx::read_committed, read_write>>(connection);
}

class Receiver final : public pqxx::notification_receiver {
 public:
  Receiver(pqxx::connection& connection, const std::string& channel,
           std::vector<std::string>& heard)
      : pqxx::notification_receiver(connection, channel), heard_(heard) {}

  void operator()(const std::string& /*payload*/, int /*backend_pid*/) override {
    heard_.push_back(channel());
  }

 private:
  std::vector<std::string>& heard_;
};

Result Wrap(const pqxx::result& rows) { return Result(std::make_shared<const pqxx::result>(rows)); }

}  // namespace

struct Connection::Session {
  explicit Session(const std::string& connection_string) : connection(connection_string) {
    // A session that was lost took its locks, settings and transaction along.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    connection.set_verbosity(pqxx::connection::verbose);
    watched_socket = dup(connection.sock());
  }
  ~Session() {
    transaction.reset();
    receivers.clear();
    quiet.reset();
    connection.disconnect();
    close(watched_socket);
  }

  pqxx::connection connection;
  // A descriptor of our own for the same socket: the driver may close its own at any time, and the
  // number may then be another connection's.
  int watched_socket = -1;
  std::unique_ptr<pqxx::errorhandler> quiet =
      std::make_unique<pqxx::quiet_errorhandler>(connection);
  std::vector<std::string> heard;
  std::vector<std::unique_ptr<Receiver>> receivers;
  std::unique_ptr<pqxx::dbtransaction> transaction;
};

Connection::Connection(std::unique_ptr<Session> session, const PoolOptions& options)
    : session_(std::move(session)),
      statement_timeout_(options.statement_timeout),
      capacity_(static_cast<std::size_t>(std::max(options.prepared_statements, 1))) {}

Connection::~Connection() {
  const int socket = session_->watched_socket;
  const DeadlineWatch::Scope scope(socket, steady_clock::now() + kGoodbye);
  session_.reset();
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const PoolOptions& options,
                                                             Deadline deadline) {
  try {
    auto session = std::make_unique<Session>(ConnectionString(options, deadline));
    if (session->watched_socket < 0) return Unavailable("no descriptor for a connection");
    return std::unique_ptr<Connection>(new Connection(std::move(session), options));
  } catch (const pqxx::failure&) {
    return Unavailable("the database cannot be reached or refused the connection");
  }
}

absl::Status Connection::Failed(std::string_view sqlstate, std::string_view message,
                                std::string_view sql) {
  absl::Status status = StatusOfError(sqlstate, message, sql);
  // 0A000: the statement's result type has changed under its preparation.
  if (!session_->connection.is_open() || IsShutdown(status) || sqlstate == "0A000") broken_ = true;
  return status;
}

absl::StatusOr<Result> Connection::Guard(std::string_view sql, Deadline deadline,
                                         const std::function<Result()>& action) {
  if (broken_) return Broke();
  const auto now = steady_clock::now();
  if (now >= deadline) return TooLate();
  const DeadlineWatch::Scope scope(session_->watched_socket,
                                   std::min(deadline, now + statement_timeout_ + kServerGrace));
  absl::Status failure;
  try {
    Result result = action();
    if (!scope.expired()) return result;
  } catch (const pqxx::sql_error& error) {
    failure = Failed(error.sqlstate(), error.what(), sql);
  } catch (const pqxx::failure& error) {
    failure = Failed({}, error.what(), sql);
    broken_ = true;
  }
  if (!scope.expired()) return failure;
  broken_ = true;
  return TooLate();
}

const std::string& Connection::PreparedName(std::string_view sql) {
  auto known = prepared_.find(sql);
  if (known == prepared_.end()) {
    if (prepared_.size() >= capacity_) EvictOldest();
    std::string text(sql);
    const std::string name = "s" + std::to_string(uses_ + 1);
    session_->connection.prepare(name, text);
    known = prepared_.emplace(std::move(text), Prepared{name, 0}).first;
  }
  known->second.last_use = ++uses_;
  return known->second.name;
}

void Connection::EvictOldest() {
  const auto oldest = std::min_element(
      prepared_.begin(), prepared_.end(),
      [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; });
  session_->connection.unprepare(oldest->second.name);
  prepared_.erase(oldest);
}

absl::StatusOr<Result> Connection::Execute(std::string_view sql, const Params& params,
                                           Deadline deadline) {
  return Guard(sql, deadline, [&] {
    const std::string& name = PreparedName(sql);
    const auto values = pqxx::prepare::make_dynamic_params(params.begin(), params.end());
    if (session_->transaction) return Wrap(session_->transaction->exec_prepared(name, values));
    return Wrap(pqxx::nontransaction(session_->connection).exec_prepared(name, values));
  });
}

absl::StatusOr<Result> Connection::ExecuteScript(const std::string& sql, Deadline deadline) {
  return Guard(sql, deadline, [&] {
    if (session_->transaction) return Wrap(session_->transaction->exec(sql));
    return Wrap(pqxx::nontransaction(session_->connection).exec(sql));
  });
}

absl::Status Connection::Begin(const TransactionOptions& options) {
  return Guard("BEGIN", options.deadline,
               [&] {
                 session_->transaction = NewTransaction(session_->connection, options);
                 return Result();
               })
      .status();
}

absl::Status Connection::Commit(Deadline deadline) {
  auto done = Guard("COMMIT", deadline, [&] {
    session_->transaction->commit();
    session_->transaction.reset();
    return Result();
  });
  return done.status();
}

void Connection::Rollback() {
  if (broken_ || !session_->transaction) return;
  const DeadlineWatch::Scope scope(session_->watched_socket,
                                   steady_clock::now() + statement_timeout_ + kServerGrace);
  session_->transaction.reset();
  if (scope.expired() || !session_->connection.is_open()) broken_ = true;
}

absl::Status Connection::Listen(const std::string& channel, Deadline deadline) {
  return Guard("LISTEN", deadline,
               [&] {
                 session_->receivers.push_back(
                     std::make_unique<Receiver>(session_->connection, channel, session_->heard));
                 return Result();
               })
      .status();
}

std::vector<std::string> Connection::TakeNotifications() {
  if (broken_) return {};
  try {
    session_->connection.get_notifs();
  } catch (const pqxx::failure&) {
    broken_ = true;
  }
  return std::exchange(session_->heard, {});
}

bool Connection::HasInput() const {
  pollfd entry{socket(), POLLIN, 0};
  return poll(&entry, 1, 0) != 0;
}

int Connection::socket() const { return session_->connection.sock(); }

}  // namespace vardkedja::pg
