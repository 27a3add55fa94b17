#include "placement-service/storage/postgres_session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/jobs/jobs.h"
#include "lib/status/status.h"
#include "placement-service/events/publish.h"
#include "placement-service/storage/bed_facts.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

using domain::QueueEntry;

// What the database refuses, in the words of the contract. They name no person.
struct Refusal {
  std::string_view constraint;
  std::string_view reason;
  std::string_view message;
};
constexpr std::array<Refusal, 21> kRefusals = {{
    {"absence_once", "ABSENCE_OVERLAPS", "Another absence covers that date."},
    {"absence_one_open", "ABSENCE_OVERLAPS", "Another absence goes on."},
    {"absence_by_day", "ABSENCE_OVERLAPS", "Another absence began on that date."},
    {"entry_live", "ILLEGAL_STATE", "The case waits for the same kind of place already."},
    {"closure_once", "BED_CLOSED", "The bed is closed in that period already."},
    {"intake_closure_once", "INTAKE_CLOSED", "Planned intake is closed in that period already."},
    {"hold_once", "BED_HELD", "The bed is held in that period already."},
    {"override_one_proposed_per_entry", "OVERRIDE_PROPOSED",
     "An override is proposed for the entry already; confirm or reject it first."},
    {"offer_bed_once_per_entry", "BED_OFFERED_BEFORE",
     "The entry has answered an offer of the same bed; it is not offered again."},
    {"offer_one_open_per_bed", "BED_OFFERED", "An offer of the bed is open."},
    {"reservation_bed", "BED_RESERVED", "The bed is reserved in that period."},
    {"reservation_person", "PERSON_RESERVED_ELSEWHERE",
     "The person has another reservation in that period."},
    {"stay_agreed", "AGREEMENT_MISSING",
     "Not all have agreed on the placement; a coded exception is needed."},
    {"stay_bed", "BED_OCCUPIED", "Someone lives in the bed in that period."},
    {"stay_bed_by_day", "BED_OCCUPIED", "Someone has lived in the bed in that period."},
    {"stay_one_active_per_bed", "BED_OCCUPIED", "Someone lives in the bed."},
    {"stay_person", "PERSON_PLACED_ELSEWHERE", "The person lives in another bed in that period."},
    {"stay_person_by_day", "PERSON_PLACED_ELSEWHERE",
     "The person has lived in another bed in that period."},
    {"stay_one_active_per_person", "PERSON_PLACED_ELSEWHERE",
     "The person lives in another bed; a move goes by a transfer."},
    {"transfer_one_live_per_offer", "OFFER_MISMATCH", "The offer is used by another transfer."},
    {"transfer_one_live_per_stay", "ILLEGAL_STATE", "A transfer is planned already."},
}};

absl::Status NameRefusal(const absl::Status& status) {
  const std::optional<std::string> constraint = pg::ViolatedConstraint(status);
  if (!constraint) return status;
  for (const Refusal& refusal : kRefusals) {
    if (refusal.constraint == *constraint) {
      return MakeError(absl::StatusCode::kFailedPrecondition, refusal.message, refusal.reason);
    }
  }
  return status;
}

std::optional<std::int64_t> Number(const std::optional<int>& number) {
  return number ? std::optional<std::int64_t>(*number) : std::nullopt;
}

// Who can be offered a bed: $1 facility, $2 kind, $3 the date, $4 the bed, $5 whether planned
// intake is closed: then only who is acute (domain::IsAcute).
constexpr std::string_view kEligible =
    "WHERE e.facility_id = $1 AND e.bed_kind = $2 AND e.state = 'waiting'"
    " AND e.open_offer_id IS NULL AND e.park_reason IS NULL AND e.decision_date <= $3"
    " AND (e.decision_to IS NULL OR e.decision_to > $3)"
    " AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.entry_id = e.entry_id"
    "                    AND o.bed_id = $4"
    "                    AND (o.state <> 'withdrawn' OR o.move_in IS NOT NULL))"
    " AND (NOT $5::boolean OR e.lvm_investigation OR e.lvm_section_27)";

}  // namespace

PostgresSession::PostgresSession(pg::Transaction& tx, Cause cause)
    : tx_(tx),
      cause_(std::move(cause)),
      run_([&tx](const std::string& sql, const pg::Params& params) {
        return tx.Execute(sql, params);
      }) {}

