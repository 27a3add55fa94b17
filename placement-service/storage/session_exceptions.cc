// What a session does with overrides and holds, the exceptions from the queue's order, and what it
// knows of one entry.
#include <utility>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"

namespace vardkedja::placement::storage {

absl::StatusOr<std::optional<domain::QueueEntry>> PostgresSession::FindEntry(
    const domain::EntryId& id) {
  return storage::FindEntry(run_, id, Lock::kNone);
}

absl::StatusOr<std::set<domain::BedId>> PostgresSession::AnsweredBeds(const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT bed_id FROM offer WHERE entry_id = $1"
                                  " AND (state <> 'withdrawn' OR move_in IS NOT NULL)",
                                  {id.value}));
  std::set<domain::BedId> beds;
  for (const pg::Row& row : rows) beds.emplace(row.Text("bed_id"));
  return beds;
}

absl::StatusOr<std::optional<usecases::OverrideRecord>> PostgresSession::LockOverride(
    const domain::OverrideId& id) {
  return FindOverride(run_, id, Lock::kForWrite);
}

absl::StatusOr<std::optional<usecases::HoldRecord>> PostgresSession::LockHold(
    const domain::HoldId& id) {
  return FindHold(run_, id, Lock::kForWrite);
}

absl::StatusOr<std::vector<domain::HoldId>> PostgresSession::LiveHolds(const domain::BedId& bed,
                                                                       Date date) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT hold_id FROM bed_hold WHERE bed_id = $1"
                                  " AND state = 'held' AND to_date > $2 ORDER BY from_date",
                                  {bed.value, date}));
  std::vector<domain::HoldId> holds;
  for (const pg::Row& row : rows) holds.emplace_back(row.Text("hold_id"));
  return holds;
}

absl::Status PostgresSession::AddOverride(const domain::QueueOverride& proposal) {
  return WriteOne(
      "INSERT INTO queue_override (override_id, entry_id, bed_id, available_from, reason, state,"
      " proposed_by_seat, proposed_by_deputy, proposed_at, version)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {proposal.id.value, proposal.entry_id.value, proposal.bed_id.value, proposal.available_from,
       static_cast<int>(proposal.reason), domain::Name(proposal.state), proposal.proposed_by.id,
       proposal.proposed_by.deputy, proposal.proposed_at, proposal.version});
}

absl::Status PostgresSession::ChangeOverride(const domain::QueueOverride& proposal) {
  const auto& by = proposal.settled_by;
  return WriteOne(
      "UPDATE queue_override SET state = $2, settled_by_seat = $3, settled_by_deputy = $4,"
      " settled_at = $5, offer_id = $6, version = $7"
      " WHERE override_id = $1 AND version = $7 - 1",
      {proposal.id.value, domain::Name(proposal.state),
       by ? std::optional<std::string>(by->id) : std::nullopt,
       by ? std::optional<bool>(by->deputy) : std::nullopt, proposal.settled_at,
       proposal.offer_id ? std::optional<std::string>(proposal.offer_id->value) : std::nullopt,
       proposal.version});
}

absl::Status PostgresSession::AddHold(const domain::Hold& hold) {
  return WriteOne(
      "INSERT INTO bed_hold (hold_id, bed_id, from_date, to_date, expected_date, reason, state,"
      " decided_by_seat, decided_by_deputy, decided_at, version)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {hold.id.value, hold.bed_id.value, hold.from, hold.to, hold.expected,
       static_cast<int>(hold.reason), domain::Name(hold.state), hold.decided_by.id,
       hold.decided_by.deputy, hold.decided_at, hold.version});
}

absl::Status PostgresSession::ChangeHold(const domain::Hold& hold) {
  return WriteOne(
      "UPDATE bed_hold SET to_date = $2, state = $3, version = $4"
      " WHERE hold_id = $1 AND version = $4 - 1",
      {hold.id.value, hold.to, domain::Name(hold.state), hold.version});
}

}  // namespace vardkedja::placement::storage
