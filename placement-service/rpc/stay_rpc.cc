#include "placement-service/rpc/stay_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

usecases::StayPorts Stays(const Ports& ports) { return {ports.store, ports.disclosure}; }

absl::StatusOr<v1::Stay> Enrol(const Ports& ports, const auth::CallContext& ctx,
                               const v1::EnrolRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::EnrolCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = reader.Required("etag", request.etag());
  command.move_in = reader.OptionalDate("move_in_date", request.move_in_date());
  command.agreement_exception =
      reader.AnyEnum<domain::ExceptionReason>("agreement_exception", request.agreement_exception(),
                                              v1::EXCEPTION_REASON_INDIVIDUAL_ASSESSMENT);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::EnrolPerson(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> GetStay(const Ports& ports, const auth::CallContext& ctx,
                                 const v1::GetStayRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  VK_ASSIGN_OR_RETURN(
      const auto stay,
      usecases::ReadStays(Stays(ports)).Get(ctx, domain::StayId(request.stay_id())));
  return ToProto(stay);
}

absl::StatusOr<v1::ListStaysResponse> ListStays(const Ports& ports, const auth::CallContext& ctx,
                                                const v1::ListStaysRequest& request) {
  RequestReader reader;
  usecases::StayPage page;
  if (!request.facility_id().empty()) page.facility_id = request.facility_id();
  page.state = reader.Filter<domain::StayState>("state", request.state(), v1::STAY_STATE_CORRECTED);
  if (!request.case_id().empty()) page.case_id = request.case_id();
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  page.in_conflict = request.in_conflict();
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ReadStays(Stays(ports)).List(ctx, page));
  v1::ListStaysResponse response;
  for (const auto& stay : answer.stays) *response.add_stays() = ToProto(stay);
  response.set_next(answer.next);
  return response;
}

absl::StatusOr<v1::Transfer> PlanTransfer(const Ports& ports, const auth::CallContext& ctx,
                                          const v1::PlanTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::PlanTransferCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.offer_id = domain::OfferId(reader.Required("offer_id", request.offer_id()));
  command.plan.meeting = reader.RequiredDate("meeting_date", request.meeting_date());
  command.plan.move = reader.RequiredDate("move_date", request.move_date());
  command.plan.exception = reader.AnyEnum<domain::ExceptionReason>(
      "exception", request.exception(), v1::EXCEPTION_REASON_INDIVIDUAL_ASSESSMENT);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_RETURN_IF_ERROR(CheckId(command.offer_id.value));
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::PlanStayTransfer(Stays(ports)).Run(ctx, command));
  return ToProto(transfer);
}

absl::StatusOr<v1::Transfer> ConfirmTransfer(const Ports& ports, const auth::CallContext& ctx,
                                             const v1::ConfirmTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.transfer_id()));
  RequestReader reader;
  usecases::ConfirmTransferCommand command;
  command.transfer_id = domain::TransferId(request.transfer_id());
  command.etag = reader.Required("etag", request.etag());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::ConfirmStayTransfer(Stays(ports)).Run(ctx, command));
  return ToProto(transfer);
}

domain::TransferArrangements ReadArrangements(RequestReader& reader,
                                              const v1::TransferArrangements& from) {
  domain::TransferArrangements arrangements;
  arrangements.move_minute = reader.OptionalTime("arrangements.move_time", from.move_time());
  arrangements.transport = reader.AnyEnum<domain::Transport>(
      "arrangements.transport", from.transport(), v1::TRANSFER_TRANSPORT_OTHER);
  arrangements.belongings = reader.AnyEnum<domain::Belongings>(
      "arrangements.belongings", from.belongings(), v1::TRANSFER_BELONGINGS_NONE);
  arrangements.relatives = reader.AnyEnum<domain::Told>("arrangements.relatives", from.relatives(),
                                                        v1::TRANSFER_TOLD_NONE);
  arrangements.children = reader.AnyEnum<domain::Told>("arrangements.children", from.children(),
                                                       v1::TRANSFER_TOLD_NONE);
  if (from.follow_up_days() != 0) arrangements.follow_up_days = from.follow_up_days();
  return arrangements;
}

absl::StatusOr<v1::Transfer> ArrangeTransfer(const Ports& ports, const auth::CallContext& ctx,
                                             const v1::ArrangeTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.transfer_id()));
  RequestReader reader;
  usecases::ArrangeTransferCommand command;
  command.transfer_id = domain::TransferId(request.transfer_id());
  command.etag = reader.Required("etag", request.etag());
  command.arrangements = ReadArrangements(reader, request.arrangements());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::ArrangeStayTransfer(Stays(ports)).Run(ctx, command));
  return ToProto(transfer);
}

