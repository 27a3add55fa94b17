// Decisions that were not executed in time (ej verkställda beslut), per quarter (domain.md, 9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/facts.h"
#include "reporting-service/domain/period.h"
#include "reporting-service/domain/waits.h"

namespace vardkedja::reporting::domain {

// Numbered as vardkedja.reporting.v1.ReportableRule.
enum class ReportableRule { kNone = 0, kNotExecuted = 1, kExecutedLate = 2, kClosedLate = 3 };

// Which rule makes the wait reportable for the quarter; at most one does. With E the quarter's last
// day: (A) three months ended on or before E, not executed nor closed by E; (B) executed, or (C)
// closed for another reason, in the quarter and after its three months. When a decision was made
// plays no part.
ReportableRule Reportable(const Wait& wait, Period quarter);

struct NonExecutedItem {
  Wait wait;
  ReportableRule rule = ReportableRule::kNone;
  std::optional<Date> end;        // by the quarter's last day
  std::int64_t elapsed_days = 0;  // to the end, or to the quarter's last day
  std::int64_t unsuccessful_offers = 0;
};

struct NonExecutedLine {
  std::string municipality_code;  // empty in the total
  std::string municipality_name;
  std::int64_t not_executed = 0;
  std::int64_t executed_late = 0;
  std::int64_t closed_late = 0;
  std::optional<std::int64_t> longest_days;

  std::int64_t Total() const { return not_executed + executed_late + closed_late; }
};

struct NonExecuted {
  std::vector<NonExecutedLine> rows;  // one per municipality, by code, also without any item
  NonExecutedLine total;
  std::vector<NonExecutedItem> items;
};

// Of all municipalities. A quarter that has not ended at `as_of` is judged at `as_of`.
NonExecuted ComputeNonExecuted(const Facts& facts, Period quarter, Date as_of);

}  // namespace vardkedja::reporting::domain
