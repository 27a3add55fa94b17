// Reads one message. The first read at the recipient opens it: a write, in one commit with its
// audit row; every later read only leaves an audit row. Safe to repeat.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/audit/read_audit.h"
#include "lib/auth/call_context.h"
#include "notification-service/usecases/message_access.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class GetMessage {
 public:
  struct Command {
    std::string message_id;
  };

  GetMessage(MessageStore& store, ContentVault& vault, audit::ReadAudit& read_audit,
             MessageGate& gate)
      : store_(store), vault_(vault), read_audit_(read_audit), gate_(gate) {}

  absl::StatusOr<MessageView> Run(const auth::CallContext& context, const Command& command) const;

 private:
  MessageStore& store_;
  ContentVault& vault_;
  audit::ReadAudit& read_audit_;
  MessageGate& gate_;
};

}  // namespace vardkedja::notification::usecases
