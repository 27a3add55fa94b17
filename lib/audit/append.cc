#include "lib/audit/append.h"

#include <optional>
#include <string>
#include <vector>

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
  using Texts = std::vector<std::string>;
  using Maybes = std::vector<std::optional<std::string>>;
  std::vector<Instant> at;
  Maybes acting_for;
  Maybes cases;
  Texts organisations;
  Texts units;
  Texts roles;
  Texts subjects;
  Texts purposes;
  Texts actions;
  Texts resources;
  Texts rules;
  Texts permitted;
  Texts calls;
  Texts details;
  for (const Entry& entry : entries) {
    at.push_back(entry.at);
    organisations.push_back(entry.organisation);
    units.push_back(entry.unit);
    roles.push_back(RolesText(entry));
    subjects.push_back(entry.subject);
    acting_for.push_back(entry.acting_for);
    purposes.push_back(entry.purpose);
    cases.push_back(entry.case_id);
    actions.push_back(entry.action);
    resources.push_back(entry.resource_id);
    rules.push_back(entry.rule_id);
    permitted.emplace_back(entry.permitted ? "t" : "f");
    calls.push_back(entry.call_id);
    details.push_back(DetailsText(entry));
  }
  return pool
      .Write(kInsert,
             {at, organisations, units, roles, subjects, acting_for, purposes, cases, actions,
              resources, rules, permitted, calls, details},
             deadline)
      .status();
}

}  // namespace vardkedja::audit
