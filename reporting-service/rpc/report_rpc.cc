#include "reporting-service/rpc/report_rpc.h"

namespace vardkedja::reporting::rpc {

ReportRpc::ReportRpc(vardkedja::rpc::AdapterCore& core, const ReportPorts& ports)
    : adapter_(core, v1::ReportService::service_full_name()), handlers_(ports) {}

grpc::ServerUnaryReactor* ReportRpc::GetOccupancy(grpc::CallbackServerContext* context,
                                                  const v1::GetOccupancyRequest* request,
                                                  v1::OccupancyReport* response) {
  return adapter_.Unary(
      context, request, response, "GetOccupancy",
      [this](const auto& call, const auto& body) { return handlers_.Occupancy(call, body); });
}

grpc::ServerUnaryReactor* ReportRpc::GetWaitingTimes(grpc::CallbackServerContext* context,
                                                     const v1::GetWaitingTimesRequest* request,
                                                     v1::WaitingTimesReport* response) {
  return adapter_.Unary(
      context, request, response, "GetWaitingTimes",
      [this](const auto& call, const auto& body) { return handlers_.WaitingTimes(call, body); });
}

grpc::ServerUnaryReactor* ReportRpc::GetQueueReport(grpc::CallbackServerContext* context,
                                                    const v1::GetQueueReportRequest* request,
                                                    v1::QueueReport* response) {
  return adapter_.Unary(
      context, request, response, "GetQueueReport",
      [this](const auto& call, const auto& body) { return handlers_.Queue(call, body); });
}

grpc::ServerUnaryReactor* ReportRpc::GetBoardFigures(grpc::CallbackServerContext* context,
                                                     const v1::GetBoardFiguresRequest* request,
                                                     v1::BoardFiguresReport* response) {
  return adapter_.Unary(
      context, request, response, "GetBoardFigures",
      [this](const auto& call, const auto& body) { return handlers_.BoardFigures(call, body); });
}

grpc::ServerUnaryReactor* ReportRpc::GetNonExecutedDecisions(
    grpc::CallbackServerContext* context, const v1::GetNonExecutedDecisionsRequest* request,
    v1::NonExecutedReport* response) {
  return adapter_.Unary(
      context, request, response, "GetNonExecutedDecisions",
      [this](const auto& call, const auto& body) { return handlers_.NonExecuted(call, body); });
}

grpc::ServerUnaryReactor* ReportRpc::GetCostAllocation(grpc::CallbackServerContext* context,
                                                       const v1::GetCostAllocationRequest* request,
                                                       v1::CostAllocationReport* response) {
  return adapter_.Unary(
      context, request, response, "GetCostAllocation",
      [this](const auto& call, const auto& body) { return handlers_.CostAllocation(call, body); });
}

}  // namespace vardkedja::reporting::rpc
