#include "referral-service/rpc/form_rpc.h"

#include <string>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/rpc/form_version.h"
#include "referral-service/storage/form_codec.h"

namespace vardkedja::referral::rpc {
namespace {

v1::WrittenForm ToProto(const std::string& referral_id, int form_version,
                        const usecases::WrittenForm& from) {
  v1::WrittenForm out;
  out.set_referral_id(referral_id);
  out.set_version(from.version);
  out.set_form_version(form_version);
  if (from.at) Set(*from.at, out.mutable_write_time());
  out.set_action(from.action);
  out.set_unit_id(from.unit_id);
  out.set_subject(from.subject);
  for (const std::string& role : from.role_codes) out.add_role_codes(role);
  for (const std::string& path : from.changed_fields) out.add_changed_fields(path);
  out.set_changes_known(from.changes_known);
  out.set_sent(from.sent);
  return out;
}

v1::AskedInformation ToProto(const usecases::AskedInformation& from) {
  v1::AskedInformation out;
  out.set_version(from.version);
  out.set_question(from.question);
  Set(from.asked_at, out.mutable_request_time());
  out.set_seat(from.seat);
  out.set_deputy(from.deputy);
  out.set_answer(from.answer);
  if (from.answered_at) Set(*from.answered_at, out.mutable_answer_time());
  out.set_answer_unit_id(from.answer_unit_id);
  out.set_answer_version(from.answer_version);
  return out;
}

}  // namespace

FormRpc::FormRpc(vardkedja::rpc::AdapterCore& core, usecases::ReferenceSource& reference,
                 usecases::CaseDoor& door, usecases::FormHistoryStore& forms)
    : adapter_(core, v1::FormService::service_full_name()),
      read_(reference),
      history_(door, forms) {}

grpc::ServerUnaryReactor* FormRpc::GetFormVersion(grpc::CallbackServerContext* context,
                                                  const v1::GetFormVersionRequest* request,
                                                  v1::FormVersion* response) {
  return adapter_.Unary(
      context, request, response, "GetFormVersion",
      [this](const auth::CallContext& call,
             const v1::GetFormVersionRequest& in) -> absl::StatusOr<v1::FormVersion> {
        VK_ASSIGN_OR_RETURN(const domain::FormVersion version, read_.Run(call, in.version()));
        return ToProto(version);
      });
}

grpc::ServerUnaryReactor* FormRpc::ListForms(grpc::CallbackServerContext* context,
                                             const v1::ListFormsRequest* request,
                                             v1::ListFormsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListForms",
      [this](const auth::CallContext& call,
             const v1::ListFormsRequest& in) -> absl::StatusOr<v1::ListFormsResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::FormPage page,
                            history_.List(call, in.referral_id(), {in.limit(), in.cursor()}));
        v1::ListFormsResponse out;
        for (const usecases::WrittenForm& form : page.forms) {
          *out.add_forms() = ToProto(page.referral_id, page.form_version, form);
        }
        out.set_next(page.next);
        return out;
      });
}

grpc::ServerUnaryReactor* FormRpc::GetForm(grpc::CallbackServerContext* context,
                                           const v1::GetFormRequest* request,
                                           v1::WrittenForm* response) {
  return adapter_.Unary(context, request, response, "GetForm",
                        [this](const auth::CallContext& call,
                               const v1::GetFormRequest& in) -> absl::StatusOr<v1::WrittenForm> {
                          VK_ASSIGN_OR_RETURN(const usecases::FormView found,
                                              history_.Get(call, in.referral_id(), in.version()));
                          const domain::Referral& then = found.view.referral;
                          v1::WrittenForm out =
                              ToProto(then.referral_id, then.form_version, found.form);
                          *out.mutable_form() = storage::ToProto(then.content.form);
                          for (const std::string& category : found.view.access.categories) {
                            out.add_visible_categories(category);
                          }
                          return out;
                        });
}

grpc::ServerUnaryReactor* FormRpc::ListInformationRequests(
    grpc::CallbackServerContext* context, const v1::ListInformationRequestsRequest* request,
    v1::ListInformationRequestsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListInformationRequests",
      [this](const auth::CallContext& call, const v1::ListInformationRequestsRequest& in)
          -> absl::StatusOr<v1::ListInformationRequestsResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::QuestionPage page,
                            history_.Questions(call, in.referral_id(), {in.limit(), in.cursor()}));
        v1::ListInformationRequestsResponse out;
        for (const usecases::AskedInformation& asked : page.questions) {
          *out.add_information_requests() = ToProto(asked);
        }
        out.set_next(page.next);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
