// vardkedja.notification.v1.MessageService.
#pragma once

#include "lib/rpc/adapter.h"
#include "notification-service/usecases/get_message.h"
#include "notification-service/usecases/list_deadlines.h"
#include "notification-service/usecases/list_messages.h"
#include "notification-service/usecases/mark_acted_on.h"
#include "notification-service/usecases/send_message.h"
#include "vardkedja/notification/v1/message_service.grpc.pb.h"

namespace vardkedja::notification::rpc {

// What the service needs; all outlive it.
struct MessagePorts {
  usecases::MessageStore& messages;
  usecases::DirectoryReader& directory;
  usecases::DeadlineReader& deadlines;
  usecases::ContentVault& vault;
  auth::CaseAccess& access;
  audit::ReadAudit& read_audit;
};

// Thread-safe; `core` outlives it.
class MessageRpc final : public v1::MessageService::CallbackService {
 public:
  MessageRpc(vardkedja::rpc::AdapterCore& core, const MessagePorts& ports);

  grpc::ServerUnaryReactor* SendMessage(grpc::CallbackServerContext* context,
                                        const v1::SendMessageRequest* request,
                                        v1::Message* response) override;
  grpc::ServerUnaryReactor* ListMessages(grpc::CallbackServerContext* context,
                                         const v1::ListMessagesRequest* request,
                                         v1::ListMessagesResponse* response) override;
  grpc::ServerUnaryReactor* GetMessage(grpc::CallbackServerContext* context,
                                       const v1::GetMessageRequest* request,
                                       v1::Message* response) override;
  grpc::ServerUnaryReactor* MarkActedOn(grpc::CallbackServerContext* context,
                                        const v1::MarkActedOnRequest* request,
                                        v1::Message* response) override;
  grpc::ServerUnaryReactor* ListDeadlines(grpc::CallbackServerContext* context,
                                          const v1::ListDeadlinesRequest* request,
                                          v1::ListDeadlinesResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::MessageGate gate_;
  const usecases::SendMessage send_message_;
  const usecases::ListMessages list_messages_;
  const usecases::GetMessage get_message_;
  const usecases::MarkActedOn mark_acted_on_;
  const usecases::ListDeadlines list_deadlines_;
};

}  // namespace vardkedja::notification::rpc
