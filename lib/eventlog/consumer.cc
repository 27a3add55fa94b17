#include "lib/eventlog/consumer.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <random>
#include <set>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::eventlog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kTransactionTimeout{30};
constexpr int kParkedBatch = 500;

using Aggregate = std::pair<std::string, std::string>;
using Events = std::span<const v1::Event* const>;

Aggregate AggregateOf(const v1::Event& event) {
  return {event.aggregate_type(), event.aggregate_id()};
}

Instant SequencedAt(const v1::Event& event) {
  return Instant(seconds(event.sequenced_at().seconds()) +
                 std::chrono::microseconds(event.sequenced_at().nanos() / 1000));
}

bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

pg::TransactionOptions Options() {
  pg::TransactionOptions options;
  options.deadline = steady_clock::now() + kTransactionTimeout;
  return options;
}

}  // namespace

absl::Status UnknownEvent() { return absl::UnimplementedError("the event's type is not known"); }

class Consumer::Impl {
 public:
  Impl(pg::Pool& pool, ConsumerOptions options, EventSource& source, Handler handler)
      : pool_(pool), options_(std::move(options)), source_(source), handler_(std::move(handler)) {}

  ~Impl() { Stop(); }

  void Start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
  }

  absl::StatusOr<int> Step(milliseconds wait, std::stop_token stop) {
    VK_RETURN_IF_ERROR(LoadPosition());
    VK_ASSIGN_OR_RETURN(const v1::ReadResponse response,
                        source_.Read(position_, options_.batch, wait, std::move(stop)));
    VK_RETURN_IF_ERROR(CheckDense(response));
    Update([&](ConsumerStats& stats) { stats.head = response.head(); });
    if (response.events_size() == 0) {
      position_ = -1;  // read again: ResetPosition may have been called meanwhile
      return 0;
    }
    std::vector<const v1::Event*> events;
    for (const v1::Event& event : response.events()) events.push_back(&event);
    return Apply(events);
  }

  absl::StatusOr<int> RetryParked();

  ConsumerStats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  // What one transaction came to.
  struct Attempt {
    absl::Status status;
    bool overtaken = false;  // another replica moved the cursor
    int failed = -1;         // index of the event whose handler failed
    bool parked = false;     // some event was parked
  };

  void Run(const std::stop_token& stop);
  milliseconds BackOff(int failures);
  absl::Status LoadPosition();
  absl::Status CheckDense(const v1::ReadResponse& response) const;
  absl::StatusOr<int> Apply(Events events);
  absl::StatusOr<int> HandleFailure(Events events, const Attempt& attempt);
  Attempt Try(Events events, const std::string* park_reason);
  absl::Status TryIn(pg::Transaction& tx, Events events, const std::string* park_reason,
                     Attempt& attempt);
  absl::Status Park(pg::Transaction& tx, const v1::Event& event, std::string_view reason);
  absl::Status Handle(pg::Transaction& tx, const v1::Event& event);
  absl::StatusOr<std::set<Aggregate>> ParkedAggregates(pg::Transaction& tx);
  absl::StatusOr<bool> RetryOne(const pg::Row& row);
  void Advance(const v1::Event& last, int count);
  absl::Status CountParked();

  template <typename F>
  void Update(F change) {
    const std::lock_guard lock(mutex_);
    change(stats_);
  }

  pg::Pool& pool_;
  const ConsumerOptions options_;
  EventSource& source_;
  const Handler handler_;

  // Of the stepping thread alone.
  std::int64_t position_ = -1;  // not loaded
  std::int64_t failing_seq_ = 0;
  int failing_attempts_ = 0;

  mutable std::mutex mutex_;
  ConsumerStats stats_;
  std::jthread thread_;
};

void Consumer::Impl::Run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  int failures = 0;
  auto retry_at = steady_clock::now();
  while (!stop.stop_requested()) {
    absl::Status status;
    if (steady_clock::now() >= retry_at) {
      status = RetryParked().status();
      retry_at = steady_clock::now() + options_.retry_parked_every;
    }
    if (status.ok()) status = Step(options_.wait, stop).status();
    if (status.ok()) {
      failures = 0;
      continue;
    }
    if (stop.stop_requested()) return;
    Update([](ConsumerStats& stats) { ++stats.failures; });
    position_ = -1;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, BackOff(failures++), [] { return false; });
  }
}

milliseconds Consumer::Impl::BackOff(int failures) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto most =
      std::min(options_.max_backoff, options_.min_backoff * (1 << std::min(failures, 16)));
  return milliseconds(
      std::uniform_int_distribution<milliseconds::rep>(most.count() / 2, most.count())(random));
}

