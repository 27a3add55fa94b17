#include "notification-service/usecases/get_message.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::notification::usecases {
namespace {

// Another member of the unit may open it at the same moment; then it is open, and the next round
// only reads. More rounds than this need a message that changes under every read.
constexpr int kRoundsMax = 4;

}  // namespace

absl::StatusOr<MessageView> GetMessage::Run(const auth::CallContext& context,
                                            const Command& command) const {
  for (int round = 0; round < kRoundsMax; ++round) {
    VK_ASSIGN_OR_RETURN(MessageGate::Granted granted,
                        gate_.Load(context, command.message_id, Party::kEither));
    VK_ASSIGN_OR_RETURN(MessageView view, OpenView(vault_, std::move(granted.message)));
    const audit::Entry entry = MessageEntry(context, view.message, granted.rule_id);
    const int64_t read_version = view.message.version;
    const bool recipient = view.message.recipient_unit_id == context.acting_unit;
    const domain::Fact opened{.time = context.now, .subject = context.principal.subject};
    if (!recipient || !domain::Open(view.message, opened)) {
      VK_RETURN_IF_ERROR(read_audit_.Record({entry}, context.deadline));
      return view;
    }
    ++view.message.version;
    const absl::Status saved =
        store_.Update(view.message, read_version, {.request_key = std::nullopt, .audit = {entry}},
                      context.deadline);
    if (saved.ok()) return view;
    if (!absl::IsAborted(saved)) return saved;
  }
  return MakeError(absl::StatusCode::kUnavailable, "the message changes too often to be read",
                   "DATABASE_UNAVAILABLE");
}

}  // namespace vardkedja::notification::usecases
