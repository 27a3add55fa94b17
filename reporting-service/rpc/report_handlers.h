// The reports as plain functions from request to response.
#pragma once

#include "absl/status/statusor.h"
#include "lib/audit/read_audit.h"
#include "reporting-service/usecases/get_board_figures.h"
#include "reporting-service/usecases/get_cost_allocation.h"
#include "reporting-service/usecases/get_non_executed_decisions.h"
#include "reporting-service/usecases/get_occupancy.h"
#include "reporting-service/usecases/get_queue_report.h"
#include "reporting-service/usecases/get_waiting_times.h"
#include "vardkedja/reporting/v1/report_service.pb.h"

namespace vardkedja::reporting::rpc {

// What the reports need; all outlive the service.
struct ReportPorts {
  usecases::FactStore& facts;
  usecases::AgreementStore& agreements;
  audit::ReadAudit& audit;
};

// Thread-safe.
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

}  // namespace vardkedja::reporting::rpc
