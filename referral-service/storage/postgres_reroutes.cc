#include "referral-service/storage/postgres_reroutes.h"

#include <chrono>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/events/publish.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/postgres_cases.h"

namespace vardkedja::referral::storage {
namespace {

#define REROUTE_COLUMNS                                                                         \
  "SELECT x.reroute_id::text AS reroute_id, x.referral_id::text AS referral_id, x.version,"     \
  " x.state, x.from_unit_id, x.to_unit_id, x.reason_code, x.decline_reason_code, x.respond_by," \
  " x.handed_over_at, x.ended_at, r.case_number FROM reroute x JOIN referral r USING"           \
  " (referral_id) "

constexpr std::string_view kFind = REROUTE_COLUMNS "WHERE x.reroute_id = $1::uuid";
constexpr std::string_view kOpenOf =
    REROUTE_COLUMNS "WHERE x.referral_id = $1::uuid AND x.state = 'open'";
constexpr std::string_view kOpenTo =
    REROUTE_COLUMNS "WHERE x.to_unit_id = $1 AND x.state = 'open' ORDER BY x.reroute_id LIMIT $2";
#define REROUTE_PAGE                                       \
  " = $1 AND x.reroute_id < $2::uuid AND (NOT $3::boolean" \
  " OR x.state = 'open') ORDER BY x.reroute_id DESC LIMIT $4"
constexpr std::string_view kReceived = REROUTE_COLUMNS "WHERE x.to_unit_id" REROUTE_PAGE;
constexpr std::string_view kSent = REROUTE_COLUMNS "WHERE x.from_unit_id" REROUTE_PAGE;
#undef REROUTE_PAGE
#undef REROUTE_COLUMNS

constexpr std::string_view kInsert = R"sql(
INSERT INTO reroute (reroute_id, referral_id, version, state, from_unit_id, to_unit_id, reason_code,
                     decline_reason_code, respond_by, handed_over_at)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, '', $8, $9)
)sql";
constexpr std::string_view kEnd = R"sql(
UPDATE reroute SET version = $2, state = $3, decline_reason_code = $4, ended_at = $5
 WHERE reroute_id = $1::uuid AND version = $2::integer - 1 AND state = 'open'
)sql";

constexpr std::string_view kParties = R"sql(
UPDATE reroute SET version = $2, from_unit_id = $3, to_unit_id = $4
 WHERE reroute_id = $1::uuid AND version = $2::integer - 1 AND state = 'open'
)sql";

// Apart from all other changes of a case, which leave its owner alone.
constexpr std::string_view kNewOwner = R"sql(
UPDATE referral SET owner_unit_id = $3, owner_organisation_id = $4, municipality_code = $5
 WHERE referral_id = $1::uuid AND version = $2
)sql";

domain::Reroute RerouteFrom(const pg::Row& row) {
  domain::Reroute reroute;
  reroute.reroute_id = row.Text("reroute_id");
  reroute.referral_id = row.Text("referral_id");
  reroute.case_number = row.Text("case_number");
  reroute.version = static_cast<int>(row.Int("version"));
  reroute.state =
      domain::ParseRerouteState(row.Text("state")).value_or(domain::RerouteState::kExpired);
  reroute.from_unit_id = row.Text("from_unit_id");
  reroute.to_unit_id = row.Text("to_unit_id");
  reroute.reason_code = row.Text("reason_code");
  reroute.decline_reason_code = row.Text("decline_reason_code");
  reroute.respond_by = row.Date("respond_by");
  reroute.handed_over_at = row.Instant("handed_over_at");
  reroute.ended_at = row.OptionalInstant("ended_at");
  return reroute;
}

absl::Status Begin(pg::Transaction& tx, const domain::Reroute& reroute) {
  VK_RETURN_IF_ERROR(
      tx.Execute(kInsert, {reroute.reroute_id, reroute.referral_id, reroute.version,
                           domain::Name(reroute.state), reroute.from_unit_id, reroute.to_unit_id,
                           reroute.reason_code, reroute.respond_by, reroute.handed_over_at})
          .status());
  return jobs::Enqueue(tx, {std::string(kRerouteExpiryJob), reroute.reroute_id,
                            StartOfDay(reroute.respond_by + std::chrono::days(1)), ""});
}

absl::Status End(pg::Transaction& tx, const domain::Reroute& reroute) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result written,
      tx.Execute(kEnd, {reroute.reroute_id, reroute.version, domain::Name(reroute.state),
                        reroute.decline_reason_code, reroute.ended_at}));
  return written.affected() == 1 ? absl::OkStatus() : commit::StaleEtag();
}

absl::Status WriteCase(pg::Transaction& tx, const domain::Change& change,
                       const StepAuthor& author) {
  VK_ASSIGN_OR_RETURN(const bool written, WriteChange(tx, change, author));
  return written ? absl::OkStatus() : commit::StaleEtag();
}

}  // namespace

