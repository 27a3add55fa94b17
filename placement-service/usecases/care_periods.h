// The periods after which a placement must have been looked at again.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/ports.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {

// What becomes of the entry's period with the stay; each is called with the entry's stay locked.
// Nothing is watched while no rule is in force.
absl::Status BeginCarePeriod(Session& session, const domain::QueueEntry& entry,
                             const domain::Facility& facility, const domain::Stay& stay);
// LVM goes on from where it began; a voluntary placement begins anew with the new decision.
absl::Status MoveCarePeriod(Session& session, const domain::Stay& from,
                            const domain::QueueEntry& entry, const domain::Facility& facility,
                            const domain::Stay& to);
absl::Status EndCarePeriod(Session& session, const domain::EntryId& entry);
// The stay has not ended after all.
absl::Status ReopenCarePeriod(Session& session, const domain::Stay& stay,
                              const domain::Facility& facility);
// The move-in from which it counts was on another day.
absl::Status MoveStartOfCarePeriod(Session& session, const domain::Facility& facility,
                                   const domain::Stay& wrong, const domain::Stay& right);
// A new decision about who lives there: under LVM from its date on, or not any more.
absl::Status ChangeGroundOfCarePeriod(Session& session, const domain::QueueEntry& entry,
                                      const domain::Facility& facility,
                                      const domain::Criteria& criteria, Date from);
// Adds the rules that are absent, and watches who lived there before there were any. Returns how
// many rules were added. Repeatable.
absl::StatusOr<int> SeedCarePeriodRules(Session& session,
                                        const std::vector<domain::CarePeriodRule>& rules);

// What the acting unit can do about it now.
std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const CarePeriodRecord& record);

struct CarePeriodAnswer {
  CarePeriodRecord record;
  std::vector<std::string> actions;
};

// Those of a stay's decision, newest first.
class ReadCarePeriods {
 public:
  explicit ReadCarePeriods(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<std::vector<CarePeriodAnswer>> List(const auth::CallContext& ctx,
                                                     const domain::StayId& id) const;
  absl::StatusOr<CarePeriodAnswer> Get(const auth::CallContext& ctx,
                                       const domain::CarePeriodId& id) const;
  // After a write whose commit holds the audit row.
  absl::StatusOr<CarePeriodAnswer> AfterWrite(const auth::CallContext& ctx,
                                              const std::string& id) const;

 private:
  StayPorts ports_;
};

struct RecordReconsiderationCommand {
  domain::CarePeriodId id;
  std::string etag;
  std::optional<Date> date;  // today when absent
  domain::ReconsiderationOutcome outcome = domain::ReconsiderationOutcome::kUnspecified;
  domain::ReconsiderationReason reason = domain::ReconsiderationReason::kUnspecified;
};

// The owner has reconsidered: the period is closed and the next begins in the same commit.
class RecordReconsideration {
 public:
  explicit RecordReconsideration(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<CarePeriodAnswer> Run(const auth::CallContext& ctx,
                                       const RecordReconsiderationCommand& command) const;

 private:
  StayPorts ports_;
};

}  // namespace vardkedja::placement::usecases
