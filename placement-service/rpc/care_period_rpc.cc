#include "placement-service/rpc/care_period_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/usecases/care_periods.h"

namespace vardkedja::placement::rpc {
namespace {

usecases::StayPorts Stays(const Ports& ports) { return {ports.store, ports.disclosure}; }

v1::CarePeriod ToProto(const usecases::CarePeriodAnswer& answer, Date today) {
  const domain::CarePeriod& period = answer.record.period;
  v1::CarePeriod to;
  to.set_care_period_id(period.id.value);
  to.set_case_id(answer.record.entry.case_id.value);
  to.set_case_number(answer.record.entry.case_number);
  to.set_facility_id(answer.record.entry.facility_id.value);
  to.set_stay_id(period.stay_id.value);
  to.set_kind(static_cast<v1::CarePeriodKind>(period.kind));
  to.set_state(static_cast<v1::CarePeriodState>(period.state));
  to.set_start_date(FormatDate(period.start));
  to.set_due_date(FormatDate(period.due));
  to.set_overdue(period.state == domain::CarePeriodState::kOpen && period.due <= today);
  if (period.reconsidered) {
    to.set_reconsidered_date(FormatDate(period.reconsidered->on));
    to.set_reconsidered_by_unit_id(period.reconsidered->by_unit.value);
    to.set_reconsidered_by_subject(period.reconsidered->by_subject);
    to.set_outcome(static_cast<v1::ReconsiderationOutcome>(period.reconsidered->outcome));
    to.set_reason(static_cast<v1::ReconsiderationReason>(period.reconsidered->reason));
    Set(to.mutable_recorded_at(), period.reconsidered->recorded_at);
  }
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(period.version));
  return to;
}

absl::StatusOr<v1::CarePeriod> RecordReconsideration(
    const Ports& ports, const auth::CallContext& ctx,
    const v1::RecordReconsiderationRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.care_period_id()));
  RequestReader reader;
  usecases::RecordReconsiderationCommand command;
  command.id = domain::CarePeriodId(request.care_period_id());
  command.etag = reader.Required("etag", request.etag());
  command.date = reader.OptionalDate("date", request.date());
  command.outcome = reader.RequiredEnum<domain::ReconsiderationOutcome>(
      "outcome", request.outcome(), v1::RECONSIDERATION_OUTCOME_OTHER_CARE);
  command.reason = reader.RequiredEnum<domain::ReconsiderationReason>(
      "reason", request.reason(), v1::RECONSIDERATION_REASON_OTHER);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::RecordReconsideration(Stays(ports)).Run(ctx, command));
  return ToProto(answer, StockholmDate(ctx.now));
}

absl::StatusOr<v1::ListCarePeriodsResponse> ListCarePeriods(
    const Ports& ports, const auth::CallContext& ctx, const v1::ListCarePeriodsRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.stay_id()));
  VK_ASSIGN_OR_RETURN(
      const auto answers,
      usecases::ReadCarePeriods(Stays(ports)).List(ctx, domain::StayId(request.stay_id())));
  v1::ListCarePeriodsResponse response;
  for (const auto& one : answers) {
    *response.add_care_periods() = ToProto(one, StockholmDate(ctx.now));
  }
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* CarePeriodRpc::RecordReconsideration(
    grpc::CallbackServerContext* context, const v1::RecordReconsiderationRequest* request,
    v1::CarePeriod* response) {
  return adapter_.Unary(context, request, response, "RecordReconsideration",
                        With(ports_, rpc::RecordReconsideration));
}

grpc::ServerUnaryReactor* CarePeriodRpc::ListCarePeriods(grpc::CallbackServerContext* context,
                                                         const v1::ListCarePeriodsRequest* request,
                                                         v1::ListCarePeriodsResponse* response) {
  return adapter_.Unary(context, request, response, "ListCarePeriods",
                        With(ports_, rpc::ListCarePeriods));
}

}  // namespace vardkedja::placement::rpc
