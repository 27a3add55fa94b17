// What all events of this service's log share on their way to protobuf.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/eventlog/event.h"
#include "referral-service/events/publish.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral::events {

void SetTime(Instant instant, google::protobuf::Timestamp* out);

// Case, owner, person and actor; the caller adds what happened.
v1::ReferralEvent Header(const domain::Referral& referral, const Envelope& envelope);

// The type is the name of the payload's field.
eventlog::NewEvent Pack(const v1::ReferralEvent& payload, std::string_view aggregate_type,
                        const std::string& aggregate_id, std::int64_t version,
                        const Envelope& envelope);

}  // namespace vardkedja::referral::events