absl::Status Consumer::Impl::LoadPosition() {
  if (position_ >= 0) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const Position position,
                      ReadPosition(pool_, options_.name, steady_clock::now() + seconds(5)));
  VK_RETURN_IF_ERROR(CountParked());
  position_ = position.seq;
  Update([&](ConsumerStats& stats) { stats.position = position_; });
  return absl::OkStatus();
}

// A gap or a shrunken log means that the source is not the log we were reading.
absl::Status Consumer::Impl::CheckDense(const v1::ReadResponse& response) const {
  std::int64_t expected = position_;
  for (const v1::Event& event : response.events()) {
    if (event.seq() != ++expected) return absl::DataLossError("the source's log has a gap");
  }
  if (response.head() < position_) return absl::DataLossError("the source's log has shrunk");
  return absl::OkStatus();
}

absl::StatusOr<int> Consumer::Impl::Apply(Events events) {
  const Attempt attempt = Try(events, nullptr);
  if (attempt.overtaken) {
    position_ = -1;
    return 0;
  }
  if (attempt.failed >= 0) return HandleFailure(events, attempt);
  VK_RETURN_IF_ERROR(attempt.status);
  Advance(*events.back(), static_cast<int>(events.size()));
  if (attempt.parked) VK_RETURN_IF_ERROR(CountParked());
  return static_cast<int>(events.size());
}

// Commits what came before the event that failed, then decides about that one.
absl::StatusOr<int> Consumer::Impl::HandleFailure(Events events, const Attempt& attempt) {
  if (attempt.failed > 0) return Apply(events.first(static_cast<std::size_t>(attempt.failed)));
  const v1::Event& event = *events.front();
  std::string reason = "unknown type";
  if (attempt.status.code() != absl::StatusCode::kUnimplemented) {
    if (failing_seq_ != event.seq()) failing_attempts_ = 0;
    failing_seq_ = event.seq();
    if (IsTransient(attempt.status) || ++failing_attempts_ < options_.max_attempts) {
      return attempt.status;
    }
    reason = absl::StatusCodeToString(attempt.status.code());
  }
  const Attempt parking = Try(events.first(1), &reason);
  if (parking.overtaken) {
    position_ = -1;
    return 0;
  }
  VK_RETURN_IF_ERROR(parking.status);
  Advance(event, 1);
  VK_RETURN_IF_ERROR(CountParked());
  return 1;
}

Consumer::Impl::Attempt Consumer::Impl::Try(Events events, const std::string* park_reason) {
  Attempt attempt;
  attempt.status = pool_.InTransaction(Options(), [&](pg::Transaction& tx) {
    attempt = Attempt();
    return TryIn(tx, events, park_reason, attempt);
  });
  return attempt;
}

absl::Status Consumer::Impl::TryIn(pg::Transaction& tx, Events events,
                                   const std::string* park_reason, Attempt& attempt) {
  const v1::Event& last = *events.back();
  VK_ASSIGN_OR_RETURN(
      const pg::Result moved,
      tx.Execute("INSERT INTO consumer_cursor AS c (consumer, seq, sequenced_at)"
                 " SELECT $1, $3::bigint, $4::timestamptz WHERE $2::bigint = 0"
                 "  OR EXISTS (SELECT FROM consumer_cursor WHERE consumer = $1)"
                 " ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq,"
                 "  sequenced_at = excluded.sequenced_at, moved_at = clock_timestamp()"
                 " WHERE c.seq = $2::bigint",
                 {options_.name, position_, last.seq(), SequencedAt(last)}));
  if (moved.affected() == 0) {
    attempt.overtaken = true;
    return absl::CancelledError("another replica was faster");
  }
  VK_ASSIGN_OR_RETURN(std::set<Aggregate> parked, ParkedAggregates(tx));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const v1::Event& event = *events[i];
    if (park_reason != nullptr) {
      attempt.parked = true;
      VK_RETURN_IF_ERROR(Park(tx, event, *park_reason));
    } else if (parked.contains(AggregateOf(event))) {
      attempt.parked = true;
      VK_RETURN_IF_ERROR(Park(tx, event, "follows a parked event"));
    } else if (absl::Status status = Handle(tx, event); !status.ok()) {
      attempt.failed = static_cast<int>(i);
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Consumer::Impl::Handle(pg::Transaction& tx, const v1::Event& event) {
  try {
    return handler_(tx, event);
  } catch (const std::exception&) {
    return absl::InternalError("the handler threw");
  }
}

absl::Status Consumer::Impl::Park(pg::Transaction& tx, const v1::Event& event,
                                  std::string_view reason) {
  return tx
      .Execute(
          "INSERT INTO consumer_parked (consumer, seq, aggregate_type, aggregate_id, event,"
          " reason) VALUES ($1, $2, $3, $4, $5, $6)",
          {options_.name, event.seq(), event.aggregate_type(), event.aggregate_id(),
           pg::Bytes{event.SerializeAsString()}, reason})
      .status();
}

absl::StatusOr<std::set<Aggregate>> Consumer::Impl::ParkedAggregates(pg::Transaction& tx) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx.Execute("SELECT DISTINCT aggregate_type, aggregate_id"
                                 " FROM consumer_parked WHERE consumer = $1",
                                 {options_.name}));
  std::set<Aggregate> parked;
  for (const pg::Row row : rows) {
    parked.emplace(row.Text("aggregate_type"), row.Text("aggregate_id"));
  }
  return parked;
}

