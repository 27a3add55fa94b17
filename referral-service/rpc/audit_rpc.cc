#include "referral-service/rpc/audit_rpc.h"

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

v1::AuditRow ToProto(const usecases::AuditRow& from) {
  v1::AuditRow row;
  row.set_entry_id(from.entry_id);
  Set(from.at, row.mutable_action_time());
  Set(from.recorded_at, row.mutable_record_time());
  row.set_organisation_id(from.organisation_id);
  row.set_unit_id(from.unit_id);
  for (const std::string& role : from.role_codes) row.add_role_codes(role);
  row.set_subject(from.subject);
  row.set_seat(from.seat);
  row.set_purpose(from.purpose);
  row.set_case_id(from.case_id);
  row.set_action(from.action);
  row.set_resource_id(from.resource_id);
  row.set_rule_id(from.rule_id);
  row.set_permitted(from.permitted);
  for (const std::string& detail : from.details) row.add_details(detail);
  return row;
}

}  // namespace

AuditRpc::AuditRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                   usecases::AuditTrail& trail)
    : adapter_(core, v1::AuditService::service_full_name()), desk_(door, trail) {}

ServerUnaryReactor* AuditRpc::ListAuditRows(CallbackServerContext* context,
                                            const v1::ListAuditRowsRequest* request,
                                            v1::ListAuditRowsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListAuditRows",
      [this](const CallContext& call,
             const v1::ListAuditRowsRequest& in) -> absl::StatusOr<v1::ListAuditRowsResponse> {
        const usecases::AuditRowsRequest asked{
            in.from_date(), in.to_date(), in.unit_id(), in.case_id(), {in.limit(), in.cursor()}};
        VK_ASSIGN_OR_RETURN(const usecases::AuditRowPage page, desk_.List(call, asked));
        v1::ListAuditRowsResponse out;
        for (const usecases::AuditRow& row : page.rows) *out.add_rows() = ToProto(row);
        out.set_next(page.next);
        return out;
      });
}

ServerUnaryReactor* AuditRpc::VerifyAudit(CallbackServerContext* context,
                                          const v1::VerifyAuditRequest* request,
                                          v1::VerifyAuditResponse* response) {
  return adapter_.Unary(
      context, request, response, "VerifyAudit",
      [this](const CallContext& call,
             const v1::VerifyAuditRequest& in) -> absl::StatusOr<v1::VerifyAuditResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::AuditVerification found,
                            desk_.Verify(call, in.after_position(), in.limit()));
        v1::VerifyAuditResponse out;
        out.set_rows(found.rows);
        out.set_to_position(found.to_position);
        out.set_end_reached(found.end_reached);
        for (const usecases::AuditFinding& from : found.findings) {
          v1::AuditFinding& finding = *out.add_findings();
          finding.set_kind(static_cast<v1::AuditFindingKind>(from.kind));
          finding.set_position(from.position);
          finding.set_entry_id(from.entry_id);
        }
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
