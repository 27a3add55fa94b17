// What the timers of this service do; run by lib/jobs.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "lib/jobs/jobs.h"
#include "lib/time/clock.h"

namespace vardkedja::placement::events {

// By kind: offer-reminder, offer-expiry, waiting-long, park-end, hold-expiry, rule-in-force.
std::map<std::string, jobs::Handler, std::less<>> TimerHandlers();

}  // namespace vardkedja::placement::events
