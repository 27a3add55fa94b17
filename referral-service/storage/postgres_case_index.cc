#include "referral-service/storage/postgres_case_index.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/case_rows.h"

namespace vardkedja::referral::storage {
namespace {

using usecases::ListOrder;

// A page per state from an index that begins with unit and state, then the first of them all. The
// parameters are always there, so that each of them bounds the index: `>` against "nothing" would
// be a filter over everything before.
std::string ListStatement(const std::string& column, const std::string& owner) {
  return std::string(CaseSelect()) + "WHERE r.referral_id = ANY (ARRAY(" +
         "SELECT page.referral_id FROM unnest($2::text[], $3::timestamptz[]) AS s (state, before)"
         " CROSS JOIN LATERAL (SELECT c.referral_id, c." +
         column + " AS at FROM case_reader c WHERE c.unit_id = $1" + owner +
         " AND c.state = s.state AND c." + column + " < s.before AND (c." + column +
         ", c.referral_id) > ($4::timestamptz, $5::uuid) ORDER BY c." + column +
         ", c.referral_id LIMIT $6) page ORDER BY page.at, page.referral_id LIMIT $6))"
         " ORDER BY r." +
         column + ", r.referral_id";
}

constexpr std::string_view kAnyUnplaced =
    "SELECT EXISTS (SELECT FROM referral_change WHERE owner_unit_id = $1 AND seq IS NULL) AS any";
constexpr std::string_view kLockFeed =
    "SELECT pg_advisory_xact_lock(hashtextextended('referral_change ' || $1, 0))";
constexpr std::string_view kPlace = R"sql(
WITH last AS (
  SELECT coalesce(max(seq), 0) AS seq FROM referral_change WHERE owner_unit_id = $1),
fresh AS (
  SELECT change_id, row_number() OVER (ORDER BY change_id) AS place
    FROM referral_change WHERE owner_unit_id = $1 AND seq IS NULL)
UPDATE referral_change c SET seq = last.seq + fresh.place
  FROM last, fresh WHERE c.change_id = fresh.change_id
)sql";
constexpr std::string_view kChanges = R"sql(
SELECT c.seq, c.referral_id::text AS referral_id, r.case_number, c.what, r.state, r.version,
       r.owner_unit_id = $1 AS own
  FROM referral_change c JOIN referral r USING (referral_id)
 WHERE c.owner_unit_id = $1 AND c.seq > $2 ORDER BY c.seq LIMIT $3
)sql";

}  // namespace

const std::string& PostgresCaseIndex::ListSql(const usecases::ListQuery& query) {
  static const auto& by_creation = *new std::string(ListStatement("created_at", ""));
  static const auto& by_waiting = *new std::string(ListStatement("state_since", ""));
  static const auto& of_owner =
      *new std::string(ListStatement("created_at", " AND c.owner_unit_id = $7"));
  if (query.order == ListOrder::kStateSince) return by_waiting;
  return query.owner_unit_id.empty() ? by_creation : of_owner;
}

pg::Params PostgresCaseIndex::ListParams(const usecases::ListQuery& query) {
  std::vector<std::string> states;
  std::vector<Instant> before;
  for (const usecases::StateBound& bound : query.states) {
    states.emplace_back(domain::Name(bound.state));
    before.push_back(bound.before);
  }
  pg::Params params{query.unit_id,           states,     before, query.after.at,
                    query.after.referral_id, query.limit};
  if (!query.owner_unit_id.empty()) params.Add(query.owner_unit_id);
  return params;
}

absl::StatusOr<std::vector<usecases::StoredCase>> PostgresCaseIndex::List(
    const auth::CallContext& context, const usecases::ListQuery& query) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(ListSql(query), ListParams(query), context.deadline));
  return CasesFrom(rows);
}

absl::StatusOr<std::vector<usecases::StoredCase>> PostgresCaseIndex::OfCaseNumber(
    const auth::CallContext& context, std::string_view case_number) {
  static const auto& sql = *new std::string(std::string(CaseSelect()) + "WHERE r.case_number = $1");
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(sql, {case_number}, context.deadline));
  return CasesFrom(rows);
}

absl::StatusOr<std::vector<usecases::StoredCase>> PostgresCaseIndex::OfPerson(
    const auth::CallContext& context, std::string_view person_id) {
  static const auto& sql = *new std::string(
      std::string(CaseSelect()) +
      "WHERE r.person_id = $1::uuid ORDER BY r.created_at, r.referral_id LIMIT $2");
  if (!IsUuid(person_id)) return std::vector<usecases::StoredCase>();
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(sql, {person_id, usecases::kMostOfPerson}, context.deadline));
  return CasesFrom(rows);
}

absl::StatusOr<std::vector<usecases::StoredCase>> PostgresCaseIndex::OfIdentityNumber(
    const auth::CallContext& context, std::string_view identity_number) {
  static const auto& sql = *new std::string(
      std::string(CaseSelect()) +
      "WHERE r.person_id IN (SELECT person_id FROM person WHERE identity_index = ANY($1::text[]))"
      " ORDER BY r.created_at, r.referral_id LIMIT $2");
  const std::vector<std::string> indexes = vault_.BlindIndex(kIdentityIndexTag, identity_number);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(sql, {indexes, usecases::kMostOfPerson}, context.deadline));
  return CasesFrom(rows);
}

absl::StatusOr<std::vector<usecases::ChangeRecord>> PostgresCaseIndex::Changes(
    const auth::CallContext& context, std::string_view owner_unit_id, std::int64_t after,
    int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result fresh,
                      pool_.Read(kAnyUnplaced, {owner_unit_id}, context.deadline));
  if (fresh[0].Bool("any")) {
    VK_RETURN_IF_ERROR(pool_.InTransaction(
        {.deadline = context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
          VK_RETURN_IF_ERROR(tx.Execute(kLockFeed, {owner_unit_id}).status());
          return tx.Execute(kPlace, {owner_unit_id}).status();
        }));
  }
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kChanges, {owner_unit_id, after, limit}, context.deadline));
  std::vector<usecases::ChangeRecord> changes;
  for (const pg::Row row : rows) {
    usecases::ChangeRecord change;
    change.seq = row.Int("seq");
    change.referral_id = row.Text("referral_id");
    change.case_number = row.Text("case_number");
    change.what = row.Text("what");
    if (row.Bool("own")) {
      change.state = domain::ParseState(row.Text("state"));
      change.version = row.Int("version");
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace vardkedja::referral::storage
