// Overrides: out of the queue's order by both seats of the board.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

struct OverrideAnswer {
  OverrideRecord record;
  std::vector<std::string> actions;
};

// What the acting unit and seat can do about it now.
std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const OverrideRecord& record);

class ReadOverrides {
 public:
  ReadOverrides(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}

  absl::StatusOr<OverrideAnswer> Get(const auth::CallContext& ctx,
                                     const domain::OverrideId& id) const;
  struct Page {
    std::vector<OverrideAnswer> overrides;
    std::string next;  // override id; empty at the end
  };
  absl::StatusOr<Page> List(const auth::CallContext& ctx, OverridePage page) const;
  // After a write whose commit holds the audit row.
  absl::StatusOr<OverrideAnswer> AfterWrite(const auth::CallContext& ctx,
                                            const domain::OverrideId& id) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

// INTAKE_CLOSED when planned intake is closed on the date, unless the entry or the reason is acute.
absl::Status CheckIntake(const BedRecord& bed, const domain::QueueEntry& entry,
                         domain::OverrideReason reason, Date from);

struct ProposeOverrideCommand {
  domain::EntryId entry_id;
  std::optional<domain::BedId> bed_id;  // chosen as OfferPlace does when absent
  std::optional<Date> available_from;   // today when absent; without a bed, at the latest
  domain::OverrideReason reason = domain::OverrideReason::kUnspecified;
};

// OVERRIDE_NOT_NEEDED when the rule puts the entry first anyway; BED_* when the bed cannot be
// offered, NO_FREE_PLACE when none can.
class ProposeQueueOverride {
 public:
  ProposeQueueOverride(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OverrideAnswer> Run(const auth::CallContext& ctx,
                                     const ProposeOverrideCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct SettleOverrideCommand {
  domain::OverrideId override_id;
  std::string etag;
  domain::OverrideAction action = domain::OverrideAction::kReject;
};

// Confirmation makes the offer in the same commit; everything is judged again, by the beds and the
// queue as they are then.
class SettleQueueOverride {
 public:
  SettleQueueOverride(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OverrideAnswer> Run(const auth::CallContext& ctx,
                                     const SettleOverrideCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

}  // namespace vardkedja::placement::usecases