absl::StatusOr<commit::Write> PostgresSession::Finish() {
  if (!beds_.empty()) VK_RETURN_IF_ERROR(RecordBedFacts(run_, beds_, cause_.now));
  return std::move(write_);
}

absl::StatusOr<pg::Result> PostgresSession::ExecuteOne(const std::string& sql,
                                                       const pg::Params& params) {
  auto result = tx_.Execute(sql, params);
  if (!result.ok()) return NameRefusal(result.status());
  if (result->affected() == 1) return result;
  return absl::InternalError("a locked row was not there");
}

absl::Status PostgresSession::WriteOne(const std::string& sql, const pg::Params& params) {
  return ExecuteOne(sql, params).status();
}

absl::StatusOr<bool> PostgresSession::InsertIfAbsent(const std::string& sql,
                                                     const pg::Params& params) {
  VK_ASSIGN_OR_RETURN(const pg::Result result,
                      tx_.Execute(sql + " ON CONFLICT DO NOTHING", params));
  return result.affected() == 1;
}

absl::StatusOr<std::vector<QueueEntry>> PostgresSession::Entries(const std::string& rest,
                                                                 const pg::Params& params) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT " + Text(kEntryColumns) + " FROM queue_entry e " + rest, params));
  std::vector<QueueEntry> entries;
  for (const pg::Row& row : rows) entries.push_back(EntryOf(row));
  return entries;
}

absl::Status PostgresSession::LockBedsPromisedTo(const domain::CaseId& id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT b.bed_id FROM bed b WHERE b.bed_id IN"
                  " (SELECT o.bed_id FROM offer o JOIN queue_entry e USING (entry_id)"
                  "   WHERE e.case_id = $1 AND o.state IN ('open', 'accepted'))"
                  " ORDER BY b.bed_id FOR NO KEY UPDATE OF b",
                  {id.value}));
  for (const pg::Row& row : rows) beds_.insert(row.Text("bed_id"));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<usecases::BedRecord>> PostgresSession::LockBed(
    const domain::BedId& id) {
  beds_.insert(id.value);
  // Locked first and alone, so that what the next statement reads is what others have committed.
  VK_RETURN_IF_ERROR(tx_.Execute("SELECT b.bed_id FROM bed b WHERE b.bed_id = $1"
                                 " FOR NO KEY UPDATE OF b",
                                 {id.value})
                         .status());
  return FindBed(run_, id, StockholmDate(cause_.now), Lock::kNone);
}

absl::StatusOr<std::optional<usecases::OfferRecord>> PostgresSession::LockOffer(
    const domain::OfferId& id) {
  VK_ASSIGN_OR_RETURN(auto record, FindOffer(run_, id, Lock::kForWrite));
  if (record) beds_.insert(record->offer.bed_id.value);
  return record;
}

absl::StatusOr<std::optional<QueueEntry>> PostgresSession::LockEntry(const domain::EntryId& id) {
  return storage::FindEntry(run_, id, Lock::kForWrite);
}

absl::StatusOr<std::vector<QueueEntry>> PostgresSession::LockEntriesOf(const domain::CaseId& id) {
  return Entries("WHERE e.case_id = $1 ORDER BY e.entry_id FOR NO KEY UPDATE OF e", {id.value});
}

absl::StatusOr<std::optional<QueueEntry>> PostgresSession::LockFirstEligible(
    const usecases::BedRecord& bed, Date available_from) {
  // A row that another session has just given an offer is judged again when its lock is got, and
  // passed over: that is why open_offer_id stands on it.
  VK_ASSIGN_OR_RETURN(
      std::vector<QueueEntry> entries,
      Entries(Text(kEligible) + " ORDER BY e.sort_key LIMIT 1 FOR NO KEY UPDATE OF e",
              {bed.bed.facility_id.value, static_cast<int>(bed.bed.kind), available_from,
               bed.bed.id.value, domain::IntakeClosedOn(bed.facility, available_from)}));
  if (entries.empty()) return std::optional<QueueEntry>();
  return std::optional<QueueEntry>(std::move(entries.front()));
}

absl::StatusOr<int> PostgresSession::CountEligibleBefore(const usecases::BedRecord& bed,
                                                         Date available_from,
                                                         const QueueEntry& entry) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT count(*) AS n FROM (SELECT 1 FROM queue_entry e " + Text(kEligible) +
                      " AND e.sort_key < $6 LIMIT $7) x",
                  {bed.bed.facility_id.value, static_cast<int>(bed.bed.kind), available_from,
                   bed.bed.id.value, domain::IntakeClosedOn(bed.facility, available_from),
                   pg::Bytes{entry.sort_key}, domain::kExactPositions}));
  return static_cast<int>(rows[0].Int("n"));
}

