#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {
namespace {

constexpr int kNeighbours = 20;
constexpr int kMostSteps = 2000;
constexpr std::size_t kMostPositions = 100;

int PositionAfter(const std::vector<domain::BeforeCount>& counts) {
  int before = 0;
  for (const domain::BeforeCount& count : counts) before += count.count;
  return std::min(before + 1, domain::kExactPositions + 1);
}

void AddPositionHistory(const domain::QueueEntry& entry, const PositionFacts& facts,
                        PositionAnswer& answer) {
  const auto key = entry.state == domain::EntryState::kWaiting
                       ? std::optional<std::string>(entry.sort_key)
                       : std::nullopt;
  answer.positions = domain::PositionHistory(facts.steps, entry.id, key, facts.before_key);
  answer.more_positions = facts.more || answer.positions.size() > kMostPositions;
  if (answer.positions.size() > kMostPositions) answer.positions.resize(kMostPositions);
}

}  // namespace

absl::StatusOr<domain::QueueRule> ExplainPosition::RuleOf(const auth::CallContext& ctx,
                                                          int version) const {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::QueueRule> rules, store_.Rules(ctx));
  for (const domain::QueueRule& rule : rules) {
    if (rule.version == version) return rule;
  }
  return absl::InternalError("an entry's rule version is missing");
}

absl::StatusOr<std::vector<Before>> ExplainPosition::Neighbours(const auth::CallContext& ctx,
                                                                const domain::QueueRule& rule,
                                                                const domain::QueueEntry& entry,
                                                                int position) const {
  VK_ASSIGN_OR_RETURN(const std::vector<Neighbour> neighbours,
                      store_.DirectlyBefore(ctx, entry, kNeighbours));
  std::vector<std::string> cases;
  for (const Neighbour& neighbour : neighbours) cases.push_back(neighbour.case_id);
  VK_ASSIGN_OR_RETURN(const Disclosure::Decisions permitted, disclosure_.Permitted(ctx, cases));
  cases.clear();
  for (const auto& [case_id, decision] : permitted) cases.push_back(case_id);
  VK_ASSIGN_OR_RETURN(const auto descriptions, disclosure_.Describe(ctx, cases));
  std::vector<Before> before;
  for (auto neighbour = neighbours.rbegin(); neighbour != neighbours.rend(); ++neighbour) {
    Before row;
    row.position = std::max(position - neighbour->distance, 1);
    row.column = domain::DecidingColumn(rule, neighbour->sort_key, entry.sort_key);
    const auto who = descriptions.find(neighbour->case_id);
    if (who != descriptions.end()) row.case_number = who->second.case_number;
    before.push_back(std::move(row));
  }
  return before;
}

absl::StatusOr<PositionAnswer> ExplainPosition::Run(const auth::CallContext& ctx,
                                                    const domain::EntryId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> entry, store_.FindEntry(ctx, id));
  const auto case_id = entry ? std::optional<std::string>(entry->case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, id.value));
  PositionAnswer answer;
  VK_ASSIGN_OR_RETURN(answer.rule, RuleOf(ctx, entry->rule_version));
  VK_ASSIGN_OR_RETURN(answer.history, store_.History(ctx, id));
  VK_ASSIGN_OR_RETURN(const auto descriptions, disclosure_.Describe(ctx, {*case_id}));
  const auto who = descriptions.find(*case_id);
  if (who != descriptions.end()) answer.entry.who = who->second;
  VK_ASSIGN_OR_RETURN(PositionFacts facts, store_.Position(ctx, answer.rule, *entry, kMostSteps));
  AddPositionHistory(*entry, facts, answer);
  if (entry->state == domain::EntryState::kWaiting) {
    answer.before_counts = std::move(facts.before_by_column);
    answer.entry.position = PositionAfter(answer.before_counts);
    VK_ASSIGN_OR_RETURN(answer.before, Neighbours(ctx, answer.rule, *entry, answer.entry.position));
    VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store_.Facilities(ctx));
    domain::Standing standing{entry->facility_id.value,  entry->bed_kind, answer.entry.position,
                              answer.before_counts,      entry->passed,   entry->waiting_long,
                              entry->parking.has_value()};
    for (const domain::Facility& facility : facilities) {
      if (facility.id != entry->facility_id) continue;
      standing.facility_name = facility.details.name;
      answer.entry.actions =
          domain::AvailableActions(*entry, PartiesOf(ctx, entry->owner_unit, facility.unit));
    }
    answer.why = domain::Explain(answer.rule, entry->facts, standing);
  } else {
    answer.why = domain::ExplainNotWaiting(entry->state, entry->left_reason);
  }
  VK_RETURN_IF_ERROR(disclosure_.RecordRead(ctx, id.value, decision));
  answer.entry.entry = *std::move(entry);
  return answer;
}

}  // namespace vardkedja::placement::usecases
