// vardkedja.referral.v1.AuditService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/audit_trail.h"
#include "vardkedja/referral/v1/audit_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `trail` outlive it.
class AuditRpc final : public v1::AuditService::CallbackService {
 public:
  AuditRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
           usecases::AuditTrail& trail);

  grpc::ServerUnaryReactor* ListAuditRows(grpc::CallbackServerContext* context,
                                          const v1::ListAuditRowsRequest* request,
                                          v1::ListAuditRowsResponse* response) override;
  grpc::ServerUnaryReactor* VerifyAudit(grpc::CallbackServerContext* context,
                                        const v1::VerifyAuditRequest* request,
                                        v1::VerifyAuditResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::AuditDesk desk_;
};

}  // namespace vardkedja::referral::rpc
