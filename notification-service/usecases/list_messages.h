// Lists the acting unit's inbox or what it has sent, newest first. Free text of a case that the
// unit may not see now is left out and not counted, as if it did not exist.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/read_audit.h"
#include "lib/auth/call_context.h"
#include "lib/auth/case_access.h"
#include "notification-service/usecases/message_access.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class ListMessages {
 public:
  struct Command {
    Box box = Box::kInbox;
    std::optional<domain::MessageState> state;
    std::string case_id;
    std::string conversation_id;
    int limit = 0;
    std::string cursor;
  };
  struct Page {
    std::vector<MessageView> messages;
    std::string next;
    int64_t unopened_count = 0;
  };

  ListMessages(MessageStore& store, ContentVault& vault, auth::CaseAccess& access,
               audit::ReadAudit& read_audit)
      : store_(store), vault_(vault), access_(access), read_audit_(read_audit) {}

  absl::StatusOr<Page> Run(const auth::CallContext& context, const Command& command) const;

 private:
  // Permitted cases and the rule that permits each.
  using Permitted = std::map<std::string, std::string, std::less<>>;
  absl::StatusOr<Permitted> Authorize(const auth::CallContext& context,
                                      const std::vector<domain::Message>& messages,
                                      const std::vector<UnopenedCount>& unopened) const;
  absl::Status Audit(const auth::CallContext& context, const Command& command,
                     const Permitted& permitted, const std::vector<MessageView>& shown) const;

  MessageStore& store_;
  ContentVault& vault_;
  auth::CaseAccess& access_;
  audit::ReadAudit& read_audit_;
};

}  // namespace vardkedja::notification::usecases
