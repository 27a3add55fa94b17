// What notification-service publishes: the directory, as
// vardkedja.notification.v1.NotificationEvent.
#pragma once

#include <string>

#include "lib/eventlog/event.h"
#include "lib/time/time.h"
#include "notification-service/domain/directory.h"

namespace vardkedja::notification::events {

// Registration events of version 1 of their aggregates, which happened at `now` (domain time).
eventlog::NewEvent OrganisationRegistered(const domain::Organisation& organisation, Instant now);
eventlog::NewEvent UnitRegistered(const domain::Unit& unit, Instant now);
eventlog::NewEvent SeatRegistered(const domain::Seat& seat, Instant now);

}  // namespace vardkedja::notification::events
