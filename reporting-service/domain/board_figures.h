// The placement board's own follow-up (domain.md, 9.3), over the cases first submitted in a period.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "reporting-service/domain/facts.h"
#include "reporting-service/domain/period.h"

namespace vardkedja::reporting::domain {

struct BoardFigures {
  std::int64_t cases = 0;
  std::int64_t people = 0;  // unique
  std::int64_t decided_cases = 0;
  std::int64_t followed_routine = 0;
  std::int64_t with_planned_date = 0;
  std::int64_t planned_date_due = 0;
  std::int64_t moved_in_in_time = 0;
  std::map<std::string, std::int64_t> exceptions;
  std::int64_t overrides = 0;
  std::map<std::string, std::int64_t> outcomes;  // one per case
  std::map<std::string, std::int64_t> outcome_reasons;
  std::optional<std::int64_t> median_acknowledgement_minutes;
  std::optional<std::int64_t> p90_acknowledgement_minutes;
  std::int64_t information_requested = 0;
};

// `tolerance_days` after the planned date a move-in still counts as in time.
BoardFigures ComputeBoardFigures(const Facts& facts, Period period, int tolerance_days,
                                 Instant as_of);

}  // namespace vardkedja::reporting::domain
