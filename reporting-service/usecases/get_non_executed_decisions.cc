#include "reporting-service/usecases/get_non_executed_decisions.h"

#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "reporting-service/domain/suppression.h"

namespace vardkedja::reporting::usecases {
namespace {

// Over all municipalities, whichever of them was asked for: else one question would give away what
// another withholds.
void Withhold(const std::optional<std::string>& own, NonExecutedResult& result) {
  std::vector<domain::GroupCells> groups;
  for (const domain::NonExecutedLine& line : result.report.rows) {
    groups.push_back({{line.Total(), line.not_executed, line.executed_late, line.closed_late},
                      own && line.municipality_code == *own});
  }
  result.withheld = domain::WithheldRows(groups);
  const auto hidden = std::count(result.withheld.begin(), result.withheld.end(), true);
  result.total_withheld = hidden == 1;
  result.header.suppressed = hidden > 0;
}

// One municipality alone, which is then its own total.
void Only(const std::string& municipality_code, NonExecutedResult& result) {
  domain::NonExecuted& report = result.report;
  domain::NonExecutedLine only;
  only.municipality_code = municipality_code;
  bool withheld = false;
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    if (report.rows[i].municipality_code != municipality_code) continue;
    only = report.rows[i];
    withheld = result.withheld[i];
  }
  report.rows = {only};
  report.total = only;
  report.total.municipality_code.clear();
  report.total.municipality_name.clear();
  result.withheld = {withheld};
  result.total_withheld = withheld;
  result.header.suppressed = withheld;
  std::erase_if(report.items, [&](const domain::NonExecutedItem& item) {
    return item.wait.municipality_code != municipality_code;
  });
}

}  // namespace

absl::Status GetNonExecutedDecisions::Audit(const auth::CallContext& context,
                                            const std::vector<domain::NonExecutedItem>& items) {
  if (items.empty()) return absl::OkStatus();
  std::vector<audit::Entry> entries;
  for (const domain::NonExecutedItem& item : items) {
    audit::Entry entry = audit::MakeEntry(context, item.wait.reference);
    entry.case_id = item.wait.case_id;
    entry.rule_id = "own_municipality";
    entry.permitted = true;
    entries.push_back(std::move(entry));
  }
  return audit_.Record(std::move(entries), context.deadline);
}

absl::StatusOr<NonExecutedResult> GetNonExecutedDecisions::Run(const auth::CallContext& context,
                                                               const NonExecutedQuery& query) {
  VK_ASSIGN_OR_RETURN(const Snapshot snapshot,
                      facts_.Load(context, query.as_of,
                                  {FactKind::kMunicipalities, FactKind::kCases, FactKind::kSteps,
                                   FactKind::kDecisions, FactKind::kQueueEntries, FactKind::kOffers,
                                   FactKind::kStays, FactKind::kInterruptions}));
  NonExecutedResult result;
  result.header = MakeHeader(domain::kNonExecutedDefinition, query.quarter, snapshot);
  result.report =
      domain::ComputeNonExecuted(snapshot.facts, query.quarter, StockholmDate(snapshot.as_of));
  const std::optional<std::string> own = OwnMunicipality(context.principal, snapshot.facts);
  Withhold(own, result);
  if (!query.municipality_code.empty()) Only(query.municipality_code, result);

  std::erase_if(result.report.items, [&](const domain::NonExecutedItem& item) {
    return !own || item.wait.municipality_code != *own;
  });
  VK_RETURN_IF_ERROR(Audit(context, result.report.items));
  std::vector<std::string> references;
  for (const domain::NonExecutedItem& item : result.report.items) {
    references.push_back(item.wait.reference);
  }
  if (!references.empty()) {
    VK_ASSIGN_OR_RETURN(result.substitutes, facts_.SubstituteIds(context, references));
  }
  return result;
}

}  // namespace vardkedja::reporting::usecases
