// Proto <-> use cases. Requests are validated whole: every broken rule is reported at once.
#pragma once

#include "absl/status/statusor.h"
#include "reporting-service/usecases/get_board_figures.h"
#include "reporting-service/usecases/get_cost_allocation.h"
#include "reporting-service/usecases/get_non_executed_decisions.h"
#include "reporting-service/usecases/get_occupancy.h"
#include "reporting-service/usecases/get_queue_report.h"
#include "reporting-service/usecases/get_waiting_times.h"
#include "vardkedja/reporting/v1/report_service.pb.h"

namespace vardkedja::reporting::rpc {

absl::StatusOr<usecases::OccupancyQuery> ToQuery(const v1::GetOccupancyRequest& request);
absl::StatusOr<usecases::WaitingTimesQuery> ToQuery(const v1::GetWaitingTimesRequest& request);
absl::StatusOr<usecases::QueueQuery> ToQuery(const v1::GetQueueReportRequest& request);
absl::StatusOr<usecases::BoardFiguresQuery> ToQuery(const v1::GetBoardFiguresRequest& request);
absl::StatusOr<usecases::NonExecutedQuery> ToQuery(
    const v1::GetNonExecutedDecisionsRequest& request);
absl::StatusOr<usecases::CostAllocationQuery> ToQuery(const v1::GetCostAllocationRequest& request);

// Without `csv`.
v1::OccupancyReport ToProto(const usecases::OccupancyResult& result);
v1::WaitingTimesReport ToProto(const usecases::WaitingTimesResult& result);
v1::QueueReport ToProto(const usecases::QueueResult& result);
v1::BoardFiguresReport ToProto(const usecases::BoardFiguresResult& result);
v1::NonExecutedReport ToProto(const usecases::NonExecutedResult& result);
v1::CostAllocationReport ToProto(const usecases::CostAllocationResult& result);

}  // namespace vardkedja::reporting::rpc
