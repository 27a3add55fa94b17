#include "reporting-service/usecases/get_occupancy.h"

#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "reporting-service/domain/suppression.h"

namespace vardkedja::reporting::usecases {

absl::StatusOr<OccupancyResult> GetOccupancy::Run(const auth::CallContext& context,
                                                  const OccupancyQuery& query) {
  VK_ASSIGN_OR_RETURN(const Snapshot snapshot,
                      facts_.Load(context, query.as_of,
                                  {FactKind::kFacilities, FactKind::kBeds, FactKind::kClosures,
                                   FactKind::kHolds, FactKind::kStays, FactKind::kExternalStays,
                                   FactKind::kLeaves, FactKind::kOffers, FactKind::kQueueEntries}));
  OccupancyResult result;
  result.header = MakeHeader(domain::kOccupancyDefinition, query.period, snapshot);
  result.report = domain::ComputeOccupancy(snapshot.facts, query.facility_id, query.period,
                                           query.granularity, StockholmDate(snapshot.as_of));
  const bool all = HasCaseAccess(context.principal);
  std::vector<domain::GroupCells> groups;
  for (const domain::OccupancyLine& line : result.report.totals) {
    groups.push_back({{line.people}, all});
  }
  result.people_withheld = domain::WithheldRows(groups);
  result.total_people_withheld = !all && domain::IsSmall(result.report.total.people);
  result.header.suppressed = result.total_people_withheld ||
                             std::find(result.people_withheld.begin(), result.people_withheld.end(),
                                       true) != result.people_withheld.end();
  return result;
}

}  // namespace vardkedja::reporting::usecases
