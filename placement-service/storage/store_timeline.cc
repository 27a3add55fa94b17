// What was written about one case, from the histories of queue and stays, from the overrides and
// from the reconsiderations.
#include <optional>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

// Facts of one commit have the same time: `source` puts what led to a change before the change.
// $1 case, $2 acting unit, $3 all incidents, $4 overrides, $5 own stays only; $6 to $9 the position
// after which to begin, $10 rows.
constexpr std::string_view kTimeline =
    "SELECT x.at, x.source, x.row_id, x.ordinal, x.resource, x.resource_id, x.kind, x.facility_id,"
    "       x.bed_id, x.on_date, x.reason, x.code, x.consequence, x.unit_id, x.seat, x.deputy,"
    "       x.outcome FROM ("
    "SELECT v.proposed_at AS at, 1 AS source, v.override_id AS row_id, 1 AS ordinal,"
    "       'override' AS resource, v.override_id AS resource_id, 'proposed' AS kind,"
    "       e.facility_id, v.bed_id, v.available_from AS on_date, v.reason, '' AS code,"
    "       '' AS consequence, $11::text AS unit_id, v.proposed_by_seat AS seat,"
    "       v.proposed_by_deputy AS deputy, 0 AS outcome"
    "  FROM queue_override v JOIN queue_entry e USING (entry_id)"
    " WHERE e.case_id = $1 AND $4::boolean"
    " UNION ALL "
    "SELECT v.settled_at, 1, v.override_id, 2, 'override', v.override_id, v.state, e.facility_id,"
    "       v.bed_id, v.available_from, 0, '', '', $11::text, v.settled_by_seat,"
    "       v.settled_by_deputy, 0"
    "  FROM queue_override v JOIN queue_entry e USING (entry_id)"
    " WHERE e.case_id = $1 AND $4::boolean AND v.settled_at IS NOT NULL"
    " UNION ALL "
    "SELECT h.at, 2, h.entry_id, h.ordinal,"
    "       CASE WHEN h.offer_id IS NULL THEN 'entry' ELSE 'offer' END,"
    "       COALESCE(h.offer_id, h.entry_id), h.kind, e.facility_id, COALESCE(o.bed_id, ''),"
    "       NULL, 0, h.reason_code, '', h.unit_id, h.seat, h.deputy, 0"
    "  FROM queue_history h JOIN queue_entry e USING (entry_id)"
    "  LEFT JOIN offer o ON o.offer_id = h.offer_id"
    " WHERE e.case_id = $1 AND NOT $5::boolean"
    " UNION ALL "
    "SELECT h.at, 3, h.stay_id, h.ordinal, 'stay', h.stay_id, h.kind, s.facility_id, s.bed_id,"
    "       h.on_date, 0, h.code, h.consequence, h.unit_id, h.seat, h.deputy, 0"
    "  FROM stay_history h JOIN stay s USING (stay_id) JOIN facility f USING (facility_id)"
    " WHERE s.case_id = $1 AND (f.unit_id = $2 OR NOT $5::boolean)"
    "   AND (h.kind NOT IN ('relapse', 'drug_test', 'incident_corrected')"
    "        OR $3::boolean OR f.unit_id = $2)"
    " UNION ALL "
    "SELECT p.recorded_at, 4, p.care_period_id, 1, 'care_period', p.care_period_id, 'reconsidered',"
    "       e.facility_id, '', p.done_date, p.reason, '', '', p.done_by_unit, '', false, p.outcome"
    "  FROM care_period p JOIN queue_entry e USING (entry_id) JOIN facility f USING (facility_id)"
    " WHERE e.case_id = $1 AND p.state = 'reconsidered'"
    "   AND (f.unit_id = $2 OR NOT $5::boolean)) x"
    " WHERE $6::timestamptz IS NULL"
    "    OR (x.at, x.source, x.row_id, x.ordinal) >"
    "       ($6::timestamptz, $7::integer, $8::uuid, $9::integer)"
    " ORDER BY x.at, x.source, x.row_id, x.ordinal LIMIT $10";

usecases::TimelineRow TimelineRowOf(const pg::Row& row) {
  usecases::TimelineRow fact;
  fact.position = {row.Instant("at"), static_cast<int>(row.Int("source")), row.Text("row_id"),
                   static_cast<int>(row.Int("ordinal"))};
  fact.resource = row.Text("resource");
  fact.resource_id = row.Text("resource_id");
  fact.kind = row.Text("kind");
  fact.facility_id = domain::FacilityId(row.Text("facility_id"));
  fact.bed_id = domain::BedId(row.Text("bed_id"));
  fact.on = row.OptionalDate("on_date");
  fact.code = row.Text("code");
  fact.consequence = row.Text("consequence");
  if (fact.resource == "override") {
    fact.code = domain::Code(EnumOf<domain::OverrideReason>(row, "reason"));
  }
  if (fact.resource == "care_period") {
    fact.code = domain::Code(EnumOf<domain::ReconsiderationReason>(row, "reason"));
    fact.consequence = domain::Code(EnumOf<domain::ReconsiderationOutcome>(row, "outcome"));
  }
  fact.unit_id = row.Text("unit_id");
  fact.seat = row.Text("seat");
  fact.deputy = row.Bool("deputy");
  return fact;
}

}  // namespace

absl::StatusOr<std::vector<usecases::TimelineRow>> PostgresStore::Timeline(
    const auth::CallContext& ctx, const usecases::TimelineQuery& query) {
  const auto& after = query.after;
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kTimeline,
                 {query.case_id.value, query.unit, query.all_incidents, query.overrides,
                  query.own_stays_only, after ? std::optional(after->at) : std::nullopt,
                  after ? std::optional<std::int64_t>(after->source) : std::nullopt,
                  after ? std::optional(after->row_id) : std::nullopt,
                  after ? std::optional<std::int64_t>(after->ordinal) : std::nullopt, query.limit,
                  domain::kBoardUnit},
                 ctx.deadline));
  std::vector<usecases::TimelineRow> facts;
  for (const pg::Row row : rows) facts.push_back(TimelineRowOf(row));
  return facts;
}

}  // namespace vardkedja::placement::storage
