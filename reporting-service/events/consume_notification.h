// Municipalities, from notification-service's directory.
#pragma once

#include "absl/status/status.h"
#include "lib/pg/pool.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::reporting::events {

// An eventlog::Handler.
absl::Status ConsumeNotification(pg::Transaction& tx, const eventlog::v1::Event& event);

}  // namespace vardkedja::reporting::events
