#include "lib/audit/columns.h"

#include <optional>
#include <string>
#include <vector>

namespace vardkedja::audit {
namespace {

struct Column {
  std::string_view name;
  std::string_view type;
};

constexpr Column kColumns[] = {
    {"at", "timestamptz"}, {"organisation", "text"}, {"unit", "text"},    {"roles", "text"},
    {"subject", "text"},   {"acting_for", "text"},   {"purpose", "text"}, {"case_id", "text"},
    {"action", "text"},    {"resource_id", "text"},  {"rule_id", "text"}, {"permitted", "boolean"},
    {"call_id", "text"},   {"details", "text"},
};

}  // namespace

std::string InsertSql(std::size_t first, std::string_view gate) {
  std::string names;
  std::string values;
  std::string arrays;
  for (const Column& column : kColumns) {
    const std::string name(column.name);
    const std::string comma = names.empty() ? "" : ", ";
    names += comma + name;
    values += comma + "a." + name;
    arrays += comma + "$" + std::to_string(first++) + "::" + std::string(column.type) + "[]";
  }
  return "INSERT INTO audit_entry (" + names + ") SELECT " + values + " FROM unnest(" + arrays +
         ") AS a (" + names + ")" + std::string(gate);
}

pg::Params Columns(std::span<const Entry> entries) {
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
  return {at,    organisations, units,     roles, subjects,  acting_for, purposes,
          cases, actions,       resources, rules, permitted, calls,      details};
}

}  // namespace vardkedja::audit
