// Waiting times, whole and by group.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/waiting_times.h"
#include "reporting-service/usecases/report.h"

namespace vardkedja::reporting::usecases {

struct WaitingTimesQuery {
  std::string facility_id;
  domain::Period period;
  domain::GroupBy group_by = domain::GroupBy::kNone;
  std::optional<Instant> as_of;
};

struct WaitingTimesResult {
  ReportHeader header;
  domain::WaitingTimes report;
  std::vector<bool> withheld;  // of report.groups
};

class GetWaitingTimes {
 public:
  explicit GetWaitingTimes(FactStore& facts) : facts_(facts) {}
  absl::StatusOr<WaitingTimesResult> Run(const auth::CallContext& context,
                                         const WaitingTimesQuery& query);

 private:
  FactStore& facts_;
};

}  // namespace vardkedja::reporting::usecases
