// What notification-service tells of the directory: organisations and units.
#pragma once

#include "absl/status/status.h"
#include "lib/pg/pool.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::referral::events {

// Applies one event in `tx`; the latest registration of an id counts.
absl::Status ConsumeDirectory(pg::Transaction& tx, const eventlog::v1::Event& event);

}  // namespace vardkedja::referral::events
