// What a session does with external stays: rows of `stay` with a purchaser in place of a case.
#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"

namespace vardkedja::placement::storage {

absl::StatusOr<std::optional<usecases::ExternalStayRecord>> PostgresSession::LockExternalStay(
    const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(auto record, FindExternalStay(run_, id, Lock::kForWrite));
  if (record) beds_.insert(record->stay.bed_id.value);
  return record;
}

absl::StatusOr<bool> PostgresSession::AddChainMember(const std::string& organisation) {
  return InsertIfAbsent("INSERT INTO chain_member (organisation_id) VALUES ($1)", {organisation});
}

absl::StatusOr<bool> PostgresSession::IsChainMember(const std::string& organisation) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT 1 AS found FROM chain_member WHERE organisation_id = $1",
                                  {organisation}));
  return !rows.empty();
}

absl::Status PostgresSession::AddExternalStay(const domain::ExternalStay& stay) {
  beds_.insert(stay.bed_id.value);
  return WriteOne(
      "INSERT INTO stay (stay_id, facility_id, bed_kind, bed_id, state, move_in, departure,"
      " planned_departure, transferred_in, purchaser, purchaser_reference, ore_per_day,"
      " corrects_stay_id, version)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, $9, $10, $11, $12, $13)",
      {stay.id.value, stay.facility_id.value, static_cast<int>(stay.bed_kind), stay.bed_id.value,
       domain::Name(stay.state), stay.move_in, stay.departure, stay.planned_departure,
       stay.terms.purchaser, stay.terms.reference, stay.terms.ore_per_day,
       stay.corrects ? std::optional<std::string>(stay.corrects->value) : std::nullopt,
       stay.version});
}

absl::Status PostgresSession::ChangeExternalStay(const domain::ExternalStay& stay) {
  return WriteOne(
      "UPDATE stay SET state = $2, departure = $3, correction_reason = $4, version = $5"
      " WHERE stay_id = $1 AND version = $5 - 1 AND purchaser IS NOT NULL",
      {stay.id.value, domain::Name(stay.state), stay.departure, static_cast<int>(stay.correction),
       stay.version});
}

}  // namespace vardkedja::placement::storage
