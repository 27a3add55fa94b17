#include "lib/audit/postgres_trail.h"

#include "lib/audit/verifier.h"
#include "lib/status/status.h"

namespace vardkedja::audit {
namespace {

constexpr std::size_t kMostFindings = 100;

#define TRAIL_ROWS                                                                        \
  "SELECT id, at, recorded_at, organisation, unit, roles, subject,"                       \
  " coalesce(acting_for, '') AS seat, purpose, coalesce(case_id, '') AS case_id, action," \
  " resource_id, rule_id, permitted, details FROM audit_entry WHERE "
#define TRAIL_QUERY                                              \
  TRAIL_ROWS                                                     \
  "recorded_at >= $1 AND recorded_at < $2 AND organisation = $3" \
  " AND ($4::bigint IS NULL OR id < $4::bigint) AND ($5::text = '' OR unit = $5)"
#define TRAIL_ORDER " ORDER BY id DESC LIMIT "

constexpr std::string_view kRows = TRAIL_QUERY TRAIL_ORDER "$6";
// Of their own, so that the index over cases is used.
constexpr std::string_view kRowsAlsoOfCase = TRAIL_QUERY " AND case_id = $7" TRAIL_ORDER "$6";
constexpr std::string_view kRowsOfCase = TRAIL_ROWS
    "case_id = $1 AND permitted AND ($2::bigint IS NULL OR id < $2::bigint)" TRAIL_ORDER "$3";
#undef TRAIL_ORDER
#undef TRAIL_QUERY
#undef TRAIL_ROWS

TrailRow RowFrom(const pg::Row& from) {
  TrailRow row;
  row.entry_id = from.Int("id");
  row.at = from.Instant("at");
  row.recorded_at = from.Instant("recorded_at");
  row.organisation_id = from.Text("organisation");
  row.unit_id = from.Text("unit");
  row.role_codes = SplitList(from.Text("roles"), ',');
  row.subject = from.Text("subject");
  row.seat = from.Text("seat");
  row.purpose = from.Text("purpose");
  row.case_id = from.Text("case_id");
  row.action = from.Text("action");
  row.resource_id = from.Text("resource_id");
  row.rule_id = from.Text("rule_id");
  row.permitted = from.Bool("permitted");
  row.details = SplitList(from.Text("details"), ',');
  return row;
}

std::vector<TrailRow> RowsFrom(const pg::Result& found) {
  std::vector<TrailRow> rows;
  for (const pg::Row row : found) rows.push_back(RowFrom(row));
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<TrailRow>> PostgresTrail::Rows(const auth::CallContext& context,
                                                          const TrailQuery& query) {
  pg::Params params{query.from,        query.to,      query.organisation_id,
                    query.part.before, query.unit_id, query.part.limit};
  if (!query.case_id.empty()) params.Add(query.case_id);
  VK_ASSIGN_OR_RETURN(
      const pg::Result found,
      pool_.Read(query.case_id.empty() ? kRows : kRowsAlsoOfCase, params, context.deadline));
  return RowsFrom(found);
}

absl::StatusOr<std::vector<TrailRow>> PostgresTrail::RowsOfCase(const auth::CallContext& context,
                                                                std::string_view case_id,
                                                                const TrailPart& part) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result found,
      pool_.Read(kRowsOfCase, {case_id, part.before, part.limit}, context.deadline));
  return RowsFrom(found);
}

absl::StatusOr<Verification> PostgresTrail::Verify(const auth::CallContext& context,
                                                   std::int64_t after_position, std::int64_t rows) {
  VerifyOptions options;
  options.after_position = after_position;
  options.most_rows = rows;
  options.most_findings = kMostFindings;
  options.deadline = context.deadline;
  if (!head_file_.empty()) {
    VK_ASSIGN_OR_RETURN(options.exported_head, ReadHeadFile(head_file_));
  }
  VK_ASSIGN_OR_RETURN(VerifyReport report, audit::Verify(pool_, ring_, options));
  return Verification{report.rows, report.head.position, report.end_reached,
                      std::move(report.findings)};
}

}  // namespace vardkedja::audit