absl::StatusOr<std::vector<QueueEntry>> PostgresSession::LockPassed(const QueueEntry& entry) {
  // From the own place towards the front, so that two sessions meet in the same order.
  return Entries(
      "WHERE e.facility_id = $1 AND e.bed_kind = $2 AND e.state = 'waiting'"
      " AND e.sort_key < $3 AND NOT e.passed AND e.open_offer_id IS NULL"
      " AND e.park_reason IS NULL"
      " ORDER BY e.sort_key DESC LIMIT 100 FOR NO KEY UPDATE OF e",
      {entry.facility_id.value, static_cast<int>(entry.bed_kind), pg::Bytes{entry.sort_key}});
}

absl::StatusOr<std::vector<QueueEntry>> PostgresSession::LockRankedByOther(int rule_version,
                                                                           int limit) {
  return Entries(
      "WHERE e.state = 'waiting' AND e.rule_version <> $1 ORDER BY e.entry_id LIMIT $2"
      " FOR NO KEY UPDATE OF e",
      {rule_version, limit});
}

absl::StatusOr<std::optional<usecases::StayRecord>> PostgresSession::LockStay(
    const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(auto record, FindStay(run_, id, StockholmDate(cause_.now), Lock::kForWrite));
  if (record) beds_.insert(record->stay.bed_id.value);
  return record;
}

absl::StatusOr<std::optional<usecases::TransferRecord>> PostgresSession::LockTransfer(
    const domain::TransferId& id) {
  VK_ASSIGN_OR_RETURN(auto record,
                      FindTransfer(run_, id, StockholmDate(cause_.now), Lock::kForWrite));
  if (record) beds_.insert({record->from.stay.bed_id.value, record->to.offer.bed_id.value});
  return record;
}

absl::StatusOr<std::vector<domain::QueueRule>> PostgresSession::Rules() { return ListRules(run_); }

absl::StatusOr<std::optional<domain::OfferId>> PostgresSession::FindLiveOffer(
    const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT offer_id FROM offer"
                                  " WHERE entry_id = $1 AND state IN ('open', 'accepted')",
                                  {id.value}));
  if (rows.empty()) return std::optional<domain::OfferId>();
  return std::optional<domain::OfferId>(domain::OfferId(rows[0].Text("offer_id")));
}

absl::StatusOr<std::optional<domain::StayId>> PostgresSession::FindStayMovingOn(
    const domain::OfferId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT from_stay_id FROM transfer"
                                  " WHERE offer_id = $1 AND state IN ('planned', 'confirmed')",
                                  {id.value}));
  if (rows.empty()) return std::optional<domain::StayId>();
  return std::optional<domain::StayId>(domain::StayId(rows[0].Text("from_stay_id")));
}

absl::StatusOr<bool> PostgresSession::KnowsDecision(const domain::DecisionId& id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT 1 AS found FROM decision WHERE decision_id = $1", {id.value}));
  return !rows.empty();
}

absl::StatusOr<bool> PostgresSession::HasStayAfter(const domain::BedId& bed, Date move_in) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT 1 AS found FROM stay WHERE bed_id = $1"
                                  " AND state <> 'corrected' AND (move_in > $2 OR departure > $2 "
                                  "OR departure IS NULL) LIMIT 1",
                                  {bed.value, move_in}));
  return !rows.empty();
}

absl::StatusOr<bool> PostgresSession::AddRule(const domain::QueueRule& rule) {
  std::vector<std::string> criteria;
  for (const domain::RuleColumn column : rule.criteria) {
    criteria.emplace_back(domain::Code(column));
  }
  return InsertIfAbsent(
      "INSERT INTO queue_rule (version, effective_from, combination, criteria, alert_after_days)"
      " VALUES ($1, $2, $3, $4, $5)",
      {rule.version, rule.effective_from, domain::Code(rule.combination), criteria,
       rule.alert_after_days});
}

absl::Status PostgresSession::AddGround(const std::string& ground_id, const domain::CaseId& case_id,
                                        const std::vector<std::string>& units) {
  return InsertIfAbsent(
             "INSERT INTO disclosure_ground (ground_id, case_id, units)"
             " VALUES ($1, $2, $3)",
             {ground_id, case_id.value, units})
      .status();
}

