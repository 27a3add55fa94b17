// One fact to be appended to a service's log (architecture.md, 5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/time/time.h"

namespace vardkedja::eventlog {

// The topic that a commit with events announces to its pool's listener.
inline constexpr std::string_view kTopic = "eventlog";

// Written by lib/commit in the same commit as the state it tells of. Pseudonymised: never a name,
// an identity number or free text.
struct NewEvent {
  std::string event_id;        // UUIDv7
  std::string aggregate_type;  // "referral", "offer", "stay"
  std::string aggregate_id;
  std::int64_t version = 0;  // the aggregate's after the event; grows by one per commit
  std::string type;          // the payload's oneof field name, "decision_made"
  std::string payload;       // serialised vardkedja.<part>.v1.<Part>Event
  Instant occurred_at{};     // domain time
  std::string traceparent;   // W3C; empty when a timer caused it
};

}  // namespace vardkedja::eventlog
