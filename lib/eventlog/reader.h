// Reading a log, one's own or another service's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>

#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::eventlog {

// The bounds of ReadRequest.
inline constexpr int kDefaultLimit = 200;
inline constexpr int kMaxLimit = 1000;
inline constexpr std::chrono::milliseconds kMaxWait{20'000};

// Where a consumer's events come from: lib/rpc has one over gRPC, LogSource reads a table.
// Implementations are thread-safe.
class EventSource {
 public:
  virtual ~EventSource() = default;
  // Events with seq > after, dense, oldest first; waits up to `wait` for the first one. Returns
  // early (with what there is, or CANCELLED) when `stop` is requested.
  virtual absl::StatusOr<v1::ReadResponse> Read(std::int64_t after, int limit,
                                                std::chrono::milliseconds wait,
                                                std::stop_token stop) = 0;
};

// Knows how far the log has been sequenced and tells those who wait. Fed by a Sequencer.
// Thread-safe.
class HeadWatch {
 public:
  std::int64_t head() const;
  // Moves the head forward; an older value is ignored.
  void Advance(std::int64_t head);
  // Waits until head() > after; false when time ran out or stop was requested.
  bool WaitBeyond(std::int64_t after, std::chrono::milliseconds wait, std::stop_token stop);
  // Calls `listener` after each advance on the advancing thread; it must not block or
  // (un)subscribe. For long polls that hold no thread. After Unsubscribe has returned it is not
  // called any more.
  std::int64_t Subscribe(std::function<void(std::int64_t head)> listener);
  void Unsubscribe(std::int64_t id);

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::int64_t head_ = 0;
  std::int64_t next_id_ = 1;
  std::map<std::int64_t, std::function<void(std::int64_t)>> listeners_;
};

// Reads the `event` table of the pool's schema. Thread-safe.
class Reader {
 public:
  explicit Reader(pg::Pool& pool) : pool_(pool) {}
  // Never waits. `limit` is clamped to 1..kMaxLimit; 0 means kDefaultLimit.
  absl::StatusOr<v1::ReadResponse> Read(std::int64_t after, int limit, pg::Deadline deadline);

 private:
  pg::Pool& pool_;
};

// A service's own log, without a network between.
class LogSource final : public EventSource {
 public:
  LogSource(Reader& reader, HeadWatch& heads) : reader_(reader), heads_(heads) {}
  absl::StatusOr<v1::ReadResponse> Read(std::int64_t after, int limit,
                                        std::chrono::milliseconds wait,
                                        std::stop_token stop) override;

 private:
  Reader& reader_;
  HeadWatch& heads_;
};

}  // namespace vardkedja::eventlog
