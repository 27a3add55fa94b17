#include "notification-service/usecases/message_access.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::notification::usecases {

bool IsGated(const domain::Message& message) {
  return message.kind == domain::MessageKind::kFreeText && !message.case_id.empty();
}

audit::Entry MessageEntry(const auth::CallContext& context, const domain::Message& message,
                          std::string_view rule_id) {
  audit::Entry entry = audit::MakeEntry(context, message.message_id);
  if (!message.case_id.empty()) entry.case_id = message.case_id;
  entry.rule_id = std::string(rule_id);
  entry.permitted = true;
  return entry;
}

absl::Status MessageGate::Deny(const auth::CallContext& context, std::string_view resource_id) {
  // What is not a UUID names nothing here and could be anything, so it is not written down.
  audit::Entry entry = audit::MakeEntry(context, IsUuid(resource_id) ? resource_id : "invalid");
  entry.rule_id = "deny";
  entry.permitted = false;
  VK_RETURN_IF_ERROR(read_audit_.Record({std::move(entry)}, context.deadline));
  return NotFound();
}

absl::StatusOr<MessageGate::Granted> MessageGate::Load(const auth::CallContext& context,
                                                       std::string_view message_id, Party party) {
  if (!IsUuid(message_id)) return Deny(context, message_id);
  VK_ASSIGN_OR_RETURN(std::optional<domain::Message> message,
                      store_.Find(message_id, context.deadline));
  if (!message) return Deny(context, message_id);
  const bool recipient =
      message->recipient_unit_id == context.acting_unit && message->delivered.has_value();
  const bool sender = message->sender_unit_id == context.acting_unit;
  if (!recipient && !(sender && party == Party::kEither)) return Deny(context, message_id);
  std::string rule_id = recipient ? "message.recipient" : "message.sender";
  if (IsGated(*message)) {
    absl::StatusOr<auth::AccessDecision> decision =
        auth::RequireAccess(access_, context, message->case_id, kMessagesCategory);
    if (absl::IsNotFound(decision.status())) return Deny(context, message_id);
    if (!decision.ok()) return decision.status();
    rule_id = decision->rule_id;
  }
  return Granted{*std::move(message), std::move(rule_id)};
}

absl::StatusOr<auth::AccessDecision> MessageGate::RequireCase(const auth::CallContext& context,
                                                              const std::string& case_id) {
  absl::StatusOr<auth::AccessDecision> decision =
      auth::RequireAccess(access_, context, case_id, kMessagesCategory);
  if (absl::IsNotFound(decision.status())) return Deny(context, case_id);
  return decision;
}

absl::StatusOr<MessageView> OpenView(ContentVault& vault, domain::Message message) {
  VK_ASSIGN_OR_RETURN(std::vector<std::optional<domain::MessageContent>> contents,
                      vault.Open({message}));
  if (message.kind == domain::MessageKind::kFreeText && !contents.front()) return NotFound();
  return MessageView{std::move(message), std::move(contents.front())};
}

}  // namespace vardkedja::notification::usecases
