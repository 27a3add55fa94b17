// Occupancy per facility and kind of place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/occupancy.h"
#include "reporting-service/usecases/report.h"

namespace vardkedja::reporting::usecases {

struct OccupancyQuery {
  std::string facility_id;
  domain::Period period;
  domain::Granularity granularity = domain::Granularity::kUnspecified;
  std::optional<Instant> as_of;
};

struct OccupancyResult {
  ReportHeader header;
  domain::Occupancy report;
  std::vector<bool> people_withheld;  // of report.totals
  bool total_people_withheld = false;
};

class GetOccupancy {
 public:
  explicit GetOccupancy(FactStore& facts) : facts_(facts) {}
  absl::StatusOr<OccupancyResult> Run(const auth::CallContext& context,
                                      const OccupancyQuery& query);

 private:
  FactStore& facts_;
};

}  // namespace vardkedja::reporting::usecases
