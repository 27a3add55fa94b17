#include "placement-service/rpc/external_stay_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/usecases/external_stays.h"

namespace vardkedja::placement::rpc {
namespace {

std::string DateText(const std::optional<Date>& date) { return date ? FormatDate(*date) : ""; }

v1::ExternalStay Shown(const usecases::ExternalStayAnswer& answer) {
  const domain::ExternalStay& stay = answer.record.stay;
  v1::ExternalStay to;
  to.set_external_stay_id(stay.id.value);
  to.set_facility_id(stay.facility_id.value);
  to.set_bed_id(stay.bed_id.value);
  to.set_bed_kind(static_cast<vardkedja::common::v1::BedKind>(stay.bed_kind));
  to.set_purchaser(stay.terms.purchaser);
  to.set_purchaser_reference(stay.terms.reference);
  to.set_ore_per_day(stay.terms.ore_per_day);
  to.set_state(static_cast<v1::ExternalStayState>(stay.state));
  to.set_move_in_date(FormatDate(stay.move_in));
  to.set_departure_date(DateText(stay.departure));
  to.set_planned_departure_date(DateText(stay.planned_departure));
  to.set_bed_days(answer.bed_days);
  to.set_revenue_ore(answer.revenue_ore);
  to.set_correction_reason(static_cast<v1::ExternalCorrectionReason>(stay.correction));
  if (stay.corrects) to.set_corrects_external_stay_id(stay.corrects->value);
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(stay.version));
  return to;
}

absl::StatusOr<v1::ExternalStay> Answer(
    const absl::StatusOr<usecases::ExternalStayAnswer>& answer) {
  if (!answer.ok()) return answer.status();
  return Shown(*answer);
}

absl::StatusOr<v1::ExternalStay> BeginExternalStay(const Ports& ports, const auth::CallContext& ctx,
                                                   const v1::BeginExternalStayRequest& request) {
  RequestReader reader;
  usecases::BeginExternalStayCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.terms = {reader.Required("purchaser", request.purchaser()), request.purchaser_reference(),
                   request.ore_per_day()};
  command.move_in = reader.OptionalDate("move_in_date", request.move_in_date());
  command.planned_departure =
      reader.OptionalDate("planned_departure_date", request.planned_departure_date());
  VK_RETURN_IF_ERROR(reader.Status());
  return Answer(usecases::BeginExternalStay(ports.store).Run(ctx, command));
}

absl::StatusOr<v1::ExternalStay> EndExternalStay(const Ports& ports, const auth::CallContext& ctx,
                                                 const v1::EndExternalStayRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.external_stay_id()));
  RequestReader reader;
  usecases::EndExternalStayCommand command;
  command.stay_id = domain::StayId(request.external_stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.departure = reader.OptionalDate("departure_date", request.departure_date());
  VK_RETURN_IF_ERROR(reader.Status());
  return Answer(usecases::EndExternalStay(ports.store).Run(ctx, command));
}

absl::StatusOr<v1::ExternalStay> CorrectExternalStay(
    const Ports& ports, const auth::CallContext& ctx,
    const v1::CorrectExternalStayRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.external_stay_id()));
  RequestReader reader;
  usecases::CorrectExternalStayCommand command;
  command.stay_id = domain::StayId(request.external_stay_id());
  command.etag = reader.Required("etag", request.etag());
  domain::ExternalCorrection& correction = command.correction;
  correction.reason = reader.RequiredEnum<domain::ExternalCorrectionReason>(
      "reason", request.reason(), v1::EXTERNAL_CORRECTION_REASON_NO_SUCH_STAY);
  if (!request.bed_id().empty()) correction.bed = domain::BedId(request.bed_id());
  correction.move_in = reader.OptionalDate("move_in_date", request.move_in_date());
  correction.departure = reader.OptionalDate("departure_date", request.departure_date());
  correction.terms = {request.purchaser(), request.purchaser_reference(), request.ore_per_day()};
  VK_RETURN_IF_ERROR(reader.Status());
  return Answer(usecases::CorrectExternalStay(ports.store).Run(ctx, command));
}

absl::StatusOr<v1::ExternalStay> GetExternalStay(const Ports& ports, const auth::CallContext& ctx,
                                                 const v1::GetExternalStayRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.external_stay_id()));
  return Answer(usecases::ReadExternalStays(ports.store)
                    .Get(ctx, domain::StayId(request.external_stay_id())));
}

absl::StatusOr<v1::ListExternalStaysResponse> ListExternalStays(
    const Ports& ports, const auth::CallContext& ctx, const v1::ListExternalStaysRequest& request) {
  RequestReader reader;
  usecases::ExternalStayPage page;
  if (!request.facility_id().empty()) page.facility_id = request.facility_id();
  page.state =
      reader.Filter<domain::StayState>("state", request.state(), v1::EXTERNAL_STAY_STATE_CORRECTED);
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ReadExternalStays(ports.store).List(ctx, page));
  v1::ListExternalStaysResponse response;
  for (const auto& one : answer.stays) *response.add_stays() = Shown(one);
  response.set_next(answer.next);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* ExternalStayRpc::BeginExternalStay(
    grpc::CallbackServerContext* context, const v1::BeginExternalStayRequest* request,
    v1::ExternalStay* response) {
  return adapter_.Unary(context, request, response, "BeginExternalStay",
                        With(ports_, rpc::BeginExternalStay));
}

grpc::ServerUnaryReactor* ExternalStayRpc::EndExternalStay(
    grpc::CallbackServerContext* context, const v1::EndExternalStayRequest* request,
    v1::ExternalStay* response) {
  return adapter_.Unary(context, request, response, "EndExternalStay",
                        With(ports_, rpc::EndExternalStay));
}

grpc::ServerUnaryReactor* ExternalStayRpc::CorrectExternalStay(
    grpc::CallbackServerContext* context, const v1::CorrectExternalStayRequest* request,
    v1::ExternalStay* response) {
  return adapter_.Unary(context, request, response, "CorrectExternalStay",
                        With(ports_, rpc::CorrectExternalStay));
}

grpc::ServerUnaryReactor* ExternalStayRpc::GetExternalStay(
    grpc::CallbackServerContext* context, const v1::GetExternalStayRequest* request,
    v1::ExternalStay* response) {
  return adapter_.Unary(context, request, response, "GetExternalStay",
                        With(ports_, rpc::GetExternalStay));
}

grpc::ServerUnaryReactor* ExternalStayRpc::ListExternalStays(
    grpc::CallbackServerContext* context, const v1::ListExternalStaysRequest* request,
    v1::ListExternalStaysResponse* response) {
  return adapter_.Unary(context, request, response, "ListExternalStays",
                        With(ports_, rpc::ListExternalStays));
}

}  // namespace vardkedja::placement::rpc
