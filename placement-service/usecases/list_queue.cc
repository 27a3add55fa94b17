#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {

absl::StatusOr<ListQueue::Page> ListQueue::Run(const auth::CallContext& ctx, QueuePage page) const {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store_.Facilities(ctx));
  const domain::Facility* facility = nullptr;
  for (const domain::Facility& one : facilities) {
    if (one.id == page.facility_id) facility = &one;
  }
  if (facility == nullptr) return NotFound();
  page.scope = ScopeOf(ctx);
  // A facility's unit sees its whole queue, as far as each case permits.
  page.scope.all = page.scope.all || facility->unit.value == ctx.acting_unit;
  VK_ASSIGN_OR_RETURN(std::vector<QueueRow> rows, store_.ListQueue(ctx, page));
  Page answer;
  if (static_cast<int>(rows.size()) == page.limit) answer.next = rows.back().entry.id.value;
  VK_ASSIGN_OR_RETURN(answer.waiting, store_.CountWaiting(ctx, page.facility_id, page.kind));
  VK_ASSIGN_OR_RETURN(const std::vector<domain::QueueRule> rules, store_.Rules(ctx));
  const domain::QueueRule* rule = domain::RuleOn(rules, StockholmDate(ctx.now));
  answer.rule_version = rule == nullptr ? 0 : rule->version;

  std::vector<std::string> cases;
  for (const QueueRow& row : rows) cases.push_back(row.entry.case_id.value);
  VK_ASSIGN_OR_RETURN(const Disclosure::Decisions permitted, disclosure_.Permitted(ctx, cases));
  cases.clear();
  for (const auto& [case_id, decision] : permitted) cases.push_back(case_id);
  VK_ASSIGN_OR_RETURN(const auto descriptions, disclosure_.Describe(ctx, cases));
  std::vector<std::pair<std::string, auth::AccessDecision>> reads;
  for (QueueRow& row : rows) {
    const auto decision = permitted.find(row.entry.case_id.value);
    if (decision == permitted.end()) continue;
    reads.emplace_back(row.entry.id.value, decision->second);
    const unsigned parties = PartiesOf(ctx, row.entry.owner_unit, facility->unit);
    EntryAnswer entry;
    entry.actions = domain::AvailableActions(row.entry, parties);
    entry.entry = std::move(row.entry);
    entry.position = row.position;
    const auto who = descriptions.find(entry.entry.case_id.value);
    if (who != descriptions.end()) entry.who = who->second;
    answer.entries.push_back(std::move(entry));
  }
  VK_RETURN_IF_ERROR(disclosure_.RecordReads(ctx, reads));
  return answer;
}

}  // namespace vardkedja::placement::usecases
