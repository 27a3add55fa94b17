#include "notification-service/rpc/message_rpc.h"

#include "lib/status/status.h"
#include "notification-service/rpc/convert.h"

namespace vardkedja::notification::rpc {
namespace {

constexpr bool kWithText = true;

}  // namespace

MessageRpc::MessageRpc(vardkedja::rpc::AdapterCore& core, const MessagePorts& ports)
    : adapter_(core, v1::MessageService::service_full_name()),
      gate_(ports.messages, ports.access, ports.read_audit),
      send_message_(ports.messages, ports.directory, ports.vault, ports.access, gate_),
      list_messages_(ports.messages, ports.vault, ports.access, ports.read_audit),
      get_message_(ports.messages, ports.vault, ports.read_audit, gate_),
      mark_acted_on_(ports.messages, ports.vault, gate_),
      list_deadlines_(ports.deadlines, ports.read_audit) {}

grpc::ServerUnaryReactor* MessageRpc::SendMessage(grpc::CallbackServerContext* context,
                                                  const v1::SendMessageRequest* request,
                                                  v1::Message* response) {
  return adapter_.Unary(context, request, response, "SendMessage",
                        [this](const auth::CallContext& call,
                               const v1::SendMessageRequest& in) -> absl::StatusOr<v1::Message> {
                          VK_ASSIGN_OR_RETURN(const auto view,
                                              send_message_.Run(call, FromProto(in)));
                          return ToProto(view, kWithText);
                        });
}

grpc::ServerUnaryReactor* MessageRpc::ListMessages(grpc::CallbackServerContext* context,
                                                   const v1::ListMessagesRequest* request,
                                                   v1::ListMessagesResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListMessages",
      [this](const auth::CallContext& call,
             const v1::ListMessagesRequest& in) -> absl::StatusOr<v1::ListMessagesResponse> {
        VK_ASSIGN_OR_RETURN(const auto command, FromProto(in));
        VK_ASSIGN_OR_RETURN(const auto page, list_messages_.Run(call, command));
        v1::ListMessagesResponse out;
        for (const auto& view : page.messages) *out.add_messages() = ToProto(view, !kWithText);
        out.set_next(page.next);
        out.set_unopened_count(static_cast<int32_t>(page.unopened_count));
        return out;
      });
}

grpc::ServerUnaryReactor* MessageRpc::GetMessage(grpc::CallbackServerContext* context,
                                                 const v1::GetMessageRequest* request,
                                                 v1::Message* response) {
  return adapter_.Unary(context, request, response, "GetMessage",
                        [this](const auth::CallContext& call,
                               const v1::GetMessageRequest& in) -> absl::StatusOr<v1::Message> {
                          VK_ASSIGN_OR_RETURN(const auto view,
                                              get_message_.Run(call, {in.message_id()}));
                          return ToProto(view, kWithText);
                        });
}

grpc::ServerUnaryReactor* MessageRpc::MarkActedOn(grpc::CallbackServerContext* context,
                                                  const v1::MarkActedOnRequest* request,
                                                  v1::Message* response) {
  return adapter_.Unary(context, request, response, "MarkActedOn",
                        [this](const auth::CallContext& call,
                               const v1::MarkActedOnRequest& in) -> absl::StatusOr<v1::Message> {
                          VK_ASSIGN_OR_RETURN(
                              const auto view,
                              mark_acted_on_.Run(call, {in.message_id(), in.etag()}));
                          return ToProto(view, kWithText);
                        });
}

grpc::ServerUnaryReactor* MessageRpc::ListDeadlines(grpc::CallbackServerContext* context,
                                                    const v1::ListDeadlinesRequest* request,
                                                    v1::ListDeadlinesResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListDeadlines",
      [this](const auth::CallContext& call,
             const v1::ListDeadlinesRequest& in) -> absl::StatusOr<v1::ListDeadlinesResponse> {
        VK_ASSIGN_OR_RETURN(const auto page,
                            list_deadlines_.Run(call, {in.case_id(), in.include_closed(),
                                                       in.limit(), in.cursor()}));
        v1::ListDeadlinesResponse out;
        for (const auto& found : page.deadlines) {
          *out.add_deadlines() = ToProto(found, StockholmDate(call.now));
        }
        out.set_next(page.next);
        return out;
      });
}

}  // namespace vardkedja::notification::rpc
