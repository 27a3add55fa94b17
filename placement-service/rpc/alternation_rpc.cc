#include "placement-service/rpc/alternation_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

usecases::StayPorts Stays(const Ports& ports) { return {ports.store, ports.disclosure}; }

std::optional<domain::BedId> IfAny(const std::string& bed) {
  return bed.empty() ? std::nullopt : std::optional(domain::BedId(bed));
}

absl::StatusOr<v1::Alternation> GoHome(const Ports& ports, const auth::CallContext& ctx,
                                       const v1::GoHomeRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::GoHomeCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.home_from = reader.OptionalDate("date", request.date());
  command.return_date = reader.RequiredDate("return_date", request.return_date());
  command.bed = IfAny(request.return_bed_id());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::GoHomeForATime(Stays(ports)).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::Alternation> ChangeReturn(const Ports& ports, const auth::CallContext& ctx,
                                             const v1::ChangeReturnRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.alternation_id()));
  RequestReader reader;
  usecases::ChangeReturnCommand command;
  command.id = domain::AlternationId(request.alternation_id());
  command.etag = reader.Required("etag", request.etag());
  command.return_date = reader.RequiredDate("return_date", request.return_date());
  command.bed = IfAny(request.return_bed_id());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ChangePlannedReturn(Stays(ports)).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::Alternation> ReturnFromHome(const Ports& ports, const auth::CallContext& ctx,
                                               const v1::ReturnFromHomeRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.alternation_id()));
  RequestReader reader;
  usecases::ReturnCommand command;
  command.id = domain::AlternationId(request.alternation_id());
  command.etag = reader.Required("etag", request.etag());
  command.date = reader.OptionalDate("date", request.date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ReturnToFacility(Stays(ports)).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::Alternation> DischargeFromHome(const Ports& ports, const auth::CallContext& ctx,
                                                  const v1::DischargeFromHomeRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.alternation_id()));
  RequestReader reader;
  usecases::DischargeFromHomeCommand command;
  command.id = domain::AlternationId(request.alternation_id());
  command.etag = reader.Required("etag", request.etag());
  command.date = reader.OptionalDate("date", request.date());
  command.reason = reader.RequiredEnum<domain::DischargeReason>("reason", request.reason(),
                                                                v1::DISCHARGE_REASON_OTHER);
  for (int i = 0; i < request.unmet_items_size(); ++i) {
    command.unmet_items.push_back(reader.RequiredEnum<domain::ChecklistItem>(
        "unmet_items", request.unmet_items(i), v1::CHECKLIST_ITEM_MEDICATION));
  }
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::DischargeAtHome(Stays(ports)).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::Alternation> GetAlternation(const Ports& ports, const auth::CallContext& ctx,
                                               const v1::GetAlternationRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.alternation_id()));
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ReadAlternations(Stays(ports))
                          .Get(ctx, domain::AlternationId(request.alternation_id())));
  return ToProto(answer);
}

absl::StatusOr<v1::ListAlternationsResponse> ListAlternations(
    const Ports& ports, const auth::CallContext& ctx, const v1::ListAlternationsRequest& request) {
  RequestReader reader;
  usecases::AlternationPage page;
  if (!request.facility_id().empty()) page.facility_id = request.facility_id();
  page.state = reader.Filter<domain::AlternationState>("state", request.state(),
                                                       v1::ALTERNATION_STATE_CORRECTED);
  if (!request.case_id().empty()) page.case_id = request.case_id();
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ReadAlternations(Stays(ports)).List(ctx, page));
  v1::ListAlternationsResponse response;
  for (const auto& one : answer.alternations) *response.add_alternations() = ToProto(one);
  response.set_next(answer.next);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* AlternationRpc::GoHome(grpc::CallbackServerContext* context,
                                                 const v1::GoHomeRequest* request,
                                                 v1::Alternation* response) {
  return adapter_.Unary(context, request, response, "GoHome", With(ports_, rpc::GoHome));
}

grpc::ServerUnaryReactor* AlternationRpc::ChangeReturn(grpc::CallbackServerContext* context,
                                                       const v1::ChangeReturnRequest* request,
                                                       v1::Alternation* response) {
  return adapter_.Unary(context, request, response, "ChangeReturn",
                        With(ports_, rpc::ChangeReturn));
}

grpc::ServerUnaryReactor* AlternationRpc::ReturnFromHome(grpc::CallbackServerContext* context,
                                                         const v1::ReturnFromHomeRequest* request,
                                                         v1::Alternation* response) {
  return adapter_.Unary(context, request, response, "ReturnFromHome",
                        With(ports_, rpc::ReturnFromHome));
}

grpc::ServerUnaryReactor* AlternationRpc::DischargeFromHome(
    grpc::CallbackServerContext* context, const v1::DischargeFromHomeRequest* request,
    v1::Alternation* response) {
  return adapter_.Unary(context, request, response, "DischargeFromHome",
                        With(ports_, rpc::DischargeFromHome));
}

grpc::ServerUnaryReactor* AlternationRpc::GetAlternation(grpc::CallbackServerContext* context,
                                                         const v1::GetAlternationRequest* request,
                                                         v1::Alternation* response) {
  return adapter_.Unary(context, request, response, "GetAlternation",
                        With(ports_, rpc::GetAlternation));
}

grpc::ServerUnaryReactor* AlternationRpc::ListAlternations(
    grpc::CallbackServerContext* context, const v1::ListAlternationsRequest* request,
    v1::ListAlternationsResponse* response) {
  return adapter_.Unary(context, request, response, "ListAlternations",
                        With(ports_, rpc::ListAlternations));
}

}  // namespace vardkedja::placement::rpc
