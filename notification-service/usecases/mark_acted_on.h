// The receiving unit records that it has acted on a message; the sender sees it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "notification-service/usecases/message_access.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::usecases {

class MarkActedOn {
 public:
  struct Command {
    std::string message_id;
    std::string etag;
  };

  MarkActedOn(MessageStore& store, ContentVault& vault, MessageGate& gate)
      : store_(store), vault_(vault), gate_(gate) {}

  // Errors: NOT_FOUND unless the acting unit is the recipient; STALE_ETAG; ILLEGAL_STATE when it
  // was marked before.
  absl::StatusOr<MessageView> Run(const auth::CallContext& context, const Command& command) const;

 private:
  MessageStore& store_;
  ContentVault& vault_;
  MessageGate& gate_;
};

// The etag of a message of this version.
std::string MessageEtag(int64_t version);

}  // namespace vardkedja::notification::usecases
