#include "lib/audit/append.h"

#include <string>

#include "lib/audit/columns.h"
#include "lib/pg/pool.h"

namespace vardkedja::audit {

absl::Status AppendAll(pg::Pool& pool, std::span<const Entry> entries, pg::Deadline deadline) {
  static const std::string sql = InsertSql(1);
  return pool.Write(sql, Columns(entries), deadline).status();
}

}  // namespace vardkedja::audit
