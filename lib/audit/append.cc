#include "lib/audit/append.h"

#include <string_view>

#include "lib/audit/columns.h"
#include "lib/pg/pool.h"

namespace vardkedja::audit {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO audit_entry (at, organisation, unit, roles, subject, acting_for, purpose, case_id,"
    " action, resource_id, rule_id, permitted, call_id, details) "
    "SELECT entry.at, entry.organisation, entry.unit, entry.roles, entry.subject, entry.acting_for,"
    " entry.purpose, entry.case_id, entry.action, entry.resource_id, entry.rule_id,"
    " entry.permitted, entry.call_id, entry.details "
    "FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[],"
    " $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::boolean[],"
    " $13::text[], $14::text[]) AS entry (at, organisation, unit, roles, subject, acting_for,"
    " purpose, case_id, action, resource_id, rule_id, permitted, call_id, details)";

}  // namespace

absl::Status AppendAll(pg::Pool& pool, std::span<const Entry> entries, pg::Deadline deadline) {
  return pool.Write(kInsert, Columns(entries), deadline).status();
}

}  // namespace vardkedja::audit
