#include "reporting-service/domain/queue_figures.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace vardkedja::reporting::domain {
namespace {

using LineKey = std::pair<std::string, BedKind>;

void AddEntry(QueueLine& line, const QueueEntry& entry, Period period, Date as_of) {
  if (period.Contains(entry.queued_on)) ++line.queued;
  if (entry.left_on.has_value()) {
    if (period.Contains(*entry.left_on))
      ++(entry.left_reason == "placed" ? line.placed : line.dequeued);
    return;
  }
  ++(entry.transfer ? line.waiting_transfer : line.waiting_first_placement);
  if (AddMonths(entry.decision_date, 3) <= as_of) ++line.waiting_over_three_months;
  const std::int64_t days = (as_of - entry.decision_date).count();
  line.longest_wait_days = std::max(line.longest_wait_days.value_or(0), days);
}

void AddOffer(QueueLine& line, const Offer& offer, Period period) {
  if (!period.Contains(offer.made_on)) return;
  ++line.offers_made;
  if (offer.override_rule) ++line.offers_override;
  switch (offer.outcome) {
    case OfferOutcome::kOpen:
      ++line.offers_open;
      break;
    case OfferOutcome::kAccepted:
      ++line.offers_accepted;
      break;
    case OfferOutcome::kDeclined:
      ++line.offers_declined;
      ++line.decline_reasons[offer.decline_code];
      break;
    case OfferOutcome::kExpired:
      ++line.offers_expired;
      break;
  }
}

}  // namespace

QueueFigures ComputeQueueFigures(const Facts& facts, const std::string& facility_id, Period period,
                                 Date as_of) {
  std::map<std::string, std::string> names;
  for (const Facility& facility : facts.facilities) names[facility.facility_id] = facility.name;
  std::map<LineKey, QueueLine> lines;
  QueueFigures figures;
  // Applies a change to the line it belongs to and to the total.
  const auto add = [&](const std::string& facility, BedKind kind,
                       const std::function<void(QueueLine&)>& change) {
    if (!facility_id.empty() && facility != facility_id) return;
    change(lines[{facility, kind}]);
    change(figures.total);
  };
  for (const Bed& bed : facts.beds) add(bed.facility_id, bed.kind, [](QueueLine&) {});
  for (const QueueEntry& entry : facts.queue_entries) {
    add(entry.facility_id, entry.kind,
        [&](QueueLine& line) { AddEntry(line, entry, period, as_of); });
  }
  for (const Offer& offer : facts.offers) {
    add(offer.facility_id, offer.kind, [&](QueueLine& line) { AddOffer(line, offer, period); });
  }
  for (const Alert& alert : facts.alerts) {
    if (!period.Contains(alert.on)) continue;
    add(alert.facility_id, alert.kind, [&](QueueLine& line) { ++line.alerts[alert.code]; });
  }
  for (auto& [key, line] : lines) {
    line.facility_id = key.first;
    line.facility_name = names[key.first];
    line.kind = key.second;
    figures.rows.push_back(std::move(line));
  }
  return figures;
}

}  // namespace vardkedja::reporting::domain
