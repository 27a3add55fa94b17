// vardkedja.reporting.v1.ReportService.
#pragma once

#include "lib/rpc/adapter.h"
#include "reporting-service/rpc/report_handlers.h"
#include "vardkedja/reporting/v1/report_service.grpc.pb.h"

namespace vardkedja::reporting::rpc {

class ReportRpc final : public v1::ReportService::CallbackService {
 public:
  ReportRpc(vardkedja::rpc::AdapterCore& core, const ReportPorts& ports);

  grpc::ServerUnaryReactor* GetOccupancy(grpc::CallbackServerContext* context,
                                         const v1::GetOccupancyRequest* request,
                                         v1::OccupancyReport* response) override;
  grpc::ServerUnaryReactor* GetWaitingTimes(grpc::CallbackServerContext* context,
                                            const v1::GetWaitingTimesRequest* request,
                                            v1::WaitingTimesReport* response) override;
  grpc::ServerUnaryReactor* GetQueueReport(grpc::CallbackServerContext* context,
                                           const v1::GetQueueReportRequest* request,
                                           v1::QueueReport* response) override;
  grpc::ServerUnaryReactor* GetBoardFigures(grpc::CallbackServerContext* context,
                                            const v1::GetBoardFiguresRequest* request,
                                            v1::BoardFiguresReport* response) override;
  grpc::ServerUnaryReactor* GetNonExecutedDecisions(
      grpc::CallbackServerContext* context, const v1::GetNonExecutedDecisionsRequest* request,
      v1::NonExecutedReport* response) override;
  grpc::ServerUnaryReactor* GetCostAllocation(grpc::CallbackServerContext* context,
                                              const v1::GetCostAllocationRequest* request,
                                              v1::CostAllocationReport* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  ReportHandlers handlers_;
};

}  // namespace vardkedja::reporting::rpc
