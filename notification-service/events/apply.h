// Applies an event of another service in the consumer's transaction: derived messages into the
// inboxes, deadlines opened and closed. Replay repeats nothing.
#pragma once

#include "absl/status/status.h"
#include "lib/eventlog/consumer.h"
#include "lib/jobs/jobs.h"
#include "lib/pg/pool.h"
#include "lib/time/clock.h"
#include "lib/vault/vault.h"
#include "notification-service/events/impact.h"

namespace vardkedja::notification::events {

// Handlers for lib/eventlog's consumers of the two logs. `clock` and `vault` outlive them.
eventlog::Handler ReferralHandler(const Clock& clock, vault::Vault& vault);
eventlog::Handler PlacementHandler(const Clock& clock);

// Sends the reminder of one day of a deadline that is still open.
absl::Status Remind(pg::Transaction& tx, const jobs::Job& job);

// The effects of one event, at `now` (domain time).
absl::Status ApplyImpact(pg::Transaction& tx, std::string_view event_id, Impact impact,
                         Instant now);

}  // namespace vardkedja::notification::events
