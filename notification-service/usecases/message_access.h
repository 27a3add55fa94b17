// Who may see a message: its two units, and, when it is free text bound to a case, only while
// referral-service says that the unit may see the case (architecture.md, 2). Denied and missing are
// answered alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/audit/read_audit.h"
#include "lib/auth/call_context.h"
#include "lib/auth/case_access.h"
#include "notification-service/domain/message.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

// The category of Authorize that a free-text message belongs to.
inline constexpr std::string_view kMessagesCategory = "messages";

// A message as its reader gets it.
struct MessageView {
  domain::Message message;
  std::optional<domain::MessageContent> content;  // free text only
};

// True for free text bound to a case: asked anew at each read.
bool IsGated(const domain::Message& message);

// An audit row about this message.
audit::Entry MessageEntry(const auth::CallContext& context, const domain::Message& message,
                          std::string_view rule_id);

// Which side of the message the acting unit must be on.
enum class Party { kEither, kRecipient };

// Loads messages for one caller and decides.
class MessageGate {
 public:
  MessageGate(MessageStore& store, auth::CaseAccess& access, audit::ReadAudit& read_audit)
      : store_(store), access_(access), read_audit_(read_audit) {}

  struct Granted {
    domain::Message message;
    std::string rule_id;
  };
  // The message and the rule that let it through. NotFound(), after an audit row, when it is
  // missing, another unit's, not delivered yet, or about a case the unit may not see now.
  absl::StatusOr<Granted> Load(const auth::CallContext& context, std::string_view message_id,
                               Party party);
  // NotFound(), after an audit row, when the acting unit may not see the case now.
  absl::StatusOr<auth::AccessDecision> RequireCase(const auth::CallContext& context,
                                                   const std::string& case_id);

 private:
  absl::Status Deny(const auth::CallContext& context, std::string_view resource_id);

  MessageStore& store_;
  auth::CaseAccess& access_;
  audit::ReadAudit& read_audit_;
};

// Opens the content of one message. A destroyed key is NotFound(): the message is gone.
absl::StatusOr<MessageView> OpenView(ContentVault& vault, domain::Message message);

}  // namespace vardkedja::notification::usecases
