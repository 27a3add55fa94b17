// The queue: what referral-service's events do to it, and how it is read and explained.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/status/status.h"
#include "placement-service/domain/eligibility.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// A granted decision as referral-service tells it.
struct GrantedDecision {
  domain::DecisionId id;
  domain::CaseId case_id;
  std::string case_number;
  domain::PersonId person_id;
  domain::UnitId owner_unit;
  domain::FacilityId facility_id;
  domain::BedKind kind = domain::BedKind::kRegular;
  Date decision_date{};
  std::optional<Date> to;
  Instant submitted_at{};
  domain::Criteria criteria;
  bool transfer = false;
  std::optional<Date> planned_move_in;
};

// Exactly one entry per decision, however often the event comes. A new decision for a place that
// the case waits for or lives in extends what there is. UNKNOWN_FACILITY when there is none.
absl::Status TakeInDecision(Session& session, const GrantedDecision& decision);

// The criteria are dated facts: those that wait are ranked again by the current ones.
absl::Status ChangeCriteria(Session& session, const domain::CaseId& case_id,
                            const domain::Criteria& criteria);

// Consent or another ground: what waits leaves when the board or the facility may not read the case
// any more by this or another ground, and returns to its place when they may again.
struct GroundFact {
  std::string ground_id;
  domain::CaseId case_id;
  std::vector<std::string> units;
};
absl::Status EndGround(Session& session, const GroundFact& ground);
absl::Status RecordGround(Session& session, const GroundFact& ground);

// The case was closed: what waits or is reserved leaves.
absl::Status CloseCase(Session& session, const domain::CaseId& case_id,
                       const std::string& reason_code);

// Ranks an entry that is to wait again by the rule in force, and watches how long it waits.
absl::Status PrepareToWait(Session& session, domain::QueueEntry& entry);

// The entry leaves when its decision ends; an open-ended one has no end to watch.
absl::Status WatchDecision(Session& session, const domain::QueueEntry& entry);

// What timers do.
// The decision that the entry waits on, or has a place reserved on, has come to its end: the entry
// leaves. Repeatable.
absl::Status EndDecision(Session& session, const domain::EntryId& id,
                         const domain::CaseId& case_id);
absl::Status AlertWaitingLong(Session& session, const domain::EntryId& id);
// A rule version is in force from now on: ranks those with keys of another one, a batch at a time;
// returns whether some are left.
absl::StatusOr<bool> RankByRuleInForce(Session& session);
// The date on which the parking was to end has come. Repeatable.
absl::Status ResumeOnDate(Session& session, const domain::EntryId& id);

struct EntryAnswer {
  domain::QueueEntry entry;
  int position = 0;  // 0 when not waiting
  auth::CaseDescription who;
  std::vector<std::string> actions;
};

// Reads one entry.
class ReadEntry {
 public:
  ReadEntry(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<EntryAnswer> Get(const auth::CallContext& ctx, const domain::EntryId& id) const;
  // After a write whose commit holds the audit row.
  absl::StatusOr<EntryAnswer> AfterWrite(const auth::CallContext& ctx,
                                         const domain::EntryId& id) const;

 private:
  absl::StatusOr<EntryAnswer> Answer(const auth::CallContext& ctx, domain::QueueEntry entry) const;

  Store& store_;
  const Disclosure& disclosure_;
};

struct ParkEntryCommand {
  domain::EntryId entry_id;
  std::string etag;
  bool park = true;  // else the parking ends, and the rest is not read
  domain::ParkReason reason = domain::ParkReason::kUnspecified;
  std::optional<Date> until;
};

// Parks an entry or ends its parking.
class ParkEntry {
 public:
  ParkEntry(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<EntryAnswer> Run(const auth::CallContext& ctx,
                                  const ParkEntryCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

class ListQueue {
 public:
  ListQueue(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}

  struct Page {
    std::vector<EntryAnswer> entries;
    std::string next;  // entry id; empty at the end
    int waiting = 0;
    int rule_version = 0;
  };
  // Entries the unit may not see are left out but keep their position.
  absl::StatusOr<Page> Run(const auth::CallContext& ctx, QueuePage page) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct EligibilityQuestion {
  domain::EntryId entry_id;
  std::optional<domain::BedId> bed_id;   // any bed of its queue when absent
  std::optional<Date> date;              // today when absent
  std::vector<FieldViolation> broken{};  // what could not be read, reported with what is found
};
struct EligibilityAnswer {
  domain::QueueEntry entry;
  Date date{};
  std::vector<domain::Lack> missing;  // nothing: can be offered a place
};

// FIELD_VIOLATIONS for an unknown bed.
class CheckEligibility {
 public:
  CheckEligibility(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<EligibilityAnswer> Run(const auth::CallContext& ctx,
                                        const EligibilityQuestion& question) const;

 private:
  absl::StatusOr<domain::Facility> FacilityOf(const auth::CallContext& ctx,
                                              const domain::FacilityId& id) const;

  Store& store_;
  const Disclosure& disclosure_;
};

// Who stands directly before.
struct Before {
  int position = 0;
  domain::RuleColumn column = domain::RuleColumn::kEntryId;
  std::string case_number;  // empty when the unit may not see that case
};

struct PositionAnswer {
  EntryAnswer entry;
  domain::QueueRule rule;
  std::vector<Before> before;
  std::vector<domain::BeforeCount> before_counts;
  domain::Why why;
  std::vector<HistoryRecord> history;
  std::vector<domain::PositionChange> positions;  // newest first
  bool more_positions = false;                    // there are older ones
};

class ExplainPosition {
 public:
  ExplainPosition(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<PositionAnswer> Run(const auth::CallContext& ctx, const domain::EntryId& id) const;

 private:
  absl::StatusOr<std::vector<Before>> Neighbours(const auth::CallContext& ctx,
                                                 const domain::QueueRule& rule,
                                                 const domain::QueueEntry& entry,
                                                 int position) const;
  absl::StatusOr<domain::QueueRule> RuleOf(const auth::CallContext& ctx, int version) const;

  Store& store_;
  const Disclosure& disclosure_;
};

}  // namespace vardkedja::placement::usecases