absl::StatusOr<std::optional<domain::Reroute>> PostgresReroutes::Find(
    const auth::CallContext& context, std::string_view reroute_id) {
  if (!IsUuid(reroute_id)) reroute_id = "00000000-0000-0000-0000-000000000000";
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {reroute_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  return RerouteFrom(rows[0]);
}

absl::StatusOr<std::vector<domain::Reroute>> PostgresReroutes::List(
    const auth::CallContext& context, const usecases::RerouteQuery& query) {
  constexpr std::string_view kLast = "ffffffff-ffff-ffff-ffff-ffffffffffff";
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(query.sent ? kSent : kReceived,
                                 {query.unit_id, query.before.empty() ? kLast : query.before,
                                  query.open_only, query.limit},
                                 context.deadline));
  std::vector<domain::Reroute> reroutes;
  for (const pg::Row row : rows) reroutes.push_back(RerouteFrom(row));
  return reroutes;
}

absl::Status PostgresReroutes::Save(const domain::RerouteChange& change,
                                    const usecases::WriteTail& tail) {
  const domain::Reroute& reroute = change.reroute;
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const commit::Write write = MakeWrite(tail, {reroute.reroute_id, std::to_string(reroute.version)},
                                        events::OfChange(change.change, envelope));
  const StepAuthor author = AuthorOf(tail.actor);
  const absl::Status done = pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        // A hand-over ends before the case changes hands: the database refuses the other order.
        if (reroute.state == domain::RerouteState::kOpen) {
          VK_RETURN_IF_ERROR(WriteCase(tx, change.change, author));
          VK_RETURN_IF_ERROR(Begin(tx, reroute));
        } else {
          VK_RETURN_IF_ERROR(End(tx, reroute));
          VK_RETURN_IF_ERROR(WriteCase(tx, change.change, author));
          if (reroute.state == domain::RerouteState::kTakenOver) {
            const domain::Referral& r = change.change.after;
            VK_RETURN_IF_ERROR(tx.Execute(kNewOwner, {r.referral_id, r.version, r.owner_unit_id,
                                                      r.owner_organisation_id, r.municipality_code})
                                   .status());
          }
          VK_RETURN_IF_ERROR(jobs::Cancel(tx, kRerouteExpiryJob, reroute.reroute_id));
        }
        return commit::Append(tx, write);
      });
  return ExplainConflict(pool_, done, change.change.after, tail);
}

absl::StatusOr<std::optional<domain::Reroute>> OpenRerouteOf(pg::Transaction& tx,
                                                             std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kOpenOf, {referral_id}));
  if (rows.empty()) return std::nullopt;
  return RerouteFrom(rows[0]);
}

absl::StatusOr<std::vector<domain::Reroute>> OpenReroutesTo(pg::Transaction& tx,
                                                            std::string_view unit_id, int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kOpenTo, {unit_id, limit}));
  std::vector<domain::Reroute> reroutes;
  for (const pg::Row row : rows) reroutes.push_back(RerouteFrom(row));
  return reroutes;
}

absl::Status WriteParties(pg::Transaction& tx, const domain::Reroute& reroute) {
  VK_ASSIGN_OR_RETURN(const pg::Result written,
                      tx.Execute(kParties, {reroute.reroute_id, reroute.version,
                                            reroute.from_unit_id, reroute.to_unit_id}));
  return written.affected() == 1 ? absl::OkStatus() : commit::StaleEtag();
}

absl::Status WriteEnded(pg::Transaction& tx, const domain::RerouteChange& change,
                        const StepAuthor& author) {
  VK_RETURN_IF_ERROR(End(tx, change.reroute));
  VK_RETURN_IF_ERROR(WriteCase(tx, change.change, author));
  return jobs::Cancel(tx, kRerouteExpiryJob, change.reroute.reroute_id);
}

absl::Status ExpireReroute(pg::Transaction& tx, const jobs::Job& job) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kFind, {job.key}));
  if (rows.empty()) return absl::OkStatus();
  const domain::Reroute reroute = RerouteFrom(rows[0]);
  VK_ASSIGN_OR_RETURN(const auto stored, LockCase(tx, reroute.referral_id));
  if (!stored || reroute.state != domain::RerouteState::kOpen) return absl::OkStatus();
  const domain::Referral& referral = stored->referral;
  const domain::RerouteChange change = domain::ExpireHandOver(referral, reroute, job.now);
  VK_RETURN_IF_ERROR(End(tx, change.reroute));
  VK_RETURN_IF_ERROR(WriteCase(tx, change.change, {"", "system:referral", "", false, {}}));
  audit::Entry entry;
  entry.at = job.now;
  entry.organisation = referral.owner_organisation_id;
  entry.unit = referral.owner_unit_id;
  entry.subject = "system:referral";
  entry.purpose = "case_work";
  entry.case_id = referral.referral_id;
  entry.action = kRerouteExpiryJob;
  entry.resource_id = reroute.reroute_id;
  entry.rule_id = "reroute.term";
  entry.permitted = true;
  commit::Write write;
  write.events = events::OfChange(change.change, {"", job.now, ""});
  write.audit = {std::move(entry)};
  return commit::Append(tx, write);
}

}  // namespace vardkedja::referral::storage
