#include "placement-service/rpc/hold_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

absl::StatusOr<v1::Hold> HoldBed(const Ports& ports, const auth::CallContext& ctx,
                                 const v1::HoldBedRequest& request) {
  RequestReader reader;
  usecases::HoldBedCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.etag = reader.Required("etag", request.etag());
  command.from = reader.OptionalDate("from_date", request.from_date());
  command.plan.to = reader.RequiredDate("to_date", request.to_date());
  command.plan.expected = reader.RequiredDate("expected_date", request.expected_date());
  command.plan.reason = reader.RequiredEnum<domain::HoldReason>("reason", request.reason(),
                                                                v1::HOLD_REASON_SECTION_27_RETURN);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto hold, usecases::HoldBed(ports.store).Run(ctx, command));
  return ToProto(hold);
}

absl::StatusOr<v1::Hold> ReleaseHold(const Ports& ports, const auth::CallContext& ctx,
                                     const v1::ReleaseHoldRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.hold_id()));
  RequestReader reader;
  usecases::ReleaseHoldCommand command;
  command.hold_id = domain::HoldId(request.hold_id());
  command.etag = reader.Required("etag", request.etag());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto hold, usecases::ReleaseHold(ports.store).Run(ctx, command));
  return ToProto(hold);
}

absl::StatusOr<v1::Hold> GetHold(const Ports& ports, const auth::CallContext& ctx,
                                 const v1::GetHoldRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.hold_id()));
  VK_ASSIGN_OR_RETURN(const auto hold,
                      usecases::ReadHolds(ports.store).Get(ctx, domain::HoldId(request.hold_id())));
  return ToProto(hold);
}

absl::StatusOr<v1::ListHoldsResponse> ListHolds(const Ports& ports, const auth::CallContext& ctx,
                                                const v1::ListHoldsRequest& request) {
  RequestReader reader;
  usecases::HoldPage page;
  if (!request.facility_id().empty()) page.facility_id = request.facility_id();
  page.state = reader.Filter<domain::HoldState>("state", request.state(), v1::HOLD_STATE_USED);
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ReadHolds(ports.store).List(ctx, page));
  v1::ListHoldsResponse response;
  for (const auto& one : answer.holds) *response.add_holds() = ToProto(one);
  response.set_next(answer.next);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* HoldRpc::HoldBed(grpc::CallbackServerContext* context,
                                           const v1::HoldBedRequest* request, v1::Hold* response) {
  return adapter_.Unary(context, request, response, "HoldBed", With(ports_, rpc::HoldBed));
}

grpc::ServerUnaryReactor* HoldRpc::ReleaseHold(grpc::CallbackServerContext* context,
                                               const v1::ReleaseHoldRequest* request,
                                               v1::Hold* response) {
  return adapter_.Unary(context, request, response, "ReleaseHold", With(ports_, rpc::ReleaseHold));
}

grpc::ServerUnaryReactor* HoldRpc::GetHold(grpc::CallbackServerContext* context,
                                           const v1::GetHoldRequest* request, v1::Hold* response) {
  return adapter_.Unary(context, request, response, "GetHold", With(ports_, rpc::GetHold));
}

grpc::ServerUnaryReactor* HoldRpc::ListHolds(grpc::CallbackServerContext* context,
                                             const v1::ListHoldsRequest* request,
                                             v1::ListHoldsResponse* response) {
  return adapter_.Unary(context, request, response, "ListHolds", With(ports_, rpc::ListHolds));
}

}  // namespace vardkedja::placement::rpc
