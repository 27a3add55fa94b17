#include "lib/eventlog/sequencer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "lib/pg/connection.h"
#include "lib/status/status.h"

namespace vardkedja::eventlog {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStatementTimeout{10'000};
constexpr milliseconds kReconnectAfter{200};

// Within an aggregate the order is that of its versions, whatever the clocks of their transactions
// said: the running maximum makes the time of each event no earlier than its predecessor's.
constexpr std::string_view kPlaceSql =
    "WITH last AS (SELECT seq, sequenced_at FROM event WHERE seq IS NOT NULL"
    "  ORDER BY seq DESC LIMIT 1),"
    " keyed AS (SELECT event_id, aggregate_type, aggregate_id, version, ordinal,"
    "  max(recorded_at) OVER (PARTITION BY aggregate_type, aggregate_id"
    "   ORDER BY version, ordinal) AS time FROM event WHERE seq IS NULL),"
    " placed AS (SELECT event_id, row_number() OVER (ORDER BY time, aggregate_type, aggregate_id,"
    "  version, ordinal) AS place FROM keyed ORDER BY place LIMIT $1::integer),"
    " moved AS (UPDATE event SET seq = coalesce((SELECT seq FROM last), 0) + placed.place,"
    "  sequenced_at = greatest(statement_timestamp(), (SELECT sequenced_at FROM last))"
    "  FROM placed WHERE event.event_id = placed.event_id RETURNING event.seq)"
    " SELECT count(*) AS moved,"
    "  coalesce(max(seq), (SELECT seq FROM last), 0) AS head FROM moved";

pg::Deadline Soon() { return steady_clock::now() + kStatementTimeout; }

}  // namespace

class Sequencer::Impl {
 public:
  Impl(SequencerOptions options, HeadWatch& heads)
      : options_(std::move(options)),
        heads_(heads),
        committed_channel_(options_.schema + "_event_committed"),
        sequenced_channel_(options_.schema + "_event_sequenced"),
        wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_fd_ < 0) throw std::runtime_error("no file descriptor for the sequencer");
  }

  ~Impl() {
    Stop();
    close(wake_fd_);
  }

  void Start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    Ring();
    thread_.join();
  }

  void Wake() {
    if (!woken_.exchange(true)) Ring();
  }

  SequencerStats stats() const {
    return {elected_.load(), heads_.head(), sequenced_.load(), failures_.load()};
  }

 private:
  void Ring() const {
    const std::uint64_t one = 1;
    // A full counter has already rung.
    static_cast<void>(!write(wake_fd_, &one, sizeof(one)));
  }

  void Run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto next = steady_clock::now() + options_.gather;
      const absl::Status status = Pass();
      if (!status.ok()) {
        failures_.fetch_add(1);
        elected_ = false;
        connection_.reset();
      }
      WaitForWork(status.ok() ? options_.poll : kReconnectAfter);
      std::this_thread::sleep_until(next);
    }
    elected_ = false;
    connection_.reset();
  }

  absl::Status Pass() {
    if (connection_ == nullptr) VK_RETURN_IF_ERROR(Connect());
    const std::vector<std::string> channels = connection_->TakeNotifications();
    if (connection_->broken()) return absl::UnavailableError("the sequencer lost its connection");
    const bool woken = woken_.exchange(false);
    if (!elected_) VK_RETURN_IF_ERROR(TryElection());
    if (elected_) return PlaceAll();
    // Another process is elected: tell it what was committed here, and hear how far it has come.
    if (woken) VK_RETURN_IF_ERROR(Notify(committed_channel_));
    VK_ASSIGN_OR_RETURN(
        const pg::Result head,
        connection_->Execute("SELECT coalesce(max(seq), 0) AS head FROM event", {}, Soon()));
    heads_.Advance(head[0].Int("head"));
    return absl::OkStatus();
  }

  absl::Status Connect() {
    pg::PoolOptions connect;
    connect.dsn = options_.dsn;
    connect.application_name = "vardkedja-sequencer";
    connect.statement_timeout = kStatementTimeout;
    VK_ASSIGN_OR_RETURN(connection_, pg::Connection::Open(connect, Soon()));
    VK_RETURN_IF_ERROR(connection_->Listen(committed_channel_, Soon()));
    return connection_->Listen(sequenced_channel_, Soon());
  }

  absl::Status TryElection() {
    VK_ASSIGN_OR_RETURN(
        const pg::Result got,
        connection_->Execute("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got",
                             {"vardkedja-sequencer:" + options_.schema}, Soon()));
    elected_ = got[0].Bool("got");
    return absl::OkStatus();
  }

  absl::Status PlaceAll() {
    bool any = false;
    std::int64_t moved = options_.batch;
    while (moved == options_.batch) {
      VK_ASSIGN_OR_RETURN(const pg::Result rows,
                          connection_->Execute(kPlaceSql, {options_.batch}, Soon()));
      moved = rows[0].Int("moved");
      any = any || moved > 0;
      sequenced_.fetch_add(moved);
      heads_.Advance(rows[0].Int("head"));
    }
    return any ? Notify(sequenced_channel_) : absl::OkStatus();
  }

  absl::Status Notify(const std::string& channel) {
    return connection_->ExecuteScript("NOTIFY \"" + channel + "\"", Soon()).status();
  }

  // Until a Wake, a word from the server, Stop or the end of `wait`. What an elected process hears
  // of its own notifications is swallowed here.
  void WaitForWork(milliseconds wait) {
    const auto end = steady_clock::now() + wait;
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
      if (left.count() <= 0) return;
      std::array<pollfd, 2> entries{{{wake_fd_, POLLIN, 0}, {-1, POLLIN, 0}}};
      if (connection_ != nullptr) entries[1].fd = connection_->socket();
      const int ready = poll(entries.data(), entries.size(), static_cast<int>(left.count()));
      if (ready == 0 || (ready < 0 && errno != EINTR)) return;
      if (entries[0].revents != 0) {
        std::uint64_t count = 0;
        static_cast<void>(!read(wake_fd_, &count, sizeof(count)));
        return;
      }
      if (entries[1].revents != 0 && WorthWhile()) return;
    }
  }

  bool WorthWhile() {
    const std::vector<std::string> channels = connection_->TakeNotifications();
    if (connection_->broken()) return true;
    const std::string& wanted = elected_ ? committed_channel_ : sequenced_channel_;
    for (const std::string& channel : channels) {
      if (channel == wanted) return true;
    }
    return false;
  }

  const SequencerOptions options_;
  HeadWatch& heads_;
  const std::string committed_channel_;
  const std::string sequenced_channel_;
  const int wake_fd_;
  std::unique_ptr<pg::Connection> connection_;  // of the thread alone
  std::atomic<bool> woken_ = false;
  std::atomic<bool> elected_ = false;
  std::atomic<std::int64_t> sequenced_ = 0;
  std::atomic<std::int64_t> failures_ = 0;
  std::jthread thread_;
};

Sequencer::Sequencer(SequencerOptions options, HeadWatch& heads)
    : impl_(std::make_unique<Impl>(std::move(options), heads)) {}
Sequencer::~Sequencer() = default;
void Sequencer::Start() { impl_->Start(); }
void Sequencer::Stop() { impl_->Stop(); }
void Sequencer::Wake() { impl_->Wake(); }
SequencerStats Sequencer::stats() const { return impl_->stats(); }

}  // namespace vardkedja::eventlog
