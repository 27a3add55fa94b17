#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {
namespace {

using domain::EntryState;

bool IsLive(const domain::QueueEntry& entry) {
  return entry.state == EntryState::kWaiting || entry.state == EntryState::kReserved;
}

bool WaitsForGround(const domain::QueueEntry& entry) {
  return entry.state == EntryState::kLeft && entry.left_reason == domain::kLeftGroundEnded;
}

bool IsFor(const domain::QueueEntry& entry, const domain::FacilityId& facility,
           domain::BedKind kind) {
  return entry.facility_id == facility && entry.bed_kind == kind;
}

absl::StatusOr<domain::QueueRule> RuleInForce(Session& session) {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::QueueRule> rules, session.Rules());
  const domain::QueueRule* rule = domain::RuleOn(rules, StockholmDate(session.now()));
  if (rule == nullptr) {
    return MakeError(absl::StatusCode::kUnavailable, "No queue rule is in force yet.",
                     "NO_QUEUE_RULE");
  }
  return *rule;
}

// None is later than any date.
std::optional<Date> Later(const std::optional<Date>& a, const std::optional<Date>& b) {
  if (!a || !b) return std::nullopt;
  return std::max(*a, *b);
}

absl::Status Extend(Session& session, domain::QueueEntry entry, const GrantedDecision& decision) {
  VK_ASSIGN_OR_RETURN(const domain::QueueRule rule, RuleInForce(session));
  entry.decision_to = Later(entry.decision_to, decision.to);
  entry.facts.decision_date = std::min(entry.facts.decision_date, decision.decision_date);
  domain::Rank(rule, entry);
  ++entry.version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(
      session.AddHistory(entry.id, {session.now(), "extended", std::nullopt, std::nullopt}));
  VK_RETURN_IF_ERROR(WatchDecision(session, entry));
  return session.AddDecision(decision.id, decision.case_id, entry.id, decision.to);
}

// The decision of who lives there goes on for longer; nothing else about the entry changes.
absl::Status ExtendStay(Session& session, const domain::EntryId& id,
                        const domain::Facility& facility, const GrantedDecision& decision) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> entry, session.LockEntry(id));
  if (!entry) return absl::InternalError("a stay's entry is missing");
  entry->decision_to = Later(entry->decision_to, decision.to);
  ++entry->version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(*entry));
  VK_RETURN_IF_ERROR(
      session.AddHistory(entry->id, {session.now(), "extended", std::nullopt, std::nullopt}));
  VK_RETURN_IF_ERROR(ChangeGroundOfCarePeriod(session, *entry, facility, decision.criteria,
                                              decision.decision_date));
  return session.AddDecision(decision.id, decision.case_id, entry->id, decision.to);
}

absl::Status SetWaitingTimer(Session& session, const domain::QueueRule& rule,
                             const domain::QueueEntry& entry) {
  const Date alert = entry.facts.decision_date + std::chrono::days(rule.alert_after_days + 1);
  return session.SetTimer(kWaitingLong, entry.id.value, StartOfDay(alert), "");
}

absl::Status Queue(Session& session, const GrantedDecision& decision,
                   const domain::Facility& facility) {
  VK_ASSIGN_OR_RETURN(const domain::QueueRule rule, RuleInForce(session));
  domain::QueueEntry entry;
  entry.id = domain::EntryId(NewUuidV7());
  entry.case_id = decision.case_id;
  entry.case_number = decision.case_number;
  entry.person_id = decision.person_id;
  entry.owner_unit = decision.owner_unit;
  entry.decision_id = decision.id;
  entry.facility_id = decision.facility_id;
  entry.bed_kind = decision.kind;
  entry.transfer = decision.transfer;
  entry.facts.criteria = decision.criteria;
  entry.facts.decision_date = decision.decision_date;
  entry.facts.submitted_at = decision.submitted_at;
  entry.decision_to = decision.to;
  entry.planned_move_in = decision.planned_move_in;
  domain::Rank(rule, entry);
  VK_RETURN_IF_ERROR(session.AddEntry(entry));
  VK_RETURN_IF_ERROR(session.AddDecision(decision.id, decision.case_id, entry.id, decision.to));
  VK_RETURN_IF_ERROR(
      session.AddHistory(entry.id, {session.now(), "queued", decision.criteria, std::nullopt}));
  VK_RETURN_IF_ERROR(SetWaitingTimer(session, rule, entry));
  VK_RETURN_IF_ERROR(WatchDecision(session, entry));
  session.Publish(domain::EntryEvent(entry, facility, domain::Queued{}));
  return absl::OkStatus();
}

