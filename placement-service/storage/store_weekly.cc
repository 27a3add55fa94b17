// What the board's weekly view asks for: each section is the head of an index, never a whole table.
#include <algorithm>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/storage/queries.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

// Who lives somewhere and is planned to leave: $1 facility, $2 until, $3 today, $4 rows.
constexpr std::string_view kDepartures =
    "SELECT x.on_date, x.kind, x.facility_id, x.bed_kind, x.bed_id, x.on_date < $3::date AS "
    "overdue,"
    "       x.case_id, x.resource_id FROM ("
    " SELECT LEAST(s.planned_departure, t.move) AS on_date,"
    "        CASE WHEN s.purchaser IS NOT NULL THEN 'external'"
    "             WHEN t.move IS NOT NULL AND (s.planned_departure IS NULL"
    "                                          OR t.move <= s.planned_departure) THEN 'transfer'"
    "             ELSE 'discharge' END AS kind,"
    "        s.facility_id, s.bed_kind, s.bed_id, COALESCE(s.case_id, '') AS case_id,"
    "        s.stay_id::text AS resource_id"
    "   FROM stay s LEFT JOIN transfer t"
    "     ON t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed')"
    "  WHERE s.state = 'active' AND ($1::text IS NULL OR s.facility_id = $1)) x"
    " WHERE x.on_date <= $2::date ORDER BY x.on_date, x.bed_id LIMIT $4";

// Who comes by a transfer comes on the day of the move, which is not before that of the
// reservation.
constexpr std::string_view kArrivals =
    "SELECT COALESCE(t.move, r.from_date) AS on_date,"
    "       CASE WHEN r.offer_id IS NULL THEN 'return' WHEN e.transfer THEN 'transfer'"
    "            ELSE 'move_in' END AS kind, b.facility_id, b.bed_kind, r.bed_id,"
    "       COALESCE(t.move, r.from_date) < $3::date AS overdue, COALESCE(e.case_id, s.case_id) AS "
    "case_id,"
    "       COALESCE(r.offer_id, r.alternation_id)::text AS resource_id"
    "  FROM reservation r JOIN bed b USING (bed_id) LEFT JOIN offer o USING (offer_id)"
    "  LEFT JOIN queue_entry e USING (entry_id) LEFT JOIN alternation l USING (alternation_id)"
    "  LEFT JOIN stay s ON s.stay_id = l.from_stay_id"
    "  LEFT JOIN transfer t ON t.offer_id = r.offer_id AND t.state IN ('planned', 'confirmed')"
    " WHERE r.state = 'active' AND r.from_date <= $2::date"
    "   AND COALESCE(t.move, r.from_date) <= $2::date"
    "   AND ($1::text IS NULL OR b.facility_id = $1)"
    " ORDER BY COALESCE(t.move, r.from_date), r.bed_id LIMIT $4";

