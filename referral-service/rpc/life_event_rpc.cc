#include "referral-service/rpc/life_event_rpc.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"
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
  Set(from.recorded_at, event.mutable_record_time());
  event.set_text(from.text);
  if (from.former_person) {
    domain::Form form;
    form.person = *from.former_person;
    *event.mutable_former_person() = storage::ToProto(form).person();
  }
  event.set_former_unit_id(from.former_unit_id);
  event.set_reorganisation_id(from.reorganisation_id);
  return event;
}

namespace {

domain::Person PersonOf(const v1::PersonDetails& in) {
  v1::CommissionForm form;
  *form.mutable_person() = in;
  return storage::FromProto(form).person;
}

v1::UnitReorganisation ToProto(const domain::UnitReorganisation& from) {
  v1::UnitReorganisation out;
  out.set_reorganisation_id(from.reorganisation_id);
  out.set_kind(static_cast<v1::ReorganisationKind>(from.kind));
  out.set_from_unit_id(from.from_unit_id);
  out.set_to_unit_id(from.to_unit_id);
  out.set_effective_date(FormatDate(from.effective_date));
  out.set_text(from.text);
  out.set_state(from.ended_at ? v1::REORGANISATION_STATE_DONE : v1::REORGANISATION_STATE_RUNNING);
  out.set_moved_count(from.moved);
  out.set_refused_count(from.refused);
  out.set_waiting_count(from.waiting);
  out.set_hand_over_count(from.hand_overs);
  out.set_concern_count(from.concerns);
  out.set_left_ground_count(from.left_grounds);
  Set(from.begun_at, out.mutable_begin_time());
  if (from.ended_at) Set(*from.ended_at, out.mutable_end_time());
  return out;
}

v1::ReorganisedCase ToProto(const usecases::ReorganisedCase& from) {
  v1::ReorganisedCase out;
  out.set_referral_id(from.referral_id);
  out.set_case_number(from.case_number);
  out.set_state(static_cast<v1::ReorganisedCaseState>(from.state));
  out.set_reason_code(from.reason_code);
  out.set_etag(from.etag);
  return out;
}

domain::ReorganiseUnitRequest FromProto(const v1::ReorganiseUnitRequest& in) {
  domain::ReorganiseUnitRequest request;
  if (v1::ReorganisationKind_IsValid(in.kind())) {
    request.kind = static_cast<domain::ReorganisationKind>(in.kind());
  }
  request.to_unit_id = in.to_unit_id();
  request.effective_date = in.effective_date();
  request.referral_ids = {in.referral_ids().begin(), in.referral_ids().end()};
  request.handler_subjects = {in.handler_subjects().begin(), in.handler_subjects().end()};
  request.text = in.text();
  return request;
}

}  // namespace

LifeEventRpc::LifeEventRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                           usecases::LifeEventStore& events,
                           usecases::ReorganisationStore& reorganisations)
    : adapter_(core, v1::LifeEventService::service_full_name()),
      take_(door, events),
      list_(door, events),
      reorganisations_(door, reorganisations) {}

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

ServerUnaryReactor* LifeEventRpc::ReorganiseUnit(CallbackServerContext* context,
                                                 const v1::ReorganiseUnitRequest* request,
                                                 v1::UnitReorganisation* response) {
  return adapter_.Unary(
      context, request, response, "ReorganiseUnit",
      [this](const CallContext& call,
             const v1::ReorganiseUnitRequest& in) -> absl::StatusOr<v1::UnitReorganisation> {
        VK_ASSIGN_OR_RETURN(const domain::UnitReorganisation begun,
                            reorganisations_.Begin(call, FromProto(in)));
        return ToProto(begun);
      });
}

ServerUnaryReactor* LifeEventRpc::GetUnitReorganisation(
    CallbackServerContext* context, const v1::GetUnitReorganisationRequest* request,
    v1::UnitReorganisation* response) {
  return adapter_.Unary(
      context, request, response, "GetUnitReorganisation",
      [this](const CallContext& call,
             const v1::GetUnitReorganisationRequest& in) -> absl::StatusOr<v1::UnitReorganisation> {
        VK_ASSIGN_OR_RETURN(const domain::UnitReorganisation found,
                            reorganisations_.Get(call, in.reorganisation_id()));
        return ToProto(found);
      });
}

ServerUnaryReactor* LifeEventRpc::ListReorganisedCases(
    CallbackServerContext* context, const v1::ListReorganisedCasesRequest* request,
    v1::ListReorganisedCasesResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListReorganisedCases",
      [this](const CallContext& call, const v1::ListReorganisedCasesRequest& in)
          -> absl::StatusOr<v1::ListReorganisedCasesResponse> {
        if (!v1::ReorganisedCaseState_IsValid(in.state())) {
          return InvalidFields(
              {{"state", "UNKNOWN_VALUE", "Not a state that is known.", "Inget känt läge."}});
        }
        usecases::ReorganisedCaseQuery query;
        query.reorganisation_id = in.reorganisation_id();
        query.state = static_cast<usecases::ReorganisedCaseState>(in.state());
        VK_ASSIGN_OR_RETURN(const usecases::ReorganisedCasePage page,
                            reorganisations_.Cases(call, query, {in.limit(), in.cursor()}));
        v1::ListReorganisedCasesResponse out;
        for (const usecases::ReorganisedCase& one : page.cases) *out.add_cases() = ToProto(one);
        out.set_next(page.next);
        return out;
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