absl::Status PostgresSession::ChangeOwner(const domain::CaseId& case_id,
                                          const domain::UnitId& owner) {
  return tx_
      .Execute(
          "WITH entries AS (UPDATE queue_entry SET owner_unit_id = $2, version = version + 1"
          "  WHERE case_id = $1 AND owner_unit_id <> $2)"
          " UPDATE stay SET owner_unit_id = $2, version = version + 1"
          "  WHERE case_id = $1 AND owner_unit_id <> $2",
          {case_id.value, owner.value})
      .status();
}

absl::Status PostgresSession::ChangePerson(const domain::CaseId& case_id,
                                           const domain::PersonId& person) {
  return tx_
      .Execute(
          "WITH entries AS (UPDATE queue_entry SET person_id = $2, version = version + 1"
          "  WHERE case_id = $1 AND person_id <> $2),"
          " planned AS (UPDATE reservation SET person_id = $2 WHERE person_id <> $2 AND offer_id IN"
          "  (SELECT o.offer_id FROM offer o JOIN queue_entry e ON e.entry_id = o.entry_id"
          "    WHERE e.case_id = $1) OR person_id <> $2 AND alternation_id IN"
          "  (SELECT a.alternation_id FROM alternation a JOIN stay s ON s.stay_id = a.from_stay_id"
          "    WHERE s.case_id = $1))"
          " UPDATE stay SET person_id = $2, version = version + 1"
          "  WHERE case_id = $1 AND person_id <> $2",
          {case_id.value, person.value})
      .status();
}

absl::Status PostgresSession::MarkGroundEnded(const std::string& ground_id) {
  return tx_.Execute("UPDATE disclosure_ground SET ended = true WHERE ground_id = $1", {ground_id})
      .status();
}

absl::StatusOr<std::set<std::string>> PostgresSession::CoveredUnits(const domain::CaseId& case_id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT units FROM disclosure_ground WHERE case_id = $1 AND NOT ended",
                  {case_id.value}));
  std::set<std::string> covered;
  for (const pg::Row& row : rows) {
    for (std::string& unit : row.Texts("units")) covered.insert(std::move(unit));
  }
  return covered;
}

absl::Status PostgresSession::AddDecision(const domain::DecisionId& id,
                                          const domain::CaseId& case_id,
                                          const std::optional<domain::EntryId>& entry,
                                          const std::optional<Date>& decision_to) {
  const auto entry_id = entry ? std::optional<std::string>(entry->value) : std::nullopt;
  return WriteOne(
      "INSERT INTO decision (decision_id, case_id, entry_id, decision_to) VALUES ($1, $2, $3, $4)",
      {id.value, case_id.value, entry_id, decision_to});
}

absl::Status PostgresSession::AddEntry(const QueueEntry& entry) {
  const domain::Criteria& criteria = entry.facts.criteria;
  return WriteOne(
      "WITH step AS (INSERT INTO queue_step (entry_id, facility_id, bed_kind, at, sort_key, change)"
      " VALUES ($1, $7, $8, $22, $20, 1))"
      "INSERT INTO queue_entry (entry_id, case_id, case_number, person_id, owner_unit_id,"
      " decision_id, facility_id, bed_kind, transfer, lvm_investigation, child_perspective,"
      " lvm_section_27, external_placement, decision_date, submitted_at, decision_to,"
      " planned_move_in, state, rule_version, sort_key, version)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
      " $19, $20, $21)",
      {entry.id.value,
       entry.case_id.value,
       entry.case_number,
       entry.person_id.value,
       entry.owner_unit.value,
       entry.decision_id.value,
       entry.facility_id.value,
       static_cast<int>(entry.bed_kind),
       entry.transfer,
       criteria.lvm_investigation,
       criteria.child_perspective,
       criteria.lvm_section_27,
       criteria.external_placement,
       entry.facts.decision_date,
       entry.facts.submitted_at,
       entry.decision_to,
       entry.planned_move_in,
       domain::Name(entry.state),
       entry.rule_version,
       pg::Bytes{entry.sort_key},
       entry.version,
       now()});
}

