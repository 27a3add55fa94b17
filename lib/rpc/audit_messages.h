// The audit trail's use cases in the contract's words (vardkedja/common/v1/audit.proto).
#pragma once

#include "absl/status/statusor.h"
#include "lib/audit/desk.h"
#include "vardkedja/common/v1/audit.pb.h"

namespace vardkedja::rpc {

absl::StatusOr<common::v1::ListAuditRowsResponse> ListAuditRows(
    audit::AuditorDesk& desk, const auth::CallContext& context,
    const common::v1::ListAuditRowsRequest& request);

absl::StatusOr<common::v1::VerifyAuditResponse> VerifyAudit(
    audit::AuditorDesk& desk, const auth::CallContext& context,
    const common::v1::VerifyAuditRequest& request);

common::v1::CaseRead ToRead(const audit::TrailRow& from);
common::v1::ListReadsResponse ToReads(const audit::TrailPage& page);

}  // namespace vardkedja::rpc
