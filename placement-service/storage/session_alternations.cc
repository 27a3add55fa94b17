// Times at home between two parts of a stay: what a session writes and what the store reads.
#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "placement-service/storage/filter.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/storage/queries.h"
#include "placement-service/storage/reads.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

// Somebody else is planned to live in the bed on the day of the return, or it is closed then or
// later; $1 is today.
constexpr std::string_view kConflict =
    "(l.state = 'at_home' AND (EXISTS (SELECT 1 FROM reservation r JOIN bed_closure c"
    "    ON c.bed_id = r.bed_id AND c.during && r.during WHERE r.alternation_id = l.alternation_id"
    "    AND (c.to_date IS NULL OR c.to_date > $1::date)) OR EXISTS (SELECT 1 FROM stay x LEFT "
    "JOIN transfer y"
    "    ON y.from_stay_id = x.stay_id AND y.state IN ('planned', 'confirmed')"
    "  WHERE x.bed_id = l.bed_id AND x.state = 'active'"
    "    AND (COALESCE(x.planned_departure, y.move) IS NULL"
    "         OR LEAST(x.planned_departure, y.move) < $1::date OR l.return_date"
    "         < GREATEST(LEAST(x.planned_departure, y.move), $1::date + 1)))))";

std::string Select() {
  return "SELECT " + Text(kAlternationColumns) + ", " + Text(kConflict) + " AS l_conflict, " +
         kStayRecordColumns + kStayRecordTables +
         " JOIN alternation l ON l.from_stay_id = s.stay_id ";
}

usecases::AlternationRecord AlternationRecordOf(const pg::Row& row) {
  return {AlternationOf(row), StayRecordOf(row), row.Bool("l_conflict")};
}

}  // namespace

absl::StatusOr<std::optional<usecases::AlternationRecord>> FindAlternation(
    const Run& run, const domain::AlternationId& id, Date today, Lock lock) {
  const std::string select = Select() + "WHERE l.alternation_id = $2";
  VK_ASSIGN_OR_RETURN(pg::Result rows, run(select, {today, id.value}));
  if (rows.empty()) return std::optional<usecases::AlternationRecord>();
  // The stay is locked before it, and it is read again; one that was corrected meanwhile is not the
  // one any more.
  if (lock == Lock::kForWrite) {
    const domain::StayId seen(rows[0].Text("l_from"));
    VK_RETURN_IF_ERROR(FindStay(run, seen, today, lock).status());
    VK_ASSIGN_OR_RETURN(rows, run(select + " FOR NO KEY UPDATE OF l", {today, id.value}));
    if (rows.empty() || AlternationOf(rows[0]).from_stay != seen) return commit::StaleEtag();
  }
  return std::optional<usecases::AlternationRecord>(AlternationRecordOf(rows[0]));
}

absl::StatusOr<std::optional<usecases::AlternationRecord>> PostgresSession::LockAlternation(
    const domain::AlternationId& id) {
  VK_ASSIGN_OR_RETURN(auto record,
                      FindAlternation(run_, id, StockholmDate(cause_.now), Lock::kForWrite));
  if (record) beds_.insert(record->alternation.bed_id.value);
  return record;
}

absl::StatusOr<std::optional<domain::EntryId>> PostgresSession::FindEntryLivedOn(
    const domain::CaseId& case_id, const domain::FacilityId& facility_id, domain::BedKind kind) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute("SELECT s.entry_id FROM stay s WHERE s.case_id = $1 AND s.facility_id = $2"
                  " AND s.bed_kind = $3 AND (s.state = 'active' OR EXISTS (SELECT 1"
                  "   FROM alternation l WHERE l.from_stay_id = s.stay_id"
                  "    AND l.state = 'at_home')) LIMIT 1",
                  {case_id.value, facility_id.value, static_cast<int>(kind)}));
  if (rows.empty()) return std::optional<domain::EntryId>();
  return std::optional<domain::EntryId>(domain::EntryId(rows[0].Text("entry_id")));
}

absl::Status PostgresSession::AddAlternation(const domain::Alternation& alternation) {
  return WriteOne(
      "INSERT INTO alternation (alternation_id, from_stay_id, bed_id, state, home_from,"
      " return_date, version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {alternation.id.value, alternation.from_stay.value, alternation.bed_id.value,
       domain::Name(alternation.state), alternation.home_from, alternation.return_date,
       alternation.version});
}

absl::Status PostgresSession::ChangeAlternation(const domain::Alternation& alternation) {
  const auto to_stay =
      alternation.to_stay ? std::optional<std::string>(alternation.to_stay->value) : std::nullopt;
  return WriteOne(
      "UPDATE alternation SET to_stay_id = $2, bed_id = $3, state = $4, return_date = $5,"
      " ended_on = $6, version = $7 WHERE alternation_id = $1 AND version = $7 - 1",
      {alternation.id.value, to_stay, alternation.bed_id.value, domain::Name(alternation.state),
       alternation.return_date, alternation.ended_on, alternation.version});
}

absl::Status PostgresSession::ReserveReturn(const domain::Alternation& alternation,
                                            const domain::PersonId& person,
                                            const std::optional<Date>& to) {
  return WriteOne(
      "INSERT INTO reservation (alternation_id, bed_id, person_id, from_date, to_date, state)"
      " VALUES ($1, $2, $3, $4, $5, 'active') ON CONFLICT (alternation_id) DO UPDATE"
      " SET bed_id = EXCLUDED.bed_id, from_date = EXCLUDED.from_date,"
      " to_date = EXCLUDED.to_date",
      {alternation.id.value, alternation.bed_id.value, person.value, alternation.return_date, to});
}

absl::Status PostgresSession::EndReturnReservation(const domain::Alternation& alternation) {
  const bool used = alternation.state == domain::AlternationState::kReturned;
  return WriteOne(
      "UPDATE reservation SET state = $2 WHERE alternation_id = $1 AND state = 'active'",
      {alternation.id.value, std::string(used ? "consumed" : "released")});
}

absl::StatusOr<std::optional<usecases::AlternationRecord>> PostgresStore::FindAlternation(
    const auth::CallContext& ctx, const domain::AlternationId& id) {
  return storage::FindAlternation(Reads(pool_, ctx), id, StockholmDate(ctx.now), Lock::kNone);
}

absl::StatusOr<std::vector<usecases::AlternationRecord>> PostgresStore::ListAlternations(
    const auth::CallContext& ctx, const usecases::AlternationPage& page) {
  Filter filter({StockholmDate(ctx.now)});
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "s", filter));
  filter.AddIf("s.facility_id = ?", page.facility_id);
  filter.AddIf("l.state = ?", NameOf(page.state));
  const std::string rest =
      filter.Page({"l", "alternation", "home_from", "alternation_id"}, page.before, page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(Select() + rest, filter.params(), ctx.deadline));
  std::vector<usecases::AlternationRecord> records;
  for (const pg::Row& row : rows) records.push_back(AlternationRecordOf(row));
  return records;
}

}  // namespace vardkedja::placement::storage