void Consumer::Impl::Advance(const v1::Event& last, int count) {
  position_ = last.seq();
  failing_attempts_ = 0;
  Update([&](ConsumerStats& stats) {
    stats.position = position_;
    stats.head = std::max(stats.head, position_);
    stats.applied += count;
  });
}

absl::Status Consumer::Impl::CountParked() {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read("SELECT count(*) AS n FROM consumer_parked WHERE consumer = $1",
                                 {options_.name}, steady_clock::now() + seconds(5)));
  Update([&](ConsumerStats& stats) { stats.parked = rows[0].Int("n"); });
  return absl::OkStatus();
}

// In order per aggregate; one that still fails keeps its followers parked.
absl::StatusOr<int> Consumer::Impl::RetryParked() {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT seq, aggregate_type, aggregate_id, event FROM consumer_parked"
                 " WHERE consumer = $1 ORDER BY seq LIMIT $2::integer",
                 {options_.name, kParkedBatch}, steady_clock::now() + seconds(5)));
  std::set<Aggregate> stuck;
  int applied = 0;
  for (const pg::Row row : rows) {
    const Aggregate aggregate{row.Text("aggregate_type"), row.Text("aggregate_id")};
    if (stuck.contains(aggregate)) continue;
    const auto done = RetryOne(row);
    if (!done.ok()) {
      stuck.insert(aggregate);
    } else if (*done) {
      ++applied;
    }
  }
  VK_RETURN_IF_ERROR(CountParked());
  return applied;
}

// False when another replica has just done it.
absl::StatusOr<bool> Consumer::Impl::RetryOne(const pg::Row& row) {
  v1::Event event;
  if (!event.ParseFromString(row.Bytes("event"))) {
    return absl::DataLossError("a parked event cannot be read");
  }
  bool mine = false;
  VK_RETURN_IF_ERROR(pool_.InTransaction(Options(), [&](pg::Transaction& tx) -> absl::Status {
    VK_ASSIGN_OR_RETURN(const pg::Result taken,
                        tx.Execute("DELETE FROM consumer_parked WHERE consumer = $1 AND seq = $2",
                                   {options_.name, event.seq()}));
    mine = taken.affected() == 1;
    return mine ? Handle(tx, event) : absl::OkStatus();
  }));
  return mine;
}

Consumer::Consumer(pg::Pool& pool, ConsumerOptions options, EventSource& source, Handler handler)
    : impl_(std::make_unique<Impl>(pool, std::move(options), source, std::move(handler))) {}
Consumer::~Consumer() = default;
void Consumer::Start() { impl_->Start(); }
void Consumer::Stop() { impl_->Stop(); }
absl::StatusOr<int> Consumer::Step(milliseconds wait, std::stop_token stop) {
  return impl_->Step(wait, std::move(stop));
}
absl::StatusOr<int> Consumer::RetryParked() { return impl_->RetryParked(); }
ConsumerStats Consumer::stats() const { return impl_->stats(); }

absl::StatusOr<Position> ReadPosition(pg::Pool& pool, std::string_view consumer,
                                      pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool.Read("SELECT seq, sequenced_at FROM consumer_cursor WHERE consumer = $1",
                                {consumer}, deadline));
  if (rows.empty()) return Position{};
  return Position{rows[0].Int("seq"), rows[0].OptionalInstant("sequenced_at").value_or(Instant{})};
}

absl::Status ResetPosition(pg::Transaction& tx, std::string_view consumer) {
  VK_RETURN_IF_ERROR(
      tx.Execute("DELETE FROM consumer_parked WHERE consumer = $1", {consumer}).status());
  return tx
      .Execute("UPDATE consumer_cursor SET seq = 0, sequenced_at = NULL WHERE consumer = $1",
               {consumer})
      .status();
}

}  // namespace vardkedja::eventlog
