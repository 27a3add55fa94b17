// Between the contract and the domain, nothing else.
#pragma once

#include "notification-service/usecases/list_deadlines.h"
#include "notification-service/usecases/list_messages.h"
#include "notification-service/usecases/message_access.h"
#include "notification-service/usecases/ports.h"
#include "notification-service/usecases/send_message.h"
#include "vardkedja/notification/v1/directory_service.pb.h"
#include "vardkedja/notification/v1/message_service.pb.h"

namespace vardkedja::notification::rpc {

v1::Organisation ToProto(const domain::Organisation& organisation);
v1::Unit ToProto(const usecases::UnitEntry& entry);

// `with_text`: lists leave out the text of free-text messages.
v1::Message ToProto(const usecases::MessageView& view, bool with_text);

// `today` decides what is overdue: a period ends on its due date, which is not part of it.
v1::Deadline ToProto(const domain::Deadline& deadline, Date today);

usecases::SendMessage::Command FromProto(const v1::SendMessageRequest& request);
// INVALID_ARGUMENT for an enum value that this version does not know.
absl::StatusOr<usecases::ListMessages::Command> FromProto(const v1::ListMessagesRequest& request);

}  // namespace vardkedja::notification::rpc
