#include "notification-service/usecases/list_messages.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/status/status.h"
#include "notification-service/usecases/paging.h"

namespace vardkedja::notification::usecases {
namespace {

constexpr size_t kCasesPerQuestion = 1000;
constexpr int64_t kUnopenedMax = 1000;

absl::StatusOr<MessageQuery> MakeQuery(const auth::CallContext& context,
                                       const ListMessages::Command& command) {
  std::vector<FieldViolation> violations;
  MessageQuery query{.box = command.box,
                     .unit_id = context.acting_unit,
                     .state = command.state,
                     .case_id = command.case_id,
                     .conversation_id = command.conversation_id,
                     .after = ParseMessageCursor(command.cursor, violations),
                     .limit = CheckLimit(command.limit, violations)};
  CheckUuid("case_id", command.case_id, false, violations);
  CheckUuid("conversation_id", command.conversation_id, false, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return query;
}

}  // namespace

absl::StatusOr<ListMessages::Page> ListMessages::Run(const auth::CallContext& context,
                                                     const Command& command) const {
  VK_ASSIGN_OR_RETURN(MessageQuery query, MakeQuery(context, command));
  const auto limit = static_cast<size_t>(query.limit);
  ++query.limit;
  VK_ASSIGN_OR_RETURN(std::vector<domain::Message> found, store_.List(query, context.deadline));
  VK_ASSIGN_OR_RETURN(const std::vector<UnopenedCount> unopened,
                      store_.CountUnopened(context.acting_unit, context.deadline));
  Page page;
  if (found.size() > limit) {
    found.resize(limit);
    page.next = FormatCursor(MessagePosition{found.back().sent.time, found.back().message_id});
  }
  VK_ASSIGN_OR_RETURN(const Permitted permitted, Authorize(context, found, unopened));
  std::erase_if(found, [&](const domain::Message& message) {
    return IsGated(message) && !permitted.contains(message.case_id);
  });
  VK_ASSIGN_OR_RETURN(std::vector<std::optional<domain::MessageContent>> contents,
                      vault_.Open(found));
  for (size_t i = 0; i < found.size(); ++i) {
    const bool erased = found[i].kind == domain::MessageKind::kFreeText && !contents[i];
    if (!erased) page.messages.push_back({std::move(found[i]), std::move(contents[i])});
  }
  for (const UnopenedCount& group : unopened) {
    if (group.gated_case_id.empty() || permitted.contains(group.gated_case_id)) {
      page.unopened_count += group.count;
    }
  }
  page.unopened_count = std::min(page.unopened_count, kUnopenedMax);
  VK_RETURN_IF_ERROR(Audit(context, command, permitted, page.messages));
  return page;
}

absl::StatusOr<ListMessages::Permitted> ListMessages::Authorize(
    const auth::CallContext& context, const std::vector<domain::Message>& messages,
    const std::vector<UnopenedCount>& unopened) const {
  std::set<std::string> asked;
  for (const domain::Message& message : messages) {
    if (IsGated(message)) asked.insert(message.case_id);
  }
  for (const UnopenedCount& group : unopened) {
    if (!group.gated_case_id.empty() && asked.size() < kCasesPerQuestion) {
      asked.insert(group.gated_case_id);
    }
  }
  Permitted permitted;
  if (asked.empty()) return permitted;
  VK_ASSIGN_OR_RETURN(const std::vector<auth::AccessDecision> decisions,
                      access_.Authorize(context, {asked.begin(), asked.end()}));
  for (const auth::AccessDecision& decision : decisions) {
    if (decision.permitted && decision.categories.contains(std::string(kMessagesCategory)) &&
        asked.contains(decision.case_id)) {
      permitted.emplace(decision.case_id, decision.rule_id);
    }
  }
  return permitted;
}

// One row per case shown, and one for the list itself when it shows none.
absl::Status ListMessages::Audit(const auth::CallContext& context, const Command& command,
                                 const Permitted& permitted,
                                 const std::vector<MessageView>& shown) const {
  const std::string resource = command.box == Box::kInbox ? "messages/inbox" : "messages/sent";
  std::map<std::string, int> messages_of_case;
  for (const MessageView& view : shown) {
    if (!view.message.case_id.empty()) ++messages_of_case[view.message.case_id];
  }
  std::vector<audit::Entry> entries;
  for (const auto& [case_id, count] : messages_of_case) {
    audit::Entry entry = audit::MakeEntry(context, resource);
    entry.case_id = case_id;
    const auto rule = permitted.find(case_id);
    entry.rule_id = rule == permitted.end() ? "message.unit" : rule->second;
    entry.permitted = true;
    entry.details = {"messages=" + std::to_string(count)};
    entries.push_back(std::move(entry));
  }
  if (entries.empty()) {
    audit::Entry entry = audit::MakeEntry(context, resource);
    entry.rule_id = "message.unit";
    entry.permitted = true;
    entries.push_back(std::move(entry));
  }
  return read_audit_.Record(std::move(entries), context.deadline);
}

}  // namespace vardkedja::notification::usecases
