// The queues as they stand, and what happened to entries and offers in a period (domain.md, 6, 9).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/facts.h"
#include "reporting-service/domain/period.h"

namespace vardkedja::reporting::domain {

struct QueueLine {
  std::string facility_id;  // empty in the total
  std::string facility_name;
  BedKind kind = BedKind::kUnspecified;
  std::int64_t waiting_first_placement = 0;
  std::int64_t waiting_transfer = 0;
  std::int64_t waiting_over_three_months = 0;
  std::optional<std::int64_t> longest_wait_days;
  std::int64_t queued = 0;
  std::int64_t dequeued = 0;
  std::int64_t placed = 0;
  // Of the offers made in the period; the outcome is the one known at `as_of`.
  std::int64_t offers_made = 0;
  std::int64_t offers_accepted = 0;
  std::int64_t offers_declined = 0;
  std::int64_t offers_expired = 0;
  std::int64_t offers_open = 0;
  std::int64_t offers_override = 0;
  std::map<std::string, std::int64_t> decline_reasons;
  std::map<std::string, std::int64_t> alerts;
};

struct QueueFigures {
  std::vector<QueueLine> rows;  // by facility and kind, also when empty
  QueueLine total;
};

QueueFigures ComputeQueueFigures(const Facts& facts, const std::string& facility_id, Period period,
                                 Date as_of);

}  // namespace vardkedja::reporting::domain
