#include "placement-service/rpc/facility_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

namespace common = vardkedja::common::v1;
absl::StatusOr<v1::ListFacilitiesResponse> ListFacilities(const Ports& ports,
                                                          const auth::CallContext& ctx,
                                                          const v1::ListFacilitiesRequest&) {
  VK_ASSIGN_OR_RETURN(const auto facilities, usecases::ReadBeds(ports.store).Facilities(ctx));
  v1::ListFacilitiesResponse response;
  for (const auto& facility : facilities) {
    *response.add_facilities() = ToProto(facility, StockholmDate(ctx.now));
  }
  return response;
}

absl::StatusOr<v1::ListBedsResponse> ListBeds(const Ports& ports, const auth::CallContext& ctx,
                                              const v1::ListBedsRequest& request) {
  RequestReader reader;
  const domain::FacilityId facility(reader.Required("facility_id", request.facility_id()));
  const auto kind =
      reader.Filter<domain::BedKind>("bed_kind", request.bed_kind(), common::BED_KIND_STEP_OUT);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto beds, usecases::ReadBeds(ports.store).Beds(ctx, facility, kind));
  v1::ListBedsResponse response;
  for (const auto& bed : beds) *response.add_beds() = ToProto(bed);
  return response;
}

absl::StatusOr<v1::GetAvailabilityResponse> GetAvailability(
    const Ports& ports, const auth::CallContext& ctx, const v1::GetAvailabilityRequest& request) {
  RequestReader reader;
  usecases::AvailabilityQuestion question;
  if (!request.facility_id().empty()) question.facility = domain::FacilityId(request.facility_id());
  question.kind =
      reader.Filter<domain::BedKind>("bed_kind", request.bed_kind(), common::BED_KIND_STEP_OUT);
  question.from = reader.OptionalDate("from_date", request.from_date());
  question.to = reader.OptionalDate("to_date", request.to_date());
  if (request.has_as_of()) question.as_of = reader.RequiredInstant("as_of", request.as_of());
  question.care_level = request.care_level();
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ReadBeds(ports.store).Availability(ctx, question));
  v1::GetAvailabilityResponse response;
  for (const auto& day : answer.days) *response.add_days() = ToProto(day);
  Set(response.mutable_as_of(), answer.as_of);
  return response;
}

absl::StatusOr<v1::Bed> CloseBed(const Ports& ports, const auth::CallContext& ctx,
                                 const v1::CloseBedRequest& request) {
  RequestReader reader;
  usecases::CloseBedCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.etag = reader.Required("etag", request.etag());
  command.period.from = reader.RequiredDate("from_date", request.from_date());
  command.period.to = reader.OptionalDate("to_date", request.to_date());
  command.reason = reader.RequiredEnum<domain::ClosureReason>("reason", request.reason(),
                                                              v1::CLOSURE_REASON_OTHER);
  VK_RETURN_IF_ERROR(reader.StatusWith(domain::CheckClosure(command.period)));
  VK_ASSIGN_OR_RETURN(const auto bed, usecases::CloseBed(ports.store).Run(ctx, command));
  return ToProto(bed);
}

absl::StatusOr<v1::Bed> ReopenBed(const Ports& ports, const auth::CallContext& ctx,
                                  const v1::ReopenBedRequest& request) {
  RequestReader reader;
  usecases::ReopenBedCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.etag = reader.Required("etag", request.etag());
  command.closure_id = domain::ClosureId(reader.Required("closure_id", request.closure_id()));
  command.open = reader.OptionalDate("open_date", request.open_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto bed, usecases::ReopenBed(ports.store).Run(ctx, command));
  return ToProto(bed);
}

absl::StatusOr<v1::Bed> CancelClosure(const Ports& ports, const auth::CallContext& ctx,
                                      const v1::CancelClosureRequest& request) {
  RequestReader reader;
  usecases::CancelClosureCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.etag = reader.Required("etag", request.etag());
  command.closure_id = domain::ClosureId(reader.Required("closure_id", request.closure_id()));
  command.reason = reader.RequiredEnum<usecases::ClosureCancelReason>(
      "reason", request.reason(), v1::CLOSURE_CANCEL_REASON_NOT_CLOSED);
  VK_RETURN_IF_ERROR(reader.Status());
  // Anything but an id is none of a closure.
  VK_RETURN_IF_ERROR(CheckId(request.closure_id()));
  VK_ASSIGN_OR_RETURN(const auto bed, usecases::CancelClosure(ports.store).Run(ctx, command));
  return ToProto(bed);
}

}  // namespace

grpc::ServerUnaryReactor* FacilityRpc::ListFacilities(grpc::CallbackServerContext* context,
                                                      const v1::ListFacilitiesRequest* request,
                                                      v1::ListFacilitiesResponse* response) {
  return adapter_.Unary(context, request, response, "ListFacilities",
                        With(ports_, rpc::ListFacilities));
}

grpc::ServerUnaryReactor* FacilityRpc::ListBeds(grpc::CallbackServerContext* context,
                                                const v1::ListBedsRequest* request,
                                                v1::ListBedsResponse* response) {
  return adapter_.Unary(context, request, response, "ListBeds", With(ports_, rpc::ListBeds));
}

grpc::ServerUnaryReactor* FacilityRpc::GetAvailability(grpc::CallbackServerContext* context,
                                                       const v1::GetAvailabilityRequest* request,
                                                       v1::GetAvailabilityResponse* response) {
  return adapter_.Unary(context, request, response, "GetAvailability",
                        With(ports_, rpc::GetAvailability));
}

grpc::ServerUnaryReactor* FacilityRpc::CloseBed(grpc::CallbackServerContext* context,
                                                const v1::CloseBedRequest* request,
                                                v1::Bed* response) {
  return adapter_.Unary(context, request, response, "CloseBed", With(ports_, rpc::CloseBed));
}

grpc::ServerUnaryReactor* FacilityRpc::ReopenBed(grpc::CallbackServerContext* context,
                                                 const v1::ReopenBedRequest* request,
                                                 v1::Bed* response) {
  return adapter_.Unary(context, request, response, "ReopenBed", With(ports_, rpc::ReopenBed));
}

grpc::ServerUnaryReactor* FacilityRpc::CancelClosure(grpc::CallbackServerContext* context,
                                                     const v1::CancelClosureRequest* request,
                                                     v1::Bed* response) {
  return adapter_.Unary(context, request, response, "CancelClosure",
                        With(ports_, rpc::CancelClosure));
}

}  // namespace vardkedja::placement::rpc