// Each kind is the head of its own index. How long an execution or an interruption may take are the
// dated rules; a decision is looked at from the shortest of them on.
constexpr std::string_view kDeadlines =
    "SELECT x.on_date, x.kind, x.facility_id, x.bed_id, x.on_date < $3::date AS overdue, x.case_id,"
    "       x.resource_id FROM ("
    "(SELECT (o.deadline AT TIME ZONE 'Europe/Stockholm')::date AS on_date, 'offer' AS kind,"
    "        e.facility_id, o.bed_id, e.case_id, o.offer_id::text AS resource_id"
    "   FROM offer o JOIN queue_entry e USING (entry_id) WHERE o.state = 'open'"
    "    AND ($1::text IS NULL OR e.facility_id = $1) ORDER BY o.deadline LIMIT $4)"
    " UNION ALL "
    "(SELECT deadline_of('execution', e.decision_date), 'execution', e.facility_id, '',"
    "        e.case_id, e.entry_id::text FROM queue_entry e"
    "  WHERE e.state IN ('waiting', 'reserved')"
    "    AND e.decision_date <= ($2::date + interval '3 days' - make_interval(months =>"
    "         (SELECT min(r.months) FROM deadline_rule r WHERE r.kind = 'execution')))::date"
    "    AND ($1::text IS NULL OR e.facility_id = $1) ORDER BY e.decision_date LIMIT $4)"
    " UNION ALL "
    "(SELECT e.decision_to, 'decision_period', e.facility_id, '', e.case_id, e.entry_id::text"
    "   FROM queue_entry e WHERE e.state IN ('waiting', 'reserved') AND e.decision_to <= $2::date"
    "    AND ($1::text IS NULL OR e.facility_id = $1) ORDER BY e.decision_to LIMIT $4)"
    " UNION ALL "
    "(SELECT e.decision_to, 'decision_period', s.facility_id, s.bed_id, s.case_id, s.stay_id::text"
    "   FROM stay s JOIN queue_entry e USING (entry_id)"
    "  WHERE s.state = 'active' AND e.decision_to <= $2::date"
    "    AND ($1::text IS NULL OR s.facility_id = $1) ORDER BY e.decision_to LIMIT $4)"
    " UNION ALL "
    "(SELECT t.meeting, 'transfer_meeting', s.facility_id, s.bed_id, s.case_id, t.transfer_id::text"
    "   FROM transfer t JOIN stay s ON s.stay_id = t.from_stay_id"
    "  WHERE t.state IN ('planned', 'confirmed') AND t.meeting BETWEEN $3::date AND $2::date"
    "    AND ($1::text IS NULL OR s.facility_id = $1) ORDER BY t.meeting LIMIT $4)"
    " UNION ALL "
    "(SELECT deadline_of('interruption', a.from_date), 'interruption', s.facility_id, s.bed_id,"
    "        s.case_id, s.stay_id::text"
    "   FROM stay_absence a JOIN stay s USING (stay_id)"
    "  WHERE a.kind = 2 AND a.to_date IS NULL AND a.correction_reason = 0 AND s.state = 'active'"
    "    AND ($1::text IS NULL OR s.facility_id = $1) ORDER BY a.from_date LIMIT $4)"
    " UNION ALL "
    "(SELECT p.due_date, CASE p.kind WHEN 1 THEN 'lvm' ELSE 'reconsideration' END, e.facility_id,"
    "        COALESCE((SELECT s.bed_id FROM stay s WHERE s.entry_id = p.entry_id"
    "                     AND s.state = 'active'), ''), e.case_id, p.care_period_id::text"
    "   FROM care_period p JOIN queue_entry e USING (entry_id) WHERE p.state = 'open'"
    "    AND ($1::text IS NULL OR e.facility_id = $1) ORDER BY p.due_date LIMIT $4)"
    " UNION ALL "
    "(SELECT h.to_date, 'hold', b.facility_id, h.bed_id, '', h.hold_id::text"
    "   FROM bed_hold h JOIN bed b USING (bed_id) WHERE h.state = 'held'"
    "    AND ($1::text IS NULL OR b.facility_id = $1) ORDER BY h.to_date LIMIT $4)"
    " UNION ALL "
    "(SELECT l.return_date, 'return', s.facility_id, l.bed_id, s.case_id, l.alternation_id::text"
    "   FROM alternation l JOIN stay s ON s.stay_id = l.from_stay_id WHERE l.state = 'at_home'"
    "    AND ($1::text IS NULL OR s.facility_id = $1) ORDER BY l.return_date LIMIT $4)"
    " UNION ALL "
    "(SELECT GREATEST(r.from_date, s.move_in), 'conflict', s.facility_id, s.bed_id, '',"
    "        s.stay_id::text"
    "   FROM reservation r JOIN stay s ON s.bed_id = r.bed_id AND s.state = 'active'"
    "   LEFT JOIN transfer t ON t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed')"
    "  WHERE r.state = 'active' AND ($1::text IS NULL OR s.facility_id = $1)"
    "    AND (COALESCE(s.planned_departure, t.move) IS NULL"
    "         OR LEAST(s.planned_departure, t.move) < $3::date"
    "         OR r.from_date < GREATEST(LEAST(s.planned_departure, t.move), $3::date + 1))"
    "  ORDER BY r.from_date LIMIT $4)"
    " UNION ALL "
    "(SELECT GREATEST(c.from_date, s.move_in), 'conflict', s.facility_id, s.bed_id, '',"
    "        s.stay_id::text"
    "   FROM bed_closure c JOIN stay s ON s.bed_id = c.bed_id AND s.state = 'active'"
    "   LEFT JOIN transfer t ON t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed')"
    "  WHERE NOT isempty(c.during) AND (c.to_date IS NULL OR c.to_date > $3::date)"
    "    AND ($1::text IS NULL OR s.facility_id = $1)"
    "    AND (COALESCE(s.planned_departure, t.move) IS NULL"
    "         OR LEAST(s.planned_departure, t.move) < $3::date"
    "         OR c.from_date < GREATEST(LEAST(s.planned_departure, t.move), $3::date + 1))"
    "  ORDER BY c.from_date LIMIT $4)"
    " UNION ALL "
    "(SELECT GREATEST(c.from_date, r.from_date), 'conflict', b.facility_id, r.bed_id, '',"
    "        COALESCE(r.offer_id, r.alternation_id)::text"
    "   FROM reservation r JOIN bed_closure c ON c.bed_id = r.bed_id AND c.during && r.during"
    "   JOIN bed b ON b.bed_id = r.bed_id"
    "  WHERE r.state = 'active' AND (c.to_date IS NULL OR c.to_date > $3::date)"
    "    AND ($1::text IS NULL OR b.facility_id = $1) ORDER BY 1 LIMIT $4)"
    " UNION ALL "
    "(SELECT COALESCE(t.move, r.from_date), 'move_in', e.facility_id, r.bed_id, e.case_id,"
    "        r.offer_id::text"
    "   FROM reservation r JOIN offer o USING (offer_id) JOIN queue_entry e USING (entry_id)"
    "   LEFT JOIN transfer t ON t.offer_id = r.offer_id AND t.state IN ('planned', 'confirmed')"
    "  WHERE r.state = 'active' AND ($1::text IS NULL OR e.facility_id = $1)"
    "  ORDER BY r.from_date LIMIT $4)) x"
    " WHERE x.on_date <= $2::date ORDER BY x.on_date, x.kind, x.resource_id LIMIT $4";

