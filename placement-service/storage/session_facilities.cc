// What a session does with facilities and beds as such.
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {

absl::StatusOr<std::optional<domain::Facility>> PostgresSession::FindFacility(
    const domain::FacilityId& id) {
  return FindFacilityRow(run_, id, Lock::kNone);
}

absl::StatusOr<std::optional<domain::Facility>> PostgresSession::LockFacility(
    const domain::FacilityId& id) {
  // Locked first and alone, so that what is read next is what others have committed.
  VK_RETURN_IF_ERROR(FindFacilityRow(run_, id, Lock::kForWrite).status());
  return FindFacilityRow(run_, id, Lock::kNone);
}

absl::StatusOr<std::vector<domain::BedCalendar>> PostgresSession::Calendars(
    const domain::FacilityId& facility, domain::BedKind kind) {
  const Date today = StockholmDate(cause_.now);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT " + std::string(kBedColumns) +
                                      " FROM bed b WHERE b.facility_id = $1 AND b.bed_kind = $2"
                                      " AND (b.operational_to IS NULL OR b.operational_to > $3)",
                                  {facility.value, static_cast<int>(kind), today}));
  std::vector<usecases::BedRecord> beds;
  for (const pg::Row& row : rows) {
    usecases::BedRecord bed;
    bed.bed = BedOf(row);
    beds.push_back(std::move(bed));
  }
  VK_RETURN_IF_ERROR(LoadCalendars(run_, beds, today, {today, std::nullopt}));
  std::vector<domain::BedCalendar> calendars;
  for (usecases::BedRecord& bed : beds) calendars.push_back(std::move(bed.calendar));
  return calendars;
}

absl::StatusOr<std::vector<domain::Price>> PostgresSession::Prices(const domain::FacilityId& id) {
  return ListPrices(run_, id);
}

absl::StatusOr<std::optional<domain::Closure>> PostgresSession::FindClosure(
    const domain::BedId& bed, const domain::ClosureId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT from_date, to_date, reason FROM bed_closure"
                                  " WHERE bed_id = $1 AND closure_id = $2::uuid",
                                  {bed.value, id.value}));
  if (rows.empty()) return std::optional<domain::Closure>();
  return std::optional<domain::Closure>(
      {id,
       bed,
       {rows[0].Date("from_date"), rows[0].OptionalDate("to_date")},
       EnumOf<domain::ClosureReason>(rows[0], "reason")});
}

absl::StatusOr<std::vector<usecases::PlanWhileClosed>> PostgresSession::PlansWhileClosed(
    const domain::BedId& bed) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute(
          "SELECT c.closure_id, GREATEST(c.from_date, x.from_date) AS from_date, x.offer_id,"
          "       x.alternation_id, x.stay_id FROM bed_closure c JOIN ("
          " SELECT r.from_date, r.during, r.offer_id, r.alternation_id, NULL::uuid AS stay_id"
          "   FROM reservation r WHERE r.bed_id = $1 AND r.state = 'active'"
          " UNION ALL"
          " SELECT s.move_in, daterange(s.move_in,"
          "          CASE WHEN LEAST(s.planned_departure, t.move) >= $2::date"
          "               THEN GREATEST(LEAST(s.planned_departure, t.move), $2::date + 1) END),"
          "        NULL, NULL, s.stay_id"
          "   FROM stay s LEFT JOIN transfer t"
          "     ON t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed')"
          "  WHERE s.bed_id = $1 AND s.state = 'active' AND s.purchaser IS NULL) x"
          " ON c.during && x.during"
          " WHERE c.bed_id = $1 AND (c.to_date IS NULL OR c.to_date > $2::date)"
          // In the order of locks.
          " ORDER BY x.alternation_id IS NOT NULL, x.stay_id IS NOT NULL, 2, 1",
          {bed.value, StockholmDate(cause_.now)}));
  std::vector<usecases::PlanWhileClosed> plans;
  for (const pg::Row& row : rows) {
    usecases::PlanWhileClosed plan;
    plan.closure = domain::ClosureId(row.Text("closure_id"));
    plan.from = row.Date("from_date");
    if (const auto id = row.OptionalText("offer_id")) plan.offer = domain::OfferId(*id);
    if (const auto id = row.OptionalText("alternation_id")) {
      plan.alternation = domain::AlternationId(*id);
    }
    if (const auto id = row.OptionalText("stay_id")) plan.stay = domain::StayId(*id);
    plans.push_back(std::move(plan));
  }
  return plans;
}

