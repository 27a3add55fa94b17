#include "reporting-service/usecases/get_cost_allocation.h"

#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::reporting::usecases {

absl::StatusOr<CostAllocationResult> GetCostAllocation::Run(const auth::CallContext& context,
                                                            const CostAllocationQuery& query) {
  // No facts are counted, but as_of means the same as in every other report.
  VK_ASSIGN_OR_RETURN(const Snapshot snapshot, facts_.Load(context, query.as_of, {}));
  const domain::Period year = domain::CalendarYear(query.year);
  std::optional<domain::Agreement> agreement;
  if (query.agreement_id.empty()) {
    VK_ASSIGN_OR_RETURN(agreement, agreements_.FindInForce(context, year.from, snapshot.as_of));
  } else {
    VK_ASSIGN_OR_RETURN(agreement, agreements_.Find(context, query.agreement_id, snapshot.as_of));
  }
  if (!agreement) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "No such cost agreement was in force or known.", "NO_AGREEMENT");
  }
  VK_ASSIGN_OR_RETURN(const std::vector<domain::FacilityCost> costs,
                      agreements_.Outcome(context, query.year, snapshot.as_of));
  if (costs.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "No outcome of that year was recorded.",
                     "NO_OUTCOME");
  }
  CostAllocationResult result;
  result.header = MakeHeader(domain::kCostAllocationDefinition, year, snapshot);
  result.report = domain::Allocate(*agreement, costs, query.year);
  result.agreement = *std::move(agreement);
  return result;
}

}  // namespace vardkedja::reporting::usecases
