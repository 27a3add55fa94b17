#include "lib/rpc/audit_messages.h"

#include <google/protobuf/util/time_util.h>

#include "lib/status/status.h"

namespace vardkedja::rpc {
namespace {

google::protobuf::Timestamp TimestampOf(Instant instant) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
      instant.time_since_epoch().count());
}

common::v1::AuditRow ToRow(const audit::TrailRow& from) {
  common::v1::AuditRow row;
  row.set_entry_id(from.entry_id);
  *row.mutable_action_time() = TimestampOf(from.at);
  *row.mutable_record_time() = TimestampOf(from.recorded_at);
  row.set_organisation_id(from.organisation_id);
  row.set_unit_id(from.unit_id);
  row.mutable_role_codes()->Assign(from.role_codes.begin(), from.role_codes.end());
  row.set_subject(from.subject);
  row.set_seat(from.seat);
  row.set_purpose(from.purpose);
  row.set_case_id(from.case_id);
  row.set_action(from.action);
  row.set_resource_id(from.resource_id);
  row.set_rule_id(from.rule_id);
  row.set_permitted(from.permitted);
  row.mutable_details()->Assign(from.details.begin(), from.details.end());
  return row;
}

}  // namespace

common::v1::CaseRead ToRead(const audit::TrailRow& from) {
  common::v1::CaseRead read;
  *read.mutable_read_time() = TimestampOf(from.at);
  read.set_organisation_id(from.organisation_id);
  read.set_unit_id(from.unit_id);
  read.mutable_role_codes()->Assign(from.role_codes.begin(), from.role_codes.end());
  read.set_seat(from.seat);
  read.set_subject(from.subject);
  read.set_purpose(from.purpose);
  read.set_action(from.action);
  read.set_rule_id(from.rule_id);
  const std::vector<std::string> categories = audit::CategoriesOf(from);
  read.mutable_categories()->Assign(categories.begin(), categories.end());
  return read;
}

absl::StatusOr<common::v1::ListAuditRowsResponse> ListAuditRows(
    audit::AuditorDesk& desk, const auth::CallContext& context,
    const common::v1::ListAuditRowsRequest& request) {
  const audit::AuditRowsRequest asked{request.from_date(),
                                      request.to_date(),
                                      request.unit_id(),
                                      request.case_id(),
                                      {request.limit(), request.cursor()}};
  VK_ASSIGN_OR_RETURN(const audit::TrailPage page, desk.List(context, asked));
  common::v1::ListAuditRowsResponse response;
  for (const audit::TrailRow& row : page.rows) *response.add_rows() = ToRow(row);
  response.set_next(page.next);
  return response;
}

absl::StatusOr<common::v1::VerifyAuditResponse> VerifyAudit(
    audit::AuditorDesk& desk, const auth::CallContext& context,
    const common::v1::VerifyAuditRequest& request) {
  VK_ASSIGN_OR_RETURN(const audit::Verification found,
                      desk.Verify(context, request.after_position(), request.limit()));
  common::v1::VerifyAuditResponse response;
  response.set_rows(found.rows);
  response.set_to_position(found.to_position);
  response.set_end_reached(found.end_reached);
  for (const audit::Finding& from : found.findings) {
    common::v1::AuditFinding& finding = *response.add_findings();
    finding.set_kind(static_cast<common::v1::AuditFindingKind>(from.kind));
    finding.set_position(from.position);
    finding.set_entry_id(from.entry_id);
  }
  return response;
}

common::v1::ListReadsResponse ToReads(const audit::TrailPage& page) {
  common::v1::ListReadsResponse response;
  for (const audit::TrailRow& row : page.rows) *response.add_reads() = ToRead(row);
  response.set_next(page.next);
  return response;
}

}  // namespace vardkedja::rpc
