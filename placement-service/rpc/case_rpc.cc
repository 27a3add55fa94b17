#include "placement-service/rpc/case_rpc.h"

#include <algorithm>

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/usecases/available_actions.h"
#include "placement-service/usecases/timeline.h"

namespace vardkedja::placement::rpc {
namespace {

v1::PlacementTimelineEntry Shown(const usecases::TimelineRow& row) {
  v1::PlacementTimelineEntry to;
  Set(to.mutable_action_time(), row.position.at);
  to.set_resource_code(row.resource);
  to.set_resource_id(row.resource_id);
  to.set_kind_code(row.kind);
  to.set_facility_id(row.facility_id.value);
  to.set_bed_id(row.bed_id.value);
  if (row.on) to.set_date(FormatDate(*row.on));
  to.set_code(row.code);
  to.set_consequence_code(row.consequence);
  to.set_unit_id(row.unit_id);
  to.set_seat(row.seat);
  to.set_deputy(row.deputy);
  return to;
}

absl::StatusOr<v1::GetPlacementTimelineResponse> GetPlacementTimeline(
    const Ports& ports, const auth::CallContext& ctx,
    const v1::GetPlacementTimelineRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.case_id()));
  RequestReader reader;
  const int limit = reader.Limit(request.limit());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto page,
                      usecases::ReadTimeline(ports.store, ports.disclosure)
                          .Run(ctx, domain::CaseId(request.case_id()), limit, request.cursor()));
  v1::GetPlacementTimelineResponse response;
  for (const usecases::TimelineRow& row : page.rows) *response.add_entries() = Shown(row);
  response.set_next(page.next);
  return response;
}

absl::StatusOr<v1::GetAvailableActionsResponse> GetAvailableActions(
    const Ports& ports, const auth::CallContext& ctx,
    const v1::GetAvailableActionsRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.case_id()));
  VK_ASSIGN_OR_RETURN(const auto resources,
                      usecases::ReadAvailableActions({ports.store, ports.disclosure})
                          .Run(ctx, domain::CaseId(request.case_id())));
  v1::GetAvailableActionsResponse response;
  for (const usecases::ResourceActions& from : resources) {
    v1::ResourceActions& to = *response.add_resources();
    to.set_resource_code(from.resource);
    to.set_resource_id(from.id);
    to.set_facility_id(from.facility_id.value);
    to.set_state_code(from.state);
    if (from.version > 0) to.set_etag(usecases::Etag(from.version));
    to.mutable_available_actions()->Assign(from.actions.begin(), from.actions.end());
  }
  // What is left with nothing to do about it is not told of.
  KeepCallable(ContractPolicy(), ctx, response);
  auto* kept = response.mutable_resources();
  kept->erase(std::remove_if(
                  kept->begin(), kept->end(),
                  [](const v1::ResourceActions& one) { return one.available_actions().empty(); }),
              kept->end());
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* CaseRpc::GetPlacementTimeline(
    grpc::CallbackServerContext* context, const v1::GetPlacementTimelineRequest* request,
    v1::GetPlacementTimelineResponse* response) {
  return adapter_.Unary(context, request, response, "GetPlacementTimeline",
                        With(ports_, rpc::GetPlacementTimeline));
}

grpc::ServerUnaryReactor* CaseRpc::GetAvailableActions(
    grpc::CallbackServerContext* context, const v1::GetAvailableActionsRequest* request,
    v1::GetAvailableActionsResponse* response) {
  return adapter_.Unary(context, request, response, "GetAvailableActions",
                        With(ports_, rpc::GetAvailableActions));
}

}  // namespace vardkedja::placement::rpc
