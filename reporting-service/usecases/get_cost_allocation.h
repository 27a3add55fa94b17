// A year's cost, divided by the agreement.
#pragma once

#include <optional>
#include <string>

#include "reporting-service/domain/cost_allocation.h"
#include "reporting-service/usecases/report.h"

namespace vardkedja::reporting::usecases {

struct CostAllocationQuery {
  std::string agreement_id;  // empty: the one in force on 1 January
  int year = 0;
  std::optional<Instant> as_of;
};

struct CostAllocationResult {
  ReportHeader header;
  domain::Agreement agreement;
  domain::CostAllocation report;
};

// FAILED_PRECONDITION, reason NO_AGREEMENT or NO_OUTCOME, when there is nothing to divide (by).
class GetCostAllocation {
 public:
  GetCostAllocation(FactStore& facts, AgreementStore& agreements)
      : facts_(facts), agreements_(agreements) {}
  absl::StatusOr<CostAllocationResult> Run(const auth::CallContext& context,
                                           const CostAllocationQuery& query);

 private:
  FactStore& facts_;
  AgreementStore& agreements_;
};

}  // namespace vardkedja::reporting::usecases
