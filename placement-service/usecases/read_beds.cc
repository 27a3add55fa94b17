#include <algorithm>
#include <map>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"

namespace vardkedja::placement::usecases {
namespace {

constexpr std::chrono::days kOneDay(1);
constexpr int kMostDays = 366;

bool AnyOn(const std::vector<domain::Period>& periods, Date date) {
  return std::any_of(periods.begin(), periods.end(),
                     [date](const domain::Period& period) { return period.Contains(date); });
}

}  // namespace

BedAnswer DescribeBed(BedRecord record, Date today) {
  BedAnswer answer;
  const domain::BedCalendar& calendar = record.calendar;
  answer.operational = domain::OperationalOn(calendar, today);
  answer.reserved =
      std::any_of(calendar.reservations.begin(), calendar.reservations.end(),
                  [today](const domain::Period& period) { return period.ReachesBeyond(today); });
  answer.held = AnyOn(calendar.holds, today);
  answer.occupied = AnyOn(calendar.stays, today);
  answer.conflicts = domain::ConflictsOf(calendar, today);
  answer.empty_from = domain::EmptyFrom(calendar, today);
  answer.record = std::move(record);
  return answer;
}

absl::StatusOr<std::vector<FacilityAnswer>> ReadBeds::Facilities(
    const auth::CallContext& ctx) const {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store_.Facilities(ctx));
  CalendarQuery query;
  query.today = StockholmDate(ctx.now);
  query.asked = {query.today, query.today + kOneDay};
  VK_ASSIGN_OR_RETURN(const std::vector<BedRecord> beds, store_.Beds(ctx, query));
  std::map<std::pair<domain::FacilityId, domain::BedKind>, int> counts;
  for (const BedRecord& bed : beds) {
    if (!bed.bed.extra) ++counts[{bed.bed.facility_id, bed.bed.kind}];
  }
  std::vector<FacilityAnswer> answers;
  for (const domain::Facility& facility : facilities) {
    FacilityAnswer answer{facility, {}, {}};
    for (const auto& [key, count] : counts) {
      if (key.first == facility.id) answer.counts.push_back({key.second, count});
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

absl::StatusOr<FacilityAnswer> ReadBeds::Facility(const auth::CallContext& ctx,
                                                  const domain::FacilityId& id) const {
  VK_ASSIGN_OR_RETURN(std::vector<FacilityAnswer> answers, Facilities(ctx));
  for (FacilityAnswer& answer : answers) {
    if (answer.facility.id != id) continue;
    VK_ASSIGN_OR_RETURN(answer.prices, store_.Prices(ctx, id));
    return std::move(answer);
  }
  return NotFound();
}

absl::StatusOr<ReadBeds::HistoryPage> ReadBeds::History(const auth::CallContext& ctx,
                                                        const FacilityHistoryPage& page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, page.facility_id.value));
  HistoryPage answer;
  VK_ASSIGN_OR_RETURN(answer.facts, store_.FacilityHistory(ctx, page));
  if (static_cast<int>(answer.facts.size()) == page.limit) answer.next = answer.facts.back().id;
  return answer;
}

absl::Status CheckFacilityKnown(Store& store, const auth::CallContext& ctx,
                                const std::optional<std::string>& id) {
  if (!id) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store.Facilities(ctx));
  const bool known = std::any_of(facilities.begin(), facilities.end(),
                                 [&](const domain::Facility& one) { return one.id.value == *id; });
  return known ? absl::OkStatus() : NotFound();
}

absl::StatusOr<std::vector<BedAnswer>> ReadBeds::Beds(const auth::CallContext& ctx,
                                                      const domain::FacilityId& facility,
                                                      std::optional<domain::BedKind> kind) const {
  CalendarQuery query;
  query.facility_id = facility;
  query.kind = kind;
  query.today = StockholmDate(ctx.now);
  query.asked = {query.today, std::nullopt};
  VK_ASSIGN_OR_RETURN(std::vector<BedRecord> records, store_.Beds(ctx, query));
  if (records.empty()) VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, facility.value));
  std::vector<BedAnswer> answers;
  for (BedRecord& record : records) {
    answers.push_back(DescribeBed(std::move(record), query.today));
  }
  return answers;
}

absl::StatusOr<BedAnswer> ReadBeds::Bed(const auth::CallContext& ctx,
                                        const domain::BedId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<BedRecord> record, store_.FindBed(ctx, id));
  if (!record) return NotFound();
  return DescribeBed(*std::move(record), StockholmDate(ctx.now));
}

absl::StatusOr<AvailabilityAnswer> ReadBeds::Availability(
    const auth::CallContext& ctx, const AvailabilityQuestion& question) const {
  AvailabilityAnswer answer;
  answer.as_of = question.as_of.value_or(ctx.now);
  CalendarQuery query;
  query.facility_id = question.facility;
  query.kind = question.kind;
  query.as_of = question.as_of;
  query.today = StockholmDate(answer.as_of);
  const Date first = question.from.value_or(query.today);
  const Date end = question.to.value_or(first + kOneDay);
  std::vector<FieldViolation> violations;
  if (end <= first || (end - first).count() > kMostDays) {
    violations.push_back({"to_date", "RANGE", "Must be 1 to 366 days after from_date.",
                          "Måste vara 1 till 366 dagar efter from_date."});
  }
  if (answer.as_of > ctx.now) {
    violations.push_back({"as_of", "IN_THE_FUTURE", "Must not be ahead: nothing is known yet.",
                          "Får inte ligga framåt: inget är känt än."});
  }
  if (!question.care_level.empty()) {
    VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store_.Facilities(ctx));
    const bool known = std::any_of(
        facilities.begin(), facilities.end(),
        [&](const domain::Facility& one) { return one.details.care_level == question.care_level; });
    if (!known) {
      violations.push_back({"care_level", "UNKNOWN", "No facility has this care level.",
                            "Inget boende har den här vårdnivån."});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (question.facility) {
    VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, question.facility->value));
  }
  query.care_level = question.care_level;
  // The day before as well: who was there then and is not any more has left.
  query.asked = {first - kOneDay, end};
  VK_ASSIGN_OR_RETURN(const std::vector<BedRecord> beds, store_.Beds(ctx, query));
  std::vector<domain::BedCalendar> calendars;
  std::map<domain::FacilityId, domain::Facility> facilities;
  for (const BedRecord& bed : beds) {
    calendars.push_back(bed.calendar);
    facilities.emplace(bed.facility.id, bed.facility);
  }
  answer.days = domain::CountDays(calendars, first, end, query.today);
  for (domain::DayCount& day : answer.days) {
    const domain::Facility& facility = facilities.at(day.facility_id);
    day.care_level = facility.details.care_level;
    day.intake_closed = domain::IntakeClosedOn(facility, day.date);
  }
  return answer;
}

}  // namespace vardkedja::placement::usecases
