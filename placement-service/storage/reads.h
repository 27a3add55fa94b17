// How the queries of storage/queries.h run outside a session: on the pool, within the call's
// deadline.
#pragma once

#include <string>

#include "lib/auth/call_context.h"
#include "lib/pg/pool.h"
#include "placement-service/storage/queries.h"

namespace vardkedja::placement::storage {

// The pool outlives what is returned.
inline Run Reads(pg::Pool& pool, const auth::CallContext& ctx) {
  return [&pool, deadline = ctx.deadline](const std::string& sql, const pg::Params& params) {
    return pool.Read(sql, params, deadline);
  };
}

}  // namespace vardkedja::placement::storage
