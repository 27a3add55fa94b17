#include "placement-service/rpc/override_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

absl::StatusOr<v1::QueueOverride> ProposeOverride(const Ports& ports, const auth::CallContext& ctx,
                                                  const v1::ProposeOverrideRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.entry_id()));
  RequestReader reader;
  usecases::ProposeOverrideCommand command;
  command.entry_id = domain::EntryId(request.entry_id());
  if (!request.bed_id().empty()) command.bed_id = domain::BedId(request.bed_id());
  command.available_from = reader.OptionalDate("available_from", request.available_from());
  command.reason = reader.RequiredEnum<domain::OverrideReason>(
      "reason", request.reason(), v1::OVERRIDE_REASON_INDIVIDUAL_ASSESSMENT);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(
      const auto answer,
      usecases::ProposeQueueOverride(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::QueueOverride> Settle(const Ports& ports, const auth::CallContext& ctx,
                                         const std::string& override_id, const std::string& etag,
                                         domain::OverrideAction action) {
  VK_RETURN_IF_ERROR(CheckId(override_id));
  RequestReader reader;
  usecases::SettleOverrideCommand command;
  command.override_id = domain::OverrideId(override_id);
  command.etag = reader.Required("etag", etag);
  command.action = action;
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(
      const auto answer,
      usecases::SettleQueueOverride(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::QueueOverride> ConfirmOverride(const Ports& ports, const auth::CallContext& ctx,
                                                  const v1::ConfirmOverrideRequest& request) {
  return Settle(ports, ctx, request.override_id(), request.etag(),
                domain::OverrideAction::kConfirm);
}

absl::StatusOr<v1::QueueOverride> RejectOverride(const Ports& ports, const auth::CallContext& ctx,
                                                 const v1::RejectOverrideRequest& request) {
  return Settle(ports, ctx, request.override_id(), request.etag(), domain::OverrideAction::kReject);
}

absl::StatusOr<v1::QueueOverride> GetOverride(const Ports& ports, const auth::CallContext& ctx,
                                              const v1::GetOverrideRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.override_id()));
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ReadOverrides(ports.store, ports.disclosure)
                                             .Get(ctx, domain::OverrideId(request.override_id())));
  return ToProto(answer);
}

absl::StatusOr<v1::ListOverridesResponse> ListOverrides(const Ports& ports,
                                                        const auth::CallContext& ctx,
                                                        const v1::ListOverridesRequest& request) {
  RequestReader reader;
  usecases::OverridePage page;
  if (!request.facility_id().empty()) page.facility_id = request.facility_id();
  page.state =
      reader.Filter<domain::OverrideState>("state", request.state(), v1::OVERRIDE_STATE_REJECTED);
  if (!request.case_id().empty()) page.case_id = request.case_id();
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ReadOverrides(ports.store, ports.disclosure).List(ctx, page));
  v1::ListOverridesResponse response;
  for (const auto& one : answer.overrides) *response.add_overrides() = ToProto(one);
  response.set_next(answer.next);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* OverrideRpc::ProposeOverride(grpc::CallbackServerContext* context,
                                                       const v1::ProposeOverrideRequest* request,
                                                       v1::QueueOverride* response) {
  return adapter_.Unary(context, request, response, "ProposeOverride",
                        With(ports_, rpc::ProposeOverride));
}

grpc::ServerUnaryReactor* OverrideRpc::ConfirmOverride(grpc::CallbackServerContext* context,
                                                       const v1::ConfirmOverrideRequest* request,
                                                       v1::QueueOverride* response) {
  return adapter_.Unary(context, request, response, "ConfirmOverride",
                        With(ports_, rpc::ConfirmOverride));
}

grpc::ServerUnaryReactor* OverrideRpc::RejectOverride(grpc::CallbackServerContext* context,
                                                      const v1::RejectOverrideRequest* request,
                                                      v1::QueueOverride* response) {
  return adapter_.Unary(context, request, response, "RejectOverride",
                        With(ports_, rpc::RejectOverride));
}

grpc::ServerUnaryReactor* OverrideRpc::GetOverride(grpc::CallbackServerContext* context,
                                                   const v1::GetOverrideRequest* request,
                                                   v1::QueueOverride* response) {
  return adapter_.Unary(context, request, response, "GetOverride", With(ports_, rpc::GetOverride));
}

grpc::ServerUnaryReactor* OverrideRpc::ListOverrides(grpc::CallbackServerContext* context,
                                                     const v1::ListOverridesRequest* request,
                                                     v1::ListOverridesResponse* response) {
  return adapter_.Unary(context, request, response, "ListOverrides",
                        With(ports_, rpc::ListOverrides));
}

}  // namespace vardkedja::placement::rpc
