#include "referral-service/rpc/children_rpc.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/storage/document_codec.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

constexpr auto kKind = usecases::DocumentKind::kChildren;

v1::ChildrenAsRelatives Answer(const std::string& referral_id,
                               const usecases::StoredDocument& document) {
  v1::ChildrenAsRelatives answer =
      storage::ToProto(std::get<domain::ChildrenAsRelatives>(document.content));
  answer.set_referral_id(referral_id);
  answer.set_etag(std::to_string(document.version));
  return answer;
}

}  // namespace

v1::ChildConcern ToProto(const usecases::ConcernView& view) {
  v1::ChildConcern concern;
  concern.set_concern_id(view.concern.concern_id);
  concern.set_referral_id(view.concern.case_id);
  concern.set_case_number(view.concern.case_number);
  concern.set_sender_unit_id(view.concern.sender_unit_id);
  concern.set_recipient_unit_id(view.concern.recipient_unit_id);
  Set(view.concern.reported_at, concern.mutable_report_time());
  concern.set_text(view.content.text);
  concern.set_parent_name(view.content.parent_name);
  concern.set_parent_identity_number(view.content.parent_identity_number);
  concern.set_protected_identity(view.content.protected_identity);
  return concern;
}

namespace {

// Values that this program does not know count as not given.
domain::InquiryRequest FromProto(const v1::RecordChildrenInquiryRequest& in) {
  domain::InquiryRequest request;
  if (v1::ChildrenAnswer_IsValid(in.answer())) {
    request.answer = static_cast<domain::ChildrenAnswer>(in.answer());
  }
  request.asked_date = in.asked_date();
  for (const v1::ChildRelative& child : in.children()) {
    request.children.push_back({child.age(), child.lives_with(), child.information_given(),
                                child.own_view(), child.contact()});
  }
  return request;
}

std::vector<domain::ContactRequest> FromProto(const v1::PlanChildContactRequest& in) {
  std::vector<domain::ContactRequest> requests;
  for (const v1::ChildContact& contact : in.contacts()) {
    domain::ContactRequest request;
    if (v1::ContactKind_IsValid(contact.kind())) {
      request.kind = static_cast<domain::ContactKind>(contact.kind());
    }
    request.contact_time = rpc::FromProto(contact.has_contact_time(), contact.contact_time());
    request.text = contact.text();
    requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace

ChildrenRpc::ChildrenRpc(vardkedja::rpc::AdapterCore& core, usecases::Documents& documents,
                         usecases::CaseDoor& door, usecases::ConcernStore& concerns)
    : adapter_(core, v1::ChildrenService::service_full_name()),
      documents_(documents),
      report_(door, concerns),
      get_(door, concerns),
      list_(door, concerns) {}

ServerUnaryReactor* ChildrenRpc::RecordChildrenInquiry(
    CallbackServerContext* context, const v1::RecordChildrenInquiryRequest* request,
    v1::ChildrenAsRelatives* response) {
  return adapter_.Unary(
      context, request, response, "RecordChildrenInquiry",
      [this](const CallContext& call, const v1::RecordChildrenInquiryRequest& in)
          -> absl::StatusOr<v1::ChildrenAsRelatives> {
        VK_ASSIGN_OR_RETURN(
            const usecases::StoredDocument document,
            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                             usecases::RecordChildrenInquiry(FromProto(in), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* ChildrenRpc::PlanChildContact(CallbackServerContext* context,
                                                  const v1::PlanChildContactRequest* request,
                                                  v1::ChildrenAsRelatives* response) {
  return adapter_.Unary(
      context, request, response, "PlanChildContact",
      [this](const CallContext& call,
             const v1::PlanChildContactRequest& in) -> absl::StatusOr<v1::ChildrenAsRelatives> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Write(call, {in.referral_id(), in.etag()}, kKind,
                                             usecases::PlanChildContact(FromProto(in), call.now)));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* ChildrenRpc::GetChildren(CallbackServerContext* context,
                                             const v1::GetChildrenRequest* request,
                                             v1::ChildrenAsRelatives* response) {
  return adapter_.Unary(
      context, request, response, "GetChildren",
      [this](const CallContext& call,
             const v1::GetChildrenRequest& in) -> absl::StatusOr<v1::ChildrenAsRelatives> {
        VK_ASSIGN_OR_RETURN(const usecases::StoredDocument document,
                            documents_.Read(call, in.referral_id(), kKind));
        return Answer(in.referral_id(), document);
      });
}

ServerUnaryReactor* ChildrenRpc::ReportChildConcern(CallbackServerContext* context,
                                                    const v1::ReportChildConcernRequest* request,
                                                    v1::ChildConcern* response) {
  return adapter_.Unary(
      context, request, response, "ReportChildConcern",
      [this](const CallContext& call,
             const v1::ReportChildConcernRequest& in) -> absl::StatusOr<v1::ChildConcern> {
        VK_ASSIGN_OR_RETURN(const usecases::ConcernView view,
                            report_.Run(call, in.referral_id(), in.recipient_unit_id(), in.text()));
        return ToProto(view);
      });
}

ServerUnaryReactor* ChildrenRpc::GetChildConcern(CallbackServerContext* context,
                                                 const v1::GetChildConcernRequest* request,
                                                 v1::ChildConcern* response) {
  return adapter_.Unary(
      context, request, response, "GetChildConcern",
      [this](const CallContext& call,
             const v1::GetChildConcernRequest& in) -> absl::StatusOr<v1::ChildConcern> {
        VK_ASSIGN_OR_RETURN(const usecases::ConcernView view, get_.Run(call, in.concern_id()));
        return ToProto(view);
      });
}

ServerUnaryReactor* ChildrenRpc::ListChildConcerns(CallbackServerContext* context,
                                                   const v1::ListChildConcernsRequest* request,
                                                   v1::ListChildConcernsResponse* response) {
  return adapter_.Unary(context, request, response, "ListChildConcerns",
                        [this](const CallContext& call, const v1::ListChildConcernsRequest& in)
                            -> absl::StatusOr<v1::ListChildConcernsResponse> {
                          VK_ASSIGN_OR_RETURN(const usecases::ConcernPage page,
                                              list_.Run(call, {in.limit(), in.cursor()}));
                          v1::ListChildConcernsResponse out;
                          for (const usecases::ChildConcern& from : page.concerns) {
                            v1::ChildConcernSummary& line = *out.add_concerns();
                            line.set_concern_id(from.concern_id);
                            line.set_case_number(from.case_number);
                            line.set_sender_unit_id(from.sender_unit_id);
                            Set(from.reported_at, line.mutable_report_time());
                          }
                          out.set_next(page.next);
                          return out;
                        });
}

}  // namespace vardkedja::referral::rpc
