#include "referral-service/storage/postgres_audit_trail.h"

#include <optional>
#include <utility>

#include "lib/audit/verifier.h"
#include "lib/status/status.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::size_t kMostFindings = 100;

#define AUDIT_COLUMNS                                                                     \
  "SELECT id, at, recorded_at, organisation, unit, roles, subject,"                       \
  " coalesce(acting_for, '') AS seat, purpose, coalesce(case_id, '') AS case_id, action," \
  " resource_id, rule_id, permitted, details FROM audit_entry"                            \
  " WHERE recorded_at >= $1 AND recorded_at < $2 AND organisation = $3"                   \
  " AND ($4::bigint IS NULL OR id < $4::bigint) AND ($5::text = '' OR unit = $5)"

constexpr std::string_view kRows = AUDIT_COLUMNS " ORDER BY id DESC LIMIT $6";
// Of its own, so that the index over cases is used.
constexpr std::string_view kRowsOfCase =
    AUDIT_COLUMNS " AND case_id = $7 ORDER BY id DESC LIMIT $6";
#undef AUDIT_COLUMNS

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(',');
    if (end != 0) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

usecases::AuditRow RowFrom(const pg::Row& from) {
  usecases::AuditRow row;
  row.entry_id = from.Int("id");
  row.at = from.Instant("at");
  row.recorded_at = from.Instant("recorded_at");
  row.organisation_id = from.Text("organisation");
  row.unit_id = from.Text("unit");
  row.role_codes = Split(from.Text("roles"));
  row.subject = from.Text("subject");
  row.seat = from.Text("seat");
  row.purpose = from.Text("purpose");
  row.case_id = from.Text("case_id");
  row.action = from.Text("action");
  row.resource_id = from.Text("resource_id");
  row.rule_id = from.Text("rule_id");
  row.permitted = from.Bool("permitted");
  row.details = Split(from.Text("details"));
  return row;
}

usecases::AuditFindingKind KindOf(audit::FindingKind kind) {
  switch (kind) {
    case audit::FindingKind::kRowRemoved:
      return usecases::AuditFindingKind::kRowRemoved;
    case audit::FindingKind::kRowChanged:
      return usecases::AuditFindingKind::kRowChanged;
    case audit::FindingKind::kSealRemoved:
      return usecases::AuditFindingKind::kSealRemoved;
    case audit::FindingKind::kUnsealed:
      return usecases::AuditFindingKind::kUnsealed;
    case audit::FindingKind::kEndRemoved:
      return usecases::AuditFindingKind::kEndRemoved;
    case audit::FindingKind::kKeyMissing:
      break;
  }
  return usecases::AuditFindingKind::kKeyMissing;
}

}  // namespace

absl::StatusOr<std::vector<usecases::AuditRow>> PostgresAuditTrail::Rows(
    const auth::CallContext& context, const usecases::AuditRowQuery& query) {
  pg::Params params{query.from,   query.to,      query.organisation_id,
                    query.before, query.unit_id, query.limit};
  if (!query.case_id.empty()) params.Add(query.case_id);
  VK_ASSIGN_OR_RETURN(
      const pg::Result found,
      pool_.Read(query.case_id.empty() ? kRows : kRowsOfCase, params, context.deadline));
  std::vector<usecases::AuditRow> rows;
  for (const pg::Row row : found) rows.push_back(RowFrom(row));
  return rows;
}

absl::StatusOr<usecases::AuditVerification> PostgresAuditTrail::Verify(
    const auth::CallContext& context, std::int64_t after_position, std::int64_t rows) {
  audit::VerifyOptions options;
  options.after_position = after_position;
  options.most_rows = rows;
  options.most_findings = kMostFindings;
  options.deadline = context.deadline;
  if (!head_file_.empty()) {
    VK_ASSIGN_OR_RETURN(options.exported_head, audit::ReadHeadFile(head_file_));
  }
  VK_ASSIGN_OR_RETURN(const audit::VerifyReport report, audit::Verify(pool_, ring_, options));
  usecases::AuditVerification found;
  found.rows = report.rows;
  found.to_position = report.head.position;
  found.end_reached = report.end_reached;
  for (const audit::Finding& finding : report.findings) {
    found.findings.push_back({KindOf(finding.kind), finding.position, finding.entry_id});
  }
  return found;
}

}  // namespace vardkedja::referral::storage
