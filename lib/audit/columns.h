// Audit rows as the parameters of one statement.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "lib/audit/entry.h"
#include "lib/pg/value.h"

namespace vardkedja::audit {

// One array per column, in the order of the table: at, organisation, unit, roles, subject,
// acting_for, purpose, case_id, action, resource_id, rule_id, permitted, call_id, details.
pg::Params Columns(std::span<const Entry> entries);

// Their INSERT, with parameters from $first on. `gate` ends it: " WHERE EXISTS (...)".
std::string InsertSql(std::size_t first, std::string_view gate = {});

}  // namespace vardkedja::audit
