// vardkedja.referral.v1.RetentionService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/export_case.h"
#include "referral-service/usecases/retention.h"
#include "vardkedja/referral/v1/retention_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `store` and what `ports` names outlive it.
class RetentionRpc final : public v1::RetentionService::CallbackService {
 public:
  RetentionRpc(vardkedja::rpc::AdapterCore& core, usecases::RetentionStore& store,
               usecases::ExportPorts ports);

  grpc::ServerUnaryReactor* GetRetention(grpc::CallbackServerContext* context,
                                         const v1::GetRetentionRequest* request,
                                         v1::Retention* response) override;
  grpc::ServerUnaryReactor* ListErasureDue(grpc::CallbackServerContext* context,
                                           const v1::ListErasureDueRequest* request,
                                           v1::ListErasureDueResponse* response) override;
  grpc::ServerUnaryReactor* ExportArchive(grpc::CallbackServerContext* context,
                                          const v1::ExportArchiveRequest* request,
                                          v1::ExportArchiveResponse* response) override;
  grpc::ServerUnaryReactor* ConfirmArchive(grpc::CallbackServerContext* context,
                                           const v1::ConfirmArchiveRequest* request,
                                           v1::Retention* response) override;
  grpc::ServerUnaryReactor* ExportRegisterExtract(
      grpc::CallbackServerContext* context, const v1::ExportRegisterExtractRequest* request,
      v1::ExportRegisterExtractResponse* response) override;
  grpc::ServerUnaryReactor* PlaceRetentionHold(grpc::CallbackServerContext* context,
                                               const v1::PlaceRetentionHoldRequest* request,
                                               v1::Retention* response) override;
  grpc::ServerUnaryReactor* ReleaseRetentionHold(grpc::CallbackServerContext* context,
                                                 const v1::ReleaseRetentionHoldRequest* request,
                                                 v1::Retention* response) override;
  grpc::ServerUnaryReactor* EraseCase(grpc::CallbackServerContext* context,
                                      const v1::EraseCaseRequest* request,
                                      v1::Retention* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Retentions retentions_;
  usecases::ExportArchive archive_;
  usecases::ExportRegister register_;
};

}  // namespace vardkedja::referral::rpc
