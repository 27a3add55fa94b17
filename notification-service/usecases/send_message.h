// Sends a message from the acting unit to another unit of the suite. Delivery inside the suite is
// part of the same commit, so that what was acknowledged is in the inbox.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/auth/case_access.h"
#include "notification-service/usecases/message_access.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class SendMessage {
 public:
  struct Command {
    std::string recipient_unit_id;
    std::string case_id;      // empty: bound to no case
    std::string in_reply_to;  // empty: a new conversation
    domain::MessageContent content;
  };

  SendMessage(MessageStore& store, DirectoryReader& directory, ContentVault& vault,
              auth::CaseAccess& access, MessageGate& gate)
      : store_(store), directory_(directory), vault_(vault), access_(access), gate_(gate) {}

  // Errors: FIELD_VIOLATIONS; NOT_FOUND for a case or a message that the acting unit may not see;
  // FAILED_PRECONDITION reason NO_GROUND when the receiving unit may not see the case.
  absl::StatusOr<MessageView> Run(const auth::CallContext& context, const Command& command) const;

 private:
  absl::Status CheckFields(const auth::CallContext& context, const Command& command) const;
  absl::StatusOr<domain::Message> Compose(const auth::CallContext& context,
                                          const Command& command) const;
  absl::Status RequireGrounds(const auth::CallContext& context, const domain::Message& message,
                              std::string& rule_id) const;
  absl::StatusOr<MessageView> Reread(const auth::CallContext& context,
                                     const std::string& message_id) const;

  MessageStore& store_;
  DirectoryReader& directory_;
  ContentVault& vault_;
  auth::CaseAccess& access_;
  MessageGate& gate_;
};

}  // namespace vardkedja::notification::usecases
