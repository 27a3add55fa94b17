// Care periods: what a session writes and what the store reads.
#include <array>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/storage/queries.h"
#include "placement-service/storage/reads.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

using domain::CarePeriod;
using domain::CarePeriodState;
using usecases::CarePeriodRecord;

constexpr std::string_view kColumns =
    "p.care_period_id AS p_id, p.entry_id AS p_entry, p.stay_id AS p_stay, p.kind AS p_kind,"
    " p.state AS p_state, p.start_date AS p_start, p.due_date AS p_due, p.done_date AS p_done,"
    " p.done_by_unit AS p_by_unit, p.done_by AS p_by, p.outcome AS p_outcome,"
    " p.reason AS p_reason, p.recorded_at AS p_recorded, p.version AS p_version";

CarePeriodState StateOf(const std::string& name) {
  for (const CarePeriodState state :
       {CarePeriodState::kReconsidered, CarePeriodState::kReplaced, CarePeriodState::kEnded}) {
    if (domain::Name(state) == name) return state;
  }
  return CarePeriodState::kOpen;
}

CarePeriod PeriodOf(const pg::Row& row) {
  CarePeriod period;
  period.id = domain::CarePeriodId(row.Text("p_id"));
  period.entry_id = domain::EntryId(row.Text("p_entry"));
  period.stay_id = domain::StayId(row.Text("p_stay"));
  period.kind = EnumOf<domain::CarePeriodKind>(row, "p_kind");
  period.state = StateOf(row.Text("p_state"));
  period.start = row.Date("p_start");
  period.due = row.Date("p_due");
  if (!row.IsNull("p_done")) {
    period.reconsidered = {row.Date("p_done"),
                           domain::UnitId(row.Text("p_by_unit")),
                           row.Text("p_by"),
                           EnumOf<domain::ReconsiderationOutcome>(row, "p_outcome"),
                           EnumOf<domain::ReconsiderationReason>(row, "p_reason"),
                           row.Instant("p_recorded")};
  }
  period.version = row.Int("p_version");
  return period;
}

std::string SelectRecords() {
  return "SELECT " + Text(kColumns) + ", " + Text(kEntryColumns) + ", " + Text(kFacilityColumns) +
         " FROM care_period p JOIN queue_entry e USING (entry_id)"
         " JOIN facility f ON f.facility_id = e.facility_id ";
}

absl::StatusOr<std::optional<CarePeriodRecord>> FindRecord(const Run& run,
                                                           const domain::CarePeriodId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      run(SelectRecords() + "WHERE p.care_period_id = $1", {id.value}));
  if (rows.empty()) return std::optional<CarePeriodRecord>();
  return std::optional<CarePeriodRecord>(
      {PeriodOf(rows[0]), EntryOf(rows[0]), FacilityOf(rows[0])});
}

}  // namespace

absl::StatusOr<std::optional<CarePeriodRecord>> PostgresSession::LockCarePeriod(
    const domain::CarePeriodId& id) {
  // Its entry never changes; locked in order and alone, so that what is read next is what others
  // have committed.
  VK_RETURN_IF_ERROR(tx_.Execute("SELECT 1 AS found FROM queue_entry e WHERE e.entry_id ="
                                 " (SELECT entry_id FROM care_period WHERE care_period_id = $1)"
                                 " FOR NO KEY UPDATE OF e",
                                 {id.value})
                         .status());
  VK_RETURN_IF_ERROR(tx_.Execute("SELECT 1 AS found FROM care_period p"
                                 " WHERE p.care_period_id = $1 FOR NO KEY UPDATE OF p",
                                 {id.value})
                         .status());
  return FindRecord(run_, id);
}

absl::StatusOr<std::optional<CarePeriod>> PostgresSession::LockOpenCarePeriod(
    const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT " + Text(kColumns) +
                                      " FROM care_period p WHERE p.entry_id = $1"
                                      " AND p.state = 'open' FOR NO KEY UPDATE OF p",
                                  {id.value}));
  if (rows.empty()) return std::optional<CarePeriod>();
  return std::optional<CarePeriod>(PeriodOf(rows[0]));
}

absl::StatusOr<std::optional<CarePeriod>> PostgresSession::LastCarePeriod(
    const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT " + Text(kColumns) +
                                      " FROM care_period p WHERE p.entry_id = $1"
                                      " ORDER BY p.care_period_id DESC LIMIT 1",
                                  {id.value}));
  if (rows.empty()) return std::optional<CarePeriod>();
  return std::optional<CarePeriod>(PeriodOf(rows[0]));
}

