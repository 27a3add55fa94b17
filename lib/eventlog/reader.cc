#include "lib/eventlog/reader.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/timestamp.pb.h"
#include "lib/status/status.h"

namespace vardkedja::eventlog {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kReadTimeout{5000};

void SetTimestamp(google::protobuf::Timestamp* timestamp, Instant instant) {
  const auto whole = std::chrono::floor<seconds>(instant);
  timestamp->set_seconds(whole.time_since_epoch().count());
  timestamp->set_nanos(static_cast<int>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(instant - whole).count()));
}

void FillEvent(const pg::Row& row, v1::Event* event) {
  event->set_seq(row.Int("seq"));
  event->set_event_id(row.Text("event_id"));
  event->set_aggregate_type(row.Text("aggregate_type"));
  event->set_aggregate_id(row.Text("aggregate_id"));
  event->set_version(row.Int("version"));
  event->set_type(row.Text("type"));
  event->set_payload(row.Bytes("payload"));
  SetTimestamp(event->mutable_occurred_at(), row.Instant("occurred_at"));
  SetTimestamp(event->mutable_sequenced_at(), row.Instant("sequenced_at"));
  event->set_traceparent(row.Text("traceparent"));
}

}  // namespace

std::int64_t HeadWatch::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

void HeadWatch::Advance(std::int64_t head) {
  // Listeners are called with the lock held, so that none is called after its Unsubscribe.
  const std::lock_guard lock(mutex_);
  if (head <= head_) return;
  head_ = head;
  changed_.notify_all();
  for (const auto& [id, listener] : listeners_) listener(head);
}

bool HeadWatch::WaitBeyond(std::int64_t after, milliseconds wait, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::move(stop), wait, [&] { return head_ > after; });
}

std::int64_t HeadWatch::Subscribe(std::function<void(std::int64_t)> listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(next_id_, std::move(listener));
  return next_id_++;
}

void HeadWatch::Unsubscribe(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(id);
}

absl::StatusOr<v1::ReadResponse> Reader::Read(std::int64_t after, int limit,
                                              pg::Deadline deadline) {
  const int rows_limit = limit == 0 ? kDefaultLimit : std::clamp(limit, 1, kMaxLimit);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT h.head, e.seq, e.event_id, e.aggregate_type, e.aggregate_id, e.version,"
                 " e.type, e.payload, e.occurred_at, e.sequenced_at, e.traceparent"
                 " FROM (SELECT coalesce(max(seq), 0) AS head FROM event) h"
                 " LEFT JOIN LATERAL (SELECT seq, event_id, aggregate_type, aggregate_id,"
                 " version, type, payload, occurred_at, sequenced_at, traceparent"
                 " FROM event WHERE seq > $1::bigint AND seq <= h.head"
                 " ORDER BY seq LIMIT $2::integer) e ON true ORDER BY e.seq",
                 {after, rows_limit}, deadline));
  v1::ReadResponse response;
  for (const pg::Row row : rows) {
    response.set_head(row.Int("head"));
    if (!row.IsNull("seq")) FillEvent(row, response.add_events());
  }
  return response;
}

absl::StatusOr<v1::ReadResponse> LogSource::Read(std::int64_t after, int limit, milliseconds wait,
                                                 std::stop_token stop) {
  VK_ASSIGN_OR_RETURN(v1::ReadResponse response,
                      reader_.Read(after, limit, steady_clock::now() + kReadTimeout));
  if (response.events_size() > 0 || wait <= milliseconds(0)) return response;
  if (!heads_.WaitBeyond(after, std::min(wait, kMaxWait), std::move(stop))) return response;
  return reader_.Read(after, limit, steady_clock::now() + kReadTimeout);
}

}  // namespace vardkedja::eventlog
