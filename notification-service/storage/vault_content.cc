#include "notification-service/storage/vault_content.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::notification::storage {
namespace {

constexpr std::string_view kRecordClass = "message";

// The message's id is in the tag, so that a content moved to another row does not open.
std::string FieldTag(const domain::Message& message) {
  return "notification.message.content/" + message.message_id;
}

}  // namespace

absl::StatusOr<std::string> VaultContent::Seal(const domain::Message& message,
                                               const domain::MessageContent& content) {
  return vault_.Seal(domain::VaultSubject(message), kRecordClass, FieldTag(message),
                     domain::EncodeContent(content));
}

absl::StatusOr<std::vector<std::optional<domain::MessageContent>>> VaultContent::Open(
    const std::vector<domain::Message>& messages) {
  std::vector<vault::SealedField> fields;
  for (const domain::Message& message : messages) {
    if (message.kind != domain::MessageKind::kFreeText) continue;
    fields.push_back({.scope_id = domain::VaultSubject(message),
                      .record_class = std::string(kRecordClass),
                      .field_tag = FieldTag(message),
                      .ciphertext = message.sealed_content});
  }
  std::vector<std::optional<domain::MessageContent>> contents(messages.size());
  if (fields.empty()) return contents;
  VK_ASSIGN_OR_RETURN(std::vector<absl::StatusOr<std::string>> opened, vault_.OpenAll(fields));
  size_t next = 0;
  for (size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].kind != domain::MessageKind::kFreeText) continue;
    const absl::StatusOr<std::string>& bytes = opened[next++];
    if (absl::IsNotFound(bytes.status())) continue;
    if (!bytes.ok()) return bytes.status();
    VK_ASSIGN_OR_RETURN(contents[i], domain::DecodeContent(*bytes));
  }
  return contents;
}

}  // namespace vardkedja::notification::storage
