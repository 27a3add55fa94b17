// The tail of every write: idempotency, events and audit rows in the same commit as the state.
//
// A use case's Save looks like this:
//   pool.InTransaction({ctx.deadline}, [&](pg::Transaction& tx) -> absl::Status {
//     VK_ASSIGN_OR_RETURN(auto changed, tx.Execute("UPDATE ... WHERE id = $1 AND version = $2",
//     ...)); if (changed.affected() == 0) return StaleEtag(); return commit::Append(tx, write);
//   });
// or, in one round trip, commit::SaveOne(pool, "UPDATE ... RETURNING 1", params, write, deadline).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/auth/call_context.h"
#include "lib/eventlog/event.h"
#include "lib/pg/pool.h"

namespace vardkedja::commit {

// What a replay needs to find the result again: ids only, never a personal response. The replay is
// authorised anew and reads the resource as it is then.
struct Outcome {
  std::string resource_id;
  std::string etag;

  bool operator==(const Outcome&) const = default;
};

struct Write {
  std::optional<auth::RequestKey> request_key;  // none for timers and consumed events
  Outcome outcome;                              // stored with the key
  std::vector<eventlog::NewEvent> events;
  std::vector<audit::Entry> audit;
};

// The outcome of an earlier write with this key, if there was one within the last seven days.
// INVALID_ARGUMENT, reason REQUEST_ID_REUSED, when its body was another one.
absl::StatusOr<std::optional<Outcome>> FindReplay(pg::Pool& pool, const auth::RequestKey& key,
                                                  pg::Deadline deadline);

// Appends everything in one statement. IsReplay when another call with the same request key
// committed first: return that status from the transaction's body, then use FindReplay.
absl::Status Append(pg::Transaction& tx, const Write& write);

// Whether a failed write means that the same request was committed meanwhile: ALREADY_EXISTS with
// reason REQUEST_REPLAYED, which use cases can see without this library.
bool IsReplay(const absl::Status& status);

// Of two simultaneous calls with one request key the second may lose by its etag before it meets
// the key. Pass what InTransaction returned through here: STALE_ETAG becomes REQUEST_REPLAYED when
// the key is there; everything else is returned as it is. SaveOne has done it already.
absl::Status ResolveReplay(pg::Pool& pool, const std::optional<auth::RequestKey>& key,
                           absl::Status status, pg::Deadline deadline);

// ABORTED with reason STALE_ETAG: the resource changed since the caller read it.
absl::Status StaleEtag();

// The change of the state as members of a WITH. Not explicit: most changes are one statement.
struct StateSql {
  // NOLINTNEXTLINE(google-explicit-constructor)
  StateSql(std::string_view change, std::string_view more = {}) : changed(change), also(more) {}

  // INSERT, UPDATE or DELETE with RETURNING, or a SELECT that calls a function.
  std::string_view changed;
  // What else is written because of it: "name AS (INSERT ... SELECT ... FROM changed), ...".
  std::string_view also;
};

// The state change and everything above in one statement and one round trip. When `changed` yields
// no row nothing is appended and STALE_ETAG is returned. The rows it yielded are the result.
absl::StatusOr<pg::Result> SaveOne(pg::Pool& pool, const StateSql& state_sql,
                                   const pg::Params& state_params, const Write& write,
                                   pg::Deadline deadline);

// Forgets request keys older than seven days, a bounded batch at a time; returns how many went.
// Runs at any time, from any replica.
absl::StatusOr<std::int64_t> PurgeRequests(pg::Pool& pool, pg::Deadline deadline);

}  // namespace vardkedja::commit
