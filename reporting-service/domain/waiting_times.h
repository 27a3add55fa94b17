// Waiting times from decision to move-in, first placements and transfers apart (domain.md, 9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/facts.h"
#include "reporting-service/domain/period.h"

namespace vardkedja::reporting::domain {

// Numbered as vardkedja.reporting.v1.GroupBy.
enum class GroupBy { kNone = 0, kMunicipality = 1, kLegalSex = 2, kAgeBand = 3 };

struct WaitingLine {
  std::string group;
  bool transfer = false;
  std::int64_t decisions = 0;  // made in the period; the sum of the next three
  std::int64_t executed = 0;
  std::int64_t closed_unexecuted = 0;
  std::int64_t still_waiting = 0;
  std::int64_t people = 0;                  // unique
  std::optional<std::int64_t> median_days;  // nothing when not reached
  std::optional<std::int64_t> p90_days;
  std::int64_t waiting_now = 0;  // whenever decided
  std::int64_t waiting_over_three_months = 0;
};

struct WaitingTimes {
  WaitingLine first_placement;
  WaitingLine transfer;
  std::vector<WaitingLine> groups;  // first placements of all groups, then transfers
};

// `facility_id` empty: all. Every group that can occur has its lines, also when nothing did.
WaitingTimes ComputeWaitingTimes(const Facts& facts, const std::string& facility_id, Period period,
                                 GroupBy group_by, Date as_of);

}  // namespace vardkedja::reporting::domain
