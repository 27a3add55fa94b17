#include "lib/pg/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "lib/pg/errors.h"
#include "lib/status/status.h"

namespace vardkedja::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How much longer than the server's own timeout we wait for its word before giving up on it.
constexpr milliseconds kServerGrace{3000};

absl::Status TooLate() { return absl::DeadlineExceededError("the deadline passed"); }

// -1 is for ever.
int PollTimeout(Deadline deadline) {
  if (deadline == kNoDeadline) return -1;
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000));
}

std::string SessionOptions(const PoolOptions& options) {
  const std::string timeout = std::to_string(options.statement_timeout.count());
  return "-c statement_timeout=" + timeout +
         " -c idle_session_timeout=" + std::to_string(options.idle_timeout.count()) +
         " -c idle_in_transaction_session_timeout=60000 -c lock_timeout=" + timeout +
         " -c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c jit=off";
}

}  // namespace

void Connection::Closer::operator()(pg_conn* handle) const { PQfinish(handle); }

Connection::Connection(std::unique_ptr<pg_conn, Closer> handle, const PoolOptions& options)
    : handle_(std::move(handle)),
      statement_timeout_(options.statement_timeout),
      capacity_(static_cast<std::size_t>(std::max(options.prepared_statements, 1))) {}

Connection::~Connection() = default;

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const PoolOptions& options,
                                                             Deadline deadline) {
  const std::string session = SessionOptions(options);
  const std::array<const char*, 10> keywords = {"dbname",
                                                "application_name",
                                                "client_encoding",
                                                "options",
                                                "tcp_user_timeout",
                                                "keepalives_idle",
                                                "keepalives_interval",
                                                "keepalives_count",
                                                "gssencmode",
                                                nullptr};
  const std::array<const char*, 10> values = {options.dsn.c_str(),
                                              options.application_name.c_str(),
                                              "UTF8",
                                              session.c_str(),
                                              "10000",
                                              "10",
                                              "5",
                                              "3",
                                              "disable",
                                              nullptr};
  std::unique_ptr<pg_conn, Closer> handle(PQconnectStartParams(keywords.data(), values.data(), 1));
  if (handle == nullptr) return Unavailable("no memory for a connection");
  std::unique_ptr<Connection> connection(new Connection(std::move(handle), options));
  const Deadline limit = std::min(deadline, steady_clock::now() + options.connect_timeout);
  VK_RETURN_IF_ERROR(connection->FinishConnect(limit));
  PQsetNoticeProcessor(
      connection->handle_.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

absl::Status Connection::FinishConnect(Deadline deadline) {
  if (PQstatus(handle_.get()) == CONNECTION_BAD)
    return Unavailable("the database cannot be reached");
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!WaitFor(events, deadline).ok()) return Unavailable("the database did not answer in time");
    next = PQconnectPoll(handle_.get());
    if (next == PGRES_POLLING_FAILED) return Unavailable("the database refused the connection");
  }
  return absl::OkStatus();
}

absl::Status Connection::WaitFor(short events, Deadline deadline) const {
  for (;;) {
    pollfd entry{PQsocket(handle_.get()), events, 0};
    const int ready = poll(&entry, 1, PollTimeout(deadline));
    if (ready > 0) return absl::OkStatus();
    if (ready == 0 && steady_clock::now() >= deadline) return TooLate();
    if (ready < 0 && errno != EINTR) return Unavailable("the connection to the database broke");
  }
}

Deadline Connection::Cap(Deadline deadline) const {
  return std::min(deadline, steady_clock::now() + statement_timeout_ + kServerGrace);
}

void Connection::Cancel() {
  std::array<char, 256> error{};
  PGcancel* cancel = PQgetCancel(handle_.get());
  if (cancel == nullptr) return;
  PQcancel(cancel, error.data(), static_cast<int>(error.size()));
  PQfreeCancel(cancel);
}

absl::StatusOr<pg_result*> Connection::NextResult(Deadline deadline) {
  while (PQisBusy(handle_.get()) != 0) {
    const absl::Status ready = WaitFor(POLLIN, deadline);
    if (!ready.ok()) {
      broken_ = true;  // a cancel may hit the next statement otherwise
      if (ready.code() == absl::StatusCode::kDeadlineExceeded) Cancel();
      return ready;
    }
    if (PQconsumeInput(handle_.get()) == 0) {
      broken_ = true;
      return Unavailable("the connection to the database broke");
    }
  }
  return PQgetResult(handle_.get());
}

bool Connection::SendPrepared(const std::string& name, const Params& params) {
  const std::size_t count = params.size();
  std::vector<const char*> values(count);
  std::vector<int> lengths(count);
  std::vector<int> formats(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& text = params[i].text();
    values[i] = text ? text->c_str() : nullptr;
    lengths[i] = text ? static_cast<int>(text->size()) : 0;
    formats[i] = params[i].binary() ? 1 : 0;
  }
  return PQsendQueryPrepared(handle_.get(), name.c_str(), static_cast<int>(count), values.data(),
                             lengths.data(), formats.data(), 0) == 1;
}

