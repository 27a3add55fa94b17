// What referral-service's log does to the queue: decision_made, criteria_changed, ground_ended,
// ground_recorded, closed. All its other events are of no interest here.
#pragma once

#include "absl/status/status.h"
#include "placement-service/usecases/ports.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::placement::events {

// Applies one event within the session's commit. UNIMPLEMENTED for a type this binary does not
// know, INVALID_ARGUMENT for a payload that is malformed. Repeatable.
absl::Status ConsumeReferral(usecases::Session& session, const eventlog::v1::Event& event);

}  // namespace vardkedja::placement::events