// Of a closed case's reason.
std::string_view LeftReasonOf(std::string_view closed_reason) {
  if (closed_reason == "withdrawn") return domain::kLeftWithdrawn;
  if (closed_reason == "deceased") return domain::kLeftDeceased;
  return domain::kLeftCaseClosed;
}

}  // namespace

absl::Status TakeInDecision(Session& session, const GrantedDecision& decision) {
  VK_ASSIGN_OR_RETURN(const bool known, session.KnowsDecision(decision.id));
  if (known) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(decision.facility_id));
  if (!facility) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The decision is for a facility that is not registered.", "UNKNOWN_FACILITY");
  }
  VK_ASSIGN_OR_RETURN(const std::vector<domain::QueueEntry> entries,
                      session.LockEntriesOf(decision.case_id));
  for (const domain::QueueEntry& entry : entries) {
    // One that left for want of a ground returns with the new decision when there is one again.
    const bool pending = IsLive(entry) || WaitsForGround(entry);
    if (pending && IsFor(entry, decision.facility_id, decision.kind)) {
      return Extend(session, entry, decision);
    }
  }
  VK_ASSIGN_OR_RETURN(
      const std::optional<domain::EntryId> lived_on,
      session.FindEntryLivedOn(decision.case_id, decision.facility_id, decision.kind));
  if (lived_on) return ExtendStay(session, *lived_on, *facility, decision);
  return Queue(session, decision, *facility);
}

absl::Status ChangeCriteria(Session& session, const domain::CaseId& case_id,
                            const domain::Criteria& criteria) {
  VK_ASSIGN_OR_RETURN(std::vector<domain::QueueEntry> entries, session.LockEntriesOf(case_id));
  for (domain::QueueEntry& entry : entries) {
    if (entry.state == EntryState::kPlaced || entry.facts.criteria == criteria) continue;
    VK_ASSIGN_OR_RETURN(const domain::QueueRule rule, RuleInForce(session));
    entry.facts.criteria = criteria;
    domain::Rank(rule, entry);
    ++entry.version;
    VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
    VK_RETURN_IF_ERROR(
        session.AddHistory(entry.id, {session.now(), "criteria_changed", criteria, std::nullopt}));
  }
  return absl::OkStatus();
}

absl::Status EndGround(Session& session, const GroundFact& ground) {
  VK_RETURN_IF_ERROR(session.MarkGroundEnded(ground.ground_id));
  VK_ASSIGN_OR_RETURN(const std::set<std::string> covered, session.CoveredUnits(ground.case_id));
  std::vector<std::string> units = ground.units;
  std::erase_if(units, [&](const std::string& unit) { return covered.contains(unit); });
  VK_RETURN_IF_ERROR(session.LockBedsPromisedTo(ground.case_id));
  VK_ASSIGN_OR_RETURN(std::vector<domain::QueueEntry> entries,
                      session.LockEntriesOf(ground.case_id));
  for (domain::QueueEntry& entry : entries) {
    VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                        session.FindFacility(entry.facility_id));
    if (!facility) return absl::InternalError("an entry's facility is missing");
    if (domain::GroundEnded(entry, facility->unit, units) == domain::GroundEffect::kLeave) {
      VK_RETURN_IF_ERROR(LeaveQueue(session, entry, domain::kLeftGroundEnded));
      continue;
    }
    ++entry.version;
    VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  }
  return absl::OkStatus();
}