absl::StatusOr<std::vector<domain::CarePeriodRule>> PostgresSession::CarePeriodRules() {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT kind, valid_from, months FROM care_period_rule", {}));
  std::vector<domain::CarePeriodRule> rules;
  for (const pg::Row& row : rows) {
    rules.push_back({EnumOf<domain::CarePeriodKind>(row, "kind"), row.Date("valid_from"),
                     static_cast<int>(row.Int("months"))});
  }
  return rules;
}

absl::StatusOr<std::vector<usecases::UnwatchedStay>> PostgresSession::UnwatchedStays() {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT DISTINCT ON (s.entry_id) s.entry_id, s.stay_id,"
                  "       min(s.move_in) OVER (PARTITION BY s.entry_id) AS since"
                  "  FROM stay s JOIN queue_entry e USING (entry_id)"
                  " WHERE s.state <> 'corrected' AND e.state = 'placed'"
                  "   AND EXISTS (SELECT 1 FROM stay x WHERE x.entry_id = s.entry_id"
                  "                  AND (x.state = 'active' OR EXISTS (SELECT 1 FROM alternation l"
                  "                   WHERE l.from_stay_id = x.stay_id AND l.state = 'at_home')))"
                  "   AND NOT EXISTS (SELECT 1 FROM care_period p WHERE p.entry_id = s.entry_id)"
                  " ORDER BY s.entry_id, s.stay_id DESC",
                  {}));
  std::vector<usecases::UnwatchedStay> stays;
  for (const pg::Row& row : rows) {
    stays.push_back({domain::EntryId(row.Text("entry_id")), domain::StayId(row.Text("stay_id")),
                     row.Date("since")});
  }
  return stays;
}

absl::StatusOr<bool> PostgresSession::AddCarePeriodRule(const domain::CarePeriodRule& rule) {
  return InsertIfAbsent(
      "INSERT INTO care_period_rule (kind, valid_from, months) VALUES ($1, $2, $3)",
      {static_cast<int>(rule.kind), rule.valid_from, rule.months});
}

absl::StatusOr<bool> PostgresSession::AddDeadlineRule(const domain::DeadlineRule& rule) {
  return InsertIfAbsent("INSERT INTO deadline_rule (kind, valid_from, months) VALUES ($1, $2, $3)",
                        {domain::Code(rule.kind), rule.valid_from, rule.months});
}

absl::Status PostgresSession::AddCarePeriod(const CarePeriod& period) {
  return WriteOne(
      "INSERT INTO care_period (care_period_id, entry_id, stay_id, kind, state, start_date,"
      " due_date, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {period.id.value, period.entry_id.value, period.stay_id.value, static_cast<int>(period.kind),
       domain::Name(period.state), period.start, period.due, period.version});
}

absl::Status PostgresSession::ChangeCarePeriod(const CarePeriod& period) {
  const domain::Reconsideration what = period.reconsidered.value_or(domain::Reconsideration());
  const bool done = period.reconsidered.has_value();
  return WriteOne(
      "UPDATE care_period SET state = $2, done_date = $3, done_by_unit = $4, done_by = $5,"
      " outcome = $6, reason = $7, recorded_at = $8, version = $9"
      " WHERE care_period_id = $1 AND version = $9 - 1",
      {period.id.value, domain::Name(period.state),
       done ? std::optional<Date>(what.on) : std::nullopt,
       done ? std::optional<std::string>(what.by_unit.value) : std::nullopt,
       done ? std::optional<std::string>(what.by_subject) : std::nullopt,
       static_cast<int>(what.outcome), static_cast<int>(what.reason),
       done ? std::optional<Instant>(what.recorded_at) : std::nullopt, period.version});
}

absl::StatusOr<std::optional<CarePeriodRecord>> PostgresStore::FindCarePeriod(
    const auth::CallContext& ctx, const domain::CarePeriodId& id) {
  return FindRecord(Reads(pool_, ctx), id);
}

absl::StatusOr<std::vector<CarePeriodRecord>> PostgresStore::ListCarePeriods(
    const auth::CallContext& ctx, const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(SelectRecords() + "WHERE p.entry_id = $1 ORDER BY p.care_period_id DESC LIMIT 100",
                 {id.value}, ctx.deadline));
  std::vector<CarePeriodRecord> records;
  for (const pg::Row& row : rows) {
    records.push_back({PeriodOf(row), EntryOf(row), FacilityOf(row)});
  }
  return records;
}

}  // namespace vardkedja::placement::storage
