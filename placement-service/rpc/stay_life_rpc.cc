// The part of StayService that records what happens during a stay.
#include <optional>

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/rpc/stay_rpc.h"

namespace vardkedja::placement::rpc {
namespace {

usecases::StayPorts Stays(const Ports& ports) { return {ports.store, ports.disclosure}; }

// The four requests have the same fields.
template <class Request>
absl::StatusOr<v1::Stay> Absence(const Ports& ports, const auth::CallContext& ctx,
                                 const Request& request, domain::StayAction action) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::AbsenceCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.date = reader.OptionalDate("date", request.date());
  command.action = action;
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::RecordAbsence(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> BeginLeave(const Ports& ports, const auth::CallContext& ctx,
                                    const v1::BeginLeaveRequest& request) {
  return Absence(ports, ctx, request, domain::StayAction::kBeginLeave);
}

absl::StatusOr<v1::Stay> EndLeave(const Ports& ports, const auth::CallContext& ctx,
                                  const v1::EndLeaveRequest& request) {
  return Absence(ports, ctx, request, domain::StayAction::kEndLeave);
}

absl::StatusOr<v1::Stay> InterruptStay(const Ports& ports, const auth::CallContext& ctx,
                                       const v1::InterruptStayRequest& request) {
  return Absence(ports, ctx, request, domain::StayAction::kInterrupt);
}

absl::StatusOr<v1::Stay> ResumeStay(const Ports& ports, const auth::CallContext& ctx,
                                    const v1::ResumeStayRequest& request) {
  return Absence(ports, ctx, request, domain::StayAction::kResume);
}

absl::StatusOr<v1::Stay> MoveBed(const Ports& ports, const auth::CallContext& ctx,
                                 const v1::MoveBedRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::MoveBedCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.to_bed = domain::BedId(reader.Required("to_bed_id", request.to_bed_id()));
  command.date = reader.OptionalDate("date", request.date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::MoveToBed(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> RecordIncident(const Ports& ports, const auth::CallContext& ctx,
                                        const v1::RecordIncidentRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::IncidentCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.date = reader.OptionalDate("date", request.date());
  command.incident.kind = reader.RequiredEnum<domain::IncidentKind>("kind", request.kind(),
                                                                    v1::INCIDENT_KIND_DRUG_TEST);
  command.incident.result =
      reader.AnyEnum<domain::TestResult>("result", request.result(), v1::TEST_RESULT_UNCLEAR);
  command.incident.consequence = reader.RequiredEnum<domain::Consequence>(
      "consequence", request.consequence(), v1::INCIDENT_CONSEQUENCE_OTHER);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay,
                      usecases::RecordStayIncident(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> CorrectStay(const Ports& ports, const auth::CallContext& ctx,
                                     const v1::CorrectStayRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::CorrectStayCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.correction.reason = reader.RequiredEnum<domain::CorrectionReason>(
      "reason", request.reason(), v1::CORRECTION_REASON_WRONG_PERSON);
  if (!request.bed_id().empty()) command.correction.bed = domain::BedId(request.bed_id());
  command.correction.move_in = reader.OptionalDate("move_in_date", request.move_in_date());
  command.correction.departure = reader.OptionalDate("departure_date", request.departure_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::CorrectStayRecord(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> CorrectAbsence(const Ports& ports, const auth::CallContext& ctx,
                                        const v1::CorrectAbsenceRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::CorrectAbsenceCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  domain::AbsenceCorrection& correction = command.correction;
  correction.kind = reader.RequiredEnum<domain::AbsenceKind>("kind", request.kind(),
                                                             v1::ABSENCE_KIND_INTERRUPTION);
  correction.from = reader.RequiredDate("from_date", request.from_date());
  correction.reason = reader.RequiredEnum<domain::AbsenceCorrectionReason>(
      "reason", request.reason(), v1::ABSENCE_CORRECTION_REASON_NOT_ENDED);
  correction.right_from = reader.OptionalDate("right_from_date", request.right_from_date());
  correction.right_to = reader.OptionalDate("right_to_date", request.right_to_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay,
                      usecases::CorrectAbsenceRecord(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

// All of what is right, when any of it is given or has to be.
std::optional<domain::Incident> RightIncident(const v1::CorrectIncidentRequest& request,
                                              RequestReader& reader) {
  const bool given = request.kind() != v1::INCIDENT_KIND_UNSPECIFIED || !request.date().empty() ||
                     request.result() != v1::TEST_RESULT_UNSPECIFIED ||
                     request.consequence() != v1::INCIDENT_CONSEQUENCE_UNSPECIFIED;
  const bool wanted = request.reason() == v1::INCIDENT_CORRECTION_REASON_WRONG_CONTENT;
  if (!given && !wanted) return std::nullopt;
  domain::Incident incident;
  incident.kind = reader.RequiredEnum<domain::IncidentKind>("kind", request.kind(),
                                                            v1::INCIDENT_KIND_DRUG_TEST);
  incident.date = reader.RequiredDate("date", request.date());
  incident.result =
      reader.AnyEnum<domain::TestResult>("result", request.result(), v1::TEST_RESULT_UNCLEAR);
  incident.consequence = reader.RequiredEnum<domain::Consequence>(
      "consequence", request.consequence(), v1::INCIDENT_CONSEQUENCE_OTHER);
  return incident;
}

absl::StatusOr<v1::Stay> CorrectIncident(const Ports& ports, const auth::CallContext& ctx,
                                         const v1::CorrectIncidentRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::CorrectIncidentCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.correction.ordinal = request.ordinal();
  command.correction.reason = reader.RequiredEnum<domain::IncidentCorrectionReason>(
      "reason", request.reason(), v1::INCIDENT_CORRECTION_REASON_NOT_HAPPENED);
  command.correction.right = RightIncident(request, reader);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay,
                      usecases::CorrectIncidentRecord(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::ListStayHistoryResponse> ListStayHistory(
    const Ports& ports, const auth::CallContext& ctx, const v1::ListStayHistoryRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  VK_ASSIGN_OR_RETURN(const auto facts, usecases::ReadStayHistory(
                                            Stays(ports), ctx, domain::StayId(request.stay_id())));
  v1::ListStayHistoryResponse response;
  for (const domain::StayFact& fact : facts) *response.add_facts() = ToProto(fact);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* StayRpc::BeginLeave(grpc::CallbackServerContext* context,
                                              const v1::BeginLeaveRequest* request,
                                              v1::Stay* response) {
  return adapter_.Unary(context, request, response, "BeginLeave", With(ports_, rpc::BeginLeave));
}

grpc::ServerUnaryReactor* StayRpc::EndLeave(grpc::CallbackServerContext* context,
                                            const v1::EndLeaveRequest* request,
                                            v1::Stay* response) {
  return adapter_.Unary(context, request, response, "EndLeave", With(ports_, rpc::EndLeave));
}

grpc::ServerUnaryReactor* StayRpc::InterruptStay(grpc::CallbackServerContext* context,
                                                 const v1::InterruptStayRequest* request,
                                                 v1::Stay* response) {
  return adapter_.Unary(context, request, response, "InterruptStay",
                        With(ports_, rpc::InterruptStay));
}

grpc::ServerUnaryReactor* StayRpc::ResumeStay(grpc::CallbackServerContext* context,
                                              const v1::ResumeStayRequest* request,
                                              v1::Stay* response) {
  return adapter_.Unary(context, request, response, "ResumeStay", With(ports_, rpc::ResumeStay));
}

grpc::ServerUnaryReactor* StayRpc::MoveBed(grpc::CallbackServerContext* context,
                                           const v1::MoveBedRequest* request, v1::Stay* response) {
  return adapter_.Unary(context, request, response, "MoveBed", With(ports_, rpc::MoveBed));
}

grpc::ServerUnaryReactor* StayRpc::RecordIncident(grpc::CallbackServerContext* context,
                                                  const v1::RecordIncidentRequest* request,
                                                  v1::Stay* response) {
  return adapter_.Unary(context, request, response, "RecordIncident",
                        With(ports_, rpc::RecordIncident));
}

grpc::ServerUnaryReactor* StayRpc::CorrectStay(grpc::CallbackServerContext* context,
                                               const v1::CorrectStayRequest* request,
                                               v1::Stay* response) {
  return adapter_.Unary(context, request, response, "CorrectStay", With(ports_, rpc::CorrectStay));
}

grpc::ServerUnaryReactor* StayRpc::CorrectAbsence(grpc::CallbackServerContext* context,
                                                  const v1::CorrectAbsenceRequest* request,
                                                  v1::Stay* response) {
  return adapter_.Unary(context, request, response, "CorrectAbsence",
                        With(ports_, rpc::CorrectAbsence));
}

grpc::ServerUnaryReactor* StayRpc::CorrectIncident(grpc::CallbackServerContext* context,
                                                   const v1::CorrectIncidentRequest* request,
                                                   v1::Stay* response) {
  return adapter_.Unary(context, request, response, "CorrectIncident",
                        With(ports_, rpc::CorrectIncident));
}

grpc::ServerUnaryReactor* StayRpc::ListStayHistory(grpc::CallbackServerContext* context,
                                                   const v1::ListStayHistoryRequest* request,
                                                   v1::ListStayHistoryResponse* response) {
  return adapter_.Unary(context, request, response, "ListStayHistory",
                        With(ports_, rpc::ListStayHistory));
}

}  // namespace vardkedja::placement::rpc
