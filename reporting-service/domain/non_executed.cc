#include "reporting-service/domain/non_executed.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace vardkedja::reporting::domain {
namespace {

using std::chrono::days;

void Add(NonExecutedLine& line, const NonExecutedItem& item) {
  switch (item.rule) {
    case ReportableRule::kNone:
      return;
    case ReportableRule::kNotExecuted:
      ++line.not_executed;
      break;
    case ReportableRule::kExecutedLate:
      ++line.executed_late;
      break;
    case ReportableRule::kClosedLate:
      ++line.closed_late;
      break;
  }
  line.longest_days = std::max(line.longest_days.value_or(0), item.elapsed_days);
}

std::map<std::string, std::int64_t> UnsuccessfulOffers(const Facts& facts, Date last) {
  std::map<std::string, std::int64_t> by_decision;
  for (const Offer& offer : facts.offers) {
    const bool failed =
        offer.outcome == OfferOutcome::kDeclined || offer.outcome == OfferOutcome::kExpired;
    if (failed && offer.answered_on && *offer.answered_on <= last) ++by_decision[offer.decision_id];
  }
  return by_decision;
}

}  // namespace

ReportableRule Reportable(const Wait& wait, Period quarter) {
  const Date last = quarter.to - days(1);
  const Date due = wait.Due();
  const std::optional<Date> end = wait.End();
  if (!end.has_value() || *end > last) {
    return due <= last ? ReportableRule::kNotExecuted : ReportableRule::kNone;
  }
  if (*end < quarter.from || *end <= due) return ReportableRule::kNone;
  return wait.EndedByExecution() ? ReportableRule::kExecutedLate : ReportableRule::kClosedLate;
}

NonExecuted ComputeNonExecuted(const Facts& facts, Period quarter, Date as_of) {
  NonExecuted report;
  const Period judged = Intersect(quarter, {quarter.from, as_of + days(1)});
  std::map<std::string, NonExecutedLine> lines;
  for (const Municipality& one : facts.municipalities) {
    lines[one.code].municipality_name = one.name;
  }
  std::vector<Wait> waits;
  if (judged.Days() > 0) {
    waits = DecisionWaits(facts, as_of);
    std::vector<Wait> interruptions = InterruptionWaits(facts, as_of);
    std::move(interruptions.begin(), interruptions.end(), std::back_inserter(waits));
  }
  const Date last = judged.to - days(1);
  std::map<std::string, std::int64_t> offers = UnsuccessfulOffers(facts, last);
  for (Wait& wait : waits) {
    NonExecutedItem item;
    item.rule = Reportable(wait, judged);
    if (item.rule == ReportableRule::kNone) continue;
    if (item.rule != ReportableRule::kNotExecuted) item.end = wait.End();
    item.elapsed_days = (item.end.value_or(last) - wait.start).count();
    if (!wait.interruption) item.unsuccessful_offers = offers[wait.reference];
    item.wait = std::move(wait);
    Add(lines[item.wait.municipality_code], item);
    Add(report.total, item);
    report.items.push_back(std::move(item));
  }
  std::stable_sort(report.items.begin(), report.items.end(),
                   [](const NonExecutedItem& a, const NonExecutedItem& b) {
                     return std::tie(a.wait.municipality_code, a.wait.start, a.wait.reference) <
                            std::tie(b.wait.municipality_code, b.wait.start, b.wait.reference);
                   });
  for (auto& [code, line] : lines) {
    line.municipality_code = code;
    report.rows.push_back(std::move(line));
  }
  return report;
}

}  // namespace vardkedja::reporting::domain
