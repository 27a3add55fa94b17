#include "referral-service/rpc/life_event_rpc.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/storage/form_codec.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

v1::LifeEvent ToProto(const domain::LifeEvent& from) {
  v1::LifeEvent event;
  event.set_life_event_id(from.life_event_id);
  event.set_referral_id(from.referral_id);
  event.set_etag(std::to_string(from.version));
  event.set_kind_code(std::string(domain::Name(from.kind)));
  event.set_reason_code(from.reason_code);
  if (from.event_date) event.set_event_date(FormatDate(*from.event_date));
  event.set_unit_id(from.unit_id);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(from.recorded_at);
  event.mutable_record_time()->set_seconds(seconds.time_since_epoch().count());
  event.mutable_record_time()->set_nanos(
      static_cast<std::int32_t>(std::chrono::nanoseconds(from.recorded_at - seconds).count()));
  event.set_text(from.text);
  if (from.former_person) {
    domain::Form form;
    form.person = *from.former_person;
    *event.mutable_former_person() = storage::ToProto(form).person();
  }
  event.set_former_unit_id(from.former_unit_id);
  return event;
}

namespace {

domain::Person PersonOf(const v1::PersonDetails& in) {
  v1::CommissionForm form;
  *form.mutable_person() = in;
  return storage::FromProto(form).person;
}

}  // namespace

LifeEventRpc::LifeEventRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                           usecases::LifeEventStore& events)
    : adapter_(core, v1::LifeEventService::service_full_name()),
      take_(door, events),
      list_(door, events) {}

template <class Request, class Decide>
ServerUnaryReactor* LifeEventRpc::Take(CallbackServerContext* context, const Request* request,
                                       v1::LifeEvent* response, std::string_view method,
                                       Decide decide) {
  return adapter_.Unary(
      context, request, response, method,
      [this, decide](const CallContext& call, const Request& in) -> absl::StatusOr<v1::LifeEvent> {
        VK_ASSIGN_OR_RETURN(const domain::LifeEvent event,
                            take_.Run(call, {in.referral_id(), in.etag()},
                                      [&](const domain::Step& step) { return decide(step, in); }));
        return ToProto(event);
      });
}

ServerUnaryReactor* LifeEventRpc::CorrectPerson(CallbackServerContext* context,
                                                const v1::CorrectPersonRequest* request,
                                                v1::LifeEvent* response) {
  return Take(context, request, response, "CorrectPerson",
              [](const domain::Step& step, const v1::CorrectPersonRequest& in) {
                domain::CorrectPersonRequest correction;
                if (v1::PersonCorrection_IsValid(in.correction())) {
                  correction.correction = static_cast<domain::PersonCorrection>(in.correction());
                }
                correction.person = PersonOf(in.person());
                correction.text = in.text();
                return domain::CorrectPerson(step, correction);
              });
}

ServerUnaryReactor* LifeEventRpc::RecordDeath(CallbackServerContext* context,
                                              const v1::RecordDeathRequest* request,
                                              v1::LifeEvent* response) {
  return Take(context, request, response, "RecordDeath",
              [](const domain::Step& step, const v1::RecordDeathRequest& in) {
                return domain::RecordDeath(step, in.death_date(), in.text());
              });
}

ServerUnaryReactor* LifeEventRpc::MoveCase(CallbackServerContext* context,
                                           const v1::MoveCaseRequest* request,
                                           v1::LifeEvent* response) {
  return Take(
      context, request, response, "MoveCase",
      [](const domain::Step& step, const v1::MoveCaseRequest& in) {
        domain::MoveCaseRequest move;
        if (v1::MoveReason_IsValid(in.reason())) {
          move.reason = static_cast<domain::MoveReason>(in.reason());
        }
        move.to_unit_id = in.to_unit_id();
        move.handler_subjects = {in.handler_subjects().begin(), in.handler_subjects().end()};
        move.text = in.text();
        return domain::MoveCase(step, move);
      });
}

ServerUnaryReactor* LifeEventRpc::SetProtection(CallbackServerContext* context,
                                                const v1::SetProtectionRequest* request,
                                                v1::LifeEvent* response) {
  return Take(context, request, response, "SetProtection",
              [](const domain::Step& step, const v1::SetProtectionRequest& in) {
                return domain::SetProtection(step, in.protected_identity(), in.text());
              });
}

ServerUnaryReactor* LifeEventRpc::ListLifeEvents(CallbackServerContext* context,
                                                 const v1::ListLifeEventsRequest* request,
                                                 v1::ListLifeEventsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListLifeEvents",
      [this](const CallContext& call,
             const v1::ListLifeEventsRequest& in) -> absl::StatusOr<v1::ListLifeEventsResponse> {
        VK_ASSIGN_OR_RETURN(const std::vector<domain::LifeEvent> events,
                            list_.Run(call, in.referral_id()));
        v1::ListLifeEventsResponse out;
        for (const domain::LifeEvent& event : events) *out.add_life_events() = ToProto(event);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
