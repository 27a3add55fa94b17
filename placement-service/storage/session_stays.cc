// What a session writes about the life of a stay.
#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {

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
