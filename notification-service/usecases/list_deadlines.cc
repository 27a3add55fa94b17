#include "notification-service/usecases/list_deadlines.h"

#include <set>
#include <utility>

#include "lib/status/status.h"
#include "notification-service/usecases/paging.h"

namespace vardkedja::notification::usecases {

absl::StatusOr<ListDeadlines::Page> ListDeadlines::Run(const auth::CallContext& context,
                                                       const Command& command) const {
  std::vector<FieldViolation> violations;
  DeadlineQuery query{.unit_id = context.acting_unit,
                      .case_id = command.case_id,
                      .include_closed = command.include_closed,
                      .after = ParseDeadlineCursor(command.cursor, violations),
                      .limit = CheckLimit(command.limit, violations)};
  CheckUuid("case_id", command.case_id, false, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  const auto limit = static_cast<size_t>(query.limit);
  ++query.limit;
  Page page;
  VK_ASSIGN_OR_RETURN(page.deadlines, deadlines_.List(query, context.deadline));
  if (page.deadlines.size() > limit) {
    page.deadlines.resize(limit);
    page.next = FormatCursor(
        DeadlinePosition{page.deadlines.back().due, page.deadlines.back().deadline_id});
  }
  std::set<std::string> cases;
  for (const domain::Deadline& deadline : page.deadlines) cases.insert(deadline.case_id);
  std::vector<audit::Entry> entries;
  for (const std::string& case_id : cases) {
    audit::Entry entry = audit::MakeEntry(context, "deadlines");
    entry.case_id = case_id;
    entry.rule_id = "deadline.unit";
    entry.permitted = true;
    entries.push_back(std::move(entry));
  }
  if (!entries.empty()) {
    VK_RETURN_IF_ERROR(read_audit_.Record(std::move(entries), context.deadline));
  }
  return page;
}

}  // namespace vardkedja::notification::usecases
