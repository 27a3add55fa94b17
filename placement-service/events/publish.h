// Domain events as the bytes of vardkedja.placement.v1.PlacementEvent.
#pragma once

#include <string>
#include <string_view>

#include "lib/eventlog/event.h"
#include "placement-service/domain/event.h"

namespace vardkedja::placement::events {

// `actor_unit` and `traceparent` are empty when a timer or another service's event caused it.
eventlog::NewEvent ToLog(const domain::Event& event, Instant occurred_at,
                         std::string_view actor_unit, std::string_view traceparent);

}  // namespace vardkedja::placement::events
