// Occupancy (beläggning): bed-days against available bed-days (domain.md, 9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/facts.h"
#include "reporting-service/domain/period.h"

namespace vardkedja::reporting::domain {

// Days are counted up to and including the local date of `as_of`; later ones have not happened.
struct OccupancyCounts {
  std::int64_t bed_days = 0;  // leave included
  std::int64_t leave_days = 0;
  std::int64_t available_days = 0;
  std::int64_t held_days = 0;      // available, empty, held
  std::int64_t reserved_days = 0;  // available, empty, reserved by an accepted offer
  std::int64_t external_days = 0;  // of the bed-days: sold outside the chain
  std::int64_t external_revenue_ore = 0;

  OccupancyCounts& operator+=(const OccupancyCounts& other);
  bool operator==(const OccupancyCounts&) const = default;
};

struct OccupancyLine {
  std::string facility_id;  // empty in the total
  std::string facility_name;
  BedKind kind = BedKind::kUnspecified;
  Period period;
  OccupancyCounts counts;
  std::int64_t people = 0;  // unique, of own cases; counted in totals only
};

struct Occupancy {
  std::vector<OccupancyLine> rows;
  std::vector<OccupancyLine> totals;
  OccupancyLine total;
};

// `facility_id` empty: all. Lines are ordered by facility, kind and date, and there is one for
// every facility and kind that has a bed, also when nothing happened.
Occupancy ComputeOccupancy(const Facts& facts, const std::string& facility_id, Period period,
                           Granularity granularity, Date as_of);

// Tenths of a percent, rounded half up; nothing when nothing was available.
std::optional<std::int64_t> PerMille(std::int64_t days, std::int64_t available_days);

}  // namespace vardkedja::reporting::domain