// $1 facility, $2 since, $3 rows of each table. What a relapse or a test led to is not the board's.
constexpr std::string_view kChanges =
    "(SELECT h.at, h.kind, e.facility_id, '' AS bed_id, e.case_id, e.entry_id::text AS resource_id"
    "   FROM queue_history h JOIN queue_entry e USING (entry_id) WHERE h.at >= $2"
    "    AND ($1::text IS NULL OR e.facility_id = $1) ORDER BY h.at DESC LIMIT $3)"
    " UNION ALL "
    "(SELECT h.at, h.kind, s.facility_id, s.bed_id, s.case_id, s.stay_id::text"
    "   FROM stay_history h JOIN stay s USING (stay_id) WHERE h.at >= $2"
    "    AND h.kind NOT IN ('relapse', 'drug_test')"
    "    AND ($1::text IS NULL OR s.facility_id = $1) ORDER BY h.at DESC LIMIT $3)"
    " UNION ALL "
    "(SELECT h.at, h.kind, h.facility_id, COALESCE(h.bed_id, ''), '', ''"
    "   FROM facility_history h WHERE h.at >= $2"
    "    AND ($1::text IS NULL OR h.facility_id = $1) ORDER BY h.at DESC LIMIT $3)";

constexpr int kMostChanges = 10'000;

usecases::MovementRow MovementOf(const pg::Row& row) {
  usecases::MovementRow movement;
  movement.date = row.Date("on_date");
  movement.kind = row.Text("kind");
  movement.facility_id = domain::FacilityId(row.Text("facility_id"));
  movement.bed_kind = EnumOf<domain::BedKind>(row, "bed_kind");
  movement.bed_id = domain::BedId(row.Text("bed_id"));
  movement.overdue = row.Bool("overdue");
  movement.case_id = row.Text("case_id");
  movement.resource_id = row.Text("resource_id");
  return movement;
}

}  // namespace

