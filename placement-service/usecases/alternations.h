// Alternating stays: go home with the bed free, and come back to a reserved one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/domain/alternation.h"
#include "placement-service/usecases/ports.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {

struct AlternationAnswer {
  AlternationRecord record;
  std::vector<std::string> actions;
  bool overdue = false;
};

// What the acting unit can do about it now.
std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const AlternationRecord& record);

class ReadAlternations {
 public:
  explicit ReadAlternations(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<AlternationAnswer> Get(const auth::CallContext& ctx,
                                        const domain::AlternationId& id) const;

  struct Page {
    std::vector<AlternationAnswer> alternations;
    std::string next;  // alternation id; empty at the end
  };
  absl::StatusOr<Page> List(const auth::CallContext& ctx, AlternationPage page) const;

  // After a write whose commit holds the audit row.
  absl::StatusOr<AlternationAnswer> AfterWrite(const auth::CallContext& ctx,
                                               const std::string& id) const;

 private:
  StayPorts ports_;
};

struct GoHomeCommand {
  domain::StayId stay_id;
  std::string etag;               // of the stay
  std::optional<Date> home_from;  // today when absent
  Date return_date{};
  std::optional<domain::BedId> bed;  // the one that is left when absent
};

// The stay ends, its bed is free and the return is reserved, in one commit. BED_* when the bed to
// return to is not free from then on, PERSON_RESERVED_ELSEWHERE.
class GoHomeForATime {
 public:
  explicit GoHomeForATime(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<AlternationAnswer> Run(const auth::CallContext& ctx,
                                        const GoHomeCommand& command) const;

 private:
  StayPorts ports_;
};

struct ChangeReturnCommand {
  domain::AlternationId id;
  std::string etag;
  Date return_date{};
  std::optional<domain::BedId> bed;  // the one that is reserved when absent
};

// The same errors about bed and day as going home.
class ChangePlannedReturn {
 public:
  explicit ChangePlannedReturn(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<AlternationAnswer> Run(const auth::CallContext& ctx,
                                        const ChangeReturnCommand& command) const;

 private:
  StayPorts ports_;
};

struct ReturnCommand {
  domain::AlternationId id;
  std::string etag;
  std::optional<Date> date;  // today when absent
};

// The stay goes on in the reserved bed. BED_CLOSED, BED_OCCUPIED, BED_HELD,
// PERSON_PLACED_ELSEWHERE.
class ReturnToFacility {
 public:
  explicit ReturnToFacility(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<AlternationAnswer> Run(const auth::CallContext& ctx,
                                        const ReturnCommand& command) const;

 private:
  StayPorts ports_;
};

struct DischargeFromHomeCommand {
  domain::AlternationId id;
  std::string etag;
  std::optional<Date> date;  // today when absent
  domain::DischargeReason reason = domain::DischargeReason::kUnspecified;
  std::vector<domain::ChecklistItem> unmet_items;
};

// The person does not come back; the reserved bed is free.
class DischargeAtHome {
 public:
  explicit DischargeAtHome(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<AlternationAnswer> Run(const auth::CallContext& ctx,
                                        const DischargeFromHomeCommand& command) const;

 private:
  StayPorts ports_;
};

// Three days before the planned return, the day before and on it: whether somebody will still live
// in the bed. The day after: that the person has not come back, told once. Repeatable.
absl::Status WatchReturn(Session& session, const domain::Alternation& alternation);
absl::Status TellOfReturn(Session& session, const domain::AlternationId& id,
                          const domain::BedId& bed_id);

// A time at home together with the permission to see it. A facility always sees its own.
absl::StatusOr<Admitted<AlternationRecord>> AdmitToAlternation(StayPorts ports,
                                                               const auth::CallContext& ctx,
                                                               const domain::AlternationId& id);

}  // namespace vardkedja::placement::usecases