absl::Status PostgresSession::ChangeEntry(const QueueEntry& entry) {
  const domain::Criteria& criteria = entry.facts.criteria;
  const std::vector<std::string> units(entry.units_without_ground.begin(),
                                       entry.units_without_ground.end());
  return WriteOne(
      "WITH moved AS (SELECT entry_id, facility_id, bed_kind, state, sort_key FROM queue_entry"
      "   WHERE entry_id = $1"
      "   AND (state, sort_key) IS DISTINCT FROM ($8::text, $15::bytea)),"
      " step AS (INSERT INTO queue_step (entry_id, facility_id, bed_kind, at, sort_key, change)"
      "   SELECT m.entry_id, m.facility_id, m.bed_kind, $20::timestamptz, s.sort_key, s.change"
      "     FROM moved m CROSS JOIN LATERAL (VALUES (-1, m.sort_key, m.state),"
      "          (1, $15::bytea, $8::text)) AS s (change, sort_key, state)"
      "    WHERE s.state = 'waiting' ORDER BY s.change)"
      "UPDATE queue_entry SET lvm_investigation = $2, child_perspective = $3,"
      " lvm_section_27 = $4, external_placement = $5, decision_date = $6, decision_to = $7,"
      " state = $8, left_reason = $9, units_without_ground = $10, open_offer_id = $11,"
      " passed = $12, waiting_long = $13, rule_version = $14, sort_key = $15, version = $16,"
      " park_reason = $17, parked_since = $18, parked_until = $19"
      " WHERE entry_id = $1 AND version = $16 - 1",
      {entry.id.value,
       criteria.lvm_investigation,
       criteria.child_perspective,
       criteria.lvm_section_27,
       criteria.external_placement,
       entry.facts.decision_date,
       entry.decision_to,
       domain::Name(entry.state),
       entry.left_reason,
       units,
       TextOf(entry.open_offer),
       entry.passed,
       entry.waiting_long,
       entry.rule_version,
       pg::Bytes{entry.sort_key},
       entry.version,
       entry.parking ? std::optional<int>(static_cast<int>(entry.parking->reason)) : std::nullopt,
       entry.parking ? std::optional<Date>(entry.parking->since) : std::nullopt,
       entry.parking ? entry.parking->until : std::nullopt,
       now()});
}

absl::Status PostgresSession::AddHistory(const domain::EntryId& id,
                                         const usecases::HistoryRecord& fact) {
  std::array<std::optional<bool>, 4> criteria;
  if (fact.criteria) {
    criteria = {fact.criteria->lvm_investigation, fact.criteria->child_perspective,
                fact.criteria->lvm_section_27, fact.criteria->external_placement};
  }
  return WriteOne(
      "INSERT INTO queue_history (entry_id, ordinal, at, kind, lvm_investigation,"
      " child_perspective, lvm_section_27, external_placement, offer_id, reason_code, unit_id,"
      " seat, deputy)"
      " SELECT $1::uuid, COALESCE(max(h.ordinal), 0) + 1, $2::timestamptz, $3::text, $4::boolean,"
      "        $5::boolean, $6::boolean, $7::boolean, $8::uuid, $9::text, $10::text, $11::text,"
      "        $12::boolean"
      "   FROM queue_history h WHERE h.entry_id = $1::uuid",
      {id.value, fact.at, fact.kind, criteria[0], criteria[1], criteria[2], criteria[3],
       TextOf(fact.offer_id), fact.reason_code, cause_.actor_unit, cause_.seat.id,
       cause_.seat.deputy});
}

absl::Status PostgresSession::AddOffer(const domain::Offer& offer) {
  return WriteOne(
      "INSERT INTO offer (offer_id, entry_id, bed_id, state, available_from, made_at, deadline,"
      " cascaded, first_eligible, eligible_before, rule_version, sort_key, override_id, version)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {offer.id.value, offer.entry_id.value, offer.bed_id.value, domain::Name(offer.state),
       offer.available_from, offer.made_at, offer.deadline, offer.cascaded,
       offer.eligibility.first_eligible.value, offer.eligibility.eligible_before,
       offer.eligibility.rule_version, pg::Bytes{offer.eligibility.sort_key},
       TextOf(offer.eligibility.override_id), offer.version});
}

absl::Status PostgresSession::ChangeOffer(const domain::Offer& offer) {
  return WriteOne(
      "UPDATE offer SET state = $2, move_in = $3, declined_by = $4, decline_reason = $5,"
      " version = $6, bed_id = $7, available_from = $8 WHERE offer_id = $1 AND version = $6 - 1",
      {offer.id.value, domain::Name(offer.state), offer.move_in,
       static_cast<int>(offer.declined_by), static_cast<int>(offer.decline_reason), offer.version,
       offer.bed_id.value, offer.available_from});
}

