// Availability as it changes: from a snapshot or a position of the service's log on, each change
// once and in the order of the log, wherever and however often the caller comes back. No personal
// data.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// What one event of the log may have changed.
struct BedChange {
  std::int64_t sequence = 0;
  Instant at{};  // when it happened; never before an earlier one of the log
  std::set<domain::FacilityId> facilities;  // empty: it does not say, so any of them
};

struct ChangePage {
  std::vector<BedChange> changes;  // those that touch beds, in the order of the log
  std::int64_t position = 0;       // how far the log was read
  std::int64_t head = 0;           // how far it went then
  Instant at{};                    // when the event happened that the page begins after
};

// The port to the log.
class BedChanges {
 public:
  virtual ~BedChanges() = default;
  // A page of what came after a place.
  virtual absl::StatusOr<ChangePage> After(std::int64_t sequence,
                                           std::chrono::steady_clock::time_point deadline) = 0;
  virtual absl::StatusOr<std::int64_t> Head(std::chrono::steady_clock::time_point deadline) = 0;
};

enum class UpdateKind { kUnspecified = 0, kSnapshot = 1, kChange = 2, kHeartbeat = 3 };

struct AvailabilityUpdate {
  std::int64_t sequence = 0;
  UpdateKind kind = UpdateKind::kUnspecified;
  std::vector<domain::DayCount> facilities;
  Instant as_of{};
};

// What all watchers share: what was counted for one of them is not counted again for the next. Not
// thread-safe: one thread serves all.
class AvailabilityBoard {
 public:
  using Days = std::shared_ptr<const std::vector<domain::DayCount>>;

  // Both outlive it.
  AvailabilityBoard(Store& store, BedChanges& changes) : store_(store), changes_(changes) {}

  BedChanges& changes() { return changes_; }
  absl::StatusOr<std::vector<domain::Facility>> Facilities(const auth::CallContext& ctx);
  // All facilities and kinds as known now, by `ctx.now`.
  absl::StatusOr<Days> Now(const auth::CallContext& ctx);
  // The same as known right after a change.
  absl::StatusOr<Days> After(const auth::CallContext& ctx, const BedChange& change);

 private:
  absl::StatusOr<Days> Count(const auth::CallContext& ctx, std::optional<Instant> as_of);

  Store& store_;
  BedChanges& changes_;
  std::map<std::int64_t, Days> counted_;  // by sequence, the latest few
};

struct WatchQuestion {
  std::optional<domain::FacilityId> facility;
  std::optional<domain::BedKind> kind;
  std::int64_t after = 0;  // 0 begins with a snapshot
};

struct WatchStep {
  std::vector<AvailabilityUpdate> updates;
  bool more = false;  // the log goes on
};

// One caller's place. Not thread-safe.
class AvailabilityWatch {
 public:
  // Farther back, a caller begins anew.
  static constexpr std::int64_t kFarthestBack = 10'000;

  // The board outlives it.
  AvailabilityWatch(AvailabilityBoard& board, WatchQuestion question)
      : board_(board), question_(std::move(question)), position_(question_.after) {}

  // What is to be told now; `grown` when the log may have. The first step always tells something.
  // NOT_FOUND for an unknown facility; OUT_OF_RANGE SEQUENCE_UNKNOWN for a place that the log does
  // not have, or that lies too far back. Takes `ctx.now`, deadline and nothing else of the context.
  absl::StatusOr<WatchStep> Step(const auth::CallContext& ctx, bool grown);

  std::int64_t position() const { return position_; }

 private:
  absl::Status Begin(const auth::CallContext& ctx, WatchStep& step);
  absl::Status CatchUp(const auth::CallContext& ctx, WatchStep& step);
  absl::Status TellAll(const auth::CallContext& ctx, WatchStep& step);
  std::vector<domain::DayCount> Wanted(const std::vector<domain::DayCount>& days,
                                       const std::set<domain::FacilityId>& touched) const;

  AvailabilityBoard& board_;
  const WatchQuestion question_;
  std::int64_t position_;
  bool begun_ = false;
  Date day_{};         // the local day that the caller knows the counts of
  Instant told_at_{};  // when it heard something last
};

}  // namespace vardkedja::placement::usecases
