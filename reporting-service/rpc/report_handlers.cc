#include "reporting-service/rpc/report_handlers.h"

#include "lib/status/status.h"
#include "reporting-service/rpc/convert.h"
#include "reporting-service/rpc/csv.h"

namespace vardkedja::reporting::rpc {
namespace {

// Every report: validate, run, convert.
template <class Response, class UseCase, class Request>
absl::StatusOr<Response> Answer(UseCase& use_case, const auth::CallContext& context,
                                const Request& request) {
  VK_ASSIGN_OR_RETURN(const auto query, ToQuery(request));
  VK_ASSIGN_OR_RETURN(const auto result, use_case.Run(context, query));
  return ToProto(result);
}

}  // namespace

ReportHandlers::ReportHandlers(const ReportPorts& ports)
    : occupancy_(ports.facts),
      waiting_times_(ports.facts),
      queue_(ports.facts),
      board_figures_(ports.facts, ports.agreements),
      non_executed_(ports.facts, ports.audit),
      cost_allocation_(ports.facts, ports.agreements) {}

absl::StatusOr<v1::OccupancyReport> ReportHandlers::Occupancy(
    const auth::CallContext& context, const v1::GetOccupancyRequest& request) {
  VK_ASSIGN_OR_RETURN(auto report, Answer<v1::OccupancyReport>(occupancy_, context, request));
  if (request.include_csv()) report.set_csv(ToCsv(report.rows()));
  return report;
}

absl::StatusOr<v1::WaitingTimesReport> ReportHandlers::WaitingTimes(
    const auth::CallContext& context, const v1::GetWaitingTimesRequest& request) {
  VK_ASSIGN_OR_RETURN(auto report,
                      Answer<v1::WaitingTimesReport>(waiting_times_, context, request));
  if (request.include_csv()) {
    auto rows = report.groups();
    *rows.Add() = report.first_placement();
    *rows.Add() = report.transfer();
    report.set_csv(ToCsv(rows));
  }
  return report;
}

absl::StatusOr<v1::QueueReport> ReportHandlers::Queue(const auth::CallContext& context,
                                                      const v1::GetQueueReportRequest& request) {
  VK_ASSIGN_OR_RETURN(auto report, Answer<v1::QueueReport>(queue_, context, request));
  if (request.include_csv()) report.set_csv(ToCsv(report.rows()));
  return report;
}

absl::StatusOr<v1::BoardFiguresReport> ReportHandlers::BoardFigures(
    const auth::CallContext& context, const v1::GetBoardFiguresRequest& request) {
  VK_ASSIGN_OR_RETURN(auto report,
                      Answer<v1::BoardFiguresReport>(board_figures_, context, request));
  if (request.include_csv()) report.set_csv(ToCsv(report, {&report}));
  return report;
}

absl::StatusOr<v1::NonExecutedReport> ReportHandlers::NonExecuted(
    const auth::CallContext& context, const v1::GetNonExecutedDecisionsRequest& request) {
  VK_ASSIGN_OR_RETURN(auto report, Answer<v1::NonExecutedReport>(non_executed_, context, request));
  if (request.include_csv()) report.set_csv(ToCsv(report.rows()));
  return report;
}

absl::StatusOr<v1::CostAllocationReport> ReportHandlers::CostAllocation(
    const auth::CallContext& context, const v1::GetCostAllocationRequest& request) {
  VK_ASSIGN_OR_RETURN(auto report,
                      Answer<v1::CostAllocationReport>(cost_allocation_, context, request));
  if (request.include_csv()) {
    auto rows = report.facilities();
    *rows.Add() = report.total();
    *rows.Add() = report.region();
    rows.MergeFrom(report.municipalities());
    *rows.Add() = report.unallocated();
    *rows.Add() = report.municipal_total();
    report.set_csv(ToCsv(rows));
  }
  return report;
}

}  // namespace vardkedja::reporting::rpc
