// The part of FacilityService that changes one facility and shows its history.
#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/rpc/facility_rpc.h"

namespace vardkedja::placement::rpc {
namespace {

namespace common = vardkedja::common::v1;

// The fields that every change of a facility has.
template <class Request>
usecases::SeenFacility ReadSeen(RequestReader& reader, const Request& request) {
  return {domain::FacilityId(reader.Required("facility_id", request.facility_id())),
          reader.Required("etag", request.etag())};
}

absl::StatusOr<v1::Facility> Answer(const auth::CallContext& ctx,
                                    const absl::StatusOr<usecases::FacilityAnswer>& answer) {
  if (!answer.ok()) return answer.status();
  return ToProto(*answer, StockholmDate(ctx.now));
}

absl::StatusOr<v1::Facility> GetFacility(const Ports& ports, const auth::CallContext& ctx,
                                         const v1::GetFacilityRequest& request) {
  return Answer(
      ctx,
      usecases::ReadBeds(ports.store).Facility(ctx, domain::FacilityId(request.facility_id())));
}

absl::StatusOr<v1::Facility> ChangeFacility(const Ports& ports, const auth::CallContext& ctx,
                                            const v1::ChangeFacilityRequest& request) {
  RequestReader reader;
  usecases::ChangeFacilityCommand command;
  command.facility = ReadSeen(reader, request);
  domain::FacilityDetails& details = command.details;
  details.name = reader.Required("name", request.name());
  details.care_level = reader.Required("care_level", request.care_level());
  details.operator_type = reader.RequiredEnum<domain::OperatorType>(
      "operator_type", request.operator_type(), v1::OPERATOR_TYPE_NON_PROFIT);
  details.ivo_standing = reader.RequiredEnum<domain::IvoStanding>(
      "ivo_standing", request.ivo_standing(), v1::IVO_STANDING_NOTIFICATION);
  details.ivo_reference = request.ivo_reference();
  details.in_house_health_care = request.in_house_health_care();
  details.framework_contract = request.framework_contract();
  details.terms = {request.offer_deadline_hours(), request.offer_reminder_hours()};
  if (request.move_in_within_days() != 0) {
    details.terms.move_in_within_days = request.move_in_within_days();
  }
  VK_RETURN_IF_ERROR(reader.StatusWith(domain::CheckDetails(details)));
  return Answer(ctx, usecases::ChangeFacilityDetails(ports.store).Run(ctx, command));
}

absl::StatusOr<v1::Bed> AddBed(const Ports& ports, const auth::CallContext& ctx,
                               const v1::AddBedRequest& request) {
  RequestReader reader;
  domain::Bed bed;
  bed.facility_id = domain::FacilityId(reader.Required("facility_id", request.facility_id()));
  bed.id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  bed.kind = reader.RequiredEnum<domain::BedKind>("bed_kind", request.bed_kind(),
                                                  common::BED_KIND_STEP_OUT);
  bed.extra = request.extra();
  bed.operational.from =
      reader.OptionalDate("operational_from_date", request.operational_from_date())
          .value_or(StockholmDate(ctx.now));
  bed.operational.to = reader.OptionalDate("operational_to_date", request.operational_to_date());
  VK_RETURN_IF_ERROR(reader.StatusWith(domain::CheckNewBed(bed, StockholmDate(ctx.now))));
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::AddBedToFacility(ports.store).Run(ctx, bed));
  return ToProto(answer);
}

absl::StatusOr<v1::Bed> RetireBed(const Ports& ports, const auth::CallContext& ctx,
                                  const v1::RetireBedRequest& request) {
  RequestReader reader;
  usecases::RetireBedCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.etag = reader.Required("etag", request.etag());
  command.to = reader.OptionalDate("operational_to_date", request.operational_to_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::RetireBed(ports.store).Run(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::Facility> CloseIntake(const Ports& ports, const auth::CallContext& ctx,
                                         const v1::CloseIntakeRequest& request) {
  RequestReader reader;
  usecases::CloseIntakeCommand command;
  command.facility = ReadSeen(reader, request);
  command.period.from = reader.RequiredDate("from_date", request.from_date());
  command.period.to = reader.OptionalDate("to_date", request.to_date());
  VK_RETURN_IF_ERROR(reader.Status());
  return Answer(ctx, usecases::CloseIntake(ports.store).Run(ctx, command));
}

absl::StatusOr<v1::Facility> OpenIntake(const Ports& ports, const auth::CallContext& ctx,
                                        const v1::OpenIntakeRequest& request) {
  RequestReader reader;
  usecases::OpenIntakeCommand command;
  command.facility = ReadSeen(reader, request);
  command.closure_id =
      domain::IntakeClosureId(reader.Required("intake_closure_id", request.intake_closure_id()));
  command.open = reader.OptionalDate("open_date", request.open_date());
  VK_RETURN_IF_ERROR(reader.Status());
  return Answer(ctx, usecases::OpenIntake(ports.store).Run(ctx, command));
}

absl::StatusOr<v1::Facility> SetPrice(const Ports& ports, const auth::CallContext& ctx,
                                      const v1::SetPriceRequest& request) {
  RequestReader reader;
  usecases::SetPriceCommand command;
  command.facility = ReadSeen(reader, request);
  command.price.kind = reader.RequiredEnum<domain::BedKind>("bed_kind", request.bed_kind(),
                                                            common::BED_KIND_STEP_OUT);
  command.price.from = reader.RequiredDate("from_date", request.from_date());
  command.price.ore_per_day = request.ore_per_day();
  const usecases::SetPrice set_price(ports.store);
  if (!reader.Status().ok()) return reader.StatusWith(set_price.Judge(ctx, command));
  return Answer(ctx, set_price.Run(ctx, command));
}

absl::StatusOr<v1::ListFacilityHistoryResponse> ListFacilityHistory(
    const Ports& ports, const auth::CallContext& ctx,
    const v1::ListFacilityHistoryRequest& request) {
  RequestReader reader;
  usecases::FacilityHistoryPage page;
  page.facility_id = domain::FacilityId(reader.Required("facility_id", request.facility_id()));
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ReadBeds(ports.store).History(ctx, page));
  v1::ListFacilityHistoryResponse response;
  for (const auto& fact : answer.facts) *response.add_facts() = ToProto(fact);
  response.set_next(answer.next);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* FacilityRpc::GetFacility(grpc::CallbackServerContext* context,
                                                   const v1::GetFacilityRequest* request,
                                                   v1::Facility* response) {
  return adapter_.Unary(context, request, response, "GetFacility", With(ports_, rpc::GetFacility));
}

grpc::ServerUnaryReactor* FacilityRpc::ChangeFacility(grpc::CallbackServerContext* context,
                                                      const v1::ChangeFacilityRequest* request,
                                                      v1::Facility* response) {
  return adapter_.Unary(context, request, response, "ChangeFacility",
                        With(ports_, rpc::ChangeFacility));
}

grpc::ServerUnaryReactor* FacilityRpc::AddBed(grpc::CallbackServerContext* context,
                                              const v1::AddBedRequest* request, v1::Bed* response) {
  return adapter_.Unary(context, request, response, "AddBed", With(ports_, rpc::AddBed));
}

grpc::ServerUnaryReactor* FacilityRpc::RetireBed(grpc::CallbackServerContext* context,
                                                 const v1::RetireBedRequest* request,
                                                 v1::Bed* response) {
  return adapter_.Unary(context, request, response, "RetireBed", With(ports_, rpc::RetireBed));
}

grpc::ServerUnaryReactor* FacilityRpc::CloseIntake(grpc::CallbackServerContext* context,
                                                   const v1::CloseIntakeRequest* request,
                                                   v1::Facility* response) {
  return adapter_.Unary(context, request, response, "CloseIntake", With(ports_, rpc::CloseIntake));
}

grpc::ServerUnaryReactor* FacilityRpc::OpenIntake(grpc::CallbackServerContext* context,
                                                  const v1::OpenIntakeRequest* request,
                                                  v1::Facility* response) {
  return adapter_.Unary(context, request, response, "OpenIntake", With(ports_, rpc::OpenIntake));
}

grpc::ServerUnaryReactor* FacilityRpc::SetPrice(grpc::CallbackServerContext* context,
                                                const v1::SetPriceRequest* request,
                                                v1::Facility* response) {
  return adapter_.Unary(context, request, response, "SetPrice", With(ports_, rpc::SetPrice));
}

grpc::ServerUnaryReactor* FacilityRpc::ListFacilityHistory(
    grpc::CallbackServerContext* context, const v1::ListFacilityHistoryRequest* request,
    v1::ListFacilityHistoryResponse* response) {
  return adapter_.Unary(context, request, response, "ListFacilityHistory",
                        With(ports_, rpc::ListFacilityHistory));
}

}  // namespace vardkedja::placement::rpc
