// The AuditService and the HistoryService that packages have alike: each declares them in its own
// proto, for their paths, and serves them with these.
#pragma once

#include "absl/status/statusor.h"
#include "lib/audit/desk.h"
#include "lib/rpc/adapter.h"
#include "lib/rpc/audit_messages.h"
#include "lib/status/status.h"

namespace vardkedja::rpc {

// Service is a package's AuditService. Thread-safe; what it is made of outlives it.
template <class Service>
class AuditRpc final : public Service::CallbackService {
 public:
  AuditRpc(AdapterCore& core, audit::Trail& trail, audit::ReadAudit& read_audit)
      : adapter_(core, Service::service_full_name()), desk_(trail, read_audit) {}

  grpc::ServerUnaryReactor* ListAuditRows(grpc::CallbackServerContext* context,
                                          const common::v1::ListAuditRowsRequest* request,
                                          common::v1::ListAuditRowsResponse* response) override {
    return adapter_.Unary(context, request, response, "ListAuditRows",
                          [this](const auto& call, const auto& asked) {
                            return rpc::ListAuditRows(desk_, call, asked);
                          });
  }

  grpc::ServerUnaryReactor* VerifyAudit(grpc::CallbackServerContext* context,
                                        const common::v1::VerifyAuditRequest* request,
                                        common::v1::VerifyAuditResponse* response) override {
    return adapter_.Unary(context, request, response, "VerifyAudit",
                          [this](const auto& call, const auto& asked) {
                            return rpc::VerifyAudit(desk_, call, asked);
                          });
  }

 private:
  const Adapter adapter_;
  audit::AuditorDesk desk_;
};

// Service is the HistoryService of a package that asks referral-service who owns a case.
// Thread-safe; what it is made of outlives it.
template <class Service>
class CaseReadsRpc final : public Service::CallbackService {
 public:
  CaseReadsRpc(AdapterCore& core, auth::CaseAccess& access, audit::Trail& trail,
               audit::ReadAudit& read_audit)
      : adapter_(core, Service::service_full_name()), reads_(access, trail, read_audit) {}

  grpc::ServerUnaryReactor* ListReads(grpc::CallbackServerContext* context,
                                      const common::v1::ListReadsRequest* request,
                                      common::v1::ListReadsResponse* response) override {
    return adapter_.Unary(
        context, request, response, "ListReads",
        [this](const auth::CallContext& call, const common::v1::ListReadsRequest& asked)
            -> absl::StatusOr<common::v1::ListReadsResponse> {
          VK_ASSIGN_OR_RETURN(const audit::TrailPage page,
                              reads_.List(call, asked.case_id(), {asked.limit(), asked.cursor()}));
          return ToReads(page);
        });
  }

 private:
  const Adapter adapter_;
  audit::CaseReads reads_;
};

}  // namespace vardkedja::rpc
