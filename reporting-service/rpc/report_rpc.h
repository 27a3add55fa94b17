// vardkedja.reporting.v1.ReportService.
#pragma once

#include "lib/rpc/adapter.h"
#include "reporting-service/usecases/get_board_figures.h"
#include "reporting-service/usecases/get_cost_allocation.h"
#include "reporting-service/usecases/get_non_executed_decisions.h"
#include "reporting-service/usecases/get_occupancy.h"
#include "reporting-service/usecases/get_queue_report.h"
#include "reporting-service/usecases/get_waiting_times.h"
#include "vardkedja/reporting/v1/report_service.grpc.pb.h"

namespace vardkedja::reporting::rpc {

// What the reports need; all outlive the service.
struct ReportPorts {
  usecases::FactStore& facts;
  usecases::AgreementStore& agreements;
  audit::ReadAudit& audit;
};

// The handlers as plain functions. Thread-safe.
class ReportHandlers {
 public:
  explicit ReportHandlers(const ReportPorts& ports);

  absl::StatusOr<v1::OccupancyReport> Occupancy(const auth::CallContext& context,
                                                const v1::GetOccupancyRequest& request);
  absl::StatusOr<v1::WaitingTimesReport> WaitingTimes(const auth::CallContext& context,
                                                      const v1::GetWaitingTimesRequest& request);
  absl::StatusOr<v1::QueueReport> Queue(const auth::CallContext& context,
                                        const v1::GetQueueReportRequest& request);
  absl::StatusOr<v1::BoardFiguresReport> BoardFigures(const auth::CallContext& context,
                                                      const v1::GetBoardFiguresRequest& request);
  absl::StatusOr<v1::NonExecutedReport> NonExecuted(
      const auth::CallContext& context, const v1::GetNonExecutedDecisionsRequest& request);
  absl::StatusOr<v1::CostAllocationReport> CostAllocation(
      const auth::CallContext& context, const v1::GetCostAllocationRequest& request);

 private:
  usecases::GetOccupancy occupancy_;
  usecases::GetWaitingTimes waiting_times_;
  usecases::GetQueueReport queue_;
  usecases::GetBoardFigures board_figures_;
  usecases::GetNonExecutedDecisions non_executed_;
  usecases::GetCostAllocation cost_allocation_;
};

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
