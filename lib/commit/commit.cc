#include "lib/commit/commit.h"

#include <map>
#include <utility>

#include "lib/audit/columns.h"
#include "lib/status/status.h"

namespace vardkedja::commit {
namespace {

constexpr std::string_view kKeyConstraint = "request_key";
constexpr std::string_view kReplayed = "REQUEST_REPLAYED";
constexpr std::string_view kStale = "STALE_ETAG";

absl::Status Replayed() {
  return MakeError(absl::StatusCode::kAlreadyExists, "the same request was committed meanwhile",
                   kReplayed);
}

absl::Status NameReplay(const absl::Status& status) {
  return pg::ViolatedConstraint(status) == kKeyConstraint ? Replayed() : status;
}

// Replaces each {n} of `text` by $<n + offset>.
std::string Number(std::string_view text, std::size_t offset) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{') {
      out += text[i];
      continue;
    }
    std::size_t number = 0;
    for (++i; text[i] != '}'; ++i) number = number * 10 + static_cast<std::size_t>(text[i] - '0');
    out += '$' + std::to_string(number + offset);
  }
  return out;
}

// The first two of the three inserts as members of a WITH; all parameters are arrays of equal
// length per table, so that one text serves any number of rows. A request row is an array of at
// most one.
constexpr std::string_view kInserts =
    "request_rows AS (INSERT INTO request"
    " (principal, method, request_id, fingerprint, resource_id, etag)"
    " SELECT r.p, r.m, r.i, r.f, r.o, r.e FROM unnest({1}::text[], {2}::text[], {3}::text[], "
    "{4}::text[], {5}::text[],"
    "  {6}::text[]) AS r (p, m, i, f, o, e) GATE),"
    " event_rows AS (INSERT INTO event (ordinal, event_id, aggregate_type, aggregate_id, version,"
    "  type, payload, occurred_at, traceparent)"
    " SELECT e.ordinal::integer, e.id, e.at, e.ai, e.v, e.t, e.p, e.o, e.tp"
    " FROM unnest({7}::uuid[], {8}::text[], {9}::text[], {10}::bigint[], {11}::text[],"
    "  {12}::bytea[], {13}::timestamptz[], {14}::text[]) WITH ORDINALITY"
    "  AS e (id, at, ai, v, t, p, o, tp, ordinal) GATE), ";
constexpr std::size_t kParamsBeforeAudit = 14;

// GATE makes the inserts depend on the state change having yielded a row.
std::string Inserts(std::string_view gate, std::size_t offset) {
  std::string text = Number(kInserts, offset);
  constexpr std::string_view kGate = " GATE";
  for (std::size_t at = text.find(kGate); at != std::string::npos; at = text.find(kGate, at)) {
    text.replace(at, kGate.size(), gate);
  }
  text += "audit_rows AS (" + audit::InsertSql(offset + kParamsBeforeAudit + 1, gate);
  return text += ')';
}

// Each thread writes the text once for each number of parameters that stand before.
const std::string& GatedInserts(std::size_t offset) {
  thread_local std::map<std::size_t, std::string> made;
  std::string& text = made[offset];
  if (text.empty()) text = Inserts(" WHERE EXISTS (SELECT FROM changed)", offset);
  return text;
}

using Texts = std::vector<std::string>;

void AddRequest(pg::Params& params, const Write& write) {
  const auto& key = write.request_key;
  const auto column = [&key](const std::string& text) { return key ? Texts{text} : Texts{}; };
  const auth::RequestKey none;
  const auth::RequestKey& given = key ? *key : none;
  params.Add(column(given.principal));
  params.Add(column(given.method));
  params.Add(column(given.request_id));
  params.Add(column(given.fingerprint));
  params.Add(column(write.outcome.resource_id));
  params.Add(column(write.outcome.etag));
}

