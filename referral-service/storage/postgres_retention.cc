#include "referral-service/storage/postgres_retention.h"

#include <utility>

#include "lib/commit/commit.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/events/publish.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_cases.h"

namespace vardkedja::referral::storage {
namespace {

constexpr int kFlagBatch = 100;
constexpr std::size_t kFinishBatch = 1000;
constexpr std::string_view kLedgerWaiver = "ledger";

constexpr std::string_view kFind = R"sql(
SELECT coalesce(x.version, 0) AS version, coalesce(x.hold_reason_code, '') AS hold_reason_code,
       x.archived_at, coalesce(x.archive_reference, '') AS archive_reference,
       coalesce(x.archived_etag, '') AS archived_etag, x.erased_at,
       (SELECT count(*) FROM case_document d WHERE d.referral_id = $1::uuid) AS documents,
       coalesce(x.waiver_reason_code, '') AS waiver_reason_code,
       (SELECT max(o.state_since) FROM referral o
         WHERE o.person_id = $2::uuid AND o.owner_unit_id = $3 AND o.state = 'closed')
         AS last_closed_at,
       EXISTS (SELECT FROM referral o
                WHERE o.person_id = $2::uuid AND o.owner_unit_id = $3 AND o.state <> 'closed'
                  AND o.referral_id <> $1::uuid) AS renewed
  FROM (SELECT $1::uuid AS referral_id) q
  LEFT JOIN retention x USING (referral_id)
)sql";

// Closed, not erased, not held, and the term of the person's last case with the owner is over.
#define DUE_CASES                                                                           \
  " FROM referral r LEFT JOIN retention x USING (referral_id)"                              \
  " CROSS JOIN LATERAL (SELECT t.months FROM retention_rule t"                              \
  "  WHERE t.organisation_id IN (r.owner_organisation_id, '*') AND t.from_date <= $1::date" \
  "  ORDER BY t.organisation_id = '*', t.from_date DESC LIMIT 1) term"                      \
  " WHERE r.state = 'closed' AND r.erased_at IS NULL"                                       \
  " AND coalesce(x.hold_reason_code, '') = ''"                                              \
  " AND (r.state_since AT TIME ZONE 'Europe/Stockholm')::date"                              \
  "  + make_interval(months => term.months) <= $1::date"                                    \
  " AND NOT EXISTS (SELECT FROM referral o WHERE o.person_id = r.person_id"                 \
  "  AND o.owner_unit_id = r.owner_unit_id AND o.referral_id <> r.referral_id"              \
  "  AND (o.state <> 'closed' OR (o.state_since AT TIME ZONE 'Europe/Stockholm')::date"     \
  "   + make_interval(months => term.months) > $1::date))"

constexpr std::string_view kDue =
    "SELECT r.referral_id::text AS referral_id" DUE_CASES
    " AND r.owner_unit_id = $2"
    " AND (r.state_since, r.referral_id) > ($3::timestamptz, $4::uuid)"
    " ORDER BY r.state_since, r.referral_id LIMIT $5";
constexpr std::string_view kToFlag = "SELECT r.referral_id::text AS referral_id" DUE_CASES
                                     " AND x.due_at IS NULL"
                                     " ORDER BY r.state_since, r.referral_id LIMIT $2";
#undef DUE_CASES

constexpr std::string_view kPut = R"sql(
INSERT INTO retention (referral_id, version, hold_reason_code, archived_at, archive_reference,
                       archived_etag, erased_at, waiver_reason_code)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (referral_id) DO UPDATE SET version = excluded.version,
  hold_reason_code = excluded.hold_reason_code, archived_at = excluded.archived_at,
  archive_reference = excluded.archive_reference, archived_etag = excluded.archived_etag,
  erased_at = excluded.erased_at, waiver_reason_code = excluded.waiver_reason_code
WHERE retention.version = excluded.version - 1
)sql";
constexpr std::string_view kFlag = R"sql(
INSERT INTO retention (referral_id, version, due_at) VALUES ($1::uuid, 1, $2)
ON CONFLICT (referral_id) DO UPDATE SET version = retention.version + 1, due_at = excluded.due_at
WHERE retention.due_at IS NULL AND retention.erased_at IS NULL
RETURNING version
)sql";
constexpr std::string_view kMarkByLedger = R"sql(
INSERT INTO retention (referral_id, version, erased_at, waiver_reason_code)
SELECT r.referral_id, 1, $2, $3 FROM referral r
 WHERE r.referral_id = ANY($1::uuid[]) AND r.state = 'closed' AND r.erased_at IS NULL