absl::StatusOr<std::vector<usecases::QueueRow>> PostgresStore::Attention(
    const auth::CallContext& ctx, const usecases::WeeklyQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(
          "SELECT " + Text(kEntryColumns) +
              " FROM queue_entry e WHERE e.state = 'waiting' AND (e.passed OR e.waiting_long)"
              " AND ($1::text IS NULL OR e.facility_id = $1)"
              " ORDER BY e.facility_id, e.bed_kind, e.sort_key LIMIT $2",
          {query.facility_id, query.limit}, ctx.deadline));
  std::vector<usecases::QueueRow> entries;
  for (const pg::Row& row : rows) entries.push_back({EntryOf(row), 0});
  VK_RETURN_IF_ERROR(AddPositions(ctx, entries, /*adjacent=*/false));
  return entries;
}

absl::StatusOr<std::vector<usecases::MovementRow>> PostgresStore::Departures(
    const auth::CallContext& ctx, const usecases::WeeklyQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(Text(kDepartures), {query.facility_id, query.until, query.today, query.limit},
                 ctx.deadline));
  std::vector<usecases::MovementRow> movements;
  for (const pg::Row& row : rows) movements.push_back(MovementOf(row));
  return movements;
}

absl::StatusOr<std::vector<usecases::MovementRow>> PostgresStore::Arrivals(
    const auth::CallContext& ctx, const usecases::WeeklyQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(Text(kArrivals), {query.facility_id, query.until, query.today, query.limit},
                 ctx.deadline));
  std::vector<usecases::MovementRow> movements;
  for (const pg::Row& row : rows) movements.push_back(MovementOf(row));
  return movements;
}

absl::StatusOr<std::vector<usecases::DeadlineRow>> PostgresStore::Deadlines(
    const auth::CallContext& ctx, const usecases::WeeklyQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(Text(kDeadlines), {query.facility_id, query.until, query.today, query.limit},
                 ctx.deadline));
  std::vector<usecases::DeadlineRow> deadlines;
  for (const pg::Row& row : rows) {
    usecases::DeadlineRow deadline;
    deadline.date = row.Date("on_date");
    deadline.kind = row.Text("kind");
    deadline.facility_id = domain::FacilityId(row.Text("facility_id"));
    deadline.bed_id = domain::BedId(row.Text("bed_id"));
    deadline.overdue = row.Bool("overdue");
    deadline.case_id = row.Text("case_id");
    deadline.resource_id = row.Text("resource_id");
    deadlines.push_back(std::move(deadline));
  }
  return deadlines;
}

absl::StatusOr<std::vector<usecases::ChangeRow>> PostgresStore::Changes(
    const auth::CallContext& ctx, const usecases::WeeklyQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT x.at, x.kind, x.facility_id, x.bed_id, x.case_id, x.resource_id FROM (" +
                     Text(kChanges) + ") x ORDER BY x.at DESC, x.resource_id, x.kind LIMIT $3",
                 {query.facility_id, query.since, query.limit}, ctx.deadline));
  std::vector<usecases::ChangeRow> changes;
  for (const pg::Row& row : rows) {
    changes.push_back(
        {row.Instant("at"), row.Text("kind"), domain::FacilityId(row.Text("facility_id")),
         domain::BedId(row.Text("bed_id")), row.Text("case_id"), row.Text("resource_id")});
  }
  return changes;
}

absl::StatusOr<std::map<std::string, int>> PostgresStore::ChangeCounts(
    const auth::CallContext& ctx, const usecases::WeeklyQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT x.kind, count(*) AS n FROM (SELECT y.kind FROM (" + Text(kChanges) +
                     ") y ORDER BY y.at DESC LIMIT $3) x GROUP BY x.kind",
                 {query.facility_id, query.since, kMostChanges}, ctx.deadline));
  std::map<std::string, int> counts;
  for (const pg::Row& row : rows) counts[row.Text("kind")] = static_cast<int>(row.Int("n"));
  return counts;
}

}  // namespace vardkedja::placement::storage