absl::StatusOr<v1::Transfer> CompleteTransfer(const Ports& ports, const auth::CallContext& ctx,
                                              const v1::CompleteTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.transfer_id()));
  RequestReader reader;
  usecases::CompleteTransferCommand command;
  command.transfer_id = domain::TransferId(request.transfer_id());
  command.etag = reader.Required("etag", request.etag());
  command.move = reader.OptionalDate("move_date", request.move_date());
  command.agreement_exception =
      reader.AnyEnum<domain::ExceptionReason>("agreement_exception", request.agreement_exception(),
                                              v1::EXCEPTION_REASON_INDIVIDUAL_ASSESSMENT);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::CompleteStayTransfer(Stays(ports)).Run(ctx, command));
  return ToProto(transfer);
}

absl::StatusOr<v1::Transfer> CancelTransfer(const Ports& ports, const auth::CallContext& ctx,
                                            const v1::CancelTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.transfer_id()));
  RequestReader reader;
  usecases::CancelTransferCommand command;
  command.transfer_id = domain::TransferId(request.transfer_id());
  command.etag = reader.Required("etag", request.etag());
  // A discharge cancels by itself.
  command.reason = reader.RequiredEnum<domain::TransferCancelReason>(
      "reason", request.reason(), v1::TRANSFER_CANCEL_REASON_OTHER);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::CancelStayTransfer(Stays(ports)).Run(ctx, command));
  return ToProto(transfer);
}

absl::StatusOr<v1::Transfer> UndoTransfer(const Ports& ports, const auth::CallContext& ctx,
                                          const v1::UndoTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.transfer_id()));
  RequestReader reader;
  usecases::UndoTransferCommand command;
  command.transfer_id = domain::TransferId(request.transfer_id());
  command.etag = reader.Required("etag", request.etag());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::UndoStayTransfer(Stays(ports)).Run(ctx, command));
  return ToProto(transfer);
}

absl::StatusOr<v1::Transfer> GetTransfer(const Ports& ports, const auth::CallContext& ctx,
                                         const v1::GetTransferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.transfer_id()));
  VK_ASSIGN_OR_RETURN(const auto transfer,
                      usecases::ReadStays(Stays(ports))
                          .GetTransfer(ctx, domain::TransferId(request.transfer_id())));
  return ToProto(transfer);
}

// The stay as last read.
template <class Request>
absl::StatusOr<usecases::StayCommand> ReadSeen(const Request& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::StayCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  VK_RETURN_IF_ERROR(reader.Status());
  return command;
}