ON CONFLICT (referral_id) DO UPDATE SET version = retention.version + 1, hold_reason_code = '',
  erased_at = excluded.erased_at, waiver_reason_code = excluded.waiver_reason_code
WHERE retention.erased_at IS NULL
)sql";

// One who made a new case about the person meanwhile is waited for, and seen by what follows.
constexpr std::string_view kLockPersons = R"sql(
SELECT p.person_id FROM person p
 WHERE p.person_id IN (SELECT r.person_id FROM referral r WHERE r.referral_id = ANY($1::uuid[])
                       UNION SELECT e.former_person_id FROM life_event e
                              WHERE e.referral_id = ANY($1::uuid[]))
 ORDER BY p.person_id FOR UPDATE
)sql";
constexpr std::string_view kDarkenCases =
    "UPDATE referral SET content_sealed = '', name_sealed = NULL, erased_at = $2"
    " WHERE referral_id = ANY($1::uuid[]) AND state = 'closed' AND erased_at IS NULL";
constexpr std::string_view kDarkenGrounds =
    "UPDATE disclosure_ground SET text_sealed = NULL"
    " WHERE referral_id = ANY($1::uuid[]) AND text_sealed IS NOT NULL";
constexpr std::string_view kDropFiles =
    "DELETE FROM attachment WHERE referral_id = ANY($1::uuid[])";
constexpr std::string_view kForgetPersons = R"sql(
UPDATE person SET identity_index = NULL
 WHERE identity_index IS NOT NULL
   AND person_id IN (SELECT r.person_id FROM referral r WHERE r.referral_id = ANY($1::uuid[])
                     UNION SELECT e.former_person_id FROM life_event e
                            WHERE e.referral_id = ANY($1::uuid[]))
   AND NOT EXISTS (SELECT FROM referral o
                    WHERE o.person_id = person.person_id AND o.erased_at IS NULL)
)sql";

absl::Status EraseRows(pg::Transaction& tx, const std::vector<std::string>& ids, Instant now) {
  VK_RETURN_IF_ERROR(tx.Execute(kLockPersons, {ids}).status());
  VK_RETURN_IF_ERROR(tx.Execute(kDarkenCases, {ids, now}).status());
  VK_RETURN_IF_ERROR(tx.Execute(kDarkenGrounds, {ids}).status());
  VK_RETURN_IF_ERROR(tx.Execute(kDropFiles, {ids}).status());
  return tx.Execute(kForgetPersons, {ids}).status();
}

absl::Status Put(pg::Transaction& tx, const domain::Retention& retention) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result written,
      tx.Execute(kPut, {retention.referral_id, retention.version, retention.hold_reason_code,
                        retention.archived_at, retention.archive_reference, retention.archived_etag,
                        retention.erased_at, retention.waiver_reason_code}));
  return written.affected() == 1 ? absl::OkStatus() : commit::StaleEtag();
}

commit::Outcome OutcomeOf(const domain::Retention& retention) {
  return {retention.referral_id, std::to_string(retention.version)};
}

}  // namespace

absl::StatusOr<usecases::StoredRetention> PostgresRetention::Find(
    const auth::CallContext& context, const domain::Referral& referral) {
  std::optional<std::string> person;
  if (!referral.person_id.empty()) person = referral.person_id;
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kFind, {referral.referral_id, person, referral.owner_unit_id}, context.deadline));
  const pg::Row row = rows[0];
  usecases::StoredRetention stored;
  domain::Retention& retention = stored.retention;
  retention.referral_id = referral.referral_id;
  retention.version = row.Int("version");
  retention.hold_reason_code = row.Text("hold_reason_code");
  retention.archived_at = row.OptionalInstant("archived_at");
  retention.archive_reference = row.Text("archive_reference");
  retention.archived_etag = row.Text("archived_etag");
  retention.content_etag = ContentEtagOf(referral, row.Int("documents"));
  retention.erased_at = row.OptionalInstant("erased_at");
  retention.waiver_reason_code = row.Text("waiver_reason_code");
  stored.same_owner = {row.OptionalInstant("last_closed_at"), row.Bool("renewed")};
  return stored;
}

