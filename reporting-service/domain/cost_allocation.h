// Who bears the cost of the facilities, by a dated agreement (domain.md, 9.8; FP table 1).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/time/time.h"
#include "reporting-service/domain/money.h"
#include "reporting-service/domain/period.h"

namespace vardkedja::reporting::domain {

// Shares are basis points: 4479 is 44.79 %.
inline constexpr std::int64_t kWhole = 10'000;

// Joining and leaving may cut a year into at most this many parts.
inline constexpr std::size_t kMaxParts = 4;

struct KeyShare {
  std::string code;  // municipality
  std::string name;
  std::int64_t basis_points = 0;
  std::optional<Date> joined;  // first day it takes part; from the beginning when absent
  std::optional<Date> left;    // first day it does not
};

struct Agreement {
  std::string agreement_id;
  std::string name;  // Swedish
  Date valid_from{};
  std::optional<Date> valid_to;  // first day it is not in force
  std::string region_name;
  std::int64_t region_basis_points = 0;
  std::vector<KeyShare> key;               // in the order it is printed
  std::optional<std::string> rent_bearer;  // bears the municipal part of the rent alone
  bool deduct_revenue = false;
  bool renormalise = false;  // scale the participants' shares to 100 %

  bool InForce(Date date) const { return valid_from <= date && (!valid_to || date < *valid_to); }
};

// One facility's outcome of a year.
struct FacilityCost {
  std::string facility_id;
  std::string name;
  Ore staff, rent, other;
  Ore revenue;  // positive
};

// The columns of the table.
enum CostColumn : std::size_t { kStaff, kRent, kOther, kRevenue, kRowTotal, kColumns };

struct CostCell {
  Ore ore;
  ExactOre exact;  // what the printed thousand SEK is rounded from
};

struct CostLine {
  std::string code;
  std::string label;
  std::string percent;  // "44.79"; empty for facilities and sums
  std::array<CostCell, kColumns> cells;
};

struct CostAllocation {
  bool revenue_deducted = false;
  std::vector<CostLine> facilities;
  CostLine total;
  CostLine region;
  std::vector<CostLine> municipalities;
  CostLine municipal_total;
  CostLine unallocated;  // shares of those who do not take part, unless renormalised
};

// The parts of the year with one and the same set of participants.
std::vector<Period> KeyPeriods(const Agreement& agreement, int year);

// Every column is divided by days over KeyPeriods, then between region and municipalities, then by
// the key; each division is Apportion, so that the öre of the lines add up to the column. Ties go
// to the region, then to the smaller municipality code.
// Precondition: KeyPeriods has at most kMaxParts parts.
CostAllocation Allocate(const Agreement& agreement, const std::vector<FacilityCost>& costs,
                        int year);

enum class Language { kSwedish, kEnglish };

// The table in thousand SEK as Markdown, cell by cell rounded from the exact amounts.
std::string PrintTable(const CostAllocation& allocation, Language language);

}  // namespace vardkedja::reporting::domain
