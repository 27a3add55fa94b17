// Stays and transfers over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/stay_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class StayRpc final : public v1::StayService::CallbackService {
 public:
  StayRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::StayService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* Enrol(grpc::CallbackServerContext* context,
                                  const v1::EnrolRequest* request, v1::Stay* response) override;
  grpc::ServerUnaryReactor* GetStay(grpc::CallbackServerContext* context,
                                    const v1::GetStayRequest* request, v1::Stay* response) override;
  grpc::ServerUnaryReactor* ListStays(grpc::CallbackServerContext* context,
                                      const v1::ListStaysRequest* request,
                                      v1::ListStaysResponse* response) override;
  grpc::ServerUnaryReactor* PlanTransfer(grpc::CallbackServerContext* context,
                                         const v1::PlanTransferRequest* request,
                                         v1::Transfer* response) override;
  grpc::ServerUnaryReactor* ConfirmTransfer(grpc::CallbackServerContext* context,
                                            const v1::ConfirmTransferRequest* request,
                                            v1::Transfer* response) override;
  grpc::ServerUnaryReactor* CompleteTransfer(grpc::CallbackServerContext* context,
                                             const v1::CompleteTransferRequest* request,
                                             v1::Transfer* response) override;
  grpc::ServerUnaryReactor* ArrangeTransfer(grpc::CallbackServerContext* context,
                                            const v1::ArrangeTransferRequest* request,
                                            v1::Transfer* response) override;
  grpc::ServerUnaryReactor* CancelTransfer(grpc::CallbackServerContext* context,
                                           const v1::CancelTransferRequest* request,
                                           v1::Transfer* response) override;
  grpc::ServerUnaryReactor* UndoTransfer(grpc::CallbackServerContext* context,
                                         const v1::UndoTransferRequest* request,
                                         v1::Transfer* response) override;
  grpc::ServerUnaryReactor* GetTransfer(grpc::CallbackServerContext* context,
                                        const v1::GetTransferRequest* request,
                                        v1::Transfer* response) override;
  grpc::ServerUnaryReactor* ClearPlannedDischarge(grpc::CallbackServerContext* context,
                                                  const v1::ClearPlannedDischargeRequest* request,
                                                  v1::Stay* response) override;
  grpc::ServerUnaryReactor* UndoDischarge(grpc::CallbackServerContext* context,
                                          const v1::UndoDischargeRequest* request,
                                          v1::Stay* response) override;
  grpc::ServerUnaryReactor* PlanDischarge(grpc::CallbackServerContext* context,
                                          const v1::PlanDischargeRequest* request,
                                          v1::Stay* response) override;
  grpc::ServerUnaryReactor* Discharge(grpc::CallbackServerContext* context,
                                      const v1::DischargeRequest* request,
                                      v1::Stay* response) override;
  grpc::ServerUnaryReactor* BeginLeave(grpc::CallbackServerContext* context,
                                       const v1::BeginLeaveRequest* request,
                                       v1::Stay* response) override;
  grpc::ServerUnaryReactor* EndLeave(grpc::CallbackServerContext* context,
                                     const v1::EndLeaveRequest* request,
                                     v1::Stay* response) override;
  grpc::ServerUnaryReactor* InterruptStay(grpc::CallbackServerContext* context,
                                          const v1::InterruptStayRequest* request,
                                          v1::Stay* response) override;
  grpc::ServerUnaryReactor* ResumeStay(grpc::CallbackServerContext* context,
                                       const v1::ResumeStayRequest* request,
                                       v1::Stay* response) override;
  grpc::ServerUnaryReactor* MoveBed(grpc::CallbackServerContext* context,
                                    const v1::MoveBedRequest* request, v1::Stay* response) override;
  grpc::ServerUnaryReactor* RecordIncident(grpc::CallbackServerContext* context,
                                           const v1::RecordIncidentRequest* request,
                                           v1::Stay* response) override;
  grpc::ServerUnaryReactor* CorrectStay(grpc::CallbackServerContext* context,
                                        const v1::CorrectStayRequest* request,
                                        v1::Stay* response) override;
  grpc::ServerUnaryReactor* CorrectAbsence(grpc::CallbackServerContext* context,
                                           const v1::CorrectAbsenceRequest* request,
                                           v1::Stay* response) override;
  grpc::ServerUnaryReactor* CorrectIncident(grpc::CallbackServerContext* context,
                                            const v1::CorrectIncidentRequest* request,
                                            v1::Stay* response) override;
  grpc::ServerUnaryReactor* ListStayHistory(grpc::CallbackServerContext* context,
                                            const v1::ListStayHistoryRequest* request,
                                            v1::ListStayHistoryResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
