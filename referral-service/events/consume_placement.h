// What placement-service tells: who is where, and which steps that opens or ends.
#pragma once

#include "absl/status/status.h"
#include "lib/pg/pool.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::referral::events {

// Applies one event in `tx`. Repeatable: the consumer's cursor moves in the same transaction.
// Events about no known case, and those of no interest, change nothing.
absl::Status ConsumePlacement(pg::Transaction& tx, const eventlog::v1::Event& event);

}  // namespace vardkedja::referral::events