std::vector<std::string> Connection::TakeEvicted() {
  std::vector<std::string> names;
  while (prepared_.size() >= capacity_) {
    const auto oldest = std::min_element(
        prepared_.begin(), prepared_.end(),
        [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; });
    names.push_back(oldest->second.name);
    prepared_.erase(oldest);
  }
  return names;
}

// Everything of one statement goes out in one pipeline: its prologue, the preparation when it is
// new here, the statement. Their answers are small but the last, so that sending cannot deadlock.
bool Connection::Send(std::string_view sql, const Params& params, std::string_view prologue) {
  PGconn* handle = handle_.get();
  const std::string text(sql);
  const auto known = prepared_.find(text);
  if (known != prepared_.end() && prologue.empty()) {
    known->second.last_use = ++uses_;
    return SendPrepared(known->second.name, params);
  }
  if (PQenterPipelineMode(handle) == 0) return false;
  if (!prologue.empty() && PQsendQueryParams(handle, std::string(prologue).c_str(), 0, nullptr,
                                             nullptr, nullptr, nullptr, 0) == 0) {
    return false;
  }
  std::string name;
  if (known != prepared_.end()) {
    known->second.last_use = ++uses_;
    name = known->second.name;
  } else {
    for (const std::string& evicted : TakeEvicted()) {
      const std::string command = "DEALLOCATE " + evicted;
      if (PQsendQueryParams(handle, command.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ==
          0) {
        return false;
      }
    }
    name = "s" + std::to_string(++uses_);
    if (PQsendPrepare(handle, name.c_str(), text.c_str(), 0, nullptr) == 0) return false;
    prepared_[text] = {name, uses_};
  }
  return SendPrepared(name, params) && PQpipelineSync(handle) == 1;
}

// Takes all results. The status is that of the first that failed; the result is the last one's.
absl::StatusOr<Result> Connection::Collect(std::string_view sql, Deadline deadline) {
  const bool pipeline = PQpipelineStatus(handle_.get()) != PQ_PIPELINE_OFF;
  absl::Status status;
  Result last;
  bool previous_was_end = false;
  for (;;) {
    VK_ASSIGN_OR_RETURN(pg_result * raw, NextResult(deadline));
    if (raw == nullptr) {
      if (!pipeline || previous_was_end) break;  // two ends in a row: nothing was queued any more
      previous_was_end = true;
      continue;
    }
    previous_was_end = false;
    std::shared_ptr<void> result(raw, [](void* r) { PQclear(static_cast<PGresult*>(r)); });
    switch (PQresultStatus(raw)) {
      case PGRES_PIPELINE_SYNC:
        if (PQexitPipelineMode(handle_.get()) == 0) broken_ = true;
        if (!status.ok()) return status;
        return last;
      case PGRES_PIPELINE_ABORTED:
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        last = Result(std::move(result));
        break;
      default:
        if (status.ok()) status = StatusOfResult(raw, sql);
    }
    if (PQstatus(handle_.get()) == CONNECTION_BAD) broken_ = true;
    if (broken_) break;
  }
  if (pipeline || PQstatus(handle_.get()) == CONNECTION_BAD) broken_ = true;
  if (!status.ok()) return status;
  if (broken_) return Unavailable("the connection to the database broke");
  return last;
}

absl::StatusOr<Result> Connection::Execute(std::string_view sql, const Params& params,
                                           Deadline deadline, std::string_view prologue) {
  if (broken_) return Unavailable("the connection to the database broke");
  if (steady_clock::now() >= deadline) return TooLate();
  if (!Send(sql, params, prologue)) {
    broken_ = true;
    return Unavailable("the connection to the database broke");
  }
  auto result = Collect(sql, Cap(deadline));
  if (!result.ok()) {
    // The preparation itself may have failed, or the statement's result type has changed under it.
    prepared_.erase(std::string(sql));
    const auto state = SqlState(result.status());
    if (IsShutdown(result.status()) || state == "0A000") broken_ = true;
  }
  return result;
}

absl::StatusOr<Result> Connection::ExecuteScript(const std::string& sql, Deadline deadline) {
  if (broken_) return Unavailable("the connection to the database broke");
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) {
    broken_ = true;
    return Unavailable("the connection to the database broke");
  }
  auto result = Collect(sql, Cap(deadline));
  if (IsShutdown(result.status())) broken_ = true;
  return result;
}

bool Connection::HasInput() const {
  pollfd entry{PQsocket(handle_.get()), POLLIN, 0};
  return poll(&entry, 1, 0) != 0;
}

std::vector<std::string> Connection::TakeNotifications() {
  std::vector<std::string> channels;
  if (PQconsumeInput(handle_.get()) == 0) broken_ = true;
  while (PGnotify* notification = PQnotifies(handle_.get())) {
    channels.emplace_back(notification->relname);
    PQfreemem(notification);
  }
  return channels;
}

int Connection::socket() const { return PQsocket(handle_.get()); }

}  // namespace vardkedja::pg