absl::StatusOr<std::vector<std::string>> PostgresRetention::Due(const auth::CallContext& context,
                                                                std::string_view owner_unit_id,
                                                                Date today,
                                                                const usecases::DuePosition& after,
                                                                int limit) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kDue, {today, owner_unit_id, after.closed_at, after.referral_id, limit},
                 context.deadline));
  std::vector<std::string> ids;
  for (const pg::Row row : rows) ids.push_back(row.Text("referral_id"));
  return ids;
}

absl::Status PostgresRetention::Save(const domain::Retention& retention,
                                     const usecases::WriteTail& tail) {
  const commit::Write write = MakeWrite(tail, OutcomeOf(retention), {});
  return pool_.InTransaction({.deadline = tail.context.deadline},
                             [&](pg::Transaction& tx) -> absl::Status {
                               VK_RETURN_IF_ERROR(Put(tx, retention));
                               return commit::Append(tx, write);
                             });
}

absl::Status PostgresRetention::Erase(const domain::Referral& referral,
                                      const domain::Retention& retention,
                                      const usecases::WriteTail& tail) {
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const commit::Write write = MakeWrite(tail, OutcomeOf(retention),
                                        {events::Erased(referral, retention.version, envelope)});
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        // Locked from here to the commit: what was decided still holds when the keys go.
        VK_ASSIGN_OR_RETURN(const auto stored, LockCase(tx, referral.referral_id));
        if (!stored || stored->referral.version != referral.version) return commit::StaleEtag();
        VK_RETURN_IF_ERROR(Put(tx, retention));
        VK_RETURN_IF_ERROR(EraseRows(tx, {referral.referral_id}, tail.context.now));
        VK_RETURN_IF_ERROR(commit::Append(tx, write));
        // Last, for it cannot be undone. Should the commit fail after it, the case is dark and its
        // rows follow when the call is repeated or the ledger replayed.
        return vault_.Erase(referral.referral_id, "term");
      });
}

absl::Status FinishErasures(pg::Pool& pool, const std::vector<std::string>& scopes, Instant now,
                            pg::Deadline deadline) {
  std::vector<std::string> ids;
  const auto finish = [&]() -> absl::Status {
    if (ids.empty()) return absl::OkStatus();
    VK_RETURN_IF_ERROR(
        pool.InTransaction({.deadline = deadline}, [&](pg::Transaction& tx) -> absl::Status {
          VK_RETURN_IF_ERROR(tx.Execute(kMarkByLedger, {ids, now, kLedgerWaiver}).status());
          return EraseRows(tx, ids, now);
        }));
    ids.clear();
    return absl::OkStatus();
  };
  for (const std::string& scope : scopes) {
    if (!IsUuid(scope)) continue;
    ids.push_back(scope);
    if (ids.size() == kFinishBatch) VK_RETURN_IF_ERROR(finish());
  }
  return finish();
}

absl::StatusOr<std::int64_t> FlagErasureDue(pg::Pool& pool, Instant now, pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool.Read(kToFlag, {StockholmDate(now), kFlagBatch}, deadline));
  for (const pg::Row row : rows) {
    const std::string id = row.Text("referral_id");
    VK_RETURN_IF_ERROR(
        pool.InTransaction({.deadline = deadline}, [&](pg::Transaction& tx) -> absl::Status {
          VK_ASSIGN_OR_RETURN(const auto stored, LockCase(tx, id));
          VK_ASSIGN_OR_RETURN(const pg::Result flagged, tx.Execute(kFlag, {id, now}));
          if (!stored || flagged.empty()) return absl::OkStatus();
          const domain::Referral& referral = stored->referral;
          audit::Entry entry;
          entry.at = now;
          entry.organisation = referral.owner_organisation_id;
          entry.unit = referral.owner_unit_id;
          entry.subject = "system:referral";
          entry.purpose = "case_work";
          entry.case_id = id;
          entry.action = "erasure-due";
          entry.resource_id = id;
          entry.rule_id = "retention.term";
          entry.permitted = true;
          commit::Write write;
          write.events = {events::ErasureDue(referral, flagged[0].Int("version"), {"", now, ""})};
          write.audit = {std::move(entry)};
          return commit::Append(tx, write);
        }));
  }
  return rows.size();
}

}  // namespace vardkedja::referral::storage
