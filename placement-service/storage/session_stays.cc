// What a session writes about the life of a stay.
#include <utility>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

std::vector<std::int64_t> Numbers(const std::vector<domain::ChecklistItem>& items) {
  std::vector<std::int64_t> numbers;
  for (const domain::ChecklistItem item : items) numbers.push_back(static_cast<int>(item));
  return numbers;
}

// The beds of a person's stays of one date that a change of another stay can touch: a date counts
// once per person (date_counts_elsewhere).
constexpr std::string_view kOneDateBeds =
    " RETURNING ARRAY(SELECT d.bed_id FROM stay d WHERE d.person_id = stay.person_id"
    " AND d.stay_id <> stay.stay_id AND d.state <> 'corrected' AND d.departure = d.move_in"
    " AND d.move_in >= stay.move_in AND (stay.departure IS NULL OR d.move_in <= stay.departure))"
    " AS beds";

}  // namespace

absl::Status PostgresSession::WriteStayRow(const std::string& sql, const pg::Params& params) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, ExecuteOne(sql + std::string(kOneDateBeds), params));
  for (std::string& bed : rows[0].Texts("beds")) beds_.insert(std::move(bed));
  return absl::OkStatus();
}

absl::Status PostgresSession::AddStay(const domain::Stay& stay) {
  return WriteStayRow(
      "INSERT INTO stay (stay_id, entry_id, offer_id, case_id, case_number, person_id,"
      " owner_unit_id, decision_id, facility_id, bed_kind, bed_id, state, move_in,"
      " transferred_in, planned_departure, discharge_exception, continues_stay_id, version,"
      " departure, discharge_reason, unmet_items, corrects_stay_id, agreement_exception)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
      " $19, $20, $21::bigint[], $22, $23)",
      {stay.id.value,
       stay.entry_id.value,
       stay.offer_id.value,
       stay.case_id.value,
       stay.case_number,
       stay.person_id.value,
       stay.owner_unit.value,
       stay.decision_id.value,
       stay.facility_id.value,
       static_cast<int>(stay.bed_kind),
       stay.bed_id.value,
       domain::Name(stay.state),
       stay.move_in,
       stay.transferred_in,
       stay.planned_departure,
       static_cast<int>(stay.discharge_exception),
       TextOf(stay.continues),
       stay.version,
       stay.departure,
       static_cast<int>(stay.discharge_reason),
       Numbers(stay.unmet_items),
       TextOf(stay.corrects),
       static_cast<int>(stay.agreement_exception)});
}

absl::Status PostgresSession::ChangeStay(const domain::Stay& stay) {
  return WriteStayRow(
      "UPDATE stay SET state = $2, departure = $3, planned_departure = $4,"
      " discharge_exception = $5, discharge_reason = $6, unmet_items = $7::bigint[], version = $8,"
      " correction_reason = $9"
      " WHERE stay_id = $1 AND version = $8 - 1",
      {stay.id.value, domain::Name(stay.state), stay.departure, stay.planned_departure,
       static_cast<int>(stay.discharge_exception), static_cast<int>(stay.discharge_reason),
       Numbers(stay.unmet_items), stay.version, static_cast<int>(stay.correction)});
}

absl::Status PostgresSession::AddAbsence(const domain::StayId& id, const domain::Absence& absence) {
  return WriteOne("INSERT INTO stay_absence (stay_id, kind, from_date) VALUES ($1, $2, $3)",
                  {id.value, static_cast<int>(absence.kind), absence.since});
}

absl::Status PostgresSession::EndAbsence(const domain::StayId& id, const domain::Absence& absence,
                                         Date end, bool departed) {
  return WriteOne(
      "UPDATE stay_absence SET to_date = $4, departed = $5"
      " WHERE stay_id = $1 AND kind = $2 AND from_date = $3 AND to_date IS NULL"
      " AND correction_reason = 0",
      {id.value, static_cast<int>(absence.kind), absence.since, end, departed});
}

absl::StatusOr<std::optional<domain::Absence>> PostgresSession::ReopenAbsence(
    const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("UPDATE stay_absence SET to_date = NULL, departed = false"
                                  " WHERE stay_id = $1 AND departed AND correction_reason = 0"
                                  " RETURNING kind, from_date",
                                  {id.value}));
  if (rows.empty()) return std::optional<domain::Absence>();
  return std::optional<domain::Absence>(
      {EnumOf<domain::AbsenceKind>(rows[0], "kind"), rows[0].Date("from_date")});
}

absl::Status PostgresSession::CarryTransfer(const domain::StayId& from, const domain::StayId& to) {
  return tx_
      .Execute(
          "UPDATE transfer SET from_stay_id = $2, version = version + 1"
          " WHERE from_stay_id = $1 AND state IN ('planned', 'confirmed')",
          {from.value, to.value})
      .status();
}

absl::Status PostgresSession::RestoreReservation(const domain::OfferId& id) {
  return WriteOne(
      "UPDATE reservation SET state = 'active' WHERE offer_id = $1 AND state = 'consumed'",
      {id.value});
}

absl::Status PostgresSession::AddStayFact(const domain::StayId& id, const domain::StayFact& fact) {
  return WriteOne(
      "INSERT INTO stay_history (stay_id, ordinal, at, kind, on_date, code, consequence, unit_id,"
      " seat, deputy, corrects_ordinal)"
      " SELECT $1::uuid, COALESCE(max(h.ordinal), 0) + 1, $2::timestamptz, $3::text, $4::date,"
      "        $5::text, $6::text, $7::text, $8::text, $9::boolean, NULLIF($10::integer, 0)"
      "   FROM stay_history h WHERE h.stay_id = $1::uuid",
      {id.value, fact.at, fact.kind, fact.on, fact.code, fact.consequence, cause_.actor_unit,
       cause_.seat.id, cause_.seat.deputy, fact.corrects});
}

}  // namespace vardkedja::placement::storage
