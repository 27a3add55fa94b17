// The queues as they stand and what happened in them.
#pragma once

#include <optional>
#include <string>

#include "reporting-service/domain/queue_figures.h"
#include "reporting-service/usecases/report.h"

namespace vardkedja::reporting::usecases {

struct QueueQuery {
  std::string facility_id;
  domain::Period period;
  std::optional<Instant> as_of;
};

struct QueueResult {
  ReportHeader header;
  domain::QueueFigures report;
};

class GetQueueReport {
 public:
  explicit GetQueueReport(FactStore& facts) : facts_(facts) {}
  absl::StatusOr<QueueResult> Run(const auth::CallContext& context, const QueueQuery& query);

 private:
  FactStore& facts_;
};

}  // namespace vardkedja::reporting::usecases
