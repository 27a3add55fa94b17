#include "reporting-service/usecases/get_queue_report.h"

#include "lib/status/status.h"

namespace vardkedja::reporting::usecases {

absl::StatusOr<QueueResult> GetQueueReport::Run(const auth::CallContext& context,
                                                const QueueQuery& query) {
  VK_ASSIGN_OR_RETURN(const Snapshot snapshot,
                      facts_.Load(context, query.as_of,
                                  {FactKind::kFacilities, FactKind::kBeds, FactKind::kQueueEntries,
                                   FactKind::kOffers, FactKind::kAlerts}));
  QueueResult result;
  result.header = MakeHeader(domain::kQueueDefinition, query.period, snapshot);
  result.report = domain::ComputeQueueFigures(snapshot.facts, query.facility_id, query.period,
                                              StockholmDate(snapshot.as_of));
  return result;
}

}  // namespace vardkedja::reporting::usecases
