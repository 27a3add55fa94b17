#include "notification-service/usecases/mark_acted_on.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::notification::usecases {

std::string MessageEtag(int64_t version) { return std::to_string(version); }

absl::StatusOr<MessageView> MarkActedOn::Run(const auth::CallContext& context,
                                             const Command& command) const {
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay,
                      store_.FindReplay(*context.request_key, context.deadline));
  if (!replay && command.etag.empty()) {
    return InvalidFields({{"etag", "REQUIRED", "is required", "måste anges"}});
  }
  VK_ASSIGN_OR_RETURN(MessageGate::Granted granted,
                      gate_.Load(context, replay.value_or(command.message_id), Party::kRecipient));
  VK_ASSIGN_OR_RETURN(MessageView view, OpenView(vault_, std::move(granted.message)));
  if (replay) return view;
  const int64_t read_version = view.message.version;
  if (command.etag != MessageEtag(read_version)) {
    return MakeError(absl::StatusCode::kAborted, "the message has changed since it was read",
                     "STALE_ETAG");
  }
  VK_RETURN_IF_ERROR(
      domain::ActOn(view.message, {.time = context.now, .subject = context.principal.subject}));
  ++view.message.version;
  const WriteTail tail{.request_key = context.request_key,
                       .audit = {MessageEntry(context, view.message, granted.rule_id)}};
  const absl::Status saved = store_.Update(view.message, read_version, tail, context.deadline);
  if (saved.ok()) return view;
  // The same request may have been committed meanwhile, by a retry that overtook this one.
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> overtaken,
                      store_.FindReplay(*context.request_key, context.deadline));
  if (!overtaken) return saved;
  VK_ASSIGN_OR_RETURN(granted, gate_.Load(context, *overtaken, Party::kRecipient));
  return OpenView(vault_, std::move(granted.message));
}

}  // namespace vardkedja::notification::usecases