absl::Status RecordGround(Session& session, const GroundFact& ground) {
  VK_RETURN_IF_ERROR(session.AddGround(ground.ground_id, ground.case_id, ground.units));
  VK_ASSIGN_OR_RETURN(std::vector<domain::QueueEntry> entries,
                      session.LockEntriesOf(ground.case_id));
  for (domain::QueueEntry& entry : entries) {
    domain::GroundEffect effect = domain::GroundRecorded(entry, ground.units);
    const bool replaced =
        std::any_of(entries.begin(), entries.end(), [&](const domain::QueueEntry& other) {
          return IsLive(other) && IsFor(other, entry.facility_id, entry.bed_kind);
        });
    if (replaced) effect = domain::GroundEffect::kNone;
    ++entry.version;
    if (effect == domain::GroundEffect::kReturn) {
      VK_ASSIGN_OR_RETURN(entry.state,
                          domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                       domain::EntryAction::kReturn, domain::kConsequence));
      entry.left_reason.reset();
      VK_RETURN_IF_ERROR(PrepareToWait(session, entry));
      VK_RETURN_IF_ERROR(
          session.AddHistory(entry.id, {session.now(), "returned", std::nullopt, std::nullopt}));
      VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                          session.FindFacility(entry.facility_id));
      if (!facility) return absl::InternalError("an entry's facility is missing");
      session.Publish(domain::EntryEvent(entry, *facility, domain::Queued{}));
    }
    VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  }
  return absl::OkStatus();
}

absl::Status CloseCase(Session& session, const domain::CaseId& case_id,
                       const std::string& reason_code) {
  VK_RETURN_IF_ERROR(session.LockBedsPromisedTo(case_id));
  VK_ASSIGN_OR_RETURN(std::vector<domain::QueueEntry> entries, session.LockEntriesOf(case_id));
  const std::string_view reason = LeftReasonOf(reason_code);
  for (domain::QueueEntry& entry : entries) {
    if (IsLive(entry)) {
      VK_RETURN_IF_ERROR(LeaveQueue(session, entry, reason));
    } else if (entry.state == EntryState::kLeft && entry.left_reason != reason) {
      // It left for want of a ground; a new ground must not bring a closed case back.
      entry.left_reason = reason;
      ++entry.version;
      VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
    }
  }
  return absl::OkStatus();
}

absl::Status WatchDecision(Session& session, const domain::QueueEntry& entry) {
  if (!entry.decision_to) return session.CancelTimer(kDecisionEnd, entry.id.value);
  return session.SetTimer(kDecisionEnd, entry.id.value,
                          domain::DecisionEndsAt(entry.id, *entry.decision_to),
                          entry.case_id.value);
}

absl::Status PrepareToWait(Session& session, domain::QueueEntry& entry) {
  VK_ASSIGN_OR_RETURN(const domain::QueueRule rule, RuleInForce(session));
  domain::Rank(rule, entry);
  VK_RETURN_IF_ERROR(WatchDecision(session, entry));
  return SetWaitingTimer(session, rule, entry);
}

absl::Status EndDecision(Session& session, const domain::EntryId& id,
                         const domain::CaseId& case_id) {
  VK_RETURN_IF_ERROR(session.LockBedsPromisedTo(case_id));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry, session.LockEntry(id));
  const Date today = StockholmDate(session.now());
  if (!entry || !IsLive(*entry) || !entry->decision_to || *entry->decision_to > today) {
    return absl::OkStatus();
  }
  return LeaveQueue(session, *entry, domain::kLeftDecisionEnded);
}

absl::Status AlertWaitingLong(Session& session, const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> entry, session.LockEntry(id));
  if (!entry || entry->state != EntryState::kWaiting || entry->waiting_long) {
    return absl::OkStatus();
  }
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(entry->facility_id));
  if (!facility) return absl::InternalError("an entry's facility is missing");
  entry->waiting_long = true;
  ++entry->version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(*entry));
  VK_RETURN_IF_ERROR(
      session.AddHistory(id, {session.now(), "waiting_long", std::nullopt, std::nullopt}));
  session.Publish(domain::EntryEvent(*entry, *facility, domain::QueueAlert{"waiting_long"}));
  return absl::OkStatus();
}

absl::StatusOr<bool> RankByRuleInForce(Session& session) {
  constexpr int kBatch = 200;
  VK_ASSIGN_OR_RETURN(const domain::QueueRule rule, RuleInForce(session));
  VK_ASSIGN_OR_RETURN(std::vector<domain::QueueEntry> entries,
                      session.LockRankedByOther(rule.version, kBatch));
  for (domain::QueueEntry& entry : entries) {
    domain::Rank(rule, entry);
    ++entry.version;
    VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  }
  return static_cast<int>(entries.size()) == kBatch;
}

}  // namespace vardkedja::placement::usecases
