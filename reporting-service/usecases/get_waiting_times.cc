#include "reporting-service/usecases/get_waiting_times.h"

#include <cstddef>

#include "lib/status/status.h"
#include "reporting-service/domain/suppression.h"

namespace vardkedja::reporting::usecases {
namespace {

// First placements and transfers have totals of their own, so that each hides for itself.
std::vector<bool> Withhold(const std::vector<domain::WaitingLine>& lines, bool all,
                           const std::optional<std::string>& own) {
  std::vector<bool> withheld(lines.size());
  for (const bool transfer : {false, true}) {
    std::vector<domain::GroupCells> groups;
    std::vector<std::size_t> origin;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const domain::WaitingLine& line = lines[i];
      if (line.transfer != transfer) continue;
      origin.push_back(i);
      groups.push_back({{line.decisions, line.people, line.executed, line.closed_unexecuted,
                         line.still_waiting, line.waiting_now, line.waiting_over_three_months},
                        all || (own && line.group == *own)});
    }
    const std::vector<bool> part = domain::WithheldRows(groups);
    for (std::size_t i = 0; i < part.size(); ++i) withheld[origin[i]] = part[i];
  }
  return withheld;
}

}  // namespace

absl::StatusOr<WaitingTimesResult> GetWaitingTimes::Run(const auth::CallContext& context,
                                                        const WaitingTimesQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const Snapshot snapshot,
      facts_.Load(context, query.as_of,
                  {FactKind::kMunicipalities, FactKind::kCases, FactKind::kSteps,
                   FactKind::kDecisions, FactKind::kQueueEntries, FactKind::kStays}));
  WaitingTimesResult result;
  result.header = MakeHeader(domain::kWaitingTimesDefinition, query.period, snapshot);
  result.report = domain::ComputeWaitingTimes(snapshot.facts, query.facility_id, query.period,
                                              query.group_by, StockholmDate(snapshot.as_of));
  std::optional<std::string> own;
  if (query.group_by == domain::GroupBy::kMunicipality) {
    own = OwnMunicipality(context.principal, snapshot.facts);
  }
  result.withheld = Withhold(result.report.groups, SeesEveryGroup(context.principal), own);
  for (const bool withheld : result.withheld) result.header.suppressed |= withheld;
  return result;
}

}  // namespace vardkedja::reporting::usecases
