#include "reporting-service/domain/occupancy.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace vardkedja::reporting::domain {
namespace {

using std::chrono::days;

using LineKey = std::pair<std::string, BedKind>;

struct LineDays {
  std::vector<OccupancyCounts> by_day;
  std::set<std::string> people;
};

// What one bed is on one day.
struct BedDay {
  bool available = false;
  bool occupied = false;
  bool held = false;
  bool reserved = false;
};

struct BedDays {
  LineKey line;
  std::vector<BedDay> by_day;
};

// One report in the making: a day-by-day table over the counted part of the period.
class Counter {
 public:
  Counter(const Facts& facts, const std::string& facility_id, Period counted)
      : facts_(facts), facility_id_(facility_id), counted_(counted) {}

  std::map<LineKey, LineDays> Run() {
    PlaceBeds();
    CloseBeds();
    CountStays();
    CountExternalStays();
    HoldBeds();
    ReserveBeds();
    SumBeds();
    return std::move(lines_);
  }

 private:
  std::size_t Index(Date date) const {
    return static_cast<std::size_t>((date - counted_.from).count());
  }
  bool Wanted(const std::string& facility) const {
    return facility_id_.empty() || facility_id_ == facility;
  }
  Period Clip(Date from, std::optional<Date> to) const {
    return Intersect(counted_, {from, to.value_or(counted_.to)});
  }
  LineDays& Line(const LineKey& key) {
    LineDays& line = lines_[key];
    line.by_day.resize(static_cast<std::size_t>(counted_.Days()));
    return line;
  }
  template <typename Change>
  void EachBedDay(const std::string& bed_id, Period span, Change change) {
    const auto bed = beds_.find(bed_id);
    if (bed == beds_.end()) return;
    for (Date day = span.from; day < span.to; day += days(1)) {
      change(bed->second.by_day[Index(day)]);
    }
  }

  void PlaceBeds() {
    for (const Bed& bed : facts_.beds) {
      if (!Wanted(bed.facility_id)) continue;
      const LineKey key{bed.facility_id, bed.kind};
      Line(key);
      BedDays& table = beds_[bed.bed_id];
      table.line = key;
      table.by_day.resize(static_cast<std::size_t>(counted_.Days()));
      if (bed.extra) continue;
      EachBedDay(bed.bed_id, Clip(bed.operational_from, bed.operational_to),
                 [](BedDay& day) { day.available = true; });
    }
  }

  void CloseBeds() {
    for (const Closure& closure : facts_.closures) {
      EachBedDay(closure.bed_id, Clip(closure.from, closure.to),
                 [](BedDay& day) { day.available = false; });
    }
  }

  void CountStays() {
    const auto one_date = WhereADateCounts();
    std::map<std::string, std::vector<const Leave*>> leaves;
    for (const Leave& leave : facts_.leaves) leaves[leave.stay_id].push_back(&leave);
    for (const Stay& stay : facts_.stays) {
      if (!Wanted(stay.facility_id)) continue;
      std::optional<Date> end = stay.departure;
      // Begun and ended on one date counts one, once per person.
      if (OfOneDate(stay) && one_date.at({stay.person_id, stay.move_in}) == stay.stay_id) {
        end = stay.move_in + days(1);
      }
      const Period span = Clip(stay.move_in, end);
      LineDays& line = Line({stay.facility_id, stay.kind});
      if (span.Days() > 0) line.people.insert(stay.person_id);
      const auto own_leaves = leaves.find(stay.stay_id);
      for (Date day = span.from; day < span.to; day += days(1)) {
        OccupancyCounts& counts = line.by_day[Index(day)];
        ++counts.bed_days;
        if (own_leaves != leaves.end() && OnLeave(own_leaves->second, day)) ++counts.leave_days;
      }
      EachBedDay(stay.bed_id, span, [](BedDay& day) { day.occupied = true; });
    }
  }

  static bool OfOneDate(const Stay& stay) { return stay.departure == stay.move_in; }

  // By person and date, for the stays begun and ended on it: which stay the date counts for. One
  // that goes on beyond the date comes first, then the last recorded.
  std::map<std::pair<std::string, Date>, std::string> WhereADateCounts() const {
    std::map<std::pair<std::string, Date>, std::string> counts;
    for (const Stay& stay : facts_.stays) {
      if (!OfOneDate(stay)) continue;
      std::string& last = counts[{stay.person_id, stay.move_in}];
      last = std::max(last, stay.stay_id);
    }
    for (const Stay& stay : facts_.stays) {
      if (OfOneDate(stay)) continue;
      const auto found = counts.find({stay.person_id, stay.move_in});
      if (found != counts.end()) found->second = stay.stay_id;
    }
    return counts;
  }

