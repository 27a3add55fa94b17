// Held beds: hold, release, read, and how a hold ends otherwise. No personal data is read here, so
// no case is asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

struct HoldAnswer {
  HoldRecord record;
  int empty_days = 0;
  std::vector<std::string> actions;
};

class ReadHolds {
 public:
  explicit ReadHolds(Store& store) : store_(store) {}
  // NOT_FOUND.
  absl::StatusOr<HoldAnswer> Get(const auth::CallContext& ctx, const domain::HoldId& id) const;
  struct Page {
    std::vector<HoldAnswer> holds;
    std::string next;  // hold id; empty at the end
  };
  absl::StatusOr<Page> List(const auth::CallContext& ctx, const HoldPage& page) const;

 private:
  Store& store_;
};

struct HoldBedCommand {
  domain::BedId bed_id;
  std::string etag;          // of the bed
  std::optional<Date> from;  // today when absent
  domain::HoldPlan plan;     // without `from`
};

// Only the facility's own seat. BED_* when the bed is not free all the time.
class HoldBed {
 public:
  explicit HoldBed(Store& store) : store_(store) {}
  absl::StatusOr<HoldAnswer> Run(const auth::CallContext& ctx, const HoldBedCommand& command) const;

 private:
  Store& store_;
};

struct ReleaseHoldCommand {
  domain::HoldId hold_id;
  std::string etag;
};

class ReleaseHold {
 public:
  explicit ReleaseHold(Store& store) : store_(store) {}
  absl::StatusOr<HoldAnswer> Run(const auth::CallContext& ctx,
                                 const ReleaseHoldCommand& command) const;

 private:
  Store& store_;
};

// What the timer does. Repeatable: a hold that ended meanwhile is left alone.
absl::Status ExpireHold(Session& session, const domain::HoldId& id, const domain::BedId& bed_id);

// The locked bed is offered to whom it was held for: ends its holds from that date on, in the
// database and in `bed`.
absl::Status UseHolds(Session& session, BedRecord& bed, Date from);

}  // namespace vardkedja::placement::usecases