absl::StatusOr<bool> PostgresSession::AddFacility(const domain::Facility& facility) {
  const domain::FacilityDetails& details = facility.details;
  return InsertIfAbsent(
      "INSERT INTO facility (facility_id, name, organisation_id, unit_id, care_level,"
      " offer_deadline_hours, offer_reminder_hours, operator_type, ivo_standing, ivo_reference,"
      " in_house_health_care, framework_contract, version, move_in_within_days)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {facility.id.value, details.name, facility.organisation, facility.unit.value,
       details.care_level, details.terms.deadline_hours, details.terms.reminder_hours,
       static_cast<int>(details.operator_type), static_cast<int>(details.ivo_standing),
       details.ivo_reference, details.in_house_health_care, details.framework_contract,
       facility.version, details.terms.move_in_within_days});
}

absl::Status PostgresSession::ChangeFacility(const domain::Facility& facility) {
  const domain::FacilityDetails& details = facility.details;
  return WriteOne(
      "UPDATE facility SET name = $2, care_level = $3, offer_deadline_hours = $4,"
      " offer_reminder_hours = $5, operator_type = $6, ivo_standing = $7, ivo_reference = $8,"
      " in_house_health_care = $9, framework_contract = $10, version = $11,"
      " move_in_within_days = $12"
      " WHERE facility_id = $1 AND version = $11 - 1",
      {facility.id.value, details.name, details.care_level, details.terms.deadline_hours,
       details.terms.reminder_hours, static_cast<int>(details.operator_type),
       static_cast<int>(details.ivo_standing), details.ivo_reference, details.in_house_health_care,
       details.framework_contract, facility.version, details.terms.move_in_within_days});
}

absl::Status PostgresSession::AddFacilityFact(const domain::FacilityId& id,
                                              const domain::FacilityFact& fact) {
  const auto bed = fact.bed_id ? std::optional<std::string>(fact.bed_id->value) : std::nullopt;
  const auto from = fact.period ? std::optional<Date>(fact.period->from) : std::nullopt;
  const auto to = fact.period ? fact.period->to : std::nullopt;
  return WriteOne(
      "INSERT INTO facility_history (fact_id, facility_id, bed_id, at, kind, field, before, after,"
      " from_date, to_date, unit_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {NewUuidV7(), id.value, bed, fact.at, fact.kind, fact.field, fact.before, fact.after, from,
       to, cause_.actor_unit});
}

absl::Status PostgresSession::AddIntakeClosure(const domain::FacilityId& id,
                                               const domain::IntakeClosure& closure) {
  return WriteOne(
      "INSERT INTO intake_closure (intake_closure_id, facility_id, from_date, to_date)"
      " VALUES ($1, $2, $3, $4)",
      {closure.id.value, id.value, closure.period.from, closure.period.to});
}

absl::Status PostgresSession::ChangeIntakeClosure(const domain::IntakeClosure& closure) {
  return WriteOne("UPDATE intake_closure SET to_date = $2 WHERE intake_closure_id = $1",
                  {closure.id.value, closure.period.to});
}

absl::Status PostgresSession::PutPrice(const domain::FacilityId& id, const domain::Price& price) {
  return WriteOne(
      "INSERT INTO facility_price (facility_id, bed_kind, from_date, ore_per_day)"
      " VALUES ($1, $2, $3, $4) ON CONFLICT (facility_id, bed_kind, from_date)"
      " DO UPDATE SET ore_per_day = EXCLUDED.ore_per_day",
      {id.value, static_cast<int>(price.kind), price.from, price.ore_per_day});
}

absl::StatusOr<bool> PostgresSession::AddBed(const domain::Bed& bed) {
  beds_.insert(bed.id.value);
  return InsertIfAbsent(
      "INSERT INTO bed (bed_id, facility_id, bed_kind, extra, operational_from, operational_to,"
      " version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {bed.id.value, bed.facility_id.value, static_cast<int>(bed.kind), bed.extra,
       bed.operational.from, bed.operational.to, bed.version});
}

absl::Status PostgresSession::ChangeBed(const domain::Bed& bed) {
  return WriteOne(
      "UPDATE bed SET operational_to = $3, version = $2 WHERE bed_id = $1 AND version = $2 - 1",
      {bed.id.value, bed.version, bed.operational.to});
}

absl::Status PostgresSession::AddClosure(const domain::Closure& closure) {
  return WriteOne(
      "INSERT INTO bed_closure (closure_id, bed_id, from_date, to_date, reason)"
      " VALUES ($1, $2, $3, $4, $5)",
      {closure.id.value, closure.bed_id.value, closure.period.from, closure.period.to,
       static_cast<int>(closure.reason)});
}

absl::Status PostgresSession::ChangeClosure(const domain::Closure& closure) {
  return WriteOne("UPDATE bed_closure SET to_date = $2 WHERE closure_id = $1",
                  {closure.id.value, closure.period.to});
}

}  // namespace vardkedja::placement::storage
