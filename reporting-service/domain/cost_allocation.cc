#include "reporting-service/domain/cost_allocation.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <utility>

namespace vardkedja::reporting::domain {
namespace {

constexpr std::array<CostColumn, 4> kDivided = {kStaff, kRent, kOther, kRevenue};

// "44.79", "5.30"; whole percents without decimals.
std::string Percent(std::int64_t basis_points) {
  const std::string whole = std::to_string(basis_points / 100);
  const std::int64_t rest = basis_points % 100;
  if (rest == 0) return whole;
  return whole + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

bool TakesPart(const KeyShare& share, Period part) {
  return (!share.joined || *share.joined <= part.from) && (!share.left || part.to <= *share.left);
}

void Add(CostLine& line, CostColumn column, Ore ore, const ExactOre& exact) {
  for (const CostColumn cell : {column, kRowTotal}) {
    line.cells[cell].ore += ore;
    line.cells[cell].exact += exact;
  }
}

CostLine FacilityLine(const FacilityCost& cost, bool deduct_revenue) {
  CostLine line{cost.facility_id, cost.name, "", {}};
  Add(line, kStaff, cost.staff, ExactOre(cost.staff, 1, 1));
  Add(line, kRent, cost.rent, ExactOre(cost.rent, 1, 1));
  Add(line, kOther, cost.other, ExactOre(cost.other, 1, 1));
  if (deduct_revenue) {
    const Ore revenue{-cost.revenue.amount};
    Add(line, kRevenue, revenue, ExactOre(revenue, 1, 1));
  }
  return line;
}

// The weights of one part of the year, in order of municipality code; the last weight is what
// nobody bears.
struct Weights {
  std::vector<std::size_t> shares;  // index into the agreement's key
  std::vector<std::int64_t> weights;
  std::int64_t sum = 0;
};

Weights WeightsOf(const Agreement& agreement, Period part) {
  Weights result;
  for (std::size_t i = 0; i < agreement.key.size(); ++i) {
    if (TakesPart(agreement.key[i], part)) result.shares.push_back(i);
  }
  std::sort(result.shares.begin(), result.shares.end(), [&](std::size_t a, std::size_t b) {
    return agreement.key[a].code < agreement.key[b].code;
  });
  for (const std::size_t i : result.shares) {
    result.weights.push_back(agreement.key[i].basis_points);
    result.sum += agreement.key[i].basis_points;
  }
  const bool scaled = agreement.renormalise && result.sum > 0;
  result.weights.push_back(scaled ? 0 : kWhole - result.sum);
  if (!scaled) result.sum = kWhole;
  return result;
}

// Divides one column of one part of the year.
class Divider {
 public:
  Divider(const Agreement& agreement, CostAllocation& out) : agreement_(agreement), out_(out) {}

  void Divide(CostColumn column, Ore amount, const Weights& weights) {
    const std::int64_t municipal = kWhole - agreement_.region_basis_points;
    const std::vector<Ore> halves = Apportion(amount, {agreement_.region_basis_points, municipal});
    Add(out_.region, column, halves[0], ExactOre(amount, agreement_.region_basis_points, kWhole));
    const ExactOre exact(amount, municipal, kWhole);
    Add(out_.municipal_total, column, halves[1], exact);
    if (column == kRent && agreement_.rent_bearer) return BearRent(halves[1], exact);
    const std::vector<Ore> parts = Apportion(halves[1], weights.weights);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool borne = i < weights.shares.size();
      CostLine& line = borne ? out_.municipalities[weights.shares[i]] : out_.unallocated;
      Add(line, column, parts[i],
          ExactOre(amount, municipal * weights.weights[i], kWhole * weights.sum));
    }
  }

 private:
  void BearRent(Ore amount, const ExactOre& exact) {
    for (CostLine& line : out_.municipalities) {
      if (line.code == *agreement_.rent_bearer) return Add(line, kRent, amount, exact);
    }
    Add(out_.unallocated, kRent, amount, exact);
  }

  const Agreement& agreement_;
  CostAllocation& out_;
};

// The key in force, weighted by days, in basis points.
std::vector<std::int64_t> EffectiveKey(const Agreement& agreement,
                                       const std::vector<Period>& parts) {
  std::vector<long double> key(agreement.key.size());
  long double days = 0;
  for (const Period& part : parts) {
    const Weights weights = WeightsOf(agreement, part);
    days += part.Days();
    for (std::size_t i = 0; i < weights.shares.size(); ++i) {
      key[weights.shares[i]] += static_cast<long double>(weights.weights[i]) * kWhole *
                                part.Days() / static_cast<long double>(weights.sum);
    }
  }
  std::vector<std::int64_t> rounded;
  for (const long double share : key) {
    rounded.push_back(static_cast<std::int64_t>(share / days + 0.5L));
  }
  return rounded;
}

std::string Grouped(std::int64_t number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, " ");
  return (number < 0 ? "-" : "") + digits;
}

struct Words {
  const char *staff, *rent, *other, *revenue, *total, *municipalities, *unallocated;
};
constexpr Words kEnglishWords = {"staff", "rent",           "other",      "revenue",
                                 "total", "municipalities", "unallocated"};
constexpr Words kSwedishWords = {"personal", "hyra",       "övrigt",     "intäkter",
                                 "summa",    "kommunerna", "ej fördelat"};

}  // namespace

