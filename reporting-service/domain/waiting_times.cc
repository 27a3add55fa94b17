#include "reporting-service/domain/waiting_times.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "reporting-service/domain/survival.h"
#include "reporting-service/domain/waits.h"

namespace vardkedja::reporting::domain {
namespace {

constexpr std::array<const char*, 3> kSexes = {"unknown", "female", "male"};
constexpr std::array<const char*, 7> kAgeBands = {"unknown", "18-24", "25-34", "35-44",
                                                  "45-54",   "55-64", "65+"};

struct Tally {
  WaitingLine line;
  std::set<std::string> people;
  std::vector<Duration> durations;
};

void Add(Tally& tally, const Wait& wait, Period period, Date as_of) {
  WaitingLine& line = tally.line;
  const std::optional<Date> end = wait.End();
  if (!end.has_value()) {
    ++line.waiting_now;
    if (wait.Due() <= as_of) ++line.waiting_over_three_months;
  }
  if (!period.Contains(wait.start)) return;
  ++line.decisions;
  tally.people.insert(wait.person_id);
  if (!end.has_value()) {
    ++line.still_waiting;
  } else if (wait.EndedByExecution()) {
    ++line.executed;
  } else {
    ++line.closed_unexecuted;
  }
  // A move-in before the decision (an acute placement) waited no days.
  const std::int64_t days = (end.value_or(as_of) - wait.start).count();
  tally.durations.push_back({std::max<std::int64_t>(days, 0), wait.EndedByExecution()});
}

WaitingLine Finish(Tally tally) {
  tally.line.people = static_cast<std::int64_t>(tally.people.size());
  tally.line.median_days = Quantile(tally.durations, 0.5);
  tally.line.p90_days = Quantile(std::move(tally.durations), 0.1);
  return tally.line;
}

std::vector<std::string> AllGroups(const Facts& facts, GroupBy group_by) {
  std::vector<std::string> groups;
  switch (group_by) {
    case GroupBy::kNone:
      break;
    case GroupBy::kMunicipality:
      for (const Municipality& one : facts.municipalities) groups.push_back(one.code);
      break;
    case GroupBy::kLegalSex:
      groups.assign(kSexes.begin(), kSexes.end());
      break;
    case GroupBy::kAgeBand:
      groups.assign(kAgeBands.begin(), kAgeBands.end());
      break;
  }
  return groups;
}

std::string GroupOf(const Wait& wait, const Case* one, GroupBy group_by) {
  switch (group_by) {
    case GroupBy::kNone:
      break;
    case GroupBy::kMunicipality:
      return wait.municipality_code.empty() ? "unknown" : wait.municipality_code;
    case GroupBy::kLegalSex:
      return kSexes[one == nullptr ? 0 : static_cast<std::size_t>(one->legal_sex)];
    case GroupBy::kAgeBand:
      return kAgeBands[one == nullptr ? 0 : static_cast<std::size_t>(one->age_band)];
  }
  return {};
}

}  // namespace

WaitingTimes ComputeWaitingTimes(const Facts& facts, const std::string& facility_id, Period period,
                                 GroupBy group_by, Date as_of) {
  std::map<std::string, const Case*> cases;
  for (const Case& one : facts.cases) cases[one.case_id] = &one;
  // Keyed by (transfer, group), so that the order is that of the report.
  std::map<std::pair<bool, std::string>, Tally> groups;
  for (const std::string& group : AllGroups(facts, group_by)) {
    groups[{false, group}];
    groups[{true, group}];
  }
  std::array<Tally, 2> all;
  for (const Wait& wait : DecisionWaits(facts, as_of)) {
    if (!facility_id.empty() && wait.facility_id != facility_id) continue;
    Add(all[wait.transfer ? 1 : 0], wait, period, as_of);
    if (group_by == GroupBy::kNone) continue;
    const auto found = cases.find(wait.case_id);
    const Case* one = found == cases.end() ? nullptr : found->second;
    Add(groups[{wait.transfer, GroupOf(wait, one, group_by)}], wait, period, as_of);
  }
  WaitingTimes report;
  report.first_placement = Finish(std::move(all[0]));
  report.transfer = Finish(std::move(all[1]));
  report.transfer.transfer = true;
  for (auto& [key, tally] : groups) {
    tally.line.transfer = key.first;
    tally.line.group = key.second;
    report.groups.push_back(Finish(std::move(tally)));
  }
  return report;
}

}  // namespace vardkedja::reporting::domain