absl::Status PostgresSession::Reserve(const domain::Offer& offer, const QueueEntry& entry) {
  return WriteOne(
      "INSERT INTO reservation (offer_id, bed_id, person_id, from_date, to_date, state)"
      " VALUES ($1, $2, $3, $4, $5, 'active')",
      {offer.id.value, offer.bed_id.value, entry.person_id.value, offer.move_in,
       entry.decision_to});
}

absl::Status PostgresSession::ChangeReservation(const domain::Offer& offer,
                                                const QueueEntry& entry) {
  return WriteOne(
      "UPDATE reservation SET bed_id = $2, from_date = $3, to_date = $4"
      " WHERE offer_id = $1 AND state = 'active'",
      {offer.id.value, offer.bed_id.value, offer.move_in, entry.decision_to});
}

absl::Status PostgresSession::ConsumeReservation(const domain::OfferId& id) {
  return WriteOne(
      "UPDATE reservation SET state = 'consumed' WHERE offer_id = $1 AND state = 'active'",
      {id.value});
}

absl::Status PostgresSession::ReleaseReservation(const domain::OfferId& id) {
  // An open offer has none yet.
  return tx_
      .Execute("UPDATE reservation SET state = 'released' WHERE offer_id = $1 AND state = 'active'",
               {id.value})
      .status();
}

absl::Status PostgresSession::AddTransfer(const domain::Transfer& transfer) {
  return WriteOne(
      "INSERT INTO transfer (transfer_id, from_stay_id, offer_id, state, meeting, move, exception,"
      " confirmed_by_from, confirmed_by_to, planned_at, version)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {transfer.id.value, transfer.from_stay.value, transfer.offer_id.value,
       domain::Name(transfer.state), transfer.meeting, transfer.move,
       static_cast<int>(transfer.exception), transfer.confirmed_by_from, transfer.confirmed_by_to,
       transfer.planned_at, transfer.version});
}

absl::Status PostgresSession::ChangeTransfer(const domain::Transfer& transfer) {
  const domain::TransferArrangements& arranged = transfer.arrangements;
  const auto to_stay =
      transfer.to_stay ? std::optional<std::string>(transfer.to_stay->value) : std::nullopt;
  return WriteOne(
      "UPDATE transfer SET to_stay_id = $2, state = $3, meeting = $4, move = $5, exception = $6,"
      " confirmed_by_from = $7, confirmed_by_to = $8, planned_at = $9, version = $10,"
      " cancel_reason = $11, move_minute = $12, transport = $13, belongings = $14,"
      " relatives_told = $15, children_told = $16, follow_up_days = $17, arranged_by = $18,"
      " arranged_at = $19 WHERE transfer_id = $1 AND version = $10 - 1",
      {transfer.id.value, to_stay, domain::Name(transfer.state), transfer.meeting, transfer.move,
       static_cast<int>(transfer.exception), transfer.confirmed_by_from, transfer.confirmed_by_to,
       transfer.planned_at, transfer.version, static_cast<int>(transfer.cancel_reason),
       Number(arranged.move_minute), static_cast<int>(arranged.transport),
       static_cast<int>(arranged.belongings), static_cast<int>(arranged.relatives),
       static_cast<int>(arranged.children), Number(arranged.follow_up_days),
       transfer.arranged_by.value, transfer.arranged_at});
}

void PostgresSession::Publish(domain::Event event) {
  write_.events.push_back(events::ToLog(event, cause_.now, cause_.actor_unit, cause_.traceparent));
}

absl::Status PostgresSession::SetTimer(std::string_view kind, const std::string& key, Instant at,
                                       const std::string& payload) {
  return jobs::Enqueue(tx_, {std::string(kind), key, at, payload});
}

absl::Status PostgresSession::CancelTimer(std::string_view kind, const std::string& key) {
  return jobs::Cancel(tx_, kind, key);
}

absl::Status RunInSession(pg::Transaction& tx, Cause cause,
                          const std::function<absl::Status(usecases::Session&)>& body) {
  PostgresSession session(tx, std::move(cause));
  VK_RETURN_IF_ERROR(body(session));
  VK_ASSIGN_OR_RETURN(const commit::Write write, session.Finish());
  if (write.events.empty() && write.audit.empty()) return absl::OkStatus();
  return commit::Append(tx, write);
}

}  // namespace vardkedja::placement::storage
