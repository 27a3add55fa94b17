#include "notification-service/usecases/send_message.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "notification-service/usecases/paging.h"

namespace vardkedja::notification::usecases {
namespace {

// The question "may the receiving unit see this case" is asked for its case workers, whatever role
// the sender has.
auth::CallContext AsRecipient(const auth::CallContext& context, const std::string& unit_id) {
  auth::CallContext recipient = context;
  recipient.acting_unit = unit_id;
  recipient.principal.roles = {auth::Role::kSocialWorker, auth::Role::kBoardMember,
                               auth::Role::kClinician, auth::Role::kFacilityStaff};
  return recipient;
}

}  // namespace

absl::StatusOr<MessageView> SendMessage::Run(const auth::CallContext& context,
                                             const Command& command) const {
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay,
                      store_.FindReplay(*context.request_key, context.deadline));
  if (replay) return Reread(context, *replay);
  VK_RETURN_IF_ERROR(CheckFields(context, command));
  VK_ASSIGN_OR_RETURN(domain::Message message, Compose(context, command));
  std::string rule_id = "message.sender";
  if (IsGated(message)) VK_RETURN_IF_ERROR(RequireGrounds(context, message, rule_id));
  VK_RETURN_IF_ERROR(domain::Deliver(
      message, {.time = context.now, .subject = std::string(domain::kSystemSubject)}));
  VK_ASSIGN_OR_RETURN(message.sealed_content, vault_.Seal(message, command.content));
  const WriteTail tail{.request_key = context.request_key,
                       .audit = {MessageEntry(context, message, rule_id)}};
  VK_ASSIGN_OR_RETURN(const std::string stored, store_.Insert(message, tail, context.deadline));
  if (stored != message.message_id) return Reread(context, stored);
  return MessageView{std::move(message), command.content};
}

absl::Status SendMessage::CheckFields(const auth::CallContext& context,
                                      const Command& command) const {
  std::vector<FieldViolation> violations = domain::CheckContent(command.content);
  CheckUuid("case_id", command.case_id, false, violations);
  CheckUuid("in_reply_to_message_id", command.in_reply_to, false, violations);
  if (command.recipient_unit_id.empty()) {
    violations.push_back({"recipient_unit_id", "REQUIRED", "is required", "måste anges"});
  } else if (command.recipient_unit_id == context.acting_unit) {
    violations.push_back(
        {"recipient_unit_id", "OWN_UNIT", "is the sending unit itself", "är den egna enheten"});
  } else {
    VK_ASSIGN_OR_RETURN(const std::optional<UnitEntry> recipient,
                        directory_.FindUnit(command.recipient_unit_id, context.deadline));
    if (!recipient) {
      violations.push_back(
          {"recipient_unit_id", "UNKNOWN_UNIT", "names no unit", "är ingen känd enhet"});
    } else if (!recipient->participating) {
      violations.push_back({"recipient_unit_id", "NOT_PARTICIPATING",
                            "belongs to an organisation that does not take part in the chain yet",
                            "hör till en organisation som ännu inte deltar i vårdkedjan"});
    }
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<domain::Message> SendMessage::Compose(const auth::CallContext& context,
                                                     const Command& command) const {
  domain::Message message;
  message.message_id = NewUuidV7();
  message.conversation_id = message.message_id;
  message.kind = domain::MessageKind::kFreeText;
  message.sender_unit_id = context.acting_unit;
  message.recipient_unit_id = command.recipient_unit_id;
  message.case_id = command.case_id;
  message.sent = {.time = context.now, .subject = context.principal.subject};
  if (command.in_reply_to.empty()) return message;
  VK_ASSIGN_OR_RETURN(const MessageGate::Granted original,
                      gate_.Load(context, command.in_reply_to, Party::kEither));
  if (!command.case_id.empty() && command.case_id != original.message.case_id) {
    return InvalidFields(
        {{"case_id", "OTHER_CASE", "is not the case of the message that is replied to",
          "är inte ärendet i det meddelande som besvaras"}});
  }
  message.in_reply_to = original.message.message_id;
  message.conversation_id = original.message.conversation_id;
  message.case_id = original.message.case_id;
  return message;
}

absl::Status SendMessage::RequireGrounds(const auth::CallContext& context,
                                         const domain::Message& message,
                                         std::string& rule_id) const {
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision own, gate_.RequireCase(context, message.case_id));
  rule_id = own.rule_id;
  const absl::StatusOr<auth::AccessDecision> recipient = auth::RequireAccess(
      access_, AsRecipient(context, message.recipient_unit_id), message.case_id, kMessagesCategory);
  if (absl::IsNotFound(recipient.status())) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "the receiving unit has no ground to see this case", "NO_GROUND");
  }
  return recipient.status();
}

absl::StatusOr<MessageView> SendMessage::Reread(const auth::CallContext& context,
                                                const std::string& message_id) const {
  VK_ASSIGN_OR_RETURN(MessageGate::Granted granted,
                      gate_.Load(context, message_id, Party::kEither));
  return OpenView(vault_, std::move(granted.message));
}

}  // namespace vardkedja::notification::usecases