void AddEvents(pg::Params& params, const Write& write) {
  Texts ids, aggregate_types, aggregate_ids, types, traceparents;
  std::vector<std::int64_t> versions;
  std::vector<pg::Bytes> payloads;
  std::vector<Instant> occurred;
  for (const eventlog::NewEvent& event : write.events) {
    ids.push_back(event.event_id);
    aggregate_types.push_back(event.aggregate_type);
    aggregate_ids.push_back(event.aggregate_id);
    versions.push_back(event.version);
    types.push_back(event.type);
    payloads.push_back({event.payload});
    occurred.push_back(event.occurred_at);
    traceparents.push_back(event.traceparent);
  }
  params.Append(
      {ids, aggregate_types, aggregate_ids, versions, types, payloads, occurred, traceparents});
}

void AddAll(pg::Params& params, const Write& write) {
  AddRequest(params, write);
  AddEvents(params, write);
  params.Append(audit::Columns(write.audit));
}

}  // namespace

absl::StatusOr<std::optional<Outcome>> FindReplay(pg::Pool& pool, const auth::RequestKey& key,
                                                  pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool.Read("SELECT fingerprint, resource_id, etag FROM request"
                                " WHERE principal = $1 AND method = $2 AND request_id = $3",
                                {key.principal, key.method, key.request_id}, deadline));
  if (rows.empty()) return std::nullopt;
  if (rows[0].Text("fingerprint") != key.fingerprint) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "this request_id was used before with another body", "REQUEST_ID_REUSED");
  }
  return Outcome{rows[0].Text("resource_id"), rows[0].Text("etag")};
}

absl::Status Append(pg::Transaction& tx, const Write& write) {
  static const std::string sql = "WITH " + Inserts("", 0) + " SELECT 1";
  pg::Params params;
  AddAll(params, write);
  VK_RETURN_IF_ERROR(NameReplay(tx.Execute(sql, params).status()));
  if (!write.events.empty()) tx.Announce(eventlog::kTopic);
  return absl::OkStatus();
}

bool IsReplay(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  return detail && detail->reason == kReplayed;
}

absl::Status StaleEtag() {
  return MakeError(absl::StatusCode::kAborted, "the resource has changed since it was read",
                   kStale);
}

absl::StatusOr<pg::Result> SaveOne(pg::Pool& pool, const StateSql& state_sql,
                                   const pg::Params& state_params, const Write& write,
                                   pg::Deadline deadline) {
  std::string sql = "WITH changed AS (";
  sql += state_sql.changed;
  sql += "), ";
  if (!state_sql.also.empty()) (sql += state_sql.also) += ", ";
  sql += GatedInserts(state_params.size());
  sql += " TABLE changed";
  pg::Params params = state_params;
  AddAll(params, write);
  auto rows = pool.Write(sql, params, deadline,
                         write.events.empty() ? std::string_view() : eventlog::kTopic);
  absl::Status status = NameReplay(rows.status());
  if (status.ok() && rows->empty()) status = StaleEtag();
  if (status.ok()) return rows;
  return ResolveReplay(pool, write.request_key, std::move(status), deadline);
}

absl::Status ResolveReplay(pg::Pool& pool, const std::optional<auth::RequestKey>& key,
                           absl::Status status, pg::Deadline deadline) {
  const auto detail = GetErrorDetail(status);
  if (!key || !detail || detail->reason != kStale) return status;
  const auto earlier = FindReplay(pool, *key, deadline);
  if (!earlier.ok()) return earlier.status();
  return *earlier ? Replayed() : status;
}

absl::StatusOr<std::int64_t> PurgeRequests(pg::Pool& pool, pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result gone,
                      pool.Write("DELETE FROM request WHERE ctid = ANY (ARRAY("
                                 " SELECT ctid FROM request"
                                 " WHERE created_at < clock_timestamp() - interval '7 days'"
                                 " LIMIT 5000 FOR UPDATE SKIP LOCKED))",
                                 {}, deadline));
  return gone.affected();
}

}  // namespace vardkedja::commit
