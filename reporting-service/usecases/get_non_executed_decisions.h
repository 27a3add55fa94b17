// Decisions and interruptions to report to IVO for one quarter.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/audit/read_audit.h"
#include "reporting-service/domain/non_executed.h"
#include "reporting-service/usecases/report.h"

namespace vardkedja::reporting::usecases {

struct NonExecutedQuery {
  std::string municipality_code;
  domain::Period quarter;
  std::optional<Instant> as_of;
};

struct NonExecutedResult {
  ReportHeader header;
  domain::NonExecuted report;                      // items: only those the reader may see
  std::vector<bool> withheld;                      // of report.rows
  bool total_withheld = false;                     // it would give the only withheld row away
  std::map<std::string, std::string> substitutes;  // of the items, by reference
};

// The individual drafts are for the municipality that has to send them; each disclosure of them is
// audited before the answer leaves.
class GetNonExecutedDecisions {
 public:
  GetNonExecutedDecisions(FactStore& facts, audit::ReadAudit& audit)
      : facts_(facts), audit_(audit) {}
  absl::StatusOr<NonExecutedResult> Run(const auth::CallContext& context,
                                        const NonExecutedQuery& query);

 private:
  absl::Status Audit(const auth::CallContext& context,
                     const std::vector<domain::NonExecutedItem>& items);

  FactStore& facts_;
  audit::ReadAudit& audit_;
};

}  // namespace vardkedja::reporting::usecases
