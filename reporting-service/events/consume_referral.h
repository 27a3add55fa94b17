// Cases, steps and decisions, from referral-service's log.
#pragma once

#include "absl/status/status.h"
#include "lib/pg/pool.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::reporting::events {

// An eventlog::Handler. Plans, grounds and criteria are of no interest to any report yet.
absl::Status ConsumeReferral(pg::Transaction& tx, const eventlog::v1::Event& event);

}  // namespace vardkedja::reporting::events
