#include "lib/rpc/case_access_client.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "lib/rpc/channel.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "vardkedja/referral/v1/authorization_service.grpc.pb.h"

namespace vardkedja::rpc {
namespace {

using referral::v1::AuthorizationService;

constexpr std::size_t kBatch = 1000;  // the contract's bound of one question

absl::Status NoAnswer() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "Whether the case may be shown cannot be asked right now; try again.",
                   "AUTHORIZATION_UNAVAILABLE", std::chrono::milliseconds(500));
}

template <class Request>
Request Question(const auth::CallContext& context, const std::vector<std::string>& case_ids,
                 std::size_t from) {
  Request request;
  request.set_unit_id(context.acting_unit);
  request.set_purpose(context.purpose);
  for (const auth::Role role : context.principal.roles) {
    request.add_roles(static_cast<common::v1::Role>(role));
  }
  const std::size_t end = std::min(case_ids.size(), from + kBatch);
  for (std::size_t i = from; i < end; ++i) request.add_case_ids(case_ids[i]);
  return request;
}

class CaseAccessClient final : public auth::CaseAccess {
 public:
  CaseAccessClient(Channels& channels, std::chrono::milliseconds timeout)
      : channels_(channels), timeout_(timeout) {}

  absl::StatusOr<std::vector<auth::AccessDecision>> Authorize(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override {
    std::vector<auth::AccessDecision> decisions;
    for (std::size_t from = 0; from < case_ids.size(); from += kBatch) {
      const auto request = Question<referral::v1::AuthorizeRequest>(context, case_ids, from);
      referral::v1::AuthorizeResponse response;
      VK_RETURN_IF_ERROR(
          Ask(context, [&](AuthorizationService::Stub& stub, grpc::ClientContext& client) {
            return stub.Authorize(&client, request, &response);
          }));
      if (response.decisions_size() != request.case_ids_size()) return NoAnswer();
      for (int i = 0; i < request.case_ids_size(); ++i) {
        const referral::v1::AccessDecision& decision = response.decisions(i);
        if (decision.case_id() != request.case_ids(i)) return NoAnswer();
        decisions.push_back({decision.case_id(),
                             decision.permitted(),
                             decision.rule_id(),
                             {decision.categories().begin(), decision.categories().end()},
                             decision.awaits_cost_split()});
      }
    }
    return decisions;
  }

  absl::StatusOr<std::vector<auth::CaseDescription>> Describe(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override {
    std::vector<auth::CaseDescription> descriptions;
    for (std::size_t from = 0; from < case_ids.size(); from += kBatch) {
      auto request = Question<referral::v1::DescribeRequest>(context, case_ids, from);
      request.set_subject(context.principal.subject);
      referral::v1::DescribeResponse response;
      VK_RETURN_IF_ERROR(
          Ask(context, [&](AuthorizationService::Stub& stub, grpc::ClientContext& client) {
            return stub.Describe(&client, request, &response);
          }));
      const std::set<std::string> asked(request.case_ids().begin(), request.case_ids().end());
      for (const referral::v1::CaseDescription& given : response.cases()) {
        if (!asked.contains(given.case_id())) return NoAnswer();
        descriptions.push_back({given.case_id(), given.case_number(), given.display_name(),
                                given.protected_identity()});
      }
    }
    return descriptions;
  }

 private:
  template <class Send>
  absl::Status Ask(const auth::CallContext& context, Send send) {
    const absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = channels_.To("referral");
    if (!channel.ok()) return NoAnswer();
    const auto stub = AuthorizationService::NewStub(*channel);
    const absl::Status status = RetryUnavailable(context, [&] {
      grpc::ClientContext client;
      channels_.Prepare(client, context, timeout_);
      return FromGrpc(send(*stub, client));
    });
    return status.ok() ? status : NoAnswer();
  }

  Channels& channels_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace

std::unique_ptr<auth::CaseAccess> MakeCaseAccessClient(Channels& channels,
                                                       std::chrono::milliseconds timeout) {
  return std::make_unique<CaseAccessClient>(channels, timeout);
}

}  // namespace vardkedja::rpc
