// Audit rows alone, in a commit of their own. Rows that belong to a write go through lib/commit.
#pragma once

#include <span>

#include "absl/status/status.h"
#include "lib/audit/entry.h"
#include "lib/pg/pool.h"

namespace vardkedja::audit {

// One statement for all; durable when it returns OK.
absl::Status AppendAll(pg::Pool& pool, std::span<const Entry> entries, pg::Deadline deadline);

}  // namespace vardkedja::audit
