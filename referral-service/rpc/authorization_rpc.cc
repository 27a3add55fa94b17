#include "referral-service/rpc/authorization_rpc.h"

#include <set>
#include <string>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

template <class Request>
usecases::Asker AskerOf(const Request& request, std::string subject) {
  usecases::Asker asker{request.unit_id(), {}, request.purpose(), std::move(subject)};
  for (const int role : request.roles()) {
    if (common::v1::Role_IsValid(role)) asker.roles.insert(static_cast<auth::Role>(role));
  }
  return asker;
}

template <class Request>
std::vector<std::string> CasesOf(const Request& request) {
  return {request.case_ids().begin(), request.case_ids().end()};
}

}  // namespace

AuthorizationRpc::AuthorizationRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door)
    : adapter_(core, v1::AuthorizationService::service_full_name()),
      authorize_(door),
      describe_(door) {}

ServerUnaryReactor* AuthorizationRpc::Authorize(CallbackServerContext* context,
                                                const v1::AuthorizeRequest* request,
                                                v1::AuthorizeResponse* response) {
  return adapter_.Unary(
      context, request, response, "Authorize",
      [this](const CallContext& call,
             const v1::AuthorizeRequest& in) -> absl::StatusOr<v1::AuthorizeResponse> {
        VK_ASSIGN_OR_RETURN(const std::vector<usecases::CaseDecision> decisions,
                            authorize_.Run(call, AskerOf(in, ""), CasesOf(in)));
        v1::AuthorizeResponse out;
        for (const usecases::CaseDecision& decision : decisions) {
          v1::AccessDecision& one = *out.add_decisions();
          one.set_case_id(decision.case_id);
          one.set_permitted(decision.access.permitted);
          one.set_rule_id(decision.access.rule_id);
          for (const std::string& name : decision.access.categories) one.add_categories(name);
          one.set_awaits_cost_split(decision.awaits_cost_split);
        }
        return out;
      });
}

ServerUnaryReactor* AuthorizationRpc::Describe(CallbackServerContext* context,
                                               const v1::DescribeRequest* request,
                                               v1::DescribeResponse* response) {
  return adapter_.Unary(
      context, request, response, "Describe",
      [this](const CallContext& call,
             const v1::DescribeRequest& in) -> absl::StatusOr<v1::DescribeResponse> {
        VK_ASSIGN_OR_RETURN(const std::vector<usecases::CaseName> names,
                            describe_.Run(call, AskerOf(in, in.subject()), CasesOf(in)));
        v1::DescribeResponse out;
        for (const usecases::CaseName& name : names) {
          v1::CaseDescription& one = *out.add_cases();
          one.set_case_id(name.case_id);
          one.set_case_number(name.case_number);
          one.set_display_name(name.display_name);
          one.set_protected_identity(name.protected_identity);
        }
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