  // Nobody is known by person there: they count in days only.
  void CountExternalStays() {
    for (const ExternalStay& stay : facts_.external_stays) {
      if (!Wanted(stay.facility_id)) continue;
      std::optional<Date> end = stay.departure;
      if (end.has_value()) end = std::max(*end, stay.move_in + days(1));
      const Period span = Clip(stay.move_in, end);
      LineDays& line = Line({stay.facility_id, stay.kind});
      for (Date day = span.from; day < span.to; day += days(1)) {
        OccupancyCounts& counts = line.by_day[Index(day)];
        ++counts.bed_days;
        ++counts.external_days;
        counts.external_revenue_ore += stay.ore_per_day;
      }
      EachBedDay(stay.bed_id, span, [](BedDay& day) { day.occupied = true; });
    }
  }

  static bool OnLeave(const std::vector<const Leave*>& leaves, Date day) {
    return std::any_of(leaves.begin(), leaves.end(), [day](const Leave* leave) {
      return leave->from <= day && (!leave->to.has_value() || day < *leave->to);
    });
  }

  void HoldBeds() {
    for (const Hold& hold : facts_.holds) {
      EachBedDay(hold.bed_id, Clip(hold.from, hold.to), [](BedDay& day) { day.held = true; });
    }
  }

  // From the acceptance until the move-in, or until the person left the queue or gave the place
  // back.
  void ReserveBeds() {
    std::map<std::string, Date> ends;
    for (const QueueEntry& entry : facts_.queue_entries) {
      if (entry.left_on.has_value()) ends.emplace(entry.entry_id, *entry.left_on);
    }
    for (const Offer& offer : facts_.offers) {
      if (offer.outcome != OfferOutcome::kAccepted || !offer.answered_on.has_value()) continue;
      std::optional<Date> end;
      if (const auto left = ends.find(offer.entry_id); left != ends.end()) end = left->second;
      if (offer.released_on.has_value()) end = offer.released_on;
      EachBedDay(offer.bed_id, Clip(*offer.answered_on, end),
                 [](BedDay& day) { day.reserved = true; });
    }
  }

  void SumBeds() {
    for (const auto& [bed_id, bed] : beds_) {
      LineDays& line = Line(bed.line);
      for (std::size_t i = 0; i < bed.by_day.size(); ++i) {
        const BedDay& day = bed.by_day[i];
        if (!day.available) continue;
        OccupancyCounts& counts = line.by_day[i];
        ++counts.available_days;
        if (day.held && !day.occupied) ++counts.held_days;
        if (day.reserved && !day.occupied) ++counts.reserved_days;
      }
    }
  }

  const Facts& facts_;
  const std::string& facility_id_;
  const Period counted_;
  std::map<LineKey, LineDays> lines_;
  std::map<std::string, BedDays> beds_;
};

OccupancyCounts SumDays(const LineDays& line, Period counted, Period part) {
  OccupancyCounts sum;
  const Period span = Intersect(counted, part);
  for (Date day = span.from; day < span.to; day += days(1)) {
    sum += line.by_day[static_cast<std::size_t>((day - counted.from).count())];
  }
  return sum;
}

}  // namespace

OccupancyCounts& OccupancyCounts::operator+=(const OccupancyCounts& other) {
  bed_days += other.bed_days;
  leave_days += other.leave_days;
  available_days += other.available_days;
  held_days += other.held_days;
  reserved_days += other.reserved_days;
  external_days += other.external_days;
  external_revenue_ore += other.external_revenue_ore;
  return *this;
}

Occupancy ComputeOccupancy(const Facts& facts, const std::string& facility_id, Period period,
                           Granularity granularity, Date as_of) {
  const Period counted = Intersect(period, {period.from, as_of + days(1)});
  std::map<std::string, std::string> names;
  for (const Facility& facility : facts.facilities) names[facility.facility_id] = facility.name;

  Occupancy report;
  report.total.period = period;
  std::set<std::string> everyone;
  for (const auto& [key, line] : Counter(facts, facility_id, counted).Run()) {
    OccupancyLine row{key.first, names[key.first], key.second, period, {}, 0};
    for (const Period& part : Split(period, granularity)) {
      row.period = part;
      row.counts = SumDays(line, counted, part);
      report.rows.push_back(row);
    }
    row.period = period;
    row.counts = SumDays(line, counted, period);
    row.people = static_cast<std::int64_t>(line.people.size());
    report.totals.push_back(row);
    report.total.counts += row.counts;
    everyone.insert(line.people.begin(), line.people.end());
  }
  report.total.people = static_cast<std::int64_t>(everyone.size());
  return report;
}

std::optional<std::int64_t> PerMille(std::int64_t days, std::int64_t available_days) {
  if (available_days == 0) return std::nullopt;
  return (2000 * days + available_days) / (2 * available_days);
}

}  // namespace vardkedja::reporting::domain