std::vector<Period> KeyPeriods(const Agreement& agreement, int year) {
  const Period whole = CalendarYear(year);
  std::set<Date> cuts = {whole.from, whole.to};
  for (const KeyShare& share : agreement.key) {
    for (const std::optional<Date>& cut : {share.joined, share.left}) {
      if (cut && whole.Contains(*cut)) cuts.insert(*cut);
    }
  }
  std::vector<Period> parts;
  for (auto next = std::next(cuts.begin()); next != cuts.end(); ++next) {
    parts.push_back({*std::prev(next), *next});
  }
  return parts;
}

CostAllocation Allocate(const Agreement& agreement, const std::vector<FacilityCost>& costs,
                        int year) {
  const std::vector<Period> parts = KeyPeriods(agreement, year);
  assert(parts.size() <= kMaxParts);
  CostAllocation out;
  out.revenue_deducted = agreement.deduct_revenue;
  out.total = {"total", "total", "", {}};
  out.region = {"region", agreement.region_name, Percent(agreement.region_basis_points), {}};
  out.municipal_total = {"municipalities", "municipalities", "", {}};
  out.unallocated = {"unallocated", "unallocated", "", {}};
  const std::vector<std::int64_t> effective = EffectiveKey(agreement, parts);
  for (std::size_t i = 0; i < agreement.key.size(); ++i) {
    const KeyShare& share = agreement.key[i];
    out.municipalities.push_back({share.code, share.name, Percent(effective[i]), {}});
  }
  for (const FacilityCost& cost : costs) {
    out.facilities.push_back(FacilityLine(cost, agreement.deduct_revenue));
    for (const CostColumn column : kDivided) {
      const CostCell& cell = out.facilities.back().cells[column];
      Add(out.total, column, cell.ore, cell.exact);
    }
  }
  std::vector<std::int64_t> days;
  for (const Period& part : parts) days.push_back(part.Days());
  Divider divider(agreement, out);
  for (const CostColumn column : kDivided) {
    const std::vector<Ore> amounts = Apportion(out.total.cells[column].ore, days);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      divider.Divide(column, amounts[i], WeightsOf(agreement, parts[i]));
    }
  }
  return out;
}

std::string PrintTable(const CostAllocation& allocation, Language language) {
  const bool swedish = language == Language::kSwedish;
  const Words& words = swedish ? kSwedishWords : kEnglishWords;
  std::vector<CostColumn> columns = {kStaff, kRent, kOther};
  std::string text = std::string("| | ") + words.staff + " | " + words.rent + " | " + words.other;
  if (allocation.revenue_deducted) {
    columns.push_back(kRevenue);
    text += std::string(" | ") + words.revenue;
  }
  columns.push_back(kRowTotal);
  text += std::string(" | ") + words.total + " |\n|";
  for (std::size_t i = 0; i <= columns.size(); ++i) text += "---|";
  text += "\n";
  const auto print = [&](const CostLine& line, const std::string& label) {
    std::string percent = line.percent;
    if (swedish) std::replace(percent.begin(), percent.end(), '.', ',');
    text += "| " + label + (percent.empty() ? "" : " " + percent + " %");
    for (const CostColumn column : columns) {
      text += " | " + Grouped(line.cells[column].exact.ThousandSek());
    }
    text += " |\n";
  };
  for (const CostLine& line : allocation.facilities) print(line, line.label);
  print(allocation.total, words.total);
  print(allocation.region, allocation.region.label);
  for (const CostLine& line : allocation.municipalities) print(line, line.label);
  if (allocation.unallocated.cells[kRowTotal].ore != Ore{}) {
    print(allocation.unallocated, words.unallocated);
  }
  print(allocation.municipal_total, words.municipalities);
  return text;
}

}  // namespace vardkedja::reporting::domain
