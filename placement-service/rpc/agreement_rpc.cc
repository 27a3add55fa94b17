#include "placement-service/rpc/agreement_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/usecases/agreements.h"

namespace vardkedja::placement::rpc {
namespace {

usecases::Agreements UseCases(const Ports& ports) {
  return usecases::Agreements({ports.store, ports.disclosure});
}

std::string DateText(const std::optional<Date>& date) { return date ? FormatDate(*date) : ""; }

v1::AgreementVersion ToProto(const domain::Agreement& from) {
  v1::AgreementVersion to;
  to.set_version(from.version);
  to.set_house_rules_code(from.house_rules);
  for (const auto one : from.conditions) {
    to.add_conditions(static_cast<v1::AgreementCondition>(one));
  }
  to.set_person_agreed_date(DateText(from.person));
  to.set_owner_agreed_date(DateText(from.owner));
  to.set_facility_agreed_date(DateText(from.facility));
  to.set_recorded_by_unit_id(from.unit);
  Set(to.mutable_recorded_at(), from.at);
  return to;
}

v1::ContactPlanVersion ToProto(const domain::ContactPlan& from) {
  v1::ContactPlanVersion to;
  to.set_version(from.version);
  to.set_contact_person_subject(from.contact_person);
  to.set_social_worker_every_days(from.social_worker_days);
  to.set_relatives_every_days(from.relatives_days);
  to.set_children_every_days(from.children_days);
  for (const auto one : from.child_forms) {
    to.add_child_contact_forms(static_cast<v1::ChildContactForm>(one));
  }
  to.set_next_child_contact_date(DateText(from.next_child_contact));
  to.set_next_unit_from_date(DateText(from.next_unit_from));
  to.set_earlier_by_persons_wish(from.earlier_by_wish);
  to.set_recorded_by_unit_id(from.unit);
  Set(to.mutable_recorded_at(), from.at);
  return to;
}

// What holds, those before and the etag.
template <class To, class Answer>
To Versions(const Answer& answer) {
  To to;
  to.set_offer_id(answer.offer_id.value);
  for (const auto& one : answer.versions) {
    *(to.has_current() ? to.add_earlier() : to.mutable_current()) = ToProto(one);
  }
  to.set_etag(usecases::Etag(to.current().version()));
  return to;
}

v1::PlacementAgreement ToProto(const usecases::AgreementAnswer& answer) {
  auto to = Versions<v1::PlacementAgreement>(answer);
  to.set_complete(domain::IsComplete(answer.versions.front()));
  return to;
}

v1::ContactPlan ToProto(const usecases::ContactPlanAnswer& answer) {
  return Versions<v1::ContactPlan>(answer);
}

absl::StatusOr<v1::PlacementAgreement> ProposeAgreement(
    const Ports& ports, const auth::CallContext& ctx, const v1::ProposeAgreementRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::ProposeCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = request.etag();
  command.terms.house_rules = reader.Required("house_rules_code", request.house_rules_code());
  for (int i = 0; i < request.conditions_size(); ++i) {
    command.terms.conditions.push_back(reader.RequiredEnum<domain::AgreementCondition>(
        "conditions[" + std::to_string(i) + "]", request.conditions(i),
        v1::AGREEMENT_CONDITION_ECONOMY));
  }
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, UseCases(ports).Propose(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::PlacementAgreement> AgreeToPlacement(
    const Ports& ports, const auth::CallContext& ctx, const v1::AgreeToPlacementRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::AgreeCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = reader.Required("etag", request.etag());
  command.party = reader.RequiredEnum<domain::AgreementParty>("party", request.party(),
                                                              v1::AGREEMENT_PARTY_FACILITY);
  command.date = reader.OptionalDate("date", request.date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, UseCases(ports).Agree(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::PlacementAgreement> GetAgreement(const Ports& ports,
                                                    const auth::CallContext& ctx,
                                                    const v1::GetAgreementRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  VK_ASSIGN_OR_RETURN(const auto answer,
                      UseCases(ports).Get(ctx, domain::OfferId(request.offer_id())));
  return ToProto(answer);
}

absl::StatusOr<v1::ContactPlan> SetContactPlan(const Ports& ports, const auth::CallContext& ctx,
                                               const v1::SetContactPlanRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::SetContactPlanCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = request.etag();
  domain::ContactPlan& plan = command.plan;
  plan.contact_person = reader.Required("contact_person_subject", request.contact_person_subject());
  plan.social_worker_days = request.social_worker_every_days();
  plan.relatives_days = request.relatives_every_days();
  plan.children_days = request.children_every_days();
  for (int i = 0; i < request.child_contact_forms_size(); ++i) {
    plan.child_forms.push_back(reader.RequiredEnum<domain::ChildContactForm>(
        "child_contact_forms[" + std::to_string(i) + "]", request.child_contact_forms(i),
        v1::CHILD_CONTACT_FORM_TELEPHONE));
  }
  plan.next_child_contact =
      reader.OptionalDate("next_child_contact_date", request.next_child_contact_date());
  plan.next_unit_from = reader.OptionalDate("next_unit_from_date", request.next_unit_from_date());
  plan.earlier_by_wish = request.earlier_by_persons_wish();
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer, UseCases(ports).SetContactPlan(ctx, command));
  return ToProto(answer);
}

absl::StatusOr<v1::ContactPlan> GetContactPlan(const Ports& ports, const auth::CallContext& ctx,
                                               const v1::GetContactPlanRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  VK_ASSIGN_OR_RETURN(const auto answer,
                      UseCases(ports).GetContactPlan(ctx, domain::OfferId(request.offer_id())));
  return ToProto(answer);
}

}  // namespace

grpc::ServerUnaryReactor* AgreementRpc::ProposeAgreement(grpc::CallbackServerContext* context,
                                                         const v1::ProposeAgreementRequest* request,
                                                         v1::PlacementAgreement* response) {
  return adapter_.Unary(context, request, response, "ProposeAgreement",
                        With(ports_, rpc::ProposeAgreement));
}

grpc::ServerUnaryReactor* AgreementRpc::AgreeToPlacement(grpc::CallbackServerContext* context,
                                                         const v1::AgreeToPlacementRequest* request,
                                                         v1::PlacementAgreement* response) {
  return adapter_.Unary(context, request, response, "AgreeToPlacement",
                        With(ports_, rpc::AgreeToPlacement));
}

grpc::ServerUnaryReactor* AgreementRpc::GetAgreement(grpc::CallbackServerContext* context,
                                                     const v1::GetAgreementRequest* request,
                                                     v1::PlacementAgreement* response) {
  return adapter_.Unary(context, request, response, "GetAgreement",
                        With(ports_, rpc::GetAgreement));
}

grpc::ServerUnaryReactor* AgreementRpc::SetContactPlan(grpc::CallbackServerContext* context,
                                                       const v1::SetContactPlanRequest* request,
                                                       v1::ContactPlan* response) {
  return adapter_.Unary(context, request, response, "SetContactPlan",
                        With(ports_, rpc::SetContactPlan));
}

grpc::ServerUnaryReactor* AgreementRpc::GetContactPlan(grpc::CallbackServerContext* context,
                                                       const v1::GetContactPlanRequest* request,
                                                       v1::ContactPlan* response) {
  return adapter_.Unary(context, request, response, "GetContactPlan",
                        With(ports_, rpc::GetContactPlan));
}

}  // namespace vardkedja::placement::rpc