absl::StatusOr<v1::Stay> ClearPlannedDischarge(const Ports& ports, const auth::CallContext& ctx,
                                               const v1::ClearPlannedDischargeRequest& request) {
  VK_ASSIGN_OR_RETURN(const usecases::StayCommand command, ReadSeen(request));
  VK_ASSIGN_OR_RETURN(const auto stay,
                      usecases::ClearStayDischarge(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> UndoDischarge(const Ports& ports, const auth::CallContext& ctx,
                                       const v1::UndoDischargeRequest& request) {
  VK_ASSIGN_OR_RETURN(const usecases::StayCommand command, ReadSeen(request));
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::UndoStayDischarge(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> PlanDischarge(const Ports& ports, const auth::CallContext& ctx,
                                       const v1::PlanDischargeRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::PlanDischargeCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.planned = reader.RequiredDate("planned_date", request.planned_date());
  command.exception = reader.AnyEnum<domain::ExceptionReason>(
      "exception", request.exception(), v1::EXCEPTION_REASON_INDIVIDUAL_ASSESSMENT);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::PlanStayDischarge(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

absl::StatusOr<v1::Stay> Discharge(const Ports& ports, const auth::CallContext& ctx,
                                   const v1::DischargeRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  RequestReader reader;
  usecases::DischargeCommand command;
  command.stay_id = domain::StayId(request.stay_id());
  command.etag = reader.Required("etag", request.etag());
  command.departure = reader.OptionalDate("departure_date", request.departure_date());
  // A transfer ends a stay by itself.
  command.reason = reader.RequiredEnum<domain::DischargeReason>("reason", request.reason(),
                                                                v1::DISCHARGE_REASON_OTHER);
  for (int i = 0; i < request.unmet_items_size(); ++i) {
    command.unmet_items.push_back(reader.RequiredEnum<domain::ChecklistItem>(
        "unmet_items", request.unmet_items(i), v1::CHECKLIST_ITEM_MEDICATION));
  }
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto stay, usecases::DischargePerson(Stays(ports)).Run(ctx, command));
  return ToProto(stay);
}

}  // namespace

grpc::ServerUnaryReactor* StayRpc::Enrol(grpc::CallbackServerContext* context,
                                         const v1::EnrolRequest* request, v1::Stay* response) {
  return adapter_.Unary(context, request, response, "Enrol", With(ports_, rpc::Enrol));
}

grpc::ServerUnaryReactor* StayRpc::GetStay(grpc::CallbackServerContext* context,
                                           const v1::GetStayRequest* request, v1::Stay* response) {
  return adapter_.Unary(context, request, response, "GetStay", With(ports_, rpc::GetStay));
}

grpc::ServerUnaryReactor* StayRpc::ListStays(grpc::CallbackServerContext* context,
                                             const v1::ListStaysRequest* request,
                                             v1::ListStaysResponse* response) {
  return adapter_.Unary(context, request, response, "ListStays", With(ports_, rpc::ListStays));
}

grpc::ServerUnaryReactor* StayRpc::PlanTransfer(grpc::CallbackServerContext* context,
                                                const v1::PlanTransferRequest* request,
                                                v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "PlanTransfer",
                        With(ports_, rpc::PlanTransfer));
}

grpc::ServerUnaryReactor* StayRpc::ConfirmTransfer(grpc::CallbackServerContext* context,
                                                   const v1::ConfirmTransferRequest* request,
                                                   v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "ConfirmTransfer",
                        With(ports_, rpc::ConfirmTransfer));
}

grpc::ServerUnaryReactor* StayRpc::CompleteTransfer(grpc::CallbackServerContext* context,
                                                    const v1::CompleteTransferRequest* request,
                                                    v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "CompleteTransfer",
                        With(ports_, rpc::CompleteTransfer));
}

grpc::ServerUnaryReactor* StayRpc::ArrangeTransfer(grpc::CallbackServerContext* context,
                                                   const v1::ArrangeTransferRequest* request,
                                                   v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "ArrangeTransfer",
                        With(ports_, rpc::ArrangeTransfer));
}

grpc::ServerUnaryReactor* StayRpc::CancelTransfer(grpc::CallbackServerContext* context,
                                                  const v1::CancelTransferRequest* request,
                                                  v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "CancelTransfer",
                        With(ports_, rpc::CancelTransfer));
}

grpc::ServerUnaryReactor* StayRpc::UndoTransfer(grpc::CallbackServerContext* context,
                                                const v1::UndoTransferRequest* request,
                                                v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "UndoTransfer",
                        With(ports_, rpc::UndoTransfer));
}

grpc::ServerUnaryReactor* StayRpc::GetTransfer(grpc::CallbackServerContext* context,
                                               const v1::GetTransferRequest* request,
                                               v1::Transfer* response) {
  return adapter_.Unary(context, request, response, "GetTransfer", With(ports_, rpc::GetTransfer));
}

grpc::ServerUnaryReactor* StayRpc::ClearPlannedDischarge(
    grpc::CallbackServerContext* context, const v1::ClearPlannedDischargeRequest* request,
    v1::Stay* response) {
  return adapter_.Unary(context, request, response, "ClearPlannedDischarge",
                        With(ports_, rpc::ClearPlannedDischarge));
}

grpc::ServerUnaryReactor* StayRpc::UndoDischarge(grpc::CallbackServerContext* context,
                                                 const v1::UndoDischargeRequest* request,
                                                 v1::Stay* response) {
  return adapter_.Unary(context, request, response, "UndoDischarge",
                        With(ports_, rpc::UndoDischarge));
}

grpc::ServerUnaryReactor* StayRpc::PlanDischarge(grpc::CallbackServerContext* context,
                                                 const v1::PlanDischargeRequest* request,
                                                 v1::Stay* response) {
  return adapter_.Unary(context, request, response, "PlanDischarge",
                        With(ports_, rpc::PlanDischarge));
}

grpc::ServerUnaryReactor* StayRpc::Discharge(grpc::CallbackServerContext* context,
                                             const v1::DischargeRequest* request,
                                             v1::Stay* response) {
  return adapter_.Unary(context, request, response, "Discharge", With(ports_, rpc::Discharge));
}

}  // namespace vardkedja::placement::rpc
